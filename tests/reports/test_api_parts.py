"""The read API and the parts of a national programme: each province its own, the country all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from criteria.models import Programme
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.views.picture import Picture
from tests import cast
from tests.reports.api import Machine, agency, machine
from wards.models import Province

SignIn = Callable[[User], Client]
ADDRESSES = ("", "/units", "/standings", "/roadmap")


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def programme(db: None) -> Programme:
    today = timezone.localdate()
    make_country(Scale(seed=7, today=today, years=3, provinces=3, units=36), say=lambda line: None)
    return Programme.objects.get()


@pytest.fixture
def path(programme: Programme) -> str:
    return f"programmes/{programme.code}"


@pytest.fixture
def own(provinces: list[Province]) -> Machine:
    """A system of an agency of the first province."""
    return machine(agency("so-nha", provinces[0]))


@pytest.fixture
def national(programme: Programme) -> Machine:
    """A system of an agency of the whole country."""
    return machine(agency("bo-ca", None))


def rows(asking: Machine, path: str, **asked: object) -> list[dict[str, Any]]:
    found = asking.read(path, page_size=500, **asked)
    assert found["count"] == len(found["items"]) > 0
    return list(found["items"])


def test_a_province_reads_its_part_without_asking_for_it(
    own: Machine, path: str, provinces: list[Province]
) -> None:
    (item,) = own.read("programmes")["items"]
    assert item["province"] is None, "the programme is the country's"
    here = {"code": provinces[0].code, "name": provinces[0].name}
    for address in ADDRESSES:
        told = own.read(f"{path}{address}")
        assert told["part"] == here
        same = own.read(f"{path}{address}", province=provinces[0].code)
        assert {**told, "generated_at": ""} == {**same, "generated_at": ""}
    assert {one["province"]["code"] for one in rows(own, f"{path}/units")} == {provinces[0].code}
    assert {one["scope"] for one in rows(own, f"{path}/roadmap")} == {
        f"province:{provinces[0].code}"
    }


def test_never_the_part_of_another_province(
    own: Machine, path: str, provinces: list[Province]
) -> None:
    for address in ADDRESSES:
        refused = own.ask(f"{path}{address}", province=provinces[1].code)
        missing = own.ask(f"{path}{address}", province="khong-co")
        assert refused.status_code == missing.status_code == 404
        assert refused.json() == missing.json()
    others = {one["code"] for one in rows(own, f"{path}/units")}
    for province in provinces[1:]:
        assert not others & {unit.code for unit in province.units.all()}


def test_an_agency_of_a_province_without_units_in_it_finds_nothing(path: str) -> None:
    far = Province.objects.create(code="01", name="Hà Nội", kind="city")
    asking = machine(agency("so-xa", far))
    for address in ADDRESSES:
        assert asking.ask(f"{path}{address}").status_code == 404


def test_the_country_reads_all_of_it_or_the_part_it_asks_for(
    national: Machine, path: str, provinces: list[Province]
) -> None:
    assert national.read(path)["part"] is None
    for address in ("/units", "/standings"):
        whole = rows(national, f"{path}{address}")
        parts = [rows(national, f"{path}{address}", province=one.code) for one in provinces]
        assert sorted(one["code"] for one in whole) == sorted(
            one["code"] for part in parts for one in part
        )
    assert national.ask(path, province="khong-co").status_code == 404
    assert national.ask(path, province="9" * 21).status_code == 422


def test_the_part_is_that_of_the_provinces_overview(
    own: Machine, path: str, programme: Programme, provinces: list[Province], sign_in: SignIn
) -> None:
    leader = sign_in(cast.person("tinh", "Trần Tỉnh", Role.LEADER, province=provinces[0]))
    today = timezone.localdate()
    for day in (today, today - timedelta(days=45), today - timedelta(days=400)):
        asked = {"as_of": day.isoformat()}
        address = f"/tong-quan/{programme.code}/{day.year}/"
        page = leader.get(address, {"ngay": day.isoformat()})
        picture: Picture = page.context["picture"]
        assert rows(own, f"{path}/roadmap", **asked) == [row.as_json() for row in picture.rows]
        told = own.read(f"{path}/standings", year=day.year, page_size=500, **asked)
        assert told["year"] == (picture.round.year if picture.round else None)
        assert [(one["code"], one["status"], one["self"]) for one in told["items"]] == [
            (one.unit.code, one.status, one.self_assessed.as_json()) for one in picture.standings
        ]


def test_a_programme_of_a_province_has_no_parts(
    own: Machine, path: str, provinces: list[Province]
) -> None:
    Programme.objects.update(province=provinces[0])
    assert own.read(path)["part"] is None
    assert own.read(path, province=provinces[0].code)["part"] is None
    assert own.ask(path, province=provinces[1].code).status_code == 404
