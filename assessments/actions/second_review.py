"""Thẩm định lần hai: another reviewer gives a verdict again without having seen the first.

Nothing that is found here changes a figure: it tells how far two reviewers agree.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.appealing import own_outcome
from assessments.actions.moving import localised
from assessments.actions.reviewing import ADJUSTABLE
from assessments.models import Appeal, Assessment, SecondReview, Verdict
from assessments.permissions import require_impartial, require_province
from assessments.querysets import SecondReviewQuerySet
from assessments.workflow import Status

JUDGED_BEFORE = (
    "Đồng chí đã thẩm định phiếu hoặc tiêu chí này; thẩm định lần hai do cán bộ khác thực hiện."
)
OUTCOME_REQUIRED = "Cần chọn kết quả."
COMMENT_REQUIRED = "Cần nêu ý kiến khi kết quả khác kết quả tự đánh giá."


def judged_by(user: User) -> Q:
    """Second reviews of files or criteria that this person judged before."""
    same = {
        "criterion": OuterRef("criterion"),
        "submission__assessment": OuterRef("submission__assessment"),
    }
    appeals = Appeal.objects.filter(**same).filter(Q(first_by=user) | Q(decided_by=user))
    return (
        Q(submission__assessment__reviewer=user)
        | Q(submission__assessment__verified_by=user)
        | Q(Exists(Verdict.objects.filter(**same, decided_by=user)))
        | Q(Exists(appeals))
    )


def tasks_of(user: User) -> SecondReviewQuerySet:
    """Second reviews that this reviewer may give, or gave."""
    own = SecondReview.objects.filter(
        submission__assessment__unit__province_id__in=user.scope.provinces
    ).exclude(submission__assessment__unit_id__in=user.scope.units)
    return own.filter(Q(decided_by=user) | (Q(decided_at__isnull=True) & ~judged_by(user)))


def blind_task(assessment: Assessment, user: User) -> SecondReview | None:
    """The second review that this person may still give of the file, so must not see the first.

    A file that waits to be taken is no secret: whoever takes it judges it, and is drawn no more.
    Coordinators and leaders decide on what was found, so they read it though they review as well.
    """
    province = assessment.unit.province_id
    if (
        assessment.status == Status.SUBMITTED
        or user.pk in {assessment.reviewer_id, assessment.verified_by_id}
        or province in user.scope.provinces_as(Role.COORDINATOR, Role.LEADER)
        or not user.scope.serves(Role.REVIEWER, province)
    ):
        return None
    open_ones = tasks_of(user).filter(submission__assessment=assessment, decided_at__isnull=True)
    return open_ones.only("pk").order_by("criterion__position").first()


def require_blind(second: SecondReview, user: User) -> None:
    """A reviewer of the province with no part in the file or in any verdict on the criterion.

    Raises:
        NotAllowed: anyone else.
    """
    require_province(second.submission.assessment, user, Role.REVIEWER)
    require_impartial(second.submission.assessment, user)
    if SecondReview.objects.filter(pk=second.pk).filter(judged_by(user)).exists():
        raise NotAllowed(JUDGED_BEFORE)


def save_second_review(
    second: SecondReview, *, outcome: str, comment: str, by: User, now: datetime
) -> SecondReview:
    """Give the verdict a second time; it changes no figure.

    Raises:
        NotAllowed: judged the file or the criterion before, or of another province.
        NotReady: given by somebody else meanwhile, no outcome, or another one without a comment.
    """
    require_blind(second, by)
    comment = comment.strip()
    submission = second.submission
    assessment = submission.assessment
    with transaction.atomic():
        if outcome not in ADJUSTABLE:
            raise NotReady(OUTCOME_REQUIRED)
        if not comment and outcome != own_outcome(submission, second.criterion):
            raise NotReady(COMMENT_REQUIRED)
        changed = SecondReview.objects.filter(pk=second.pk, decided_at__isnull=True).update(
            outcome=outcome, comment=comment, decided_at=now, decided_by=by
        )
        second = SecondReview.objects.with_criterion().get(pk=second.pk)
        if not changed:
            raise NotReady(already_given(second))
        audit.record(
            "second_review_saved",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            # Not in the unit's own trail: a station never learns what was drawn.
            details={
                "criterion": second.criterion.code,
                "outcome": outcome,
                "comment": comment,
                "receipt": submission.receipt,
            },
        )
    return second


def already_given(second: SecondReview) -> str:
    """Who was first, for the one who came second (MDONE)."""
    if second.decided_at is None:
        return ""
    return (
        f"Đồng chí {second.decided_by} đã thẩm định lần hai tiêu chí {second.criterion.code} lúc "
        f"{localised(second.decided_at)}; thao tác của đồng chí chưa được ghi."
    )
