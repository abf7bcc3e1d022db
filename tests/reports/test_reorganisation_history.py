"""A reorganisation changes no earlier day: figures before it are the same, byte for byte."""

import json
import uuid
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from accounts.models import Role
from assessments.actions.inheriting import decide_inheritance
from assessments.inheritances import open_decisions
from assessments.models import Assessment, InheritanceChoice, Recognition
from criteria.models import Programme
from criteria.roster import units_in_scope
from reports.rollup import programme_standings, roadmap_rows
from tests import cast
from tests.reports.conftest import TraVinh
from tests.wards.test_reorganising import merging
from wards.actions.reorganising import reorganise
from wards.boundaries import Draft, NewUnit
from wards.models import ReorganisationKind, Unit
from wards.postings import attach_scope

ON = date(2024, 7, 1)
EARLIER = [
    date(2023, 10, 20),
    date(2023, 11, 10),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2024, 6, 30),
]


def figures(programme: Programme, day: date) -> bytes:
    """Everything the roll-up says of a day, as bytes."""
    said = {
        "rows": [row.as_json() for row in roadmap_rows(programme, as_of=day)],
        "standings": [repr(one) for one in programme_standings(programme, as_of=day)],
        "scope": [str(unit.pk) for unit in units_in_scope(programme, day)],
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()


@pytest.mark.parametrize(
    "change",
    ["merge", "take_in", "split", "rename"],
)
def test_wf_14_no_earlier_day_changes(
    change: str,
    assessment: Assessment,
    programme: Programme,
    places: cast.Places,
    people: cast.People,
) -> None:
    cast.recognise(assessment, people)
    before = {day: figures(programme, day) for day in EARLIER}
    more = {
        "merge": {},
        "take_in": {
            "predecessors": [places.ward],
            "successors": [places.other_ward],
            "new_units": [],
        },
        "split": {
            "kind": ReorganisationKind.SPLIT,
            "predecessors": [places.ward],
            "new_units": [
                NewUnit("29301", "Sông Tiền", "ward", places.province),
                NewUnit("29302", "Sông Hậu", "ward", places.province),
            ],
        },
        "rename": {
            "kind": ReorganisationKind.RENAME,
            "predecessors": [places.ward],
            "new_units": [NewUnit("29239", "Lê Lợi", "ward", places.province)],
        },
    }[change]
    reorganise(merging(places, **more), key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
    assert {day: figures(programme, day) for day in EARLIER} == before
    recognition = Recognition.objects.get()
    for one in open_decisions(ON):
        decide_inheritance(
            recognition,
            one.successor,
            InheritanceChoice.LAPSE,
            reason="Địa bàn đổi",
            by=people.coordinator,
            now=cast.NOW + timedelta(days=400),
        )
    assert {day: figures(programme, day) for day in EARLIER} == before


def test_wf_14_the_parts_are_the_total_on_either_side_of_the_day(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    reorganise(merging(places), key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
    for day, codes in ((date(2024, 6, 30), {"29239", "29245"}), (ON, {"29242"})):
        assert {unit.code for unit in units_in_scope(programme, day)} == codes
        province = Unit.objects.filter(province=places.province).existing_on(day)
        assert {unit.code for unit in province} == codes


def test_wf_14_a_renamed_or_moved_ward_is_not_a_new_one(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    programme.targets.create(measure="new_units", value=1, position=9)
    draft = merging(
        places,
        kind=ReorganisationKind.PROVINCE_CHANGE,
        predecessors=[places.ward],
        new_units=[NewUnit("29239", "Phường 3", "ward", places.elsewhere)],
    )
    reorganise(draft, key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
    rows = roadmap_rows(programme, as_of=date(2026, 1, 1))
    assert [row.scope for row in rows if row.scope.startswith("new_units")] == []
    merge = merging(
        places,
        predecessors=[places.other_ward],
        on=date(2024, 8, 1),
        new_units=[NewUnit("29303", "Cổ Chiên", "ward", places.province)],
    )
    reorganise(merge, key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
    rows = roadmap_rows(programme, as_of=date(2026, 1, 1))
    assert [row.scope for row in rows if row.scope.startswith("new_units")] == ["new_units:2024"]


def test_tra_vinh_by_the_operation_is_tra_vinh_by_the_pack(tra_vinh: TraVinh) -> None:
    """Merging phường Long Đức and Hòa Thuận in 2026 leaves 2023, 2024 and 2025 as they were."""
    days = [date(2023, 12, 31), date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1)]
    before = {day: figures(tra_vinh.programme, day) for day in days}
    clerk = cast.person("tong", "Lê Tổng Hợp", Role.COORDINATOR, province=tra_vinh.new_province)
    draft = Draft(
        kind=ReorganisationKind.MERGE,
        on=date(2026, 9, 1),
        number="9/NQ",
        predecessors=[tra_vinh.successors["Long Đức"], tra_vinh.successors["Hòa Thuận"]],
        new_units=[NewUnit("29399", "Đôn Châu", "ward", tra_vinh.new_province)],
    )
    now = cast.NOW.replace(year=2026)
    reorganise(draft, key=uuid.uuid4(), by=attach_scope(clerk, now.date()), now=now)
    assert {day: figures(tra_vinh.programme, day) for day in days} == before
    after = roadmap_rows(tra_vinh.programme, as_of=date(2026, 9, 1))
    assert {row.roster_now for row in after if row.scope == "all"} == {5}


def test_domain_5_2_the_packs_hold_eleven_then_nine_then_six(db: None) -> None:
    call_command(
        "load_pack", "wards/packs/documents.yaml", "wards/packs/tra-vinh-units.yaml", verbosity=0
    )
    old = Unit.objects.filter(province__code="84")
    assert [
        old.existing_on(day).count()
        for day in (date(2023, 10, 20), date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30))
    ] == [11, 11, 9, 9]
    assert not old.existing_on(date(2025, 7, 1)).exists()
    new = Unit.objects.filter(province__code="86").existing_on(date(2025, 7, 1))
    came_from = {
        unit.name: sorted(unit.origins.values_list("predecessor__code", flat=True)) for unit in new
    }
    assert came_from == {
        "phường Trà Vinh": ["29239", "29242", "29260"],
        "phường Long Đức": ["29236"],
        "phường Hòa Thuận": ["29248"],
        "phường Nguyệt Hóa": ["29254", "29257"],
        "phường Duyên Hải": ["29512"],
        "phường Trường Long Hòa": ["29516"],
    }
    third = old.get(code="29242")
    assert sorted(third.origins.values_list("predecessor__name", flat=True)) == [
        "Phường 2",
        "Phường 6",
    ]
