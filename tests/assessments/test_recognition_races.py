"""Two people at one recognition at the same instant: exactly one wins."""

from datetime import date
from functools import partial

import pytest

from accounts import audit
from accounts.access import NotReady
from accounts.models import AuditEntry, Role
from assessments.models import Commendation, Recognition
from criteria.models import Programme
from tests import cast
from tests.assessments.test_races import at_once
from tests.assessments.test_recognition_facts import merit, of_old, revoke
from wards.models import LegalDocument

pytestmark = pytest.mark.django_db(transaction=True)


def split(results: list[object]) -> tuple[list[object], list[NotReady]]:
    refused = [one for one in results if isinstance(one, NotReady)]
    return [one for one in results if not isinstance(one, NotReady)], refused


def test_two_revocations_at_the_same_instant(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    second = cast.person("tu", "Lý Văn Tư", Role.COORDINATOR, province=places.province)
    old = of_old(programme, places.ward, people)
    copies = [Recognition.objects.select_related("unit__province").get(pk=old.pk) for _ in "12"]
    results = at_once(
        [
            partial(revoke, copies[0], people, number="77/QĐ-BCA"),
            partial(revoke, copies[1], people, number="78/QĐ-BCA", by=second),
        ]
    )
    done, refused = split(results)
    assert (len(done), len(refused)) == (1, 1), results
    stored = Recognition.objects.get()
    assert stored.revoking_document is not None
    assert stored.revoking_document.number in refused[0].sentence
    assert LegalDocument.objects.filter(number__in=["77/QĐ-BCA", "78/QĐ-BCA"]).count() == 1
    assert AuditEntry.objects.filter(event="recognition_revoked").count() == 1
    assert audit.first_broken() is None


def test_one_decision_recorded_twice_at_the_same_instant(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    results = at_once([partial(of_old, programme, places.ward, people) for _ in range(4)])
    done, refused = split(results)
    assert (len(done), len(refused)) == (1, 3), results
    assert all("đã có quyết định công nhận cho năm 2023" in one.sentence for one in refused)
    assert Recognition.objects.count() == 1
    assert LegalDocument.objects.filter(number="12/QĐ-BCA").count() == 1


def test_one_decision_on_two_units_at_the_same_instant_is_one_document(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    results = at_once(
        [partial(of_old, programme, unit, people) for unit in (places.ward, places.other_ward)]
    )
    assert split(results)[1] == []
    assert Recognition.objects.filter(decided_on=date(2023, 6, 1)).count() == 2
    assert LegalDocument.objects.filter(number="12/QĐ-BCA").count() == 1


def test_one_commendation_recorded_twice_at_the_same_instant(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    results = at_once([partial(merit, programme, places.ward, people) for _ in range(3)])
    done, refused = split(results)
    assert (len(done), len(refused)) == (1, 2), results
    assert Commendation.objects.count() == 1
