"""How forecasts of past targets did: what would have been said then, against what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from criteria.models import Programme
from reports.rollup.forecast import Forecast
from reports.rollup.outlook import ask, observed, outlook_of, waiting_in

LEADS = (90, 180, 365, 730)
"""How many days before a due day a forecast is tried in hindsight."""


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
    for past in ask(programme, as_of=as_of).levels(ahead=False):
        by = past.level.by
        then = ask(programme, as_of=by)
        counting = then.plan.counting
        happened = past.then & then.achievements.reaching(counting, by_year=by.year, on=by)
        for lead in leads:
            day = by - timedelta(days=lead)
            question = ask(programme, as_of=day)
            coming = [
                one
                for one in question.levels(ahead=True)
                if one.level.by == by and one.then == past.then
            ]
            if coming:
                evidence, waiting = observed(question), waiting_in(question, coming)
                for one in coming:
                    made = outlook_of(one, question, evidence, waiting).forecast
                    trials.append(Trial(day, by, made, len(happened)))
    return hindsight(trials)
