"""Units over time: names, validity, lineage and what a posting lets one see."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role
from assessments.models import Assessment
from tests import cast
from wards.lineage import Lineage, ancestors_of, families_of
from wards.models import District, LegalDocument, Posting, Reorganisation, Succession, Unit
from wards.postings import attach_scope, scope_of

EVE, MERGER = date(2024, 12, 31), date(2025, 1, 1)


@pytest.fixture
def merged(places: cast.Places) -> Unit:
    """Phường 2 went into Phường 1 on 1/1/2025, and that into phường Trà Vinh on 1/7/2025."""
    places.other_ward.valid_to = EVE
    places.other_ward.save()
    places.ward.valid_to = date(2025, 6, 30)
    places.ward.save()
    successor = Unit.objects.create(
        code="29239",
        name="phường Trà Vinh",
        kind="ward",
        province=places.province,
        valid_from=date(2025, 7, 1),
    )
    document = LegalDocument.objects.create(code="NQ", number="1277/NQ-UBTVQH15")
    for day, before, after in (
        (MERGER, places.other_ward, places.ward),
        (date(2025, 7, 1), places.ward, successor),
    ):
        one = Reorganisation.objects.create(on=day, kind="merge", document=document)
        Succession.objects.create(reorganisation=one, predecessor=before, successor=after)
    return successor


def test_names_follow_the_rule_of_capitals(merged: Unit, places: cast.Places) -> None:
    assert places.ward.full_name == "Phường 1, TP Trà Vinh"
    assert merged.full_name == "phường Trà Vinh"
    assert merged.heading_name == "Phường Trà Vinh"
    assert merged.station_name == "Công an phường Trà Vinh"


def test_a_code_is_used_again_but_never_twice_from_the_same_day(
    merged: Unit, places: cast.Places
) -> None:
    assert Unit.objects.existing_on(EVE).get(code="29239") == places.ward
    assert Unit.objects.existing_on(date(2025, 7, 1)).get(code="29239") == merged
    for valid_from in (None, merged.valid_from):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.create(
                code="29239",
                name="Lặp",
                kind="ward",
                province=places.province,
                valid_from=valid_from,
            )


@pytest.mark.parametrize(
    ("day", "count"),
    [(EVE, 2), (MERGER, 1), (date(2025, 6, 30), 1), (date(2025, 7, 1), 1), (date(2030, 1, 1), 1)],
)
def test_a_roster_is_followed_through_reorganisations(
    merged: Unit, places: cast.Places, day: date, count: int
) -> None:
    roster = [places.ward, places.other_ward]
    found = Lineage.load(roster).roster_on(roster, day)
    assert len(found) == count
    assert set(found) == set(Unit.objects.filter(pk__in=[u.pk for u in found]).existing_on(day))


def test_families_of_many_take_as_many_queries_as_of_one(
    merged: Unit, places: cast.Places, django_assert_num_queries: Callable[[int], object]
) -> None:
    one, other = places.ward, places.other_ward
    with django_assert_num_queries(3):
        assert ancestors_of(merged) == {one.pk, other.pk}
    with django_assert_num_queries(3):
        found = families_of([merged, one, other])
    assert found == {
        merged.pk: {merged.pk, one.pk, other.pk},
        one.pk: {one.pk, other.pk},
        other.pk: {other.pk},
    }


def test_a_posting_decides_and_ends(people: cast.People, places: cast.Places) -> None:
    posting = Posting.objects.get(user=people.commander)
    posting.ends = cast.DAY
    posting.save()
    assert scope_of(people.commander, cast.DAY).units == {places.ward.pk}
    after = scope_of(people.commander, date(2023, 11, 11))
    assert (after.units, after.roles) == (frozenset(), frozenset())


def test_everybody_sees_what_their_posting_reaches(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    places: cast.Places,
) -> None:
    both = {assessment, other_assessment}
    expected = {
        people.commander: {assessment},
        people.officer: {assessment},
        people.other_commander: {other_assessment},
        people.reviewer: both,
        people.coordinator: both,
        people.leader: both,
        people.ministry_viewer: both,
        people.far_reviewer: set(),
        people.rapporteur: set(),
        people.administrator: set(),
    }
    for person, seen in expected.items():
        assert set(Assessment.objects.visible_to(person)) == seen, person


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.COMMANDER, {}),
        (Role.COMMANDER, {"province": True}),
        (Role.REVIEWER, {"unit": True}),
        (Role.REVIEWER, {}),
        (Role.RAPPORTEUR, {"unit": True}),
        (Role.MINISTRY_VIEWER, {"province": True}),
        (Role.SYSTEM_ADMINISTRATOR, {"agency": True}),
    ],
)
def test_a_place_that_does_not_fit_the_role_is_refused_by_the_database(
    role: Role, place: dict[str, bool], people: cast.People, places: cast.Places
) -> None:
    where = {
        "unit": places.ward,
        "province": places.province,
        "agency": places.agency,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.create(
            user=people.leader,
            role=role,
            starts=cast.DAY,
            **{name: where[name] for name in place},
        )


def test_a_person_may_hold_two_postings(people: cast.People, places: cast.Places) -> None:
    Posting.objects.create(
        user=people.officer, role=Role.OFFICER, unit=places.other_ward, starts=cast.DAY
    )
    attach_scope(people.officer, cast.DAY)
    assert people.officer.scope.units == {places.ward.pk, places.other_ward.pk}
    assert len(people.officer.scope.lines) == 2


def test_lists_go_by_district_in_official_order_and_by_number_within(places: cast.Places) -> None:
    town = District.objects.create(
        code="851", name="Duyên Hải", kind="town", province=places.province
    )
    made = [
        Unit.objects.create(
            code=code, name=name, kind="ward", province=places.province, district=district
        )
        for code, name, district in (
            ("29512", "Phường 1", town),
            ("29299", "Phường 10", places.city),
            ("29298", "Phường 9", places.city),
        )
    ]
    listed = sorted([*made, places.ward, places.other_ward], key=lambda unit: unit.list_key)
    assert [unit.full_name for unit in listed] == [
        "Phường 1, TP Trà Vinh",
        "Phường 2, TP Trà Vinh",
        "Phường 9, TP Trà Vinh",
        "Phường 10, TP Trà Vinh",
        "Phường 1, TX Duyên Hải",
    ]
