"""The forecast: ranges that hold together, and a word when too little is known."""

import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from assessments.deriving.history import FileHistory, Step
from assessments.workflow import Status
from criteria.models import Programme, Round
from reports.rollup.forecast import (
    MINIMUM_REACHED,
    Evidence,
    Forecast,
    Outlook,
    Stage,
    TrackedFile,
    forecast,
    poisson_binomial,
    visits_of,
)
from reports.rollup.outlook import Trial, backtest, hindsight, outlooks
from reports.views.picture import Picture
from tests import cast
from tests.reports.conftest import TraVinh

SignIn = Callable[[User], Client]
FIRST = date(2023, 2, 1)
OUTLOOK_QUERIES = 18


def history(seed: random.Random, opened: date) -> tuple[FileHistory, date | None]:
    """A file's whole road, most of the way to recognition, and the day of recognition."""
    day, steps = opened, []
    road = [Status.NOT_STARTED, Status.SUBMITTED, Status.UNDER_REVIEW, Status.VERIFIED]
    if seed.random() < 0.3:
        road[3:3] = [Status.RETURNED, Status.SUBMITTED, Status.UNDER_REVIEW]
    ends = Status.RECOGNISED if seed.random() < 0.6 else Status.NOT_RECOGNISED
    road.append(ends)
    for source, target in pairwise(road):
        day += timedelta(days=seed.randint(1, 120))
        steps.append(Step(source, target, day))
    return FileHistory(ends, opened, steps=tuple(steps)), day if ends == "recognised" else None


def evidence(number: int, as_of: date, *, years: int = 3, cut: bool = False) -> Evidence:
    """Generated rounds as known on a day; `cut` takes later facts away beforehand."""
    seed = random.Random(number)
    units = [uuid.UUID(int=seed.getrandbits(128)) for _ in range(15)]
    files, rounds = [], {}
    for year in range(2023, 2023 + years):
        opened = FIRST.replace(year=year)
        for unit in units:
            told, reached = history(seed, opened)
            if opened > as_of:
                continue
            rounds[year] = opened
            if cut:
                steps = tuple(step for step in told.steps if step.on <= as_of)
                status = Status(steps[-1].target) if steps else Status.NOT_STARTED
                told = FileHistory(status, opened, steps=steps)
            known = reached if reached is not None and reached <= as_of else None
            files.append(TrackedFile(unit, year, visits_of(told, as_of=as_of), known))
    return Evidence(as_of, files, rounds)


def parts(known: Evidence, by: date) -> Forecast:
    """The forecast for all units of generated evidence."""
    certain = {file.unit for file in known.files if file.reached is not None}
    return forecast(known, {file.unit for file in known.files}, certain, by=by)


seeds = st.integers(0, 10_000)
days = st.integers(330, 900).map(lambda number: FIRST + timedelta(days=number))


@settings(max_examples=25, deadline=None)
@given(seeds, days, st.integers(0, 900))
def test_a_forecast_holds_together(number: int, as_of: date, ahead: int) -> None:
    known = evidence(number, as_of)
    made = parts(known, as_of + timedelta(days=ahead))
    if made.expected is None or made.low is None or made.high is None:
        assert made.is_thin
        return
    assert sum(made.distribution) == pytest.approx(1)
    assert all(0 <= weight <= 1 for weight in made.distribution)
    assert 0 <= made.low <= made.high <= 15
    assert 0 <= made.expected <= 15 + 1e-9
    by_hand = sum(place * weight for place, weight in enumerate(made.distribution))
    assert made.expected == pytest.approx(by_hand)


@settings(max_examples=25, deadline=None)
@given(seeds, days, st.sampled_from(Stage), st.integers(0, 500))
def test_chances_are_probabilities_that_grow_with_time(
    number: int, as_of: date, stage: Stage, waited: int
) -> None:
    known = evidence(number, as_of)
    chances = [known.chance(stage, waited, left) for left in range(0, 800, 40)]
    assert all(0 <= one <= 1 for one in chances)
    assert chances == sorted(chances)


@settings(max_examples=15, deadline=None)
@given(seeds, days)
def test_more_days_left_never_expect_less(number: int, as_of: date) -> None:
    known = evidence(number, as_of)
    made = [parts(known, as_of + timedelta(days=left)).expected for left in range(0, 1000, 100)]
    numbers = [one for one in made if one is not None]
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(numbers))


@settings(max_examples=15, deadline=None)
@given(seeds, days)
def test_what_happened_after_the_day_changes_nothing(number: int, as_of: date) -> None:
    by = as_of + timedelta(days=300)
    assert parts(evidence(number, as_of), by) == parts(evidence(number, as_of, cut=True), by)


@given(st.lists(st.floats(0, 1), max_size=40))
def test_the_distribution_sums_to_one(chances: list[float]) -> None:
    found = poisson_binomial(chances)
    assert len(found) == len(chances) + 1
    assert sum(found) == pytest.approx(1)


def test_units_that_all_count_are_an_exact_number() -> None:
    units = {uuid.uuid4() for _ in range(7)}
    made = forecast(Evidence(FIRST, (), {}), units, units, by=date(2024, 12, 31))
    assert (made.expected, made.low, made.high) == (7.0, 7, 7)
    assert made.outlook(7) == Outlook.ON_TRACK
    assert made.outlook(8) == Outlook.UNLIKELY


def test_without_observations_there_is_no_number() -> None:
    made = forecast(Evidence(FIRST, (), {}), {uuid.uuid4()}, set(), by=date(2024, 12, 31))
    assert made.expected is None
    assert [(one.have, one.need) for one in made.shortages] == [(0, MINIMUM_REACHED), (0, 10)]
    assert made.outlook(1) is None


def test_files_without_a_result_yet_are_neither_failures_nor_left_out() -> None:
    opened = date(2023, 1, 1)
    open_visit = FileHistory(Status.NOT_STARTED, opened)
    waiting = [
        TrackedFile(uuid.uuid4(), 2023, visits_of(open_visit, as_of=date(2023, 1, 11)))
        for _ in range(10)
    ]
    reached = [
        TrackedFile(one.unit, 2022, visits_of(FileHistory(Status.NOT_STARTED, day), as_of=day), on)
        for one in waiting
        for day, on in [(date(2022, 1, 1), date(2022, 1, 21))]
    ]
    known = Evidence(date(2023, 1, 11), [*waiting, *reached], {2022: date(2022, 1, 1)})
    # Those watched for ten days say nothing about day twenty, when all ten still watched reached.
    assert known.chance(Stage.OPENED, 0, 19) == 0
    assert known.chance(Stage.OPENED, 0, 20) == 1


def test_what_was_proposed_is_not_taken_for_what_was_only_verified() -> None:
    verified, proposed, decided = date(2022, 3, 1), date(2022, 3, 20), date(2022, 6, 1)
    as_of = date(2022, 12, 31)
    only_verified = (Step(Status.UNDER_REVIEW, Status.VERIFIED, verified),)
    and_proposed = (
        *only_verified,
        Step(Status.VERIFIED, Status.PROPOSED, proposed),
        Step(Status.PROPOSED, Status.RECOGNISED, decided),
    )
    files = [
        TrackedFile(
            uuid.uuid4(),
            2022,
            visits_of(FileHistory(status, FIRST.replace(year=2022), steps=steps), as_of=as_of),
            reached,
        )
        for status, steps, reached in (
            (Status.VERIFIED, only_verified, None),
            (Status.RECOGNISED, and_proposed, decided),
        )
        for _ in range(10)
    ]
    known = Evidence(as_of, files, {2022: FIRST.replace(year=2022)})
    assert known.chance(Stage.VERIFIED, 0, 200) == pytest.approx(0.5)
    assert known.chance(Stage.VERIFIED, 30, 200) == 0
    assert known.chance(Stage.PROPOSED, 0, 200) == 1


def test_what_waits_longer_than_all_who_reached_is_not_expected_any_more() -> None:
    opened, reached = date(2022, 1, 1), date(2022, 3, 1)
    as_of = date(2022, 12, 31)
    visits = visits_of(FileHistory(Status.PROPOSED, opened), as_of=as_of)
    files = [TrackedFile(uuid.uuid4(), 2022, visits, reached) for _ in range(20)]
    files += [TrackedFile(uuid.uuid4(), 2022, visits) for _ in range(3)]
    known = Evidence(as_of, files, {2022: opened})
    assert known.chance(Stage.PROPOSED, 50, 100) == pytest.approx(20 / 23)
    assert known.chance(Stage.PROPOSED, 364, 100) == 0


def test_hindsight_of_generated_rounds_is_about_right() -> None:
    trials = []
    for number in range(40):
        made_on, by = date(2025, 3, 1), date(2025, 9, 1)
        later = evidence(number, by)
        happened = len({file.unit for file in later.files if file.reached is not None})
        trials.append(Trial(made_on, by, parts(evidence(number, made_on), by), happened))
    score = hindsight(trials)
    assert score.tried + score.thin == 40
    assert score.coverage is not None
    assert score.mean_error is not None
    assert score.coverage >= 0.7
    assert abs(score.mean_error) < 1
    assert hindsight([]).coverage is None


def test_a_programme_of_eleven_wards_is_too_little_to_forecast_from(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, FIRST)
    for name in ("P1", "P2"):
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
        tra_vinh.verify(name, 2023, date(2023, 12, 1))
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    found = outlooks(tra_vinh.programme, as_of=date(2024, 5, 1))
    assert [one.by.year for one in found] == list(range(2024, 2031))
    assert {one.label for one in found} == {"Chưa đủ dữ liệu"}
    lacking = found[0].forecast.shortages[0]
    assert (lacking.have, lacking.need) == (2, MINIMUM_REACHED)
    score = backtest(tra_vinh.programme, as_of=date(2024, 5, 1))
    assert (score.tried, score.coverage) == (0, None)
    assert score.thin > 0


def test_a_programme_with_enough_files_is_forecast(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, FIRST)
    names = list(tra_vinh.wards)
    for name in names[:6]:
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
        tra_vinh.verify(name, 2023, date(2023, 12, 1))
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    found = outlooks(tra_vinh.programme, as_of=date(2024, 5, 1))
    first, last = found[0].forecast, found[-1].forecast
    assert first.expected is not None
    assert last.expected is not None
    assert 6 <= first.expected <= last.expected <= 11
    assert found[0].outlook == Outlook.ON_TRACK
    picture = Picture.load(tra_vinh.programme, 2023, as_of=date(2024, 5, 1))
    block = render_to_string("reports/_forecast.html", {"picture": picture})
    assert "Đúng tiến độ" in block
    assert "Chưa đủ dữ liệu" not in block
    # Facts of later days do not change what was said on that day.
    tra_vinh.recognise(names[7], 2023, date(2024, 6, 1))
    assert outlooks(tra_vinh.programme, as_of=date(2024, 5, 1)) == found


def test_the_overview_says_what_it_lacks_and_keeps_the_rest(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    address = "/tong-quan/tra-vinh-2023/2023/"
    client = sign_in(people.leader)
    overview = client.get(address, {"ngay": "2023-11-12"}).content.decode()
    assert f'hx-get="{address}du-bao/?ngay=2023-11-12"' in overview
    for heading in ("Dự báo thực hiện chỉ tiêu", "Chưa nộp phiếu", "Bảng số liệu của biểu đồ"):
        assert heading in overview, heading
    page = client.get(f"{address}du-bao/", {"ngay": "2023-11-12"}).content.decode()
    assert "Chưa đủ dữ liệu" in page
    assert "Mới có 0 hồ sơ đã được tính là đạt, cần ít nhất 5." in page
    assert "Cách tính:" in page


@pytest.mark.parametrize("number", [2, 6])
def test_the_number_of_queries_does_not_grow(
    many_wards: Callable[..., Programme], number: int, django_assert_num_queries: Any
) -> None:
    programme = many_wards(number)
    with django_assert_num_queries(OUTLOOK_QUERIES):
        outlooks(programme, as_of=date(2023, 12, 15))
