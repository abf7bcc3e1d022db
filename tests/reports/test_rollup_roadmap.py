"""The roadmap of Trà Vinh through two reorganisations, and every other way to word a target."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Decision
from assessments.workflow import Status
from criteria.models import Counting, Measure, Programme, TargetScope
from criteria.scale import Outcome
from reports.rollup import RoadmapRow, roadmap_rows
from tests.reports.conftest import TraVinh
from wards.models import Reorganisation, Succession, Unit

LEVELS = [2, 3, 4, 5, 7, 9, 10, 11]
TODAY = date(2026, 11, 22)


def overall(programme: Programme, as_of: date) -> list[RoadmapRow]:
    return [row for row in roadmap_rows(programme, as_of=as_of) if row.scope == "all"]


def row_of(programme: Programme, year: int, as_of: date) -> RoadmapRow:
    return next(row for row in overall(programme, as_of) if row.year == year)


def counts(row: RoadmapRow) -> tuple[int, int, int]:
    return row.self_assessed, row.verified, row.recognised


def test_additional_targets_are_carried_to_levels(tra_vinh: TraVinh) -> None:
    rows = overall(tra_vinh.programme, date(2023, 11, 1))
    assert [row.required for row in rows] == LEVELS
    assert {row.of for row in rows} == {11}
    assert [row.as_approved for row in rows][:3] == ["02/11", "thêm 1", "thêm 1"]
    assert [row.additional for row in rows] == [2, 1, 1, 1, 2, 2, 1, 1]
    assert [str(row.state) for row in rows] == ["behind", *["future"] * 7]


@pytest.mark.parametrize(
    ("as_of", "roster", "levels"),
    [
        (date(2023, 11, 1), 11, LEVELS),
        (date(2024, 12, 31), 11, LEVELS),
        (date(2025, 2, 1), 9, [2, 3, 4, 5, 6, 8, 9, 9]),
        (date(2025, 6, 30), 9, [2, 3, 4, 5, 6, 8, 9, 9]),
        (TODAY, 6, [2, 2, 3, 3, 4, 5, 6, 6]),
    ],
)
def test_levels_are_restated_on_the_units_of_the_day(
    tra_vinh: TraVinh, as_of: date, roster: int, levels: list[int]
) -> None:
    rows = overall(tra_vinh.programme, as_of)
    assert {row.roster_now for row in rows} == {roster}
    assert [row.required_now for row in rows] == levels
    assert [row.required for row in rows] == LEVELS, "what was approved never changes"


def test_the_order_and_the_keys_are_those_of_the_contract(tra_vinh: TraVinh) -> None:
    rows = [row.as_json() for row in roadmap_rows(tra_vinh.programme, as_of=TODAY)]
    assert [row["scope"] for row in rows] == [*["all"] * 8, "district:851", "new_units:2025"]
    assert list(rows[4])[:12] == [
        "by",
        "scope",
        "as_approved",
        "required",
        "of",
        "roster_now",
        "required_now",
        "recognised",
        "verified",
        "self_assessed",
        "state",
        "document",
    ]
    assert rows[4]["by"] == "2027-12-31"
    assert rows[4]["document"] == "QD-1578"
    assert rows[4]["document_number"] == "1578/QĐ-UBND"
    assert rows[4]["text"] == "Năm 2027"


def test_a_row_keeps_what_was_reached_on_its_day(tra_vinh: TraVinh) -> None:
    for name in ("P3", "P8"):
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    row = row_of(tra_vinh.programme, 2023, TODAY)
    assert (row.recognised, row.roster_then, row.required_then, row.difference) == (2, 11, 2, 0)
    assert row.state == "met"
    row = row_of(tra_vinh.programme, 2024, TODAY)
    assert (row.recognised, row.required_then, row.difference) == (2, 3, -1)
    assert row.state == "missed"


def test_a_recognised_ward_does_not_make_its_successor_recognised(tra_vinh: TraVinh) -> None:
    for name in ("P3", "P8"):
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    assert row_of(tra_vinh.programme, 2025, date(2025, 6, 30)).recognised == 2
    for year in range(2025, 2031):
        assert row_of(tra_vinh.programme, year, TODAY).recognised == 0
    tra_vinh.recognise("Nguyệt Hóa", 2026, date(2026, 10, 1))
    assert row_of(tra_vinh.programme, 2026, TODAY).recognised == 1
    assert row_of(tra_vinh.programme, 2025, TODAY).recognised == 0


def test_the_town_has_its_own_target(tra_vinh: TraVinh) -> None:
    def town(as_of: date) -> RoadmapRow:
        rows = roadmap_rows(tra_vinh.programme, as_of=as_of)
        return next(row for row in rows if row.scope == "district:851")

    before = town(date(2024, 6, 1))
    assert (before.as_approved, before.required, before.of) == ("100%", 2, 2)
    assert before.scope_label == "Thị xã Duyên Hải"
    assert before.additional is None
    assert before.state == "future", "the next target of all is due in 2024"
    assert town(date(2025, 3, 1)).state == "behind"
    after = town(TODAY)
    assert (after.roster_now, after.required_now, after.state) == (2, 2, "missed")
    for name in ("Duyên Hải", "Trường Long Hòa"):
        tra_vinh.recognise(name, 2025, date(2026, 4, 1))
    assert town(TODAY).state == "met"


def test_new_wards_are_due_the_year_after(tra_vinh: TraVinh) -> None:
    def new(as_of: date) -> list[RoadmapRow]:
        rows = roadmap_rows(tra_vinh.programme, as_of=as_of)
        return [row for row in rows if row.scope.startswith("new_units")]

    assert new(date(2025, 6, 30)) == []
    (row,) = new(TODAY)
    assert (row.scope, row.by, row.of, row.required) == (
        "new_units:2025",
        date(2026, 12, 31),
        6,
        6,
    )
    assert (row.roster_now, row.required_now, row.state) == (6, 6, "behind")
    assert row.scope_label == "Phường thành lập năm 2025"
    assert row.as_approved == "năm liền kề năm thành lập"
    assert new(date(2027, 1, 1))[0].state == "missed"


def test_a_new_name_is_not_a_new_ward(tra_vinh: TraVinh) -> None:
    old = tra_vinh.successors["Long Đức"]
    old.valid_to = date(2026, 2, 28)
    old.save()
    renamed = Unit.objects.create(
        code=old.code,
        name="phường Long Đức Mới",
        kind="ward",
        province=old.province,
        valid_from=date(2026, 3, 1),
    )
    change = Reorganisation.objects.create(
        on=date(2026, 3, 1), kind="rename", document=tra_vinh.programme.document
    )
    Succession.objects.create(reorganisation=change, predecessor=old, successor=renamed)
    rows = [
        row
        for row in roadmap_rows(tra_vinh.programme, as_of=TODAY)
        if row.scope.startswith("new_units")
    ]
    assert [(row.scope, row.of) for row in rows] == [("new_units:2025", 6)]


def test_a_commune_that_takes_a_ward_in_is_not_a_new_ward(tra_vinh: TraVinh) -> None:
    Unit.objects.filter(pk=tra_vinh.successors["Long Đức"].pk).update(kind="commune")
    rows = roadmap_rows(tra_vinh.programme, as_of=TODAY)
    assert rows[-1].of == 5
    assert rows[0].roster_now == 6, "it still succeeds the roster"


def test_only_what_was_known_counts(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P3", 2023, date(2023, 11, 10))
    tra_vinh.verify("P3", 2023, date(2023, 12, 20))
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22), revoked_on=date(2024, 9, 1))
    known = {
        date(2023, 11, 9): (0, 0, 0),
        date(2023, 11, 10): (1, 0, 0),
        date(2023, 12, 20): (1, 1, 0),
        date(2024, 4, 21): (1, 1, 0),
        date(2024, 4, 22): (1, 1, 1),
        date(2024, 8, 31): (1, 1, 1),
        date(2024, 9, 1): (1, 1, 0),
    }
    for as_of, expected in known.items():
        assert counts(row_of(tra_vinh.programme, 2023, as_of)) == expected, as_of


def test_days_are_those_of_vietnam(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    # 18:00 in London is already the next day in Trà Vinh.
    moment = datetime(2023, 11, 10, 18, 0, tzinfo=timezone(timedelta(0)))
    tra_vinh.hand_in("P3", 2023, date(2023, 11, 10), moment=moment)
    assert row_of(tra_vinh.programme, 2023, date(2023, 11, 10)).self_assessed == 0
    assert row_of(tra_vinh.programme, 2023, date(2023, 11, 11)).self_assessed == 1


def test_no_kind_of_met_implies_another(tra_vinh: TraVinh) -> None:
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22))
    assert counts(row_of(tra_vinh.programme, 2023, TODAY)) == (0, 0, 1)


def test_one_failing_criterion_is_enough(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 1), {"C02": (Outcome.NOT_MET, "Thiếu.")})
    tra_vinh.verify("P1", 2023, date(2023, 12, 1))
    tra_vinh.hand_in("P2", 2023, date(2023, 11, 1), {"C02": (Outcome.EXEMPT, "Bão.")})
    tra_vinh.verify("P2", 2023, date(2023, 12, 1))
    tra_vinh.hand_in("P3", 2023, date(2023, 11, 1))
    tra_vinh.review(
        "P3",
        2023,
        date(2023, 12, 1),
        Status.VERIFIED,
        {"C03": (Decision.ADJUST, Outcome.NOT_MET, "Số liệu khác.")},
    )
    assert counts(row_of(tra_vinh.programme, 2023, date(2023, 12, 31))) == (2, 1, 0)


def test_what_was_withdrawn_returned_or_reopened(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 1))
    tra_vinh.take_back("P1", 2023, date(2023, 11, 5))
    tra_vinh.hand_in("P2", 2023, date(2023, 11, 1))
    tra_vinh.verify("P2", 2023, date(2023, 11, 10))
    tra_vinh.move(tra_vinh.files["P2", 2023], Status.UNDER_REVIEW, date(2023, 11, 20))

    def on(day: int) -> tuple[int, int, int]:
        return counts(row_of(tra_vinh.programme, 2023, date(2023, 11, day)))

    assert on(4) == (2, 0, 0)
    assert on(5) == (1, 0, 0)
    assert on(19) == (1, 1, 0)
    assert on(20) == (1, 0, 0)


def test_the_next_target_is_on_track_when_enough_are_in_sight(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P3", 2023, date(2023, 11, 1))
    assert row_of(tra_vinh.programme, 2023, date(2023, 11, 20)).state == "behind"
    tra_vinh.hand_in("P8", 2023, date(2023, 11, 2))
    assert row_of(tra_vinh.programme, 2023, date(2023, 11, 20)).state == "on_track"
    assert row_of(tra_vinh.programme, 2023, date(2023, 12, 31)).state == "on_track"
    assert row_of(tra_vinh.programme, 2023, date(2024, 1, 1)).state == "missed"
    tra_vinh.programme.counts_as_met = Counting.SELF_ASSESSED
    tra_vinh.programme.save()
    row = row_of(tra_vinh.programme, 2023, date(2023, 11, 20))
    assert (row.state, row.achieved) == ("met", 2)
    assert row_of(tra_vinh.programme, 2024, date(2023, 11, 20)).state == "future"


def test_a_later_row_may_be_met_already(tra_vinh: TraVinh) -> None:
    for name in ("P1", "P3", "P8"):
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    rows = overall(tra_vinh.programme, date(2024, 5, 1))
    assert [str(row.state) for row in rows[:3]] == ["met", "met", "future"]


def test_a_revision_replaces_from_its_day_on(tra_vinh: TraVinh) -> None:
    tra_vinh.revise(date(2026, 3, 1), by=date(2030, 12, 31), measure=Measure.PERCENT, value=50)
    before = roadmap_rows(tra_vinh.programme, as_of=date(2026, 2, 28))
    assert [row.required for row in before if row.scope == "all"] == LEVELS
    after = roadmap_rows(tra_vinh.programme, as_of=date(2026, 3, 1))
    assert [(row.year, row.required, row.of, row.document) for row in after] == [
        (2023, 2, 11, "QD-1578"),
        (2024, 3, 11, "QD-1578"),
        (2025, 4, 11, "QD-1578"),
        (2030, 3, 6, "DC-2026-03-01"),
        (2025, 2, 2, "QD-1578"),
    ]


def test_a_revision_adds_to_the_level_restated_on_its_own_roster(tra_vinh: TraVinh) -> None:
    tra_vinh.revise(date(2026, 3, 1), by=date(2026, 12, 31), measure=Measure.ADDITIONAL, value=2)
    row = row_of(tra_vinh.programme, 2026, TODAY)
    # 4/11 of 2025 is 3/6 of today; two more are 5.
    assert (row.required, row.of, row.additional, row.as_approved) == (5, 6, 2, "thêm 2")


@pytest.mark.parametrize(("wards", "thirty"), [(11, 4), (17, 6), (21, 7), (25, 8), (10, 3)])
def test_percentages_are_rounded_up(
    many_wards: Callable[..., Programme], wards: int, thirty: int
) -> None:
    programme = many_wards(wards, with_files=False)
    rows = overall(programme, date(2023, 6, 1))
    assert [(row.required, row.of, row.as_approved) for row in rows] == [
        (thirty, wards, "ít nhất 30%"),
        (wards, wards, "100%"),
    ]


def test_a_percentage_of_nobody_is_no_error(tra_vinh: TraVinh) -> None:
    tra_vinh.target(
        by=date(2028, 12, 31), measure=Measure.PERCENT, value=100, scope=TargetScope.KEY_AREA
    )
    row = next(
        row for row in roadmap_rows(tra_vinh.programme, as_of=TODAY) if row.scope == "key_area"
    )
    assert (row.required, row.of, row.required_now, row.state) == (0, 0, 0, "future")


def test_key_areas_and_listed_units(tra_vinh: TraVinh) -> None:
    Unit.objects.filter(pk=tra_vinh.wards["P7"].pk).update(key_area=True)
    tra_vinh.target(
        by=date(2028, 12, 31), measure=Measure.PERCENT, value=100, scope=TargetScope.KEY_AREA
    )
    listed = tra_vinh.target(
        by=date(2027, 12, 31), measure=Measure.LEVEL, value=2, scope=TargetScope.UNITS
    )
    listed.units.set([tra_vinh.wards["P1"], tra_vinh.wards["P3"], tra_vinh.wards["P8"]])
    rows = {row.scope: row for row in roadmap_rows(tra_vinh.programme, as_of=TODAY)}
    key_area, units = rows["key_area"], rows["units"]
    assert (key_area.required, key_area.of, key_area.roster_now) == (1, 1, 1)
    assert (units.required, units.of, units.roster_now, units.required_now) == (2, 3, 2, 2)
    assert units.scope_label == (
        "Phường 1, TP Trà Vinh; Phường 3, TP Trà Vinh; Phường 8, TP Trà Vinh"
    )


def test_without_a_list_the_roster_is_all_units_of_the_kind(tra_vinh: TraVinh) -> None:
    tra_vinh.programme.roster.clear()
    Unit.objects.create(code="1", name="Xã A", kind="commune", province=tra_vinh.province)
    assert row_of(tra_vinh.programme, 2023, TODAY).of == 11


def test_the_due_day_itself_is_not_past(tra_vinh: TraVinh) -> None:
    assert row_of(tra_vinh.programme, 2024, date(2024, 12, 31)).state == "behind"
    assert row_of(tra_vinh.programme, 2024, date(2025, 1, 1)).state == "missed"


def test_any_day_of_the_calendar_has_an_answer(tra_vinh: TraVinh) -> None:
    assert len(roadmap_rows(tra_vinh.programme, as_of=date.min)) == 9
    assert {row.state for row in overall(tra_vinh.programme, date.max)} == {"missed"}


def test_the_number_of_queries_does_not_grow(many_wards: Callable[..., Programme]) -> None:
    needed = []
    for number in (3, 30):
        programme = Programme.objects.select_related("document").get(pk=many_wards(number).pk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            roadmap_rows(programme, as_of=TODAY)
        needed.append(len(queries))
    assert needed[0] == needed[1]
    assert needed[1] <= 16
