"""How many units are recognised on a day: what is in force then, each unit once."""

import random
from datetime import date, timedelta

import pytest

from assessments.models import Recognition
from criteria.models import Counting, Programme
from reports.rollup.achievements import known_achievements
from reports.rollup.loading import roster_standings
from reports.rollup.roadmap import roadmap_rows
from tests import cast
from wards.models import Unit

START = date(2023, 1, 1)
YEARS = (2023, 2024, 2025)
DAYS = [START + timedelta(days=step) for step in range(0, 4 * 365, 29)]


@pytest.fixture
def wards(programme: Programme, places: cast.Places) -> list[Unit]:
    """The two wards of the programme, and three more."""
    more = [
        Unit.objects.create(
            code=f"3000{number}",
            name=f"Phường {number}",
            kind="ward",
            province=places.province,
            district=places.city,
        )
        for number in (3, 4, 5)
    ]
    programme.roster.add(*more)
    return [places.ward, places.other_ward, *more]


def some_facts(programme: Programme, wards: list[Unit], seed: int) -> list[Recognition]:
    """Random recognitions: for several years, some lapsing, some revoked, some both."""
    draw = random.Random(seed)
    found = []
    for ward in wards:
        for year in YEARS:
            if draw.random() < 0.4:
                continue
            decided = date(year, 1, 1) + timedelta(days=draw.randrange(500))
            lapses = decided + timedelta(days=draw.randrange(1, 700))
            revoked = decided + timedelta(days=draw.randrange(700))
            found.append(
                Recognition(
                    programme=programme,
                    unit=ward,
                    document=programme.document,
                    decided_on=decided,
                    for_year=year,
                    lapses_on=lapses if draw.random() < 0.5 else None,
                    revoked_on=revoked if draw.random() < 0.3 else None,
                    recorded_at=cast.NOW,
                )
            )
    return Recognition.objects.bulk_create(found)


def holds(one: Recognition, day: date) -> bool:
    """In force on a day, told fact by fact."""
    ends = [end for end in (one.lapses_on, one.revoked_on) if end is not None]
    return one.decided_on <= day and all(day < end for end in ends)


@pytest.mark.parametrize("seed", range(5))
def test_recognised_units_are_those_whose_facts_hold_on_the_day(
    programme: Programme, wards: list[Unit], seed: int
) -> None:
    facts = some_facts(programme, wards, seed)
    before: set[object] = set()
    for day in DAYS:
        expected = {one.unit_id for one in facts if holds(one, day)}
        found = known_achievements(programme, as_of=day).reaching(
            Counting.RECOGNISED, by_year=2025, on=day
        )
        assert found == expected
        standing = {
            one.unit.pk for one in roster_standings(programme, as_of=day) if one.recognition
        }
        reached = {one.unit_id for one in facts if holds(one, day) and one.for_year <= day.year}
        assert standing == reached
        ended = {
            one.unit_id
            for one in facts
            if any(end is not None and end <= day for end in (one.lapses_on, one.revoked_on))
        }
        assert before - found <= ended, "a count falls only where something lapsed or was revoked"
        before = found


def recognise(programme: Programme, unit: Unit, year: int, **columns: date) -> Recognition:
    return Recognition.objects.create(
        programme=programme,
        unit=unit,
        document=programme.document,
        decided_on=date(year, 6, 1),
        for_year=year,
        recorded_at=cast.NOW,
        **columns,
    )


def recognised_by_2024(programme: Programme, as_of: date) -> int:
    [row] = [one for one in roadmap_rows(programme, as_of=as_of) if one.by == date(2024, 12, 31)]
    return row.recognised


def test_recognised_again_a_unit_counts_once(programme: Programme, places: cast.Places) -> None:
    recognise(programme, places.ward, 2023, lapses_on=date(2025, 1, 1))
    recognise(programme, places.ward, 2024, lapses_on=date(2026, 1, 1))
    assert recognised_by_2024(programme, date(2024, 12, 31)) == 1
    assert recognised_by_2024(programme, date(2025, 6, 1)) == 1, "the second one still holds"
    assert recognised_by_2024(programme, date(2026, 1, 1)) == 1, "what was reached by 2024 was"
    today = date(2026, 1, 1)
    facts = known_achievements(programme, as_of=today)
    assert not facts.reaching(Counting.RECOGNISED, by_year=2026, on=today)


def test_what_was_revoked_still_counts_for_the_days_before(
    programme: Programme, places: cast.Places
) -> None:
    recognise(programme, places.ward, 2023, revoked_on=date(2024, 9, 1))
    assert recognised_by_2024(programme, date(2024, 8, 31)) == 1
    assert recognised_by_2024(programme, date(2024, 9, 1)) == 0
