"""Two coordinators at the same instant: one reorganisation, and the other reads why not."""

import uuid
from datetime import date
from functools import partial

import pytest

from accounts import audit
from accounts.access import NotReady
from tests import cast
from tests.assessments.test_races import at_once
from tests.wards.test_reorganising import merging
from wards.actions.reorganising import reorganise
from wards.boundaries import NewUnit
from wards.models import Reorganisation, Succession, Unit

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def test_two_people_end_the_same_units_at_once(places: cast.Places, people: cast.People) -> None:
    second = cast.person("hoa", "Lý Thị Hoa", "coordinator", province=places.province)
    for number in range(ROUNDS):
        Succession.objects.all().delete()
        Reorganisation.objects.all().delete()
        Unit.objects.filter(code__in=["29242", "29999"]).delete()
        Unit.objects.update(valid_to=None)
        one = merging(places)
        other = merging(
            places, new_units=[NewUnit("29999", f"Sông Cầu {number}", "ward", places.province)]
        )
        results = at_once(
            [
                partial(reorganise, one, key=uuid.uuid4(), by=people.coordinator, now=cast.NOW),
                partial(reorganise, other, key=uuid.uuid4(), by=second, now=cast.NOW),
            ]
        )
        won = [one for one in results if isinstance(one, Reorganisation)]
        lost = [one for one in results if isinstance(one, NotReady)]
        assert (len(won), len(lost)) == (1, 1), results
        assert "không được sắp xếp hai lần" in lost[0].sentence
        assert Reorganisation.objects.count() == 1
        assert Unit.objects.filter(valid_from__isnull=False).count() == 1
    assert audit.first_broken() is None


def test_wf_07_twenty_presses_are_one_reorganisation(
    places: cast.Places, people: cast.People
) -> None:
    key = uuid.uuid4()
    act = partial(reorganise, merging(places), key=key, by=people.coordinator, now=cast.NOW)
    results = at_once([act] * 20)
    assert len(set(results)) == 1, results
    assert isinstance(results[0], Reorganisation)
    assert Reorganisation.objects.count() == 1


def test_one_code_is_given_once(places: cast.Places, people: cast.People) -> None:
    """Different predecessors, the same new code: only one of two gets it."""
    drafts = [
        merging(places, predecessors=[unit], on=date(2024, 7, 1))
        for unit in (places.ward, places.other_ward)
    ]
    results = at_once(
        [
            partial(reorganise, one, key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
            for one in drafts
        ]
    )
    assert sorted(isinstance(one, NotReady) for one in results) == [False, True], results
    assert Unit.objects.filter(code="29242").count() == 1
