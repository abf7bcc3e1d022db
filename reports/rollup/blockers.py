"""What stands between a unit and recognition: why, who must act, since when, and the next act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from accounts.models import Role
from assessments.models import Decision
from assessments.workflow import CONCLUDED, EDITABLE, NEXT_STEP, OWNER, Status
from criteria.scale import Outcome
from reports.rollup.frame import Frame, FrameCriterion

STATION = "Công an phường"

WITHOUT_REASON = {
    Outcome.NOT_MET: "Chưa đạt.",
    Outcome.AWAITING: "Chờ xếp loại.",
    Outcome.UNANSWERED: "Chưa đánh giá.",
}

FILE_ACT = {
    **NEXT_STEP,
    Status.IN_PROGRESS: "Trưởng Công an phường kiểm tra lại rồi nộp phiếu.",
    Status.SUBMITTED: "Cán bộ thẩm định nhận phiếu rồi kết luận.",
    Status.UNDER_REVIEW: "Cán bộ thẩm định kết luận.",
    Status.VERIFIED: "Cán bộ tổng hợp đề nghị Bộ Công an công nhận.",
    Status.PROPOSED: "Bộ trưởng Bộ Công an quyết định; cán bộ tổng hợp ghi quyết định khi có.",
}
"""The next act when no criterion is in the way."""


class Party(StrEnum):
    """Who must act, in the order a page lists them: whoever is nearest to the unit first."""

    STATION = STATION
    AGENCY = "Cơ quan khác"
    PROVINCE = "Công an tỉnh"
    MINISTRY = "Bộ Công an"


NAMED_FIRST = (
    ("bộ công an", Party.MINISTRY),
    ("công an tỉnh", Party.PROVINCE),
    ("công an thành phố", Party.PROVINCE),
    ("công an cấp trên", Party.PROVINCE),
    ("công an ", Party.STATION),
    ("chi bộ công an ", Party.STATION),
)
"""How the owner of a criterion begins, for everyone but the other agencies."""


def party_of(owner: str) -> Party:
    """Who must act where this is the owner of a criterion: whoever it names first."""
    begins = owner.casefold()
    return next((one for start, one in NAMED_FIRST if begins.startswith(start)), Party.AGENCY)


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
    party: Party = Party.STATION
    outcome: Outcome | None = None
    """What the criterion has come to; None when it is the file as a whole."""

    def days(self, as_of: date) -> int | None:
        """How many days it has waited at the end of `as_of`; None when nobody knows."""
        return max(0, (as_of - self.since).days) if self.since is not None else None

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
                criterion,
                finding,
                rulings.get(criterion.code),
                status=status,
                station=station,
                told=since,
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
    elif status == Status.IN_PROGRESS:
        sentence = "Mọi tiêu chí đã có kết quả đạt, phiếu chưa nộp."
    party = _turn(status)
    owner = str(party) if party == Party.MINISTRY else owner_of(status, station) or station
    return (Blocker("", "", sentence, owner, since, FILE_ACT[status], party),)


def _turn(status: Status) -> Party:
    """Whose turn it is with the file as a whole; a decision is the Minister's, not the clerk's."""
    if status == Status.PROPOSED:
        return Party.MINISTRY
    return Party.STATION if OWNER[status] in {Role.COMMANDER, None} else Party.PROVINCE


def _of_criterion(
    criterion: FrameCriterion,
    finding: Finding,
    ruling: Ruling | None,
    *,
    status: Status,
    station: str,
    told: date,
) -> Blocker | None:
    asked_for_more = ruling is not None and ruling.decision == Decision.MORE
    outcome = ruling.outcome if ruling is not None and ruling.differs else finding.outcome
    if outcome == Outcome.MET and not asked_for_more:
        return None
    sentence, since = finding.reason or WITHOUT_REASON[outcome], finding.since
    if ruling is not None and ruling.differs:
        sentence, since = ruling.comment, ruling.since
        if status == Status.RETURNED:
            # The station did not know before the file came back.
            since = max(since, told)
    station_acts = asked_for_more or outcome == Outcome.UNANSWERED or criterion.ward_alone
    alone = station_acts or not criterion.owner
    owner = station if alone else criterion.owner
    act = (
        f"{STATION} bổ sung minh chứng cho {criterion.code} rồi nộp lại."
        if asked_for_more and status == Status.RETURNED
        else _next_act(criterion.code, outcome, status, "" if alone else criterion.owner)
    )
    party = Party.STATION if alone else party_of(criterion.owner)
    return Blocker(criterion.code, criterion.title, sentence, owner, since, act, party, outcome)


def _next_act(code: str, outcome: Outcome, status: Status, owner: str) -> str:
    """Who does what next about a criterion; `owner` is empty when the station acts alone."""
    if outcome == Outcome.AWAITING:
        rates = f"{owner if owner and _is_one(owner) else 'Cấp có thẩm quyền'} xếp loại"
        if status in EDITABLE:
            return f"{rates}; {STATION} ghi quyết định khi có."
        if status in CONCLUDED - {Status.NOT_RECOGNISED}:
            return f"{rates}; khi có quyết định, cán bộ tổng hợp mở lại thẩm định."
        if status == Status.NOT_RECOGNISED:
            return f"{rates}; {STATION} ghi quyết định vào phiếu kỳ sau."
        return f"{rates}; {STATION} ghi quyết định khi phiếu được trả lại."
    hands_in = "nộp lại" if status == Status.RETURNED else "nộp phiếu"
    if outcome == Outcome.UNANSWERED and status in EDITABLE:
        return f"{STATION} tự đánh giá {code} rồi {hands_in}."
    mends = f"{_led_by(owner)} giải quyết {code}" if owner else f"{STATION} khắc phục {code}"
    if status in EDITABLE:
        by_station = not owner or party_of(owner) == Party.STATION
        records = "," if by_station else f"; {STATION}"
        return f"{mends}{records} ghi kết quả mới rồi {hands_in}."
    if status == Status.NOT_RECOGNISED:
        return f"{mends}; {STATION} đăng ký kỳ sau."
    if status in CONCLUDED:
        return f"{mends}; khi đã đạt, cán bộ tổng hợp mở lại thẩm định hoặc xét ở kỳ sau."
    return f"{mends}; cán bộ thẩm định kết luận."


def _is_one(owner: str) -> bool:
    """Whether one body alone is named."""
    return not any(mark in owner for mark in ",;(")


def _led_by(owner: str) -> str:
    """Whoever is named first, with the others in a word."""
    if party_of(owner) == Party.STATION:
        return STATION if _is_one(owner) else f"{STATION} cùng các cơ quan liên quan"
    first = owner.split(";")[0].split(",")[0].split("(")[0].strip()
    return first if _is_one(owner) else f"{first} và các cơ quan liên quan"
