"""The overview of a national programme: the country for the Ministry, their part for a province."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from criteria.models import Programme
from reports.country.making import make_country
from reports.country.scale import Scale
from tests import cast
from wards.models import Province

SignIn = Callable[[User], Client]
MOST_QUERIES = 15


@pytest.fixture
def programme(db: None) -> Programme:
    today = timezone.localdate()
    make_country(Scale(seed=5, today=today, years=3, provinces=3, units=36), say=lambda line: None)
    return Programme.objects.get()


@pytest.fixture
def leader(provinces: list[Province], sign_in: SignIn) -> Client:
    return sign_in(cast.person("tinh", "Trần Tỉnh", Role.LEADER, province=provinces[0]))


def test_the_ministry_sees_provinces_and_each_leads_to_its_units(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    page = ministry.get(address)
    assert page.context["picture"].is_of_country
    content = page.content.decode()
    for province in provinces:
        assert f"{address}?tinh={province.code}" in content
        assert f"{address}don-vi/?tinh={province.code}&amp;muc=" in content
        part = ministry.get(address, {"tinh": province.code}).context["picture"]
        assert part.province == province
        assert {one.unit.province_id for one in part.standings} == {province.pk}
    assert "Lộ trình của từng tỉnh, thành phố" in content


def test_a_province_sees_its_own_part_and_no_other(
    leader: Client, address: str, provinces: list[Province]
) -> None:
    own = leader.get(address)
    assert own.status_code == 200
    assert own.context["picture"].province == provinces[0]
    assert leader.get(address, {"tinh": provinces[0].code}).status_code == 200
    for page in ("", "don-vi/", "man-hinh/", "du-bao/", "bang-so-lieu.xlsx", "don-vi/bang.xlsx"):
        other = leader.get(f"{address}{page}", {"tinh": provinces[1].code})
        assert other.status_code == 404, page
    assert leader.get("/tong-quan/").url == address
    assert "Lộ trình đến năm" in leader.get("/").content.decode()


@pytest.mark.parametrize("asked", ["khong-co", "999", "<script>", "901&tinh=902"])
def test_a_province_that_does_not_exist_is_not_found(
    ministry: Client, address: str, asked: str
) -> None:
    assert ministry.get(address, {"tinh": asked}).status_code == 404


def test_the_day_and_the_province_are_kept_together(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    content = ministry.get(address, {"tinh": provinces[1].code, "ngay": day}).content.decode()
    assert f'name="tinh" value="{provinces[1].code}"' in content
    assert f"bang-so-lieu.xlsx?tinh={provinces[1].code}&amp;ngay={day}" in content
    assert f"?tinh={provinces[1].code}&quot;" not in content


def test_the_list_behind_a_figure_narrows_and_orders(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    whole = ministry.get(f"{address}don-vi/", {"muc": "M05"})
    behind = whole.context["behind"]
    assert sum(number for _, number in behind.counts) == behind.of == len(behind.lines)
    order = ["not_met", "awaiting", "unanswered", "met"]
    places = [order.index(one.outcome) for one in behind.lines]
    assert places == sorted(places)
    outcome, number = behind.counts[0]
    narrowed = ministry.get(f"{address}don-vi/", {"muc": "M05", "ket_qua": outcome.value})
    assert len(narrowed.context["behind"].lines) == number
    late = ministry.get(f"{address}don-vi/", {"chua_nop": "on"}).context["behind"]
    assert late.of == ministry.get(address).context["picture"].gathering.missing
    by_unit = {one.unit: one.days_late for one in late.lines}
    assert list(by_unit.values()) == sorted(by_unit.values(), reverse=True)
    for province in provinces:
        missing = ministry.get(address, {"tinh": province.code}).context["picture"].missing
        assert {one.unit: one.days_late for one in missing} == {
            unit: days for unit, days in by_unit.items() if unit.province_id == province.pk
        }
    assert ministry.get(f"{address}don-vi/", {"muc": "khong-co"}).status_code == 200


def test_every_level_asks_at_most_so_much(
    ministry: Client, address: str, provinces: list[Province]
) -> None:
    day = (timezone.localdate() - timedelta(days=20)).isoformat()
    for page in ("", "don-vi/", "man-hinh/"):
        for asked in ({}, {"tinh": provinces[0].code}, {"ngay": day}):
            ministry.get(f"{address}{page}", asked)
            with CaptureQueriesContext(connection) as queries:
                assert ministry.get(f"{address}{page}", asked).status_code == 200
            assert len(queries) <= MOST_QUERIES, (page, asked, len(queries))
