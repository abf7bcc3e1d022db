"""The forecast: ranges that hold together, and a word when too little is known."""

import random
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.workflow import Status
from reports.rollup.evidence import Evidence, Run, State, Waiting
from reports.rollup.forecast import MINIMUM_REACHED, Forecast, Outlook, forecast
from reports.rollup.hindsight import Trial, hindsight
from reports.rollup.shares import Share
from reports.rollup.stays import Stage

FIRST = date(2023, 2, 1)
UNITS = 15
SUBMITTED, PROPOSED = State(Status.SUBMITTED), State(Status.PROPOSED, is_met=True)
Road = list[tuple[State, date]]


def road(seed: random.Random, opened: date) -> tuple[Road, date, date | None]:
    """How a file stood from day to day, the day its road ended, the day it was recognised."""
    is_met = seed.random() < 0.7
    states = [
        State(Status.NOT_STARTED),
        State(Status.SUBMITTED, is_met),
        State(Status.UNDER_REVIEW, is_met),
        State(Status.VERIFIED, is_met),
    ]
    if seed.random() < 0.3:
        states[3:3] = [State(Status.RETURNED), *states[1:3]]
    day, found = opened, []
    for state in states:
        found.append((state, day))
        day += timedelta(days=seed.randint(1, 120))
    return found, day, day if is_met and seed.random() < 0.8 else None


def runs_of(year: int, told: Road, ended: date, reached: date | None, as_of: date) -> list[Run]:
    """What is known of it at the end of a day."""
    days = [*(since for _, since in told), ended]
    known = reached if reached is not None and reached <= as_of else None
    return [
        Run(year, state, since, until if until <= as_of else None, known)
        for (state, since), (_, until) in zip(told, pairwise(days), strict=True)
        if since <= as_of
    ]


class Rounds:
    """Generated rounds as known on a day."""

    def __init__(self, number: int, as_of: date, *, years: int = 3) -> None:
        seed = random.Random(number)
        self.units = {uuid.UUID(int=seed.getrandbits(128)) for _ in range(UNITS)}
        self.certain: set[uuid.UUID] = set()
        self.waiting: dict[uuid.UUID, list[Waiting]] = {unit: [] for unit in self.units}
        runs: list[Run] = []
        opened = {}
        for year in range(2023, 2023 + years):
            opening = FIRST.replace(year=year)
            if opening <= as_of:
                opened[year] = opening
            for unit in sorted(self.units):
                found = runs_of(year, *road(seed, opening), as_of)
                if unit in self.certain or not found:
                    continue
                runs += found
                if found[-1].reached is not None:
                    self.certain.add(unit)
                elif found[-1].until is None:
                    self.waiting[unit].append(Waiting(year, found[-1].state, found[-1].since))
        self.evidence = Evidence(as_of, runs, opened)

    def forecast(self, by: date) -> Forecast:
        return forecast(self.evidence, self.waiting, self.units, self.certain, by=by)


def alike(*files: tuple[State, date, date | None, date | None], times: int = 10) -> list[Run]:
    """So many files of 2022 for each (state, since, until, reached)."""
    return [Run(2022, *one, files=times) for one in files]


def chance(evidence: Evidence, state: State, waited: int, days: int) -> float:
    return evidence.share(state, waited, days).chance


seeds = st.integers(0, 10_000)
days = st.integers(330, 900).map(lambda number: FIRST + timedelta(days=number))
shares = st.builds(Share, st.floats(0, 1), st.integers(1, 500), st.floats(0, 0.3))


@settings(max_examples=25, deadline=None)
@given(seeds, days, st.integers(0, 900))
def test_a_forecast_holds_together(number: int, as_of: date, ahead: int) -> None:
    made = Rounds(number, as_of).forecast(as_of + timedelta(days=ahead))
    if made.distribution is None:
        assert made.shortages
        assert made.expected is None
        return
    assert sum(made.distribution.weights) == pytest.approx(1)
    assert made.low is not None
    assert made.high is not None
    assert 0 <= made.low <= made.high <= UNITS
    assert 0 <= made.distribution.mean <= UNITS + 1e-9


@settings(max_examples=25, deadline=None)
@given(seeds, days, st.sampled_from(Status), st.integers(0, 500), st.booleans())
def test_chances_are_probabilities_that_grow_with_time(
    number: int, as_of: date, status: Status, waited: int, is_met: bool
) -> None:
    known = Rounds(number, as_of).evidence
    if status in {Status.RECOGNISED, Status.NOT_RECOGNISED}:
        status = Status.PROPOSED
    found = [known.share(State(status, is_met), waited, left) for left in range(0, 800, 40)]
    for luck in (-1.5, 0, 1.5):
        chances = [one.at(luck) for one in found]
        assert all(0 <= one <= 1 for one in chances)
        assert all(later >= sooner - 1e-9 for sooner, later in pairwise(chances))


@settings(max_examples=15, deadline=None)
@given(seeds, days)
def test_more_days_left_never_expect_less(number: int, as_of: date) -> None:
    known = Rounds(number, as_of)
    made = [known.forecast(as_of + timedelta(days=left)).expected for left in range(0, 300, 40)]
    numbers = [one for one in made if one is not None]
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(numbers))


@settings(max_examples=15, deadline=None)
@given(seeds, days)
def test_files_counted_alike_say_what_they_say_one_by_one(number: int, as_of: date) -> None:
    known = Rounds(number, as_of)
    by = as_of + timedelta(days=400)
    counted: dict[Run, int] = {}
    for run in known.evidence.runs:
        counted[run] = counted.get(run, 0) + 1
    together = known.forecast(by)
    known.evidence = replace(
        known.evidence, runs=[run._replace(files=files) for run, files in counted.items()]
    )
    assert known.forecast(by) == together


@given(shares, st.floats(-3, 3), st.floats(0, 3))
def test_more_luck_is_never_less_and_later_rounds_are_less_sure(
    share: Share, luck: float, more: float
) -> None:
    assert 0 <= share.at(luck) <= share.at(luck + more) <= 1
    later = share.further(4)
    assert later.at(-more) <= share.at(-more) + 1e-12
    assert later.at(more) >= share.at(more) - 1e-12


def test_units_that_all_count_are_an_exact_number() -> None:
    units = {uuid.uuid4() for _ in range(7)}
    made = forecast(Evidence(FIRST, (), {}), {}, units, units, by=date(2024, 12, 31))
    assert (made.expected, made.low, made.high) == (7.0, 7, 7)
    assert made.outlook(7) == Outlook.ON_TRACK
    assert made.outlook(8) == Outlook.UNLIKELY


def test_without_observations_there_is_no_number() -> None:
    made = forecast(Evidence(FIRST, (), {}), {}, {uuid.uuid4()}, set(), by=date(2024, 12, 31))
    assert made.expected is None
    assert [(one.have, one.need) for one in made.shortages] == [(0, MINIMUM_REACHED), (0, 10)]
    assert made.outlook(1) is None


def test_files_without_a_result_yet_are_neither_failures_nor_left_out() -> None:
    state = State(Status.NOT_STARTED)
    last_year, this_year = date(2022, 1, 1), date(2023, 1, 1)
    runs = [
        Run(2022, state, last_year, date(2022, 1, 21), date(2022, 1, 21), 10),
        Run(2023, state, this_year, None, files=10),
    ]
    known = Evidence(date(2023, 1, 11), runs, {2022: last_year, 2023: this_year})
    # Those watched for ten days say nothing about day twenty, when all ten still watched reached.
    assert chance(known, state, 0, 19) == 0
    assert chance(known, state, 0, 20) == 1
    assert known.opening_share(20).told_by == 10


def test_what_was_proposed_is_not_taken_for_what_was_only_verified() -> None:
    verified, proposed, decided = date(2022, 3, 1), date(2022, 3, 20), date(2022, 6, 1)
    state = State(Status.VERIFIED, is_met=True)
    runs = alike(
        (state, verified, None, None),
        (state, verified, proposed, decided),
        (PROPOSED, proposed, decided, decided),
    )
    known = Evidence(date(2022, 12, 31), runs, {2022: FIRST.replace(year=2022)})
    assert chance(known, state, 0, 200) == pytest.approx(0.5)
    assert chance(known, state, 30, 200) == 0
    assert chance(known, PROPOSED, 0, 200) == 1


def test_what_lacks_a_criterion_is_not_taken_for_what_met_them_all() -> None:
    handed_in, decided = date(2022, 3, 1), date(2022, 6, 1)
    in_full = State(Status.SUBMITTED, is_met=True)
    runs = alike(
        (in_full, handed_in, decided, decided), (SUBMITTED, handed_in, date(2022, 4, 1), None)
    )
    known = Evidence(date(2022, 12, 31), runs, {2022: FIRST})
    assert chance(known, in_full, 0, 200) == 1
    assert chance(known, SUBMITTED, 0, 200) == 0
    # Of too few files that lack something nothing is learnt apart from the others.
    few = replace(known, runs=[runs[0], runs[1]._replace(files=9)])
    assert chance(few, SUBMITTED, 0, 200) == pytest.approx(10 / 19)


def test_what_waits_longer_than_all_who_reached_is_not_expected_any_more() -> None:
    opened, reached = date(2022, 1, 1), date(2022, 3, 1)
    runs = [
        Run(2022, PROPOSED, opened, reached, reached, 20),
        Run(2022, PROPOSED, opened, None, files=3),
    ]
    known = Evidence(date(2022, 12, 31), runs, {2022: opened})
    assert chance(known, PROPOSED, 50, 100) == pytest.approx(20 / 23)
    assert chance(known, PROPOSED, 59, 100) == 0
    assert not known.has_hope(PROPOSED, 364)


def two_rounds(first: int, second: int, *, of: int = 100) -> Evidence:
    """Rounds of which so many files reached, a hundred days after their opening."""
    runs, rounds = [], {}
    for year, reached in ((2021, first), (2022, second)):
        opened = rounds[year] = date(year, 1, 1)
        decided = opened + timedelta(days=100)
        state = State(Status.NOT_STARTED)
        runs += [
            Run(year, state, opened, decided, decided, reached),
            Run(year, state, opened, decided, None, of - reached),
        ]
    return Evidence(date(2022, 12, 31), runs, rounds)


def test_ten_of_ten_are_no_promise_and_more_files_are_surer() -> None:
    few, many = two_rounds(5, 5, of=5).opening_share(365), two_rounds(50, 50, of=50)
    assert few.chance == 1
    assert few.at(0) == pytest.approx(10.5 / 11)
    assert few.at(-1.3) < many.opening_share(365).at(-1.3) < 1


def test_rounds_that_differ_widen_the_range() -> None:
    units = {uuid.uuid4() for _ in range(100)}

    def made(evidence: Evidence) -> Forecast:
        return forecast(evidence, {}, units, set(), by=date(2023, 12, 31))

    even, uneven = made(two_rounds(40, 40)), made(two_rounds(20, 60))
    assert even.expected == pytest.approx(uneven.expected, abs=5)
    assert even.low is not None
    assert even.high is not None
    assert uneven.low is not None
    assert uneven.high is not None
    assert uneven.high - uneven.low > 2 * (even.high - even.low)
    assert two_rounds(40, 40).opening_share(365).change == 0


def test_it_says_what_it_rests_on() -> None:
    known = two_rounds(40, 40)
    units = [uuid.uuid4() for _ in range(3)]
    waits = {units[0]: [Waiting(2022, State(Status.NOT_STARTED), date(2022, 12, 1))]}
    soon = forecast(known, waits, units, set(), by=date(2023, 1, 31))
    assert soon.hopes == ()
    later = forecast(known, waits, units, set(), by=date(2024, 12, 31))
    assert later.hopes == ((Stage.OPENED, 1),)
    assert later.coming_rounds == 2


def trials(numbers: Iterable[int]) -> list[Trial]:
    """Forecasts of generated rounds, made half a year before."""
    made_on, by = date(2025, 3, 1), date(2025, 9, 1)
    return [
        Trial(made_on, by, Rounds(number, made_on).forecast(by), len(Rounds(number, by).certain))
        for number in numbers
    ]


def test_hindsight_of_generated_rounds_is_about_right() -> None:
    score = hindsight(trials(range(40)))
    assert score.tried + score.thin == 40
    assert score.coverage is not None
    assert score.mean_error is not None
    assert score.coverage >= 0.7
    assert abs(score.mean_error) < 1
    assert hindsight([]).coverage is None
