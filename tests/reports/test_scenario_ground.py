"""What a scenario starts from, out of real rows, and what becomes of a saved one's units."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Recognition, Registration
from criteria.models import Measure, Programme, Target, TargetScope
from criteria.roster import units_in_scope
from reports.rollup.roadmap import load_plan
from reports.rollup.scenario import Ground
from reports.rollup.scenario_ground import load_ground
from reports.rollup.scenario_today import Carried, carry
from tests import cast
from tests.reports.test_shortlist import many
from wards.lineage import Lineage
from wards.models import Reorganisation, Unit

EVE, MERGED = date(2025, 6, 30), date(2025, 7, 1)


QUERIES = 13


def ground_of(programme: Programme, places: cast.Places, as_of: date = cast.DAY) -> Ground:
    return load_ground(programme, places.province, as_of=as_of)


def recognise(programme: Programme, unit: Unit, **more: object) -> Recognition:
    return Recognition.objects.create(
        programme=programme,
        unit=unit,
        document=programme.document,
        decided_on=cast.DAY,
        for_year=2023,
        recorded_at=cast.NOW,
        **more,
    )


def register(programme: Programme, unit: Unit, year: int, source: str = "self") -> None:
    Registration.objects.create(programme=programme, unit=unit, year=year, source=source)


def test_the_copy_starts_from_the_lists_of_the_coming_years(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    register(programme, places.ward, 2025)
    register(programme, places.ward, 2024, "ministry")
    ground = ground_of(programme, places, date(2024, 3, 1))
    assert ground.years == tuple(range(2024, 2031))
    assert [unit.pk for unit in ground.units] == [places.ward.pk, places.other_ward.pk]
    assert ground.today == {places.ward.pk: 2024}
    assert ground.listed_twice == {places.ward.pk}
    assert ground.reviewers == 2
    assert ground.required_before == 1
    assert [(one.by.year, one.required) for one in ground.overall] == [(2024, 2)]
    assert ground.unit_word == "phường"


def test_registrations_of_years_past_and_of_later_days_are_not_in_it(
    programme: Programme, places: cast.Places
) -> None:
    register(programme, places.ward, 2023)
    Registration.objects.create(
        programme=programme,
        unit=places.other_ward,
        year=2025,
        source="province",
        registered_at=cast.NOW + timedelta(days=200),
        registered_by=cast.person("ai", "Ai Đó", "coordinator", province=places.province),
    )
    assert ground_of(programme, places, date(2024, 3, 1)).today == {}
    assert ground_of(programme, places, date(2024, 9, 1)).today == {places.other_ward.pk: 2025}


def test_recognised_units_are_fixed_as_long_as_their_term_lasts(
    programme: Programme, places: cast.Places
) -> None:
    recognise(programme, places.ward, lapses_on=date(2026, 11, 10))
    ground = ground_of(programme, places, date(2024, 3, 1))
    assert ground.fixed == {places.ward.pk}
    assert [places.ward.pk in ground.kept[year] for year in (2025, 2026)] == [True, False]
    assert [unit.pk for unit in ground.movable] == [places.other_ward.pk]


def test_narrower_targets_ahead_stand_beside_the_line(
    programme: Programme, places: cast.Places
) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(key_area=True)
    Target.objects.create(
        programme=programme,
        by=date(2025, 12, 31),
        measure=Measure.PERCENT,
        value=100,
        scope=TargetScope.KEY_AREA,
        position=3,
    )
    (one,) = ground_of(programme, places, date(2024, 3, 1)).narrower
    assert (one.by.year, one.required, one.units) == (2025, 1, {places.ward.pk})
    assert ground_of(programme, places, date(2026, 1, 1)).narrower == ()


def test_of_a_national_programme_a_province_sees_its_own_units_and_targets(
    programme: Programme, places: cast.Places
) -> None:
    Programme.objects.filter(pk=programme.pk).update(province=None)
    programme.refresh_from_db()
    programme.roster.add(places.far_ward)
    for position, scope in enumerate((TargetScope.ALL, TargetScope.EACH_PROVINCE), start=3):
        Target.objects.create(
            programme=programme,
            by=date(2025, 12, 31),
            measure=Measure.PERCENT,
            value=50,
            scope=scope,
            position=position,
        )
    ground = load_ground(programme, places.elsewhere, as_of=date(2024, 3, 1))
    assert [unit.pk for unit in ground.units] == [places.far_ward.pk]
    assert [(one.required, len(one.units)) for one in ground.overall] == [(1, 1)]
    assert ground.narrower == ()


@pytest.mark.parametrize("wards", [5, 60])
def test_loading_asks_the_database_a_fixed_number_of_times(
    wards: int, programme: Programme, places: cast.Places
) -> None:
    many(programme, places.province, range(wards))
    for unit in programme.roster.all()[: wards // 2]:
        register(programme, unit, 2026)
    with CaptureQueriesContext(connection) as asked:
        ground_of(programme, places)
    assert len(asked) == QUERIES


@dataclass(frozen=True)
class Kept:
    """A place of a saved scenario."""

    unit: Unit
    year: int | None


def merge(places: cast.Places, programme: Programme) -> Unit:
    """Both wards become one on 1/7/2025."""
    found = Unit.objects.create(
        code="29242", name="Trà Vinh", kind="ward", province=places.province, valid_from=MERGED
    )
    row = Reorganisation.objects.create(on=MERGED, kind="merge", document=programme.document)
    for old in (places.ward, places.other_ward):
        Unit.objects.filter(pk=old.pk).update(valid_to=EVE)
        old.refresh_from_db()
        row.successions.create(predecessor=old, successor=found)
    return found


@pytest.mark.parametrize("named", [True, False], ids=["units named", "all of a kind"])
def test_the_plan_knows_whom_the_programme_concerns_on_every_day(
    named: bool, programme: Programme, places: cast.Places
) -> None:
    if not named:
        programme.roster.clear()
    merge(places, programme)
    Unit.objects.create(
        code="29999", name="Mới", kind="ward", province=places.province, valid_from=MERGED
    )
    field = load_plan(programme).field
    counts = []
    for day in (cast.DAY, EVE, MERGED, date(2030, 12, 31)):
        found = field.concerned_on(day)
        assert found == units_in_scope(programme, day)
        counts.append(len(found))
    assert counts == [2, 2, 2, 2], "the one both became, and the one established since"


def carried(
    programme: Programme, places: cast.Places, day: date, *years: int | None
) -> tuple[Carried, Ground]:
    ground = ground_of(programme, places, day)
    saved = [
        Kept(unit, year) for unit, year in zip((places.ward, places.other_ward), years, strict=True)
    ]
    lineage = Lineage.load([*(one.unit for one in saved), *ground.units])
    return carry(saved, ground, lineage, day=day), ground


def test_a_scenario_whose_units_stayed_is_what_was_saved(
    programme: Programme, places: cast.Places
) -> None:
    found, _ = carried(programme, places, date(2024, 3, 1), 2025, None)
    assert (found.places, found.changes, found.now) == ({places.ward.pk: 2025}, (), {})


def test_merged_units_count_as_their_successor_in_the_latest_year(
    programme: Programme, places: cast.Places
) -> None:
    heir = merge(places, programme)
    found, _ = carried(programme, places, date(2025, 8, 1), 2026, 2028)
    assert found.places == {heir.pk: 2028}
    assert found.changes == (
        "Phường 1, TP Trà Vinh; Phường 2, TP Trà Vinh nay là Phường Trà Vinh: tính năm 2028.",
    )
    assert found.now[places.ward.pk] == "nay là Phường Trà Vinh"
    loose, _ = carried(programme, places, date(2025, 8, 1), 2026, None)
    assert loose.places == {}
    assert "tính là chưa xếp năm" in loose.changes[0]


def test_a_unit_without_successor_is_said_to_be_gone(
    programme: Programme, places: cast.Places
) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=EVE)
    places.ward.refresh_from_db()
    found, _ = carried(programme, places, date(2025, 8, 1), 2026, 2027)
    assert found.places == {places.other_ward.pk: 2027}
    assert found.changes == ("Phường 1, TP Trà Vinh: không còn, không tính.",)
    assert found.now == {places.ward.pk: "không còn"}


def test_recognised_past_and_new_units_are_told(programme: Programme, places: cast.Places) -> None:
    recognise(programme, places.other_ward)
    found, ground = carried(programme, places, date(2026, 3, 1), 2025, 2027)
    assert found.places == {}
    assert found.changes == (
        "Phường 1, TP Trà Vinh: năm 2025 đã qua mà chưa đạt, tính là chưa xếp năm.",
        "Phường 2, TP Trà Vinh: đã đạt từ khi lưu phương án.",
    )
    newcomer = carry([], ground, Lineage.load(ground.units), day=date(2026, 3, 1))
    assert newcomer.changes == (
        "Không có trong phương án khi lưu, tính là chưa xếp năm: Phường 1, TP Trà Vinh.",
    )


def test_a_unit_that_left_the_programme_is_told(programme: Programme, places: cast.Places) -> None:
    ground = ground_of(programme, places, date(2024, 3, 1))
    saved = [Kept(places.far_ward, 2026)]
    found = carry(saved, ground, Lineage.load([places.far_ward]), day=date(2024, 3, 1))
    assert found.changes[0] == "Phường 1: không còn thuộc phạm vi, không tính."
    assert found.places == {}
