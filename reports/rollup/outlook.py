"""The forecast for each coming target of a programme, or of its part in a province."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assessments.deriving.days import day_of, end_of
from criteria.models import Counting, Programme, TargetScope
from reports.rollup.achievements import Achievements, known_achievements
from reports.rollup.evidence import Evidence, Waiting
from reports.rollup.forecast import OUTLOOK_LABELS, Forecast, Outlook, forecast
from reports.rollup.marks import Marks
from reports.rollup.plan import PlacedLevel, Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.targets import restated
from reports.rollup.waits import load_runs, load_waiting
from wards.models import Province
from wards.shelf import Shelf

RECENT_ROUNDS = 3
"""From how many rounds, the latest ones, chances are learnt: units and reviewers change, and what
was usual eight years ago made forecasts too low, the further ahead the more."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a programme, or its part in a province, at the end of a day.

    `rounds` gives the opening day of each round opened by then.
    """

    programme: Programme
    as_of: date
    plan: Plan
    achievements: Achievements
    rounds: Mapping[int, date]
    province: Province | None = None

    @property
    def scope(self) -> str:
        """The scope of the targets asked about."""
        return f"province:{self.province.code}" if self.province else str(TargetScope.ALL)

    def levels(self, *, ahead: bool) -> list[PlacedLevel]:
        """The levels that are due on the day or later, or (not ahead) before it, by date."""
        return [
            one
            for one in self.plan.placed(self.as_of)
            if one.level.scope == self.scope and (one.level.by >= self.as_of) == ahead
        ]


def ask(programme: Programme, *, as_of: date, province: Province | None = None) -> Question:
    """The question with what it needs to know, for who has not read it yet."""
    plan = load_plan(programme)
    rounds = programme.rounds.filter(opened_at__lte=end_of(as_of))
    return Question(
        programme,
        as_of,
        plan,
        known_achievements(programme, as_of=as_of, ids=plan.ids),
        {year: day_of(moment) for year, moment in rounds.values_list("year", "opened_at")},
        province,
    )


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """One coming target: what it needs among the units of today, and what is expected.

    `certain` is how many units count already and will by its day.
    """

    by: date
    required: int
    of: int
    certain: int
    forecast: Forecast

    @property
    def outlook(self) -> Outlook | None:
        """How the target looks; None when too little is known."""
        return self.forecast.outlook(self.required)

    @property
    def label(self) -> str:
        """The outlook in words."""
        return OUTLOOK_LABELS[self.outlook] if self.outlook is not None else "Chưa đủ dữ liệu"


@dataclass(frozen=True, slots=True)
class Outlooks:
    """The coming targets, and whose files tell their chances.

    `is_of_province`: a province's part is asked about. `is_borrowed`: too few files of its own were
    observed, so that those of the whole programme tell.
    """

    targets: tuple[TargetOutlook, ...]
    is_of_province: bool = False
    is_borrowed: bool = False

    @property
    def is_thin(self) -> bool:
        """Whether no number can be said for any of them."""
        return all(one.forecast.is_thin for one in self.targets)


OUTLOOKS: Shelf[Outlooks] = Shelf(64)
"""The forecasts of programmes and of parts of them on the days asked about lately."""


def kept_outlooks(question: Question, marks: Marks) -> Outlooks:
    """The forecast, kept until a file of the programme goes on or a recognition changes."""
    part = question.province and question.province.pk
    return OUTLOOKS.get(
        (question.programme.pk, part, question.as_of), marks.reached, lambda: outlooks(question)
    )


def outlooks(question: Question) -> Outlooks:
    """The forecast for each target due on the day or later, in date order.

    In two queries; in one more where a province has too little to go by. What is told of a part
    that stays without a number is what it lacks itself: how many files others have is theirs.
    """
    levels = question.levels(ahead=True)
    if not levels:
        return Outlooks(())
    waiting = waiting_in(question, levels)
    part = question.province
    own = _outlooks(levels, question, observed(question, part), waiting)
    if part is None or not any(one.forecast.is_thin for one in own):
        return Outlooks(own, part is not None)
    whole = _outlooks(levels, question, observed(question), waiting)
    if Outlooks(whole).is_thin:
        return Outlooks(own, is_of_province=True)
    kept = tuple(
        replace(one, forecast=replace(one.forecast, shortages=lacking.forecast.shortages))
        for one, lacking in zip(whole, own, strict=True)
    )
    return Outlooks(kept, is_of_province=True, is_borrowed=True)


def _outlooks(
    levels: Sequence[PlacedLevel],
    question: Question,
    evidence: Evidence,
    waiting: Mapping[uuid.UUID, Sequence[Waiting]],
) -> tuple[TargetOutlook, ...]:
    return tuple(outlook_of(one, question, evidence, waiting) for one in levels)


def outlook_of(
    placed: PlacedLevel,
    question: Question,
    evidence: Evidence,
    waiting: Mapping[uuid.UUID, Sequence[Waiting]],
) -> TargetOutlook:
    """The forecast for one level."""
    level, units = placed.level, placed.then
    counting = question.plan.counting
    certain = units & question.achievements.reaching(counting, by_year=level.by.year, on=level.by)
    required = restated(level.required, len(level.units), len(units))
    if level.required > len(level.units):
        # More than there are units on the list cannot be restated.
        required = level.required
    made = forecast(evidence, waiting, units, certain, by=level.by)
    return TargetOutlook(level.by, required, len(units), len(certain), made)


def observed(question: Question, province: Province | None = None) -> Evidence:
    """What files of the latest rounds tell, or those of a province among them; one query."""
    programme, counting = question.programme, question.plan.counting
    recent = sorted(question.rounds)[-RECENT_ROUNDS:]
    return Evidence(
        question.as_of,
        load_runs(programme, counting, recent, as_of=question.as_of, province=province),
        question.rounds,
        programme.recognition_years if counting == Counting.RECOGNISED else None,
    )


def waiting_in(
    question: Question, levels: Sequence[PlacedLevel]
) -> Mapping[uuid.UUID, Sequence[Waiting]]:
    """Where the files of the units asked about wait; one query."""
    part = None
    if question.province is not None:
        part = frozenset(unit for one in levels for unit in one.then)
    return load_waiting(question.programme, question.plan.ids, as_of=question.as_of, within=part)
