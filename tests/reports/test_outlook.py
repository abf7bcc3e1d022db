"""The forecast of a programme, from what the database holds."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from criteria.models import Programme, Round
from reports.rollup.forecast import MINIMUM_REACHED, Outlook
from reports.rollup.hindsight import backtest
from reports.rollup.outlook import Outlooks, ask, observed, outlooks, waiting_in
from reports.views.picture import Picture
from tests import cast
from tests.reports.conftest import TraVinh

SignIn = Callable[[User], Client]
FIRST = date(2023, 2, 1)


def told(programme: Programme, as_of: date) -> Outlooks:
    return outlooks(ask(programme, as_of=as_of))


def test_a_programme_of_eleven_wards_is_too_little_to_forecast_from(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, FIRST)
    for name in ("P1", "P2"):
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
        tra_vinh.verify(name, 2023, date(2023, 12, 1))
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    found = told(tra_vinh.programme, date(2024, 5, 1))
    assert [one.by.year for one in found.targets] == list(range(2024, 2031))
    assert {one.label for one in found.targets} == {"Chưa đủ dữ liệu"}
    assert found.is_thin
    lacking = found.targets[0].forecast.shortages[0]
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
    found = told(tra_vinh.programme, date(2024, 5, 1))
    first, last = found.targets[0].forecast, found.targets[-1].forecast
    assert first.expected is not None
    assert last.expected is not None
    assert 6 <= first.expected <= last.expected <= 11
    assert found.targets[0].outlook == Outlook.ON_TRACK
    assert found.targets[0].certain == 6
    picture = Picture.load(tra_vinh.programme, 2023, as_of=date(2024, 5, 1))
    assert picture.forecast == found
    block = render_to_string("reports/_forecast.html", {"picture": picture})
    assert "Đúng tiến độ" in block
    assert "Chưa đủ dữ liệu" not in block
    assert "6 phường đã đạt và còn hiệu lực" in block
    # Facts of later days do not change what was said on that day.
    tra_vinh.recognise(names[7], 2023, date(2024, 6, 1))
    assert told(tra_vinh.programme, date(2024, 5, 1)) == found


def test_files_of_units_that_counted_already_tell_nothing(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, FIRST)
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 1))
    tra_vinh.verify("P1", 2023, date(2023, 12, 1))
    tra_vinh.recognise("P1", 2023, date(2024, 1, 22))
    tra_vinh.open(2024, date(2024, 2, 1))
    question = ask(tra_vinh.programme, as_of=date(2024, 5, 1))
    known = observed(question)
    opened = {run.year: 0 for run in known.runs}
    for run in known.runs:
        if run.since == question.rounds[run.year]:
            opened[run.year] += run.files
    assert opened == {2023: 11, 2024: 10}
    assert known.reached == 1
    waiting = waiting_in(question, question.levels(ahead=True))
    assert [one.year for one in waiting[tra_vinh.unit("P2").pk]] == [2023, 2024]


@pytest.mark.parametrize("kind", ["self_assessed", "verified"])
def test_the_other_kinds_of_met_are_forecast_from_their_own_days(
    tra_vinh: TraVinh, kind: str
) -> None:
    tra_vinh.programme.counts_as_met = kind
    tra_vinh.programme.save()
    tra_vinh.open(2023, FIRST)
    for name in list(tra_vinh.wards)[:6]:
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
        tra_vinh.verify(name, 2023, date(2023, 12, 1))
    known = observed(ask(tra_vinh.programme, as_of=date(2023, 12, 31)))
    assert known.reached == 6
    took = {(run.reached - FIRST).days for run in known.runs if run.reached is not None}
    day = date(2023, 11, 1) if kind == "self_assessed" else date(2023, 12, 1)
    assert took == {(day - FIRST).days}
    assert told(tra_vinh.programme, date(2023, 12, 31)).targets[0].certain == 6


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
    question = ask(many_wards(number), as_of=date(2023, 12, 15))
    with django_assert_num_queries(2):
        outlooks(question)
