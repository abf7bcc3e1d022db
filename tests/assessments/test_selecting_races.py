"""Two people decide on one list at the same instant: one wins, the other is told who."""

import uuid
from datetime import timedelta
from functools import partial

import pytest

from accounts.access import NotReady
from accounts.models import AuditEntry, Role
from assessments.actions import registering, selecting
from assessments.models import Registration, Selection, SelectionState
from criteria.models import Programme
from tests import cast
from tests.assessments.test_races import at_once
from tests.assessments.test_selecting import propose

pytestmark = pytest.mark.django_db(transaction=True)
LATER = cast.NOW + timedelta(days=2)


def loaded(selection: Selection) -> Selection:
    return Selection.objects.select_related(
        "programme", "province", "proposed_by", "decided_by"
    ).get(pk=selection.pk)


def test_wf_05_one_approves_and_one_declines_at_the_same_instant(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=places.province)
    found = propose(programme, people.coordinator, places.ward, places.other_ward)
    results = at_once(
        [
            partial(selecting.approve, loaded(found), by=people.leader, now=LATER),
            partial(selecting.decline, loaded(found), note="Không.", by=second, now=LATER),
        ]
    )
    lost = [one for one in results if isinstance(one, NotReady)]
    assert len(lost) == 1, results
    stored = loaded(found)
    assert str(stored.decided_by) in lost[0].sentence
    approved = stored.state == SelectionState.APPROVED
    assert Registration.objects.count() == (2 if approved else 0)
    decisions = AuditEntry.objects.filter(event__in=["selection_approved", "selection_declined"])
    assert decisions.count() == 1


def test_wf_07_two_lists_with_the_same_unit_register_it_once(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=places.province)
    lists = [
        propose(programme, people.coordinator, places.ward, key=uuid.UUID(int=number))
        for number in (1, 2)
    ]
    results = at_once(
        [
            partial(selecting.approve, loaded(lists[0]), by=people.leader, now=LATER),
            partial(selecting.approve, loaded(lists[1]), by=second, now=LATER),
        ]
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Registration.objects.count() == 1


def test_wf_07_a_commander_presses_twice_at_the_same_instant(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    press = partial(
        registering.register_own, programme, places.ward, 2024, by=people.commander, now=cast.NOW
    )
    results = at_once([press, press])
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Registration.objects.count() == 1
    assert AuditEntry.objects.filter(event="unit_registered").count() == 1
