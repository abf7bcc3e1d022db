"""What the road of a file asks of appeals and of the second review.

The lot of the second review is a hash of what the station handed in, so nobody chooses it and
anybody can draw it again.
"""

import hashlib
from datetime import datetime

from django.conf import settings

from accounts.access import NotReady
from assessments.models import Appeal, Assessment, SecondReview, Submission

LOTS = 2**64


def is_drawn(sha256: str, code: str, *, percent: int) -> bool:
    """Whether the lot falls on a criterion of the submission with this digest."""
    lot = int.from_bytes(hashlib.sha256(f"{sha256}:{code}".encode()).digest()[:8])
    return lot * 100 < percent * LOTS


def draw_second_reviews(submission: Submission, *, now: datetime) -> None:
    """Draw from the verdicts of a submission as its review is concluded.

    Must run inside the transaction of the conclusion. After a review that was opened again, what
    nobody has given a second time yet is compared with the verdict that stands now.
    """
    drawn = {
        verdict.criterion_id: verdict.outcome
        for verdict in submission.verdicts.select_related("criterion")
        if is_drawn(
            submission.sha256, verdict.criterion.code, percent=settings.SECOND_REVIEW_PERCENT
        )
    }
    known = {one.criterion_id: one for one in submission.second_reviews.all()}
    SecondReview.objects.bulk_create(
        SecondReview(
            submission=submission, criterion_id=criterion, drawn_at=now, first_outcome=outcome
        )
        for criterion, outcome in drawn.items()
        if criterion not in known
    )
    for criterion, one in known.items():
        if criterion in drawn:
            SecondReview.objects.filter(pk=one.pk, decided_at__isnull=True).update(
                first_outcome=drawn[criterion]
            )


def require_no_open_appeal(assessment: Assessment, doing: str) -> None:
    """Nothing contested is undecided; call it once the file's row is held.

    Raises:
        NotReady: with the criteria that are, and what (`doing`) waits for them.
    """
    waiting = list(
        Appeal.objects.filter(assessment=assessment, decided_at__isnull=True)
        .order_by("criterion__position")
        .values_list("criterion__code", flat=True)
    )
    if waiting:
        raise NotReady(
            f"Còn {len(waiting)} đề nghị phúc tra chưa kết luận ({', '.join(waiting)}); "
            f"kết luận phúc tra trước khi {doing}."
        )
