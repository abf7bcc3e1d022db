"""Is an assessment ready for its next move? The page and the server ask the same functions."""

from dataclasses import dataclass

from accounts.access import NotReady
from assessments.deadlines import clock_words
from assessments.models import Assessment, Decision, RoundLock, Submission
from criteria.models import Criterion, Round
from criteria.scale import COUNTS_AS_MET, Outcome


class RoundClosed(NotReady):
    """The figures of the round are closed (MLOCK)."""

    def __init__(self, round_: Round, lock: RoundLock) -> None:
        super().__init__(
            f"Số liệu năm {round_.year} đã chốt lúc {clock_words(lock.locked_at)}; "
            "mọi thay đổi bị từ chối."
        )
        self.lock = lock


def round_lock(round_: Round) -> RoundLock | None:
    """The lock that closes the round's figures now; None while they are open."""
    return (
        RoundLock.objects.filter(round=round_, unlocked_at__isnull=True)
        .select_related("locked_by", "requested_by")
        .first()
    )


def require_open(round_: Round) -> None:
    """The figures of the round may change.

    Asked after the file's row was taken (an UPDATE in the same transaction): closing a round takes
    the rows of its files, too, so that whoever comes second sees what the first one did.

    Raises:
        RoundClosed: they are closed.
    """
    lock = round_lock(round_)
    if lock is not None:
        raise RoundClosed(round_, lock)


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between an assessment and a move; `blocks` says whether the move is refused."""

    criterion: Criterion
    sentence: str
    blocks: bool


def gaps(assessment: Assessment) -> list[Gap]:
    """Why the station may not submit yet (blocking), and what it should look at again (not).

    Unanswered criteria block. A criterion claimed as met without any evidence is a warning.
    """
    attached = set(
        assessment.attachments.filter(removed_at__isnull=True).values_list(
            "criterion_id", flat=True
        )
    )
    found = []
    for result in assessment.results.select_related("criterion"):
        if result.outcome == Outcome.UNANSWERED:
            reason = result.reason or "Chưa có kết quả."
            found.append(Gap(result.criterion, reason, blocks=True))
        elif result.outcome in COUNTS_AS_MET and result.criterion_id not in attached:
            found.append(Gap(result.criterion, "Đạt mà chưa có tài liệu kiểm chứng.", blocks=False))
    return found


def latest_submission(assessment: Assessment) -> Submission | None:
    """What was handed in last; None before the first time."""
    return assessment.submissions.order_by("-number").first()


def review_gaps(submission: Submission) -> list[Gap]:
    """Why the review cannot be concluded: criteria without a verdict, or to be completed."""
    verdicts = {verdict.criterion_id: verdict for verdict in submission.verdicts.all()}
    found = []
    for criterion in submission.assessment.round.criteria_set.criteria.all():
        verdict = verdicts.get(criterion.pk)
        if verdict is None:
            found.append(Gap(criterion, "Chưa có kết quả thẩm định.", blocks=True))
        elif verdict.decision == Decision.MORE:
            found.append(Gap(criterion, "Đang yêu cầu bổ sung.", blocks=True))
    return found


def unmet_verdicts(submission: Submission) -> list[Gap]:
    """Why the unit cannot be proposed: criteria that the province did not find met."""
    return [
        Gap(
            verdict.criterion,
            f"Thẩm định: {verdict.get_outcome_display()}. {verdict.comment}".strip(),
            blocks=True,
        )
        for verdict in submission.verdicts.select_related("criterion")
        if verdict.outcome not in COUNTS_AS_MET
    ]
