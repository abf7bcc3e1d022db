"""What stands between a unit and recognition: the exact reason, who must act, since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from accounts.models import Role
from assessments.models import Decision
from assessments.workflow import NEXT_STEP, OWNER, Status
from criteria.scale import Outcome
from reports.rollup.frame import Frame, FrameCriterion

WITHOUT_REASON = {
    Outcome.NOT_MET: "Chưa đạt.",
    Outcome.AWAITING: "Chờ xếp loại.",
    Outcome.UNANSWERED: "Chưa đánh giá.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What the station says of one criterion, as known on the day asked for."""

    outcome: Outcome
    reason: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the reviewer says of one criterion."""

    decision: str
    outcome: Outcome
    comment: str
    since: date

    @property
    def differs(self) -> bool:
        """Whether the reviewer said something else than the station, in words of their own."""
        return self.decision != Decision.ACCEPT and bool(self.comment)


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way; `criterion` is empty when it is the file as a whole."""

    criterion: str
    title: str
    sentence: str
    owner: str
    since: date | None
    next_step: str

    @property
    def text(self) -> str:
        """The sentence with the criterion it speaks of: "C09: …"."""
        return f"{self.criterion}: {self.sentence}" if self.criterion else self.sentence


def owner_of(status: Status, station: str) -> str:
    """Whose turn it is; empty when the road has ended."""
    role = OWNER[status]
    if role is None:
        return ""
    return station if role == Role.COMMANDER else str(role.label)


def find_blockers(
    frame: Frame,
    status: Status,
    findings: Mapping[str, Finding],
    rulings: Mapping[str, Ruling],
    *,
    station: str,
    since: date,
    comment: str = "",
) -> tuple[Blocker, ...]:
    """Everything in the way of one unit, in the order of the criteria.

    `rulings` are those the station has been told: of a returned or concluded file. A file nobody
    has begun is one blocker, not as many as there are criteria. When no criterion is in the way,
    the next step of the file itself is.
    """
    if status == Status.RECOGNISED:
        return ()
    found: list[Blocker] = []
    if status != Status.NOT_STARTED:
        for criterion in frame.criteria:
            finding = findings.get(criterion.code, Finding(Outcome.UNANSWERED))
            blocker = _of_criterion(
                criterion, finding, rulings.get(criterion.code), status=status, station=station
            )
            if blocker is not None:
                found.append(blocker)
    if found:
        return tuple(found)
    sentence = NEXT_STEP[status]
    if status in {Status.RETURNED, Status.NOT_RECOGNISED} and comment:
        sentence = comment
    elif status == Status.NOT_STARTED:
        sentence = f"Chưa bắt đầu tự đánh giá {len(frame.criteria)} tiêu chí."
    return (
        Blocker("", "", sentence, owner_of(status, station) or station, since, NEXT_STEP[status]),
    )


def _of_criterion(
    criterion: FrameCriterion,
    finding: Finding,
    ruling: Ruling | None,
    *,
    status: Status,
    station: str,
) -> Blocker | None:
    asked_for_more = ruling is not None and ruling.decision == Decision.MORE
    outcome = ruling.outcome if ruling is not None and ruling.differs else finding.outcome
    if outcome == Outcome.MET and not asked_for_more:
        return None
    sentence, since = finding.reason or WITHOUT_REASON[outcome], finding.since
    if ruling is not None and ruling.differs:
        sentence, since = ruling.comment, ruling.since
    station_acts = asked_for_more or outcome == Outcome.UNANSWERED or criterion.ward_alone
    owner = station if station_acts or not criterion.owner else criterion.owner
    return Blocker(criterion.code, criterion.title, sentence, owner, since, NEXT_STEP[status])
