"""Two years, two provinces, two units beside each other: the figures of the overview, and apart."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Role, User
from criteria.models import Correspondence, CriteriaSet, Programme, Relation
from criteria.scale import Outcome
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.rollup import Frame, Tally
from reports.rollup.comparison import (
    Direction,
    Matching,
    Row,
    Share,
    Side,
    compare_criteria,
)
from reports.rollup.frame import FrameCriterion, FrameGroup
from reports.rollup.gathering import Gathering
from tests import cast
from tests.reports.conftest import TraVinh
from tests.tables import stacked
from wards.models import Province, Unit

SignIn = Callable[[User], Client]
PAGE = "/tong-quan/tra-vinh-2023/2024/so-sanh/"
TODAY = date(2026, 9, 30)


# --- pure ---------------------------------------------------------------------------------------


def side(codes: str, met: int, files: int, first_pk: int = 1) -> Side:
    """Criteria with these one-letter codes in one group, each met by so many of the files."""
    criteria = tuple(
        FrameCriterion(first_pk + place, code, f"Tiêu chí {code}", "1")
        for place, code in enumerate(codes)
    )
    frame = Frame((FrameGroup("1", "Nhóm", tuple(codes)),), criteria)
    tally = Tally(met=met, not_met=files - met)
    return Side(
        frame,
        Gathering(files=files, criteria=dict.fromkeys(codes, tally), groups={"1": tally}),
    )


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ((43, 50), (40, 50), "+6 điểm, cao hơn"),
        ((40, 50), (43, 50), "−6 điểm, thấp hơn"),
        ((1, 2), (2, 4), "bằng nhau"),
        # Shown alike, and yet apart: no "equal" that is not.
        ((1, 3), (33, 100), "dưới 1 điểm, cao hơn"),
        ((33, 100), (1, 3), "dưới 1 điểm, thấp hơn"),
    ],
)
def test_a_difference_says_how_far_and_in_words(
    first: tuple[int, int], second: tuple[int, int], text: str
) -> None:
    difference = Row("Tiêu chí", (Share(*first), Share(*second))).difference
    assert difference is not None
    assert difference.text == text


@pytest.mark.parametrize("sides", [(None, Share(1, 2)), (Share(0, 0), Share(1, 2))])
def test_nothing_is_apart_from_what_is_not_there(sides: tuple[Share | None, Share]) -> None:
    assert Row("Tiêu chí", sides).difference is None


def test_one_set_is_compared_by_code() -> None:
    found = compare_criteria(side("AB", 3, 4), side("AB", 1, 4), None)
    assert found.matching is Matching.SAME
    assert [row.codes for row in found.rows] == [("1", "1"), ("A", "A"), ("B", "B")]
    assert [row.is_group for row in found.rows] == [True, False, False]
    assert all(row.sides == (Share(3, 4), Share(1, 4)) for row in found.rows)


def test_a_side_without_files_is_shown_without_a_difference() -> None:
    found = compare_criteria(Side(Frame(), Gathering()), side("A", 1, 4), None)
    assert [(row.sides, row.difference) for row in found.rows] == [
        ((Share(0, 0), Share(1, 4)), None)
    ] * 2


def test_two_sets_are_compared_by_what_was_kept_and_the_rest_stands_alone() -> None:
    first, second = side("AB", 3, 4), side("XY", 1, 4, first_pk=10)
    found = compare_criteria(first, second, {1: 11})
    assert found.matching is Matching.MAPPED
    assert [row.codes for row in found.rows] == [("A", "Y"), ("B", ""), ("", "X")]
    assert [row.difference is not None for row in found.rows] == [True, False, False]


def test_sets_with_nothing_in_common_stand_apart_even_under_the_same_codes() -> None:
    found = compare_criteria(side("AB", 3, 4), side("AB", 1, 4, first_pk=10), {})
    assert found.matching is Matching.APART
    assert found.rows == ()
    assert [[row.codes for row in rows] for rows in found.apart] == [
        [("1", ""), ("A", ""), ("B", "")],
        [("", "1"), ("", "A"), ("", "B")],
    ]
    assert all(row.difference is None for rows in found.apart for row in rows)


# --- Trà Vinh -----------------------------------------------------------------------------------


@pytest.fixture
def two_years(tra_vinh: TraVinh) -> TraVinh:
    """2023: two wards handed in, one recognised; 2024: three handed in, one without C01."""
    tra_vinh.open(2023, date(2023, 2, 1))
    for name in ("P1", "P4"):
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
    tra_vinh.verify("P1", 2023, date(2023, 12, 1))
    tra_vinh.recognise("P1", 2023, date(2024, 4, 22))
    tra_vinh.open(2024, date(2024, 2, 1))
    failing = {tra_vinh.codes[0]: (Outcome.NOT_MET, "Chưa đạt.")}
    for name in ("P1", "P4", "P5"):
        found = failing if name == "P4" else None
        tra_vinh.hand_in(name, 2024, date(2024, 11, 1), found)
    return tra_vinh


@pytest.fixture
def leader(two_years: TraVinh) -> User:
    return cast.person("hung", "Lê Hùng", Role.LEADER, province=two_years.province)


def shares(answer: object, title: str) -> tuple[Share | None, Share | None]:
    found = answer.context["found"]  # type: ignore[attr-defined]
    return next(one.row.sides for one in found.summary if one.row.title == title)  # type: ignore[no-any-return]


def test_two_years_are_those_of_their_overviews(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    for day in ({}, {"ngay": "2024-10-31"}, {"ngay": "2024-12-31"}):
        answer = client.get(PAGE, day)
        assert answer.status_code == 200
        found = answer.context["found"]
        assert [one.name for one in found.sides] == ["Năm 2024", "Năm 2023"]
        for place, one in enumerate(found.sides):
            picture = client.get(one.url).context["picture"]
            assert (picture.year, picture.as_of) == (one.picture.year, one.picture.as_of)
            assert one.picture.sentence == picture.sentence
            assert one.picture.reached == picture.reached
            assert one.picture.gathering == picture.gathering
            for line in found.lines:
                kind = picture.gathering.groups if line.row.is_group else picture.gathering.criteria
                met = kind[line.row.codes[place]].met
                assert line.row.sides[place] == Share(met, picture.gathering.files)
    assert shares(answer, "Đã nộp phiếu") == (Share(3, 11), Share(2, 11))
    assert shares(answer, "Bộ công nhận")[1] == Share(1, 11)


def test_every_figure_leads_to_what_is_behind_it(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    found = client.get(PAGE, {"ngay": "2024-12-31"}).context["found"]
    for line in [*found.summary, *found.lines]:
        for share, url in line.cells:
            assert "ngay=2024-12-31" in url
            behind = client.get(url)
            assert behind.status_code == 200
            if "muc=" in url:
                lines = behind.context["behind"].lines
                assert sum(one.outcome == Outcome.MET for one in lines) == share.number
            elif "/don-vi/" in url:
                listed = behind.context["behind"].lines
                assert len(listed) == (share.of if url.count("=") == 1 else share.number)


def test_the_second_year_is_kept_in_the_address(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    page = PAGE.replace("2024", "2023")
    # 2023 has none before it: the next one stands beside it.
    assert [one.name for one in client.get(page).context["found"].sides] == ["Năm 2023", "Năm 2024"]
    answer = client.get(PAGE, {"voi": "2025"})
    assert [one.picture.round is None for one in answer.context["found"].sides] == [False, True]
    assert "Chưa so sánh được từng tiêu chí" in answer.content.decode()
    assert client.get(PAGE, {"voi": "2024"}).context["found"].is_complete is False
    for voi in ("2022", "2031", "x", "9" * 5000, "-1", "\x00", "²"):
        assert client.get(PAGE, {"voi": voi}).status_code == 404, voi
    assert client.get(PAGE, {"theo": "khong-co"}).status_code == 404
    assert client.get(PAGE, {"theo": "tinh"}).status_code == 404
    assert client.get(PAGE, {"ngay": "khong"}).status_code == 400


def test_a_later_set_is_compared_by_its_mapping_or_not_at_all(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    newer = cast.make_criteria_set("TC-MOI")
    with cast.unfrozen():
        CriteriaSet.objects.filter(pk=newer.pk).update(replaces=two_years.criteria_set)
    two_years.criteria_set = newer
    two_years.open(2025, date(2025, 2, 1))
    client = sign_in(leader)
    page = PAGE.replace("2024", "2025")
    answer = client.get(page)
    assert answer.context["found"].criteria.matching is Matching.APART
    assert "Hai bên dùng hai bộ tiêu chí khác nhau" in answer.content.decode()
    former = two_years.programme.criteria_set.criteria.get(code="C02")
    with cast.unfrozen():
        Correspondence.objects.bulk_create(
            [
                Correspondence(
                    criteria_set=newer,
                    former=former,
                    current=newer.criteria.get(code="C01"),
                    relation=Relation.KEPT,
                )
            ]
        )
    for address, query, codes in (
        (page, {}, ("C01", "C02")),
        (PAGE, {"voi": "2025"}, ("C02", "C01")),
    ):
        found = client.get(address, query).context["found"]
        assert found.criteria.matching is Matching.MAPPED
        assert [one.row.codes for one in found.lines if one.row.difference] == [codes]


def test_every_cell_says_on_a_phone_what_its_column_is(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    page = sign_in(leader).get(PAGE).content.decode()
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        columns, labels = stacked(table)
        assert columns[1:] == ["Năm 2024", "Năm 2023", "Chênh lệch"]
        assert set(labels) == set(columns[1:])


def test_two_units_criterion_by_criterion(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    first, second = two_years.unit("P1"), two_years.unit("P4")
    query = {"theo": "don-vi", "don_vi": str(first.pk), "voi": str(second.pk)}
    answer = client.get(PAGE, query)
    units = answer.context["found"].units
    assert [one.unit.pk for one in units.sides] == [first.pk, second.pk]
    overview = {
        one.unit.pk: one
        for one in client.get("/tong-quan/tra-vinh-2023/2024/").context["picture"].standings
    }
    for one in units.sides:
        assert one == overview[one.unit.pk]
    assert [one.code for one in units.differing] == [two_years.codes[0]]
    assert len(answer.context["unit_lines"]) == len(two_years.codes)
    narrowed = client.get(PAGE, {**query, "khac": "1"})
    assert list(narrowed.context["unit_lines"]) == units.differing
    # On a day before the round, both are known and neither has a file.
    early = client.get(PAGE, {**query, "ngay": "2024-01-31"})
    assert early.status_code == 200
    assert "Năm này chưa mở kỳ" in early.content.decode() or "chưa có phiếu" in (
        early.content.decode()
    )


def test_units_are_chosen_from_those_of_the_round_and_others_are_not_found(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    answer = client.get(PAGE, {"theo": "don-vi"})
    assert [len(one) for one in answer.context["found"].units.choices] == [11, 11]
    ward = str(two_years.unit("P1").pk)
    assert client.get(PAGE, {"theo": "don-vi", "don_vi": ward}).status_code == 200
    same = client.get(PAGE, {"theo": "don-vi", "don_vi": ward, "voi": ward})
    assert "chọn hai đơn vị khác nhau" in same.content.decode()
    elsewhere = Province.objects.create(code="83", name="Bến Tre", kind="province")
    far = Unit.objects.create(code="28756", name="Phường 1", kind="ward", province=elsewhere)
    for other in (str(far.pk), "0" * 32, "x", "\x00"):
        query = {"theo": "don-vi", "don_vi": ward, "voi": other}
        assert client.get(PAGE, query).status_code == 404, other


def test_the_workbook_says_what_the_page_says(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    found = client.get(PAGE).context["found"]
    book = load_workbook(BytesIO(client.get(f"{PAGE}bang.xlsx").content))
    assert book.sheetnames == ["Kết quả chung", "Tóm tắt", "Tiêu chí"]
    rows = list(book["Tiêu chí"].iter_rows(min_row=5, values_only=True))
    assert [(row[2], row[3], row[5], row[6]) for row in rows] == [
        (first.number, first.of, second.number, second.of)
        for first, second in (one.row.sides for one in found.lines)
    ]
    words = {row[9] for row in rows}
    assert words <= {one.value for one in Direction}
    query = {
        "theo": "don-vi",
        "don_vi": str(two_years.unit("P1").pk),
        "voi": str(two_years.unit("P4").pk),
        "khac": "1",
    }
    book = load_workbook(BytesIO(client.get(f"{PAGE}bang.xlsx", query).content))
    assert [row[0] for row in book["Tiêu chí"].iter_rows(min_row=5, values_only=True)] == [
        two_years.codes[0]
    ]
    for refused in ({"theo": "don-vi"}, {"voi": "2024"}, {"ngay": "khong"}):
        assert client.get(f"{PAGE}bang.xlsx", refused).status_code == 404


# --- the country --------------------------------------------------------------------------------


@pytest.fixture
def country(db: None) -> Programme:
    """Three provinces with forty units over three years."""
    make_country(Scale(seed=7, today=TODAY, years=3, provinces=3, units=40), say=lambda line: None)
    return Programme.objects.select_related("document").get()


@pytest.fixture
def ministry(country: Programme) -> User:
    return cast.person("bo", "Người Của Bộ", Role.MINISTRY_VIEWER)


def address_of(country: Programme) -> str:
    return f"/tong-quan/{country.code}/{country.rounds.order_by('-year')[0].year}/so-sanh/"


def test_provinces_and_years_of_a_country_are_those_of_their_overviews(
    country: Programme, ministry: User, sign_in: SignIn
) -> None:
    client, page = sign_in(ministry), address_of(country)
    day = TODAY.isoformat()
    code = client.get(page, {"theo": "tinh"}).context["reading"].provinces[2].code
    for query in (
        {"theo": "tinh"},
        {"theo": "tinh", "tinh": code},
        {"theo": "tinh", "voi": code},
        {},
        {"tinh": code},
    ):
        found = client.get(page, {**query, "ngay": day}).context["found"]
        assert len(found.sides) == 2, query
        for one in found.sides:
            picture = client.get(one.url).context["picture"]
            assert picture.province == one.picture.province
            assert picture.sentence == one.picture.sentence
            assert picture.reached == one.picture.reached
            assert picture.gathering == one.picture.gathering
            assert picture.gathering.files
    for wrong in ({"theo": "tinh", "voi": "khong-co"}, {"tinh": "khong-co"}):
        assert client.get(page, wrong).status_code == 404


def test_who_serves_one_province_compares_its_years_and_its_units(
    country: Programme, ministry: User, sign_in: SignIn
) -> None:
    page = address_of(country)
    first, second, _ = sign_in(ministry).get(page, {"theo": "tinh"}).context["reading"].provinces
    client = sign_in(
        cast.person(
            "tinh", "Người Của Tỉnh", Role.LEADER, province=Province.objects.get(pk=first.pk)
        )
    )
    found = client.get(page).context["found"]
    assert {one.picture.province for one in found.sides} == {first}
    assert client.get(page, {"theo": "tinh", "voi": second.code}).status_code == 404
    offered = client.get(page, {"theo": "don-vi"}).context["found"].units.choices[0]
    assert {one.province_id for one in offered} == {first.pk}


def test_units_of_two_provinces_may_be_compared(
    country: Programme, ministry: User, sign_in: SignIn
) -> None:
    client, page = sign_in(ministry), address_of(country)
    assert "chọn tỉnh" in client.get(page, {"theo": "don-vi"}).content.decode()
    first, second, _ = client.get(page, {"theo": "tinh"}).context["reading"].provinces
    wards = [
        client.get(page, {"theo": "don-vi", "tinh": one.code}).context["found"].units.choices[0][0]
        for one in (first, second)
    ]
    query = {
        "theo": "don-vi",
        "tinh": first.code,
        "don_vi": str(wards[0].pk),
        "voi": str(wards[1].pk),
    }
    answer = client.get(page, query)
    assert [one.unit for one in answer.context["found"].units.sides] == wards
    assert wards[1] in answer.context["found"].units.choices[1]


# --- questions ----------------------------------------------------------------------------------


def questions(client: Client, address: str, query: dict[str, str]) -> int:
    """How many queries a page takes when places and programmes are known."""
    client.get(address, query)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, query).status_code == 200
    return len(asked)


def test_two_years_with_rounds_take_few_questions(
    two_years: TraVinh, leader: User, sign_in: SignIn
) -> None:
    client = sign_in(leader)
    assert questions(client, PAGE, {}) <= 17
    query = {
        "theo": "don-vi",
        "don_vi": str(two_years.unit("P1").pk),
        "voi": str(two_years.unit("P4").pk),
    }
    assert questions(client, PAGE, query) <= 15


def test_a_country_takes_few_questions(country: Programme, ministry: User, sign_in: SignIn) -> None:
    client, page = sign_in(ministry), address_of(country)
    code = client.get(page, {"theo": "tinh"}).context["reading"].provinces[0].code
    assert questions(client, page, {}) <= 15
    assert questions(client, page, {"tinh": code}) <= 17
    assert questions(client, page, {"theo": "tinh"}) <= 17
