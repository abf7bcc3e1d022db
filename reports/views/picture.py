"""One programme in one year on one day, added up once for a page: what a leader looks at.

At one of two levels: the whole of a national programme, province by province, or the units of a
province, whether the programme is its own or a national one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby

from django.utils import timezone

from assessments.deriving.days import day_of, end_of
from assessments.models import FileState
from assessments.workflow import Status
from criteria.models import Counting, Programme, Round, TargetScope
from reports.charts import RoadmapPoint, roadmap_points
from reports.rollup import (
    Achievements,
    RoadmapRow,
    Standing,
    headline,
    roadmap_rows,
    standings,
    unit_word,
)
from reports.rollup.board import Board
from reports.rollup.frame import Frame
from reports.rollup.gathering import Country, Gathering, country_of
from reports.rollup.loading import board_of
from reports.rollup.marks import Marks, load_marks
from reports.rollup.numbers import number_text
from reports.rollup.obstacles import Obstacle, obstacles_of
from reports.rollup.outlook import Outlooks, Question, kept_outlooks
from reports.rollup.plan import Plan
from reports.rollup.reached import Reached, reached_by, reached_by_target
from reports.rollup.recent import latest_changes, read_changes
from reports.rollup.roadmap import achievements_of, load_plan
from wards.models import Province


@dataclass
class Picture:
    """Everything about a programme and year on a day; each part is computed when asked for.

    `province` is the part of a national programme that is looked at; None: all of the programme.
    """

    programme: Programme
    year: int
    as_of: date
    plan: Plan
    province: Province | None = None
    with_blockers: bool = False
    """Whether the standings say what is in the way of each unit, which reads every answer."""

    @classmethod
    def load(
        cls,
        programme: Programme,
        year: int,
        *,
        as_of: date,
        plan: Plan | None = None,
        province: Province | None = None,
        with_blockers: bool = False,
    ) -> "Picture":
        """The picture at the end of `as_of`; `plan` spares asking whether it changed."""
        return cls(programme, year, as_of, plan or load_plan(programme), province, with_blockers)

    @property
    def rounds(self) -> Sequence[Round]:
        """The rounds of the programme by year."""
        return self.plan.rounds

    @cached_property
    def round(self) -> Round | None:
        """The round of the year; one opened after the day is not in the picture."""
        until = end_of(self.as_of)
        found = next((one for one in self.rounds if one.year == self.year), None)
        if found is None or found.opened_at > until:
            return None
        return found

    @property
    def is_of_country(self) -> bool:
        """Whether provinces are looked at, not units."""
        return self.programme.province_id is None and self.province is None

    @property
    def place(self) -> Province | None:
        """The province whose units are looked at; None for the country."""
        return self.province or self.programme.province

    @property
    def scope(self) -> str:
        """The scope of the targets the line is drawn by."""
        return f"province:{self.province.code}" if self.province else str(TargetScope.ALL)

    @cached_property
    def marks(self) -> Marks:
        """Whether what was read of the programme, and of the year's files here, changed since."""
        return load_marks(self.plan, self.round, self.province)

    @cached_property
    def rows(self) -> Sequence[RoadmapRow]:
        """The roadmap: of all scopes, or of the province that is looked at."""
        scope = self.scope if self.province is not None else None
        return roadmap_rows(
            self.programme, as_of=self.as_of, plan=self.plan, scope=scope, marks=self.marks
        )

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
            scope=self.scope,
        )

    @cached_property
    def counting_label(self) -> str:
        """Which of the three kinds the programme counts."""
        return str(Counting(self.programme.counts_as_met).label)

    @cached_property
    def points(self) -> list[RoadmapPoint]:
        """The roadmap as the chart draws it."""
        return roadmap_points(
            [row.as_json() for row in self.overall_rows], as_of=self.as_of, scope=self.scope
        )

    @cached_property
    def restated(self) -> str:
        """Where mergers changed the number of units since the decision; empty when nowhere."""
        changed = [row for row in self.overall_rows if row.roster_then != row.of]
        if not changed:
            return ""
        first, last = changed[0], changed[-1]
        of_now, of_then = number_text(last.roster_then), number_text(last.of)
        years = f"Từ năm {first.year}" if last is not first else f"Năm {first.year}"
        return (
            f"{years}, kết quả tính trên các {self.unit_word} đang tồn tại "
            f"({of_now} thay cho {of_then} khi phê duyệt) do sắp xếp đơn vị hành chính; "
            f"{self.unit_word} mới không đương nhiên được công nhận theo {self.unit_word} cũ."
        )

    @cached_property
    def overall_rows(self) -> list[RoadmapRow]:
        """Targets of all that is looked at, in date order."""
        return [row for row in self.rows if row.scope == self.scope]

    @cached_property
    def achievements(self) -> Achievements:
        """What the units of the whole programme have reached."""
        return achievements_of(self.programme, as_of=self.as_of, plan=self.plan, marks=self.marks)

    @cached_property
    def forecast(self) -> Outlooks:
        """What is expected by each coming target of all that is looked at."""
        until = end_of(self.as_of)
        opened = {one.year: day_of(one.opened_at) for one in self.rounds if one.opened_at <= until}
        question = Question(
            self.programme, self.as_of, self.plan, self.achievements, opened, self.province
        )
        return kept_outlooks(question, self.marks)

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
    def board(self) -> Board:
        """How each unit stands, and what follows from that."""
        if self.round is not None and self.with_blockers:
            found = standings(self.round, as_of=self.as_of, province=self.province, plan=self.plan)
            return Board(tuple(found))
        return board_of(
            self.programme,
            self.round,
            as_of=self.as_of,
            plan=self.plan,
            province=self.province,
            marks=self.marks,
        )

    @property
    def standings(self) -> Sequence[Standing]:
        """How each unit stands."""
        return self.board.standings

    @cached_property
    def country(self) -> Country:
        """How the files of each province stand; of a picture of the country with a round."""
        if self.round is None:
            raise ValueError("A year without a round has no files.")
        return country_of(self.round, self.plan, as_of=self.as_of, marks=self.marks)

    @property
    def gathering(self) -> Gathering:
        """All files of the round together; nothing without one."""
        if self.round is None:
            return Gathering()
        return self.country.whole if self.is_of_country else self.board.gathering

    @property
    def frame(self) -> Frame:
        """The criteria of the round; none without one."""
        if self.round is None:
            return Frame()
        return self.country.frame if self.is_of_country else self.board.frame

    @cached_property
    def reached(self) -> Reached:
        """The three counts of the year."""
        if found := reached_by_target(self.overall_rows, self.year):
            return found
        if self.is_of_country:
            here = self.plan.everyone(self.as_of)
        else:
            here = frozenset(one.unit.pk for one in self.standings)
        return reached_by(here, self.achievements, year=self.year, on=self.as_of)

    @property
    def missing(self) -> list[Standing]:
        """Units that have not handed in, the latest first."""
        return self.board.missing

    @cached_property
    def missing_by_province(self) -> list[tuple[Province, Gathering]]:
        """Provinces in which files have not been handed in, those with most of them first."""
        found = [one for one in self.country.provinces if one[1].missing]
        return sorted(found, key=lambda one: -one[1].missing)

    @cached_property
    def recent(self) -> Sequence[FileState]:
        """The files of the round that came to another status last, by the end of the day."""
        if self.round is None:
            return ()
        return latest_changes(
            self.round, as_of=self.as_of, marks=self.marks, province=self.province
        )

    def changes(self, number: int) -> Sequence[FileState]:
        """So many of the files that came to another status last."""
        if self.round is None:
            return ()
        return read_changes(self.round, self.as_of, self.province, number=number)

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
        return list(self.gathering.statuses.items())

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Criteria not met or awaited somewhere, those that stop most units first."""
        if self.round is None:
            return []
        if self.is_of_country:
            return obstacles_of(self.country.frame, self.country.whole)
        return self.board.obstacles
