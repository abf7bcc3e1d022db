"""Handing in, and taking back before the review has begun."""

import secrets
from datetime import datetime

from django.db import transaction

from accounts.access import NotReady
from accounts.models import User
from assessments.actions.moving import move
from assessments.models import Assessment, Decision, Submission, Verdict
from assessments.permissions import require_commander
from assessments.readiness import Gap, gaps, latest_submission
from assessments.snapshots import build_snapshot, digest
from assessments.workflow import Status
from criteria.scale import COUNTS_AS_MET

# Without letters and digits that are mistaken for each other when read over the telephone.
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Incomplete(NotReady):
    """Criteria that still lack an answer; `gaps` lists them."""

    def __init__(self, found: list[Gap]) -> None:
        codes = ", ".join(gap.criterion.code for gap in found)
        super().__init__(
            f"Chưa nộp được: còn {len(found)} tiêu chí chưa có kết quả ({codes}). "
            "Nội dung đã nhập vẫn được giữ."
        )
        self.gaps = found


def submit(assessment: Assessment, *, by: User, now: datetime) -> Submission:
    """Hand in the file and return the receipt.

    Handing in twice (double click, retry) returns the receipt of the first time. On handing in
    again, verdicts on criteria that did not change since are carried over.

    Raises:
        NotAllowed: not the commander of this station.
        NotReady: the file is not in a state to be handed in.
        Incomplete: criteria without an answer.
    """
    require_commander(assessment, by)
    with transaction.atomic():
        current = Assessment.objects.select_for_update().get(pk=assessment.pk)
        previous = latest_submission(assessment)
        if current.status == Status.SUBMITTED and previous is not None:
            return previous
        assessment.status = current.status
        if current.status == Status.NOT_STARTED:
            raise Incomplete([gap for gap in gaps(assessment) if gap.blocks])
        number = (previous.number if previous else 0) + 1
        move(
            assessment,
            Status.SUBMITTED,
            by=by,
            now=now,
            submitted_at=now,
            submissions_made=number,
        )
        blocking = [gap for gap in gaps(assessment) if gap.blocks]
        if blocking:
            raise Incomplete(blocking)
        snapshot = build_snapshot(assessment)
        outcomes = [entry["outcome"] for entry in snapshot["criteria"].values()]
        submission = Submission.objects.create(
            assessment=assessment,
            number=number,
            receipt=_receipt(assessment),
            submitted_at=now,
            submitted_by=by,
            is_late=now > assessment.round.deadline,
            met=sum(outcome in COUNTS_AS_MET for outcome in outcomes),
            of=len(outcomes),
            snapshot=snapshot,
            sha256=digest(snapshot),
        )
        if previous is not None:
            _carry_verdicts(previous, submission)
    return submission


def withdraw(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Take the file back to change it, while no reviewer has claimed it.

    Raises:
        NotAllowed: not the commander of this station.
        NotReady: the review has begun, or nothing was handed in.
    """
    require_commander(assessment, by)
    with transaction.atomic():
        move(assessment, Status.IN_PROGRESS, by=by, now=now)


def _receipt(assessment: Assessment) -> str:
    token = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(8))
    return f"TN{assessment.round.year}-{token[:4]}-{token[4:]}"


def _carry_verdicts(previous: Submission, submission: Submission) -> None:
    before, after = previous.snapshot["criteria"], submission.snapshot["criteria"]
    Verdict.objects.bulk_create(
        Verdict(
            submission=submission,
            criterion=verdict.criterion,
            decision=verdict.decision,
            outcome=verdict.outcome,
            comment=verdict.comment,
            decided_at=verdict.decided_at,
            decided_by_id=verdict.decided_by_id,
            is_carried=True,
        )
        for verdict in previous.verdicts.select_related("criterion")
        if verdict.decision != Decision.MORE
        and before.get(verdict.criterion.code) == after.get(verdict.criterion.code)
    )
