"""The forecast for each coming overall target of a programme, and how such forecasts did before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.deriving.days import day_of, end_of
from assessments.deriving.history import load_histories
from assessments.models import Assessment
from criteria.models import Counting, Programme, TargetScope
from reports.rollup.achievements import Achievements, days_reached, known_achievements
from reports.rollup.forecast import (
    OUTLOOK_LABELS,
    Evidence,
    Forecast,
    Outlook,
    forecast,
)
from reports.rollup.plan import Level, Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.stays import TrackedFile, visits_of
from reports.rollup.targets import restated

LEADS = (90, 180, 365)
"""How many days before a due day a forecast is tried in hindsight."""


@dataclass(frozen=True, slots=True)
class TargetOutlook:
    """One coming target: what it needs among the units of today, and what is expected."""

    by: date
    required: int
    of: int
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
class Known:
    """A programme at the end of a day: its plan, what is achieved, what a forecast is made from."""

    plan: Plan
    achievements: Achievements
    evidence: Evidence

    def levels(self, *, ahead: bool) -> list[Level]:
        """The overall levels that are due on the day or later, or (not ahead) before it."""
        as_of = self.evidence.as_of
        overall = [one for one in self.plan.levels(as_of) if one.scope == TargetScope.ALL]
        return [one for one in overall if (one.by >= as_of) == ahead]

    def outlook(self, level: Level) -> TargetOutlook:
        """The forecast for one level."""
        units = [unit.pk for unit in self.plan.field.on(level.units, self.evidence.as_of)]
        certain = self.achievements.reaching(self.plan.counting, by_year=level.by.year, on=level.by)
        required = restated(level.required, len(level.units), len(units))
        if level.required > len(level.units):
            # More than there are units on the list cannot be restated.
            required = level.required
        made = forecast(self.evidence, units, certain, by=level.by)
        return TargetOutlook(level.by, required, len(units), made)


def load_known(programme: Programme, *, as_of: date) -> Known:
    """What is known of a programme at the end of `as_of`, in 17 queries at most (a test pins them).

    Those of the plan and of the achievements, and five more: files (two), their changes of status,
    their submissions, the rounds.
    """
    plan = load_plan(programme)
    achievements = known_achievements(programme, as_of=as_of, ids=plan.ids)
    reached = days_reached(programme, plan.counting, as_of=as_of)
    opened = Assessment.objects.filter(
        round__programme=programme,
        round__opened_at__lte=end_of(as_of),
        opened_at__lte=end_of(as_of),
    )
    places = {
        pk: (unit, year) for pk, unit, year in opened.values_list("pk", "unit", "round__year")
    }
    files = [
        TrackedFile(*places[pk], visits_of(history, as_of=as_of), reached.get(places[pk]))
        # A file opened between the two queries is left for the next look.
        for pk, history in load_histories(opened).items()
        if pk in places
    ]
    rounds = programme.rounds.filter(opened_at__lte=end_of(as_of))
    opening = {year: day_of(moment) for year, moment in rounds.values_list("year", "opened_at")}
    term = programme.recognition_years if plan.counting == Counting.RECOGNISED else None
    return Known(plan, achievements, Evidence(as_of, files, opening, term))


def outlooks(programme: Programme, *, as_of: date) -> list[TargetOutlook]:
    """The forecast for each overall target due on `as_of` or later, in date order."""
    known = load_known(programme, as_of=as_of)
    return [known.outlook(level) for level in known.levels(ahead=True)]


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast made on an earlier day beside what happened."""

    made_on: date
    by: date
    forecast: Forecast
    happened: int


@dataclass(frozen=True, slots=True)
class Hindsight:
    """How forecasts did: how often the range held, and expected minus happened on average."""

    tried: int
    thin: int
    coverage: float | None
    mean_error: float | None


def hindsight(trials: Iterable[Trial]) -> Hindsight:
    """The score of these trials; those too thin for a number are counted apart."""
    listed = list(trials)
    errors, held = [], 0
    for trial in listed:
        made = trial.forecast
        if made.expected is not None and made.low is not None and made.high is not None:
            errors.append(made.expected - trial.happened)
            held += made.low <= trial.happened <= made.high
    number = len(errors)
    return Hindsight(
        tried=number,
        thin=len(listed) - number,
        coverage=held / number if number else None,
        mean_error=sum(errors) / number if number else None,
    )


def backtest(programme: Programme, *, as_of: date, leads: Sequence[int] = LEADS) -> Hindsight:
    """What forecasts made before each past overall target would have said, against what happened.

    A target is left out on days when it stood otherwise, or the units were others: the two numbers
    would not be of the same thing.
    """
    trials = []
    for level in load_known(programme, as_of=as_of).levels(ahead=False):
        then = load_known(programme, as_of=level.by)
        here = {unit.pk for unit in then.plan.field.on(level.units, level.by)}
        reached = then.achievements.reaching(then.plan.counting, by_year=level.by.year, on=level.by)
        for lead in leads:
            day = level.by - timedelta(days=lead)
            known = load_known(programme, as_of=day)
            for earlier in known.levels(ahead=True):
                units = {unit.pk for unit in known.plan.field.on(earlier.units, day)}
                if earlier.by == level.by and units == here:
                    made = known.outlook(earlier).forecast
                    trials.append(Trial(day, level.by, made, len(here & reached)))
    return hindsight(trials)
