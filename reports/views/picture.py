"""One programme in one year on one day, added up once for a page: what a leader looks at."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from accounts.events import EVENTS
from assessments.deriving.days import end_of
from assessments.models import Transition
from assessments.workflow import Status
from criteria.models import Counting, Programme, Round, TargetScope
from criteria.scale import Outcome
from reports.charts import RoadmapPoint, roadmap_points
from reports.rollup import (
    RoadmapRow,
    Standing,
    by_criterion,
    headline,
    known_achievements,
    roadmap_rows,
    roster_standings,
    standings,
    unit_word,
)
from reports.rollup.outlook import TargetOutlook, outlooks

RECENT_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Reached:
    """How many units have reached the standard, in each of its three kinds, and out of how many."""

    recognised: int
    verified: int
    self_assessed: int
    of: int
    required: int | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One criterion that is in the way of several units."""

    code: str
    title: str
    owner: str
    not_met: list[Standing]
    awaiting: list[Standing]

    @property
    def units(self) -> int:
        """How many units it stops."""
        return len(self.not_met) + len(self.awaiting)


@dataclass
class Picture:
    """Everything about a programme and year on a day; each part is computed when asked for."""

    programme: Programme
    year: int
    as_of: date
    round: Round | None
    rows: list[RoadmapRow]

    @classmethod
    def load(cls, programme: Programme, year: int, *, as_of: date) -> "Picture":
        """The picture at the end of `as_of`; rounds opened later are not in it."""
        round_ = (
            programme.rounds.filter(year=year, opened_at__lte=end_of(as_of))
            .select_related("criteria_set__document", "programme")
            .first()
        )
        return cls(programme, year, as_of, round_, roadmap_rows(programme, as_of=as_of))

    @cached_property
    def unit_word(self) -> str:
        """What to call one unit."""
        return unit_word(self.programme)

    @cached_property
    def sentence(self) -> str:
        """The one sentence a leader reads aloud."""
        return headline(
            self.rows,
            as_of=self.as_of,
            counting=self.programme.counts_as_met,
            unit_word=self.unit_word,
            round_year=self.round.year if self.round else None,
        )

    @cached_property
    def counting_label(self) -> str:
        """Which of the three kinds the programme counts."""
        return str(Counting(self.programme.counts_as_met).label)

    @cached_property
    def points(self) -> list[RoadmapPoint]:
        """The roadmap as the chart draws it."""
        return roadmap_points([row.as_json() for row in self.rows], as_of=self.as_of)

    @cached_property
    def restated(self) -> str:
        """Where mergers changed the number of units since the decision; empty when nowhere."""
        changed = [row for row in self.overall_rows if row.roster_then != row.of]
        if not changed:
            return ""
        first, last = changed[0], changed[-1]
        years = f"Từ năm {first.year}" if last is not first else f"Năm {first.year}"
        return (
            f"{years}, kết quả tính trên các {self.unit_word} đang tồn tại "
            f"({last.roster_then} thay cho {last.of} khi phê duyệt) do sắp xếp đơn vị hành chính; "
            f"{self.unit_word} mới không đương nhiên được công nhận theo {self.unit_word} cũ."
        )

    @cached_property
    def overall_rows(self) -> list[RoadmapRow]:
        """Targets of the whole programme, in date order."""
        return [row for row in self.rows if row.scope == TargetScope.ALL]

    @cached_property
    def forecast(self) -> list[TargetOutlook]:
        """What is expected by each coming target of the whole programme."""
        return outlooks(self.programme, as_of=self.as_of)

    @cached_property
    def narrower_rows(self) -> list[RoadmapRow]:
        """Targets of a part of the programme, and of units established later."""
        return [row for row in self.rows if row.scope != TargetScope.ALL and not row.is_of_province]

    @cached_property
    def province_rows(self) -> list[tuple[RoadmapRow, list[RoadmapRow]]]:
        """Targets of each province, target by target: its first row, and the row of every one."""
        rows = [row for row in self.rows if row.is_of_province]
        found = groupby(rows, key=lambda row: (row.by, row.as_approved, row.document))
        return [(listed[0], listed) for listed in (list(inside) for _, inside in found)]

    @cached_property
    def quoted_rows(self) -> list[RoadmapRow]:
        """The rows whose wording is shown, each wording once."""
        found = {row.text: row for row in reversed(self.rows) if row.text}
        return [row for row in self.rows if found.get(row.text) is row]

    @cached_property
    def short_list(self) -> RoadmapRow | None:
        """A row that tells how many units the document counts, where fewer of them are loaded."""
        return next((row for row in self.overall_rows if row.list_is_short), None)

    @cached_property
    def standings(self) -> list[Standing]:
        """How each unit stands."""
        if self.round is None:
            return roster_standings(self.programme, as_of=self.as_of)
        return standings(self.round, as_of=self.as_of)

    @cached_property
    def reached(self) -> Reached:
        """The three counts of the year."""
        row = next((row for row in self.overall_rows if row.year == self.year), None)
        if row is not None:
            return Reached(
                row.recognised, row.verified, row.self_assessed, row.roster_then, row.required_then
            )
        # A year without a target of its own: the same facts, counted over the units on the page.
        facts = known_achievements(self.programme, as_of=self.as_of)
        here = {one.unit.pk for one in self.standings}
        counts = {
            kind: len(here & facts.reaching(kind, by_year=self.year, on=self.as_of))
            for kind in Counting
        }
        return Reached(
            counts[Counting.RECOGNISED],
            counts[Counting.VERIFIED],
            counts[Counting.SELF_ASSESSED],
            len(here),
        )

    @cached_property
    def missing(self) -> list[Standing]:
        """Units that have not handed in, the latest first."""
        found = [one for one in self.standings if one.is_missing]
        return sorted(found, key=lambda one: (-one.days_late, one.unit.sort_key, one.unit.code))

    @cached_property
    def recent(self) -> list[tuple[Transition, str]]:
        """The latest changes of the round's files by the end of the day, each in a sentence."""
        if self.round is None:
            return []
        changes = (
            Transition.objects.filter(assessment__round=self.round, made_at__lte=end_of(self.as_of))
            .select_related("assessment__unit__district")
            .order_by("-made_at", "-pk")[:RECENT_SHOWN]
        )
        return [(change, _told(change)) for change in changes]

    @property
    def handed_in(self) -> int:
        """How many units have handed in."""
        return len([one for one in self.standings if one.submitted_on is not None])

    @cached_property
    def days_left(self) -> int | None:
        """Days from `as_of` to the last day in time; negative once it is past, None without one."""
        if self.round is None:
            return None
        return (self.last_day - self.as_of).days

    @property
    def last_day(self) -> date:
        """The last day on which handing in is in time."""
        if self.round is None:
            raise ValueError("A year without a round has no deadline.")
        return timezone.localdate(self.round.deadline - timedelta(microseconds=1))

    @cached_property
    def statuses(self) -> list[tuple[Status, int]]:
        """How many units are at each status, along the road; statuses of nobody left out."""
        found = Counter(one.status for one in self.standings if one.status is not None)
        return [(status, found[status]) for status in Status if found[status]]

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Criteria not met or awaited somewhere, those that stop most units first."""
        heat = by_criterion(self.standings)
        owners = {
            one.code: "Công an phường" if one.ward_alone or not one.owner else one.owner
            for one in (self.standings[0].frame.criteria if self.standings else ())
        }
        found = [
            Obstacle(
                column.code,
                column.title,
                owners.get(column.code, ""),
                heat.units_with(column.code, Outcome.NOT_MET),
                heat.units_with(column.code, Outcome.AWAITING),
            )
            for column in heat.columns
            if column.tally.not_met or column.tally.awaiting
        ]
        return sorted(found, key=lambda one: (-len(one.not_met), -len(one.awaiting), one.code))


def _told(change: Transition) -> str:
    """ "Phường 1, TP Trà Vinh: nộp phiếu tự đánh giá"."""
    event = EVENTS[change.event]
    return f"{change.assessment.unit.heading_name}: {event[:1].lower()}{event[1:]}"
