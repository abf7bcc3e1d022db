"""Handing in, and taking back before the review has begun."""

import secrets
from datetime import datetime

from django.db.models import F

from accounts.access import NotReady
from accounts.models import User
from assessments.actions.holding import all_or_nothing
from assessments.actions.moving import move
from assessments.actions.telling import tell_receipt
from assessments.deadlines import clock_words, late_sentence
from assessments.models import Assessment, Decision, Submission, Verdict
from assessments.permissions import require_commander
from assessments.readiness import Gap, gaps, latest_submission, require_open
from assessments.snapshots import build_snapshot, digest
from assessments.workflow import Status
from criteria.scale import COUNTS_AS_MET

NOTHING_HANDED_IN = "Phiếu đang ở chỗ đơn vị nên không có gì để rút về. Nội dung không thay đổi."

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


class TooLate(NotReady):
    """Handed in after the time this file has (MLATE); it stays a draft."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(late_sentence(due_at))


def submit(
    assessment: Assessment, *, by: User, now: datetime, number: int | None = None
) -> Submission:
    """Hand in the file and return the receipt.

    `now` is the database's time at which the complete request had come. `number` says which
    submission the form was opened for: a form that was taken already (double click, retry, lost
    answer, also after the file was withdrawn or returned) gives the receipt of its first time.
    On handing in again, verdicts on criteria that did not change since are carried over.

    Raises:
        NotAllowed: not the commander of this station.
        RoundClosed: the figures of the round are closed.
        TooLate: after the time this file has.
        NotReady: the file is not in a state to be handed in.
        Incomplete: criteria without an answer.
    """
    require_commander(assessment, by)
    with all_or_nothing(assessment):
        current = Assessment.objects.select_for_update().get(pk=assessment.pk)
        previous = latest_submission(assessment)
        if previous is not None:
            if current.status == Status.SUBMITTED:
                return previous
            if number is not None and number <= previous.number:
                return assessment.submissions.get(number=number)
        require_open(assessment.round)
        _require_in_time(current, now)
        assessment.status = current.status
        if current.status == Status.NOT_STARTED:
            raise Incomplete([gap for gap in gaps(assessment) if gap.blocks])
        made = (previous.number if previous else 0) + 1
        move(
            assessment,
            Status.SUBMITTED,
            by=by,
            now=now,
            submitted_at=now,
            submissions_made=made,
        )
        blocking = [gap for gap in gaps(assessment) if gap.blocks]
        if blocking:
            raise Incomplete(blocking)
        snapshot = build_snapshot(assessment)
        outcomes = [entry["outcome"] for entry in snapshot["criteria"].values()]
        submission = Submission.objects.create(
            assessment=assessment,
            number=made,
            receipt=_receipt(assessment),
            submitted_at=now,
            submitted_by=by,
            is_late=_needed_an_extension(assessment, now),
            met=sum(outcome in COUNTS_AS_MET for outcome in outcomes),
            of=len(outcomes),
            snapshot=snapshot,
            sha256=digest(snapshot),
        )
        if previous is not None:
            _carry_verdicts(previous, submission)
        tell_receipt(submission, now=now)
    return submission


def withdraw(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Take the file back to change it, while no reviewer has claimed it.

    Raises:
        NotAllowed: not the commander of this station.
        NotReady: the review has begun, nothing was handed in, or the time is over in which it
            could be handed in again.
        RoundClosed: the figures of the round are closed.
    """
    require_commander(assessment, by)
    if assessment.is_editable:
        # The table does lead from a file never begun to one in progress: by answering, not so.
        raise NotReady(NOTHING_HANDED_IN)
    with all_or_nothing(assessment):
        move(assessment, Status.IN_PROGRESS, by=by, now=now)
        if not _in_time(assessment, now):
            raise NotReady(
                f"Đã hết hạn nộp lúc {clock_words(assessment.due_at)} nên không rút phiếu về được: "
                "rút về thì không nộp lại được nữa. Phiếu đã nộp được giữ nguyên."
            )


def _in_time(assessment: Assessment, now: datetime) -> bool:
    """Asked of the row itself, in the statement that takes it."""
    held = Assessment.objects.filter(pk=assessment.pk, due_at__gte=now)
    return bool(held.update(status=F("status")))


def _require_in_time(current: Assessment, now: datetime) -> None:
    if not _in_time(current, now):
        raise TooLate(current.due_at)


def _needed_an_extension(assessment: Assessment, now: datetime) -> bool:
    """After the round's deadline; a file that came back has the time of its correction."""
    returned = assessment.transitions.filter(target=Status.RETURNED)
    return now > assessment.round.deadline and not returned.exists()


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
            explanation=verdict.explanation,
            decided_at=verdict.decided_at,
            decided_by_id=verdict.decided_by_id,
            is_carried=True,
        )
        for verdict in previous.verdicts.select_related("criterion")
        if verdict.decision != Decision.MORE
        and before.get(verdict.criterion.code) == after.get(verdict.criterion.code)
    )
