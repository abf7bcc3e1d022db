"""What blocks one unit, told at a glance: by who must act, the oldest wait, one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assessments.workflow import Status
from criteria.scale import Outcome
from reports.rollup.blockers import STATION, Blocker, Party
from reports.rollup.standing import Standing
from wards.models import Unit

GATHERED_FROM = 3
"""Criteria without an answer that become one line: a draft just begun has all of them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one party must act on, the longest wait first."""

    party: Party
    blockers: tuple[Blocker, ...]


def by_party(blockers: Sequence[Blocker]) -> list[Waiting]:
    """Blockers by who must act, nearest to the unit first; parties with nothing to do left out."""
    found = [
        # Sorting keeps the order of criteria among equals; an unknown day goes last.
        Waiting(
            party,
            tuple(
                sorted(
                    (one for one in blockers if one.party == party),
                    key=lambda one: one.since or date.max,
                )
            ),
        )
        for party in Party
    ]
    return [one for one in found if one.blockers]


def gathered(blockers: Sequence[Blocker], status: Status) -> tuple[Blocker, ...]:
    """The same with criteria nobody has assessed told as one; a few are told one by one."""
    open_ones = [one for one in blockers if one.outcome == Outcome.UNANSWERED]
    if len(open_ones) < GATHERED_FROM:
        return tuple(blockers)
    codes = ", ".join(one.criterion for one in open_ones)
    hands_in = "nộp lại" if status == Status.RETURNED else "nộp phiếu"
    since = oldest(open_ones)
    one = Blocker(
        "",
        "",
        f"Chưa đánh giá {len(open_ones)} tiêu chí: {codes}.",
        open_ones[0].owner,
        since.since if since is not None else None,
        f"{STATION} tự đánh giá {len(open_ones)} tiêu chí này rồi {hands_in}.",
        Party.STATION,
        Outcome.UNANSWERED,
    )
    return (*(other for other in blockers if other not in open_ones), one)


def oldest(blockers: Sequence[Blocker]) -> Blocker | None:
    """The one that has waited longest; None when nothing is known to wait."""
    dated = [one for one in blockers if one.since is not None]
    return min(dated, key=lambda one: one.since or date.max, default=None)


@dataclass(frozen=True, slots=True)
class Wait:
    """What has waited longest at a unit, and for how many days."""

    standing: Standing
    blocker: Blocker
    days: int

    @property
    def what(self) -> str:
        """What it is, short: "C09. Diện tích đất"; of the file as a whole, the sentence."""
        one = self.blocker
        return f"{one.criterion}. {one.title}" if one.criterion else one.sentence


def waits_until(unit: Unit, as_of: date) -> date:
    """The day to which waits are counted: nothing waits for a unit that is no more."""
    return min(as_of, unit.valid_to or as_of)


def longest_waits(standings: Iterable[Standing], *, as_of: date) -> list[Wait]:
    """The longest wait at each unit that has one, the longest first."""
    found = []
    for standing in standings:
        blocker = oldest(standing.blockers)
        days = blocker.days(waits_until(standing.unit, as_of)) if blocker is not None else None
        if blocker is not None and days is not None:
            found.append(Wait(standing, blocker, days))
    return sorted(found, key=lambda one: (-one.days, one.standing.unit.list_key))


def unit_sentence(standing: Standing, *, as_of: date) -> str:
    """One sentence a leader reads aloud: how many criteria are met, how many not, who must act."""
    unit = standing.unit
    is_former = unit.valid_to is not None and unit.valid_to < as_of
    name = f"{unit.heading_name} (đã sắp xếp lại)" if is_former else unit.heading_name
    start = f"{name}, đến hết ngày {as_of:%d/%m/%Y}"
    if standing.status is None:
        return f"{start}: chưa có phiếu tự đánh giá."
    if standing.recognition_ended:
        return f"{start}: công nhận đã hết hiệu lực; đăng ký kỳ sau để được xét lại."
    if standing.recognition is not None and standing.status == Status.RECOGNISED:
        return f"{start}: đã được công nhận theo {standing.recognition.document.number}."
    return f"{start}: {'; '.join([_counted(standing), *_awaited(standing)])}."


def _counted(standing: Standing) -> str:
    count = standing.verified if standing.is_concluded else standing.self_assessed
    if standing.status == Status.NOT_STARTED:
        return f"chưa bắt đầu tự đánh giá {count.of} tiêu chí"
    says = "thẩm định đạt" if standing.is_concluded else "tự đánh giá đạt"
    text = f"{count.met}/{count.of} tiêu chí {says}"
    left = count.of - count.met
    if left:
        text += f", còn {left}"
    # What the station calls met, and the reviewer asks more for.
    asked = sum(one.outcome is not None for one in standing.blockers) - left
    return f"{text}, thêm {asked} phải bổ sung" if asked > 0 else text


def _awaited(standing: Standing) -> list[str]:
    parties = by_party(standing.blockers)
    if not parties:
        return []
    named = [
        f"{_named(one)} ({len(one.blockers)} việc)"
        if one.blockers[0].outcome is not None
        else _named(one)
        for one in parties
    ]
    return [f"đang chờ {', '.join(named)}"]


def _named(waiting: Waiting) -> str:
    return "cơ quan khác" if waiting.party == Party.AGENCY else str(waiting.party)
