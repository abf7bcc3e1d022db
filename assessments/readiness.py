"""Is an assessment ready for its next move? The page and the server ask the same functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.access import NotReady
from assessments.deadlines import clock_words
from assessments.models import (
    Assessment,
    Attachment,
    CriterionResult,
    Decision,
    Evidence,
    RoundLock,
    Scan,
    Submission,
)
from assessments.windows import outside_window
from criteria.models import Criterion, Round
from criteria.scale import COUNTS_AS_MET, Outcome

NAMED = 2
"""How many documents a warning names before it counts."""


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
    """What stands between an assessment and a move; `blocks` says whether the move is refused.

    `kind` tells several gaps of one criterion apart.
    """

    criterion: Criterion
    sentence: str
    blocks: bool
    kind: str = ""


def gaps(assessment: Assessment) -> list[Gap]:
    """Why the station may not submit yet (blocking), and what it should look at again (not).

    Unanswered criteria block, and so do answers carried over that nobody confirmed. A criterion
    claimed as met without usable evidence is a warning, and so is evidence that may not count.
    """
    attachments = assessment.attachments.filter(removed_at__isnull=True)
    return gaps_among(
        assessment.round,
        assessment.results.select_related("criterion"),
        attachments.select_related("evidence"),
    )


def gaps_among(
    round_: Round, results: Iterable[CriterionResult], attachments: Iterable[Attachment]
) -> list[Gap]:
    """The same of results, and of attachments in use, that were read already."""
    shown: dict[int, list[Evidence]] = {}
    for attachment in attachments:
        shown.setdefault(attachment.criterion_id, []).append(attachment.evidence)
    found = []
    for result in results:
        if result.outcome == Outcome.UNANSWERED or result.carried_from_id is not None:
            reason = result.reason or "Chưa có kết quả."
            found.append(Gap(result.criterion, reason, blocks=True, kind="chua-xong"))
        evidence = shown.get(result.criterion_id, [])
        found += _doubts_of_outcome(result, evidence)
        found += _doubts_of_evidence(result.criterion, evidence, round_)
    return found


def _doubts_of_outcome(result: CriterionResult, evidence: list[Evidence]) -> Iterator[Gap]:
    """A claim without usable evidence, whatever stands in its place."""
    if result.outcome not in COUNTS_AS_MET or any(one.is_usable for one in evidence):
        return
    if result.explanation.strip():
        sentence = "Đạt với giải trình thay cho tài liệu kiểm chứng."
    else:
        sentence = "Đạt mà chưa có tài liệu kiểm chứng."
    yield Gap(result.criterion, sentence, blocks=False, kind="minh-chung")


def _doubts_of_evidence(
    criterion: Criterion, evidence: list[Evidence], round_: Round
) -> Iterator[Gap]:
    """Files that do not count, or not yet; documents of another time."""
    unusable = {
        Scan.WAITING: ("cho-quet", "đang chờ kiểm tra mã độc, chưa được tính là minh chứng"),
        Scan.INFECTED: ("ma-doc", "có mã độc nên không được tính là minh chứng; hãy gỡ tệp"),
    }
    for scan, (kind, why) in unusable.items():
        names = [one.label for one in evidence if one.scan == scan]
        if names:
            yield Gap(criterion, f"{_files(names)} {why}.", blocks=False, kind=kind)
    outside = [one for one in evidence if outside_window(one, round_)]
    if outside:
        dated = ", ".join(
            f"“{shortened(one.label)}” ({one.issued_on:%d/%m/%Y})" for one in outside[:NAMED]
        )
        more = f" và {len(outside) - NAMED} tài liệu khác" if len(outside) > NAMED else ""
        window = f"{round_.window_starts:%d/%m/%Y} – {round_.window_ends:%d/%m/%Y}"
        yield Gap(
            criterion,
            f"Tài liệu có ngày ngoài thời gian số liệu của kỳ ({window}): {dated}{more}.",
            blocks=False,
            kind="ngoai-ky",
        )


def _files(names: list[str]) -> str:
    if len(names) == 1:
        return f"Tệp “{shortened(names[0])}”"
    return f"{len(names)} tệp"


def shortened(text: str, limit: int = 80) -> str:
    """A label that fits into a sentence."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


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
