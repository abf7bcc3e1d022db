"""The forecast of a province's part in a national programme: its own units, its own leader."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from criteria.models import Programme
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.rollup.outlook import Outlooks, ask, observed, outlooks, waiting_in
from reports.views.picture import Picture
from tests import cast
from wards.models import Province

SignIn = Callable[[User], Client]
MOST_QUERIES = 15

pytestmark = pytest.mark.django_db


def told(programme: Programme, as_of: date, province: Province | None = None) -> Outlooks:
    return outlooks(ask(programme, as_of=as_of, province=province))


def country(provinces: int, units: int, years: int = 4) -> Programme:
    """A made-up country in which enough is recognised to forecast from."""
    today = timezone.localdate()
    scale = Scale(seed=3, today=today, years=years, provinces=provinces, units=units)
    make_country(scale, say=lambda line: None)
    return Programme.objects.get()


def provinces() -> list[Province]:
    return list(Province.objects.filter(valid_to=None).order_by("code"))


def numbers(found: Outlooks) -> list[tuple[object, ...]]:
    return [
        (one.by, one.required, one.of, one.certain, one.forecast)
        for one in found.targets
        if one.by.year == timezone.localdate().year
    ]


def test_the_only_province_of_a_programme_is_forecast_as_the_programme() -> None:
    programme = country(1, 80)
    today = timezone.localdate()
    for day in (today, today - timedelta(days=300)):
        part, whole = told(programme, day, provinces()[0]), told(programme, day)
        assert part.is_of_province
        assert not part.is_borrowed
        assert [one.forecast.is_thin for one in part.targets] == [False]
        assert numbers(part) == [
            one for one in numbers(whole) if one[0] in {other.by for other in part.targets}
        ]


def test_a_part_counts_its_own_units_and_learns_from_its_own_files() -> None:
    programme = country(3, 120)
    large, *others = provinces()
    today = timezone.localdate()
    question = ask(programme, as_of=today, province=large)
    levels = question.levels(ahead=True)
    here = {unit for one in levels for unit in one.then}
    assert {unit.province_id for unit in question.plan.field.roster if unit.pk in here} == {
        large.pk
    }
    assert set(waiting_in(question, levels)) <= here
    own = sum(run.files for run in observed(question, large).runs)
    elsewhere = sum(run.files for one in others for run in observed(question, one).runs)
    assert own > 0
    assert own + elsewhere == sum(run.files for run in observed(question).runs)


def test_a_part_with_too_little_learns_from_the_whole_and_says_so(sign_in: SignIn) -> None:
    programme = country(3, 120)
    *_, small = provinces()
    day = timezone.localdate() - timedelta(days=300)
    lent = told(programme, day, small)
    assert lent.is_borrowed
    assert not lent.is_thin
    assert all(0 < one.of < 60 for one in lent.targets)
    leader = sign_in(cast.person("tinh", "Trần Tỉnh", Role.LEADER, province=small))
    address = f"/tong-quan/{programme.code}/{day.year}/"
    asked = {"ngay": day.isoformat()}
    page = leader.get(f"{address}du-bao/", asked).content.decode()
    assert "Tỉnh chưa có đủ hồ sơ để tính riêng" in page
    assert small.name in page
    assert f'hx-get="{address}du-bao/?ngay={day}"' in leader.get(address, asked).content.decode()


def test_nobody_is_told_how_much_other_provinces_have() -> None:
    programme = country(3, 60, years=2)
    part = provinces()[2]
    day = timezone.localdate()
    found = told(programme, day, part)
    assert found.is_thin
    assert not found.is_borrowed
    own = observed(ask(programme, as_of=day), part)
    assert found.targets[0].forecast.shortages[0].have == own.reached
    picture = Picture.load(programme, day.year, as_of=day, province=part)
    block = render_to_string("reports/_forecast.html", {"picture": picture})
    assert "đều chưa đủ để nói một con số" in block
    assert "Chưa đủ dữ liệu" in block


def test_a_leader_reads_the_forecast_of_his_part_alone(sign_in: SignIn) -> None:
    programme = country(2, 60, years=3)
    mine, other = provinces()
    leader = cast.person("tinh", "Trần Tỉnh", Role.LEADER, province=mine)
    ministry = cast.person("bo", "Nguyễn Bộ", Role.MINISTRY_VIEWER)
    address = f"/tong-quan/{programme.code}/{timezone.localdate().year}/du-bao/"
    client = sign_in(leader)
    assert client.get(address, {"tinh": other.code}).status_code == 404
    own = client.get(address)
    assert own.status_code == 200
    assert own.context["picture"].province == mine
    assert len(_asked(client, address)) <= MOST_QUERIES
    client = sign_in(ministry)
    assert client.get(address, {"tinh": "999"}).status_code == 404
    asked = client.get(address, {"tinh": mine.code}).context["picture"]
    assert asked.forecast == own.context["picture"].forecast
    for query in ("", f"?tinh={other.code}"):
        assert len(_asked(client, address + query)) <= MOST_QUERIES


def _asked(client: Client, address: str) -> CaptureQueriesContext:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return queries
