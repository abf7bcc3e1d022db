"""Provinces: how many units of each kind on a day, their list with search, their past."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from criteria.models import Programme
from tests import cast
from tests.tables import stacked
from wards.models import LegalDocument, Province, Reorganisation, Succession, Unit

SignIn = Callable[[User], Client]
JULY = date(2025, 7, 1)
EVE = date(2025, 6, 30)


def unit(province: Province, code: str, name: str, kind: str = "ward", **dates: date) -> Unit:
    return Unit.objects.create(code=code, name=name, kind=kind, province=province, **dates)


@pytest.fixture
def joined(places: cast.Places) -> Province:
    """Trà Vinh ended on 30/6/2025; its wards became phường Trà Vinh of Vĩnh Long."""
    heir = Province.objects.create(code="86", name="Vĩnh Long", kind="province")
    change = Reorganisation.objects.create(
        on=JULY, kind="merge", document=LegalDocument.objects.create(code="NQ", number="1687")
    )
    after = unit(heir, "29242", "phường Trà Vinh", valid_from=JULY)
    unit(heir, "29551", "phường Hòa Bình", valid_from=JULY)
    unit(heir, "29552", "xã Hòa Bình", "commune", valid_from=JULY)
    for before in (places.ward, places.other_ward):
        before.valid_to = EVE
        before.save()
        Succession.objects.create(reorganisation=change, predecessor=before, successor=after)
    places.province.valid_to = EVE
    places.province.save()
    return heir


@pytest.fixture
def in_vinh_long(joined: Province) -> User:
    return cast.person("kim", "Trần Thị Kim", Role.COORDINATOR, province=joined)


def rows(client: Client, address: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return list(answer.context["rows"])


def test_every_province_is_counted_on_the_day_asked_for(
    joined: Province, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.ministry_viewer)
    now = {row["province"].name: row for row in rows(client, "/tinh/")}
    assert [number for _, number in now["Vĩnh Long"]["counts"]] == [2, 1]
    assert (now["Trà Vinh"]["is_former"], now["Trà Vinh"]["total"]) == (True, 2)
    assert list(now) == ["Bến Tre", "Vĩnh Long", "Trà Vinh"]
    before = {row["province"].name: row for row in rows(client, "/tinh/", ngay="2025-06-30")}
    assert (before["Vĩnh Long"]["total"], before["Trà Vinh"]["is_former"]) == (0, False)


def test_every_cell_says_on_a_phone_what_its_column_is(
    joined: Province, people: cast.People, sign_in: SignIn
) -> None:
    page = sign_in(people.ministry_viewer).get("/tinh/").content.decode()
    columns, labels = stacked(page)
    assert columns[1:] == ["Tổng số", "Phường", "Xã", "Mã", "Hiệu lực"]
    assert labels == columns[1:] * 3


def test_a_reader_sees_the_provinces_of_the_posting(
    joined: Province, in_vinh_long: User, sign_in: SignIn
) -> None:
    client = sign_in(in_vinh_long)
    assert [row["province"].name for row in rows(client, "/tinh/")] == ["Vĩnh Long"]
    assert client.get("/tinh/86/").status_code == 200
    assert client.get("/tinh/84/").status_code == 404
    page = client.get("/tinh/86/").content.decode()
    assert "Đã nhận đơn vị của" in page
    # What is out of reach is named, not linked.
    assert "/tinh/84/" not in page


def test_a_province_that_is_gone_is_shown_as_of_its_last_day(
    joined: Province, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.leader)
    answer = client.get("/tinh/84/")
    assert (answer.context["day"], answer.context["total"]) == (EVE, 2)
    assert "kết thúc ngày 30/06/2025" in answer.content.decode()
    assert "Đơn vị chuyển sang" in answer.content.decode()
    assert client.get("/tinh/84/", {"ngay": "2025-07-01"}).context["total"] == 0
    assert client.get("/tinh/84/", {"ngay": "2999-01-01"}).status_code == 400


def test_a_code_that_went_to_another_province_shows_who_bears_it_on_the_day(
    people: cast.People, sign_in: SignIn
) -> None:
    Province.objects.create(code="80", name="Long An", kind="province", valid_to=EVE)
    Province.objects.create(code="80", name="Tây Ninh", kind="province", valid_from=JULY)
    client = sign_in(people.ministry_viewer)
    assert client.get("/tinh/80/").context["province"].name == "Tây Ninh"
    answer = client.get("/tinh/80/", {"ngay": "2025-06-30"})
    assert answer.context["province"].name == "Long An"
    assert "Cũng mang mã 80" in answer.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "hoa binh",
        "HÒA BÌNH",
        "Hoà Bình",
        "  hòa   bình ",
        unicodedata.normalize("NFD", "Hoà Bình"),
        unicodedata.normalize("NFD", "HÒA BÌNH"),
    ],
)
def test_un_04_every_spelling_finds_the_same_units(
    asked: str, in_vinh_long: User, sign_in: SignIn
) -> None:
    client = sign_in(in_vinh_long)
    for address in ("/tinh/86/", "/don-vi/"):
        found = {row["unit"].heading_name for row in rows(client, address, q=asked)}
        assert found == {"Phường Hòa Bình", "Xã Hòa Bình"}, address
    [ward] = rows(client, "/tinh/86/", q=asked, loai="ward")
    assert ward["unit"].heading_name == "Phường Hòa Bình"


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"q": "a" * 5000}, {"page": "x"}, {"loai": "khong-co"}, {"q": "%"}]
)
def test_odd_questions_get_a_list(
    query: dict[str, str], in_vinh_long: User, sign_in: SignIn
) -> None:
    client = sign_in(in_vinh_long)
    assert client.get("/tinh/", query).status_code == 200
    assert client.get("/tinh/86/", query).status_code == 200


def test_programmes_that_cover_the_province_are_named(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    answer = sign_in(people.leader).get("/tinh/84/")
    assert answer.context["programmes"] == [programme]
    assert f"/chuong-trinh/{programme.code}/" in answer.content.decode()


def test_the_unit_list_leads_to_the_provinces_for_those_who_read_them(
    people: cast.People, sign_in: SignIn
) -> None:
    assert 'href="/tinh/"' in sign_in(people.leader).get("/don-vi/").content.decode()
    assert 'href="/tinh/"' not in sign_in(people.commander).get("/don-vi/").content.decode()


def test_people_of_a_station_are_not_let_in(people: cast.People, sign_in: SignIn) -> None:
    assert sign_in(people.commander).get("/tinh/84/").status_code == 403


@pytest.mark.parametrize(("address", "queries"), [("/tinh/", 6), ("/tinh/86/", 14)])
def test_as_many_questions_for_five_units_as_for_three_hundred(
    address: str, queries: int, joined: Province, in_vinh_long: User, sign_in: SignIn
) -> None:
    client = sign_in(in_vinh_long)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    few = asked()
    made = [
        Unit(code=f"{n:05d}", name=f"xã Số {n}", kind="commune", province=joined, valid_from=JULY)
        for n in range(300)
    ]
    for one in made:
        one.clean_names()
    Unit.objects.bulk_create(made)
    assert (few, asked()) == (queries, queries)
