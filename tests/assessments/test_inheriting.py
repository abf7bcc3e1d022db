"""A recognised ward that becomes another: nothing is inherited before a person decides."""

import uuid
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role
from assessments.actions.inheriting import decide_inheritance
from assessments.inheritances import open_decisions, waiting_for
from assessments.models import Assessment, Inheritance, InheritanceChoice, Recognition
from criteria.models import Programme
from reports.rollup import roadmap_rows
from tests import cast
from tests.assessments.test_races import at_once
from tests.wards.test_reorganising import ON, merging
from wards.actions.reorganising import reorganise
from wards.boundaries import Draft
from wards.models import ReorganisationKind, Unit

LATER = datetime(2024, 9, 2, 9, 0, tzinfo=timezone.get_default_timezone())
DECIDED = LATER.date()
KEEP, REASSESS, LAPSE = (
    InheritanceChoice.KEEP,
    InheritanceChoice.REASSESS,
    InheritanceChoice.LAPSE,
)


@pytest.fixture
def recognition(assessment: Assessment, people: cast.People) -> Recognition:
    """Phường 1 is recognised for 2023."""
    cast.recognise(assessment, people)
    return Recognition.objects.select_related("unit", "programme", "document").get()


def reorganised(draft: Draft, people: cast.People) -> Unit:
    reorganise(draft, key=uuid.uuid4(), by=people.coordinator, now=cast.NOW)
    return Unit.objects.with_places().get(valid_from=draft.on)


@pytest.fixture
def successor(recognition: Recognition, places: cast.Places, people: cast.People) -> Unit:
    """phường Trà Vinh, of Phường 1 and Phường 2, since 1/7/2024."""
    return reorganised(merging(places), people)


def decide(
    recognition: Recognition,
    successor: Unit,
    choice: InheritanceChoice,
    people: cast.People,
    **more: Any,
) -> Inheritance:
    given = {"reason": "Địa bàn không đổi", "by": people.coordinator, "now": LATER, **more}
    return decide_inheritance(recognition, successor, choice, **given)


def counted(programme: Programme, day: date) -> int:
    """How many units count as recognised against the target of the end of 2024."""
    rows = roadmap_rows(programme, as_of=day)
    return next(row.recognised for row in rows if row.by == date(2024, 12, 31))


def test_nothing_is_inherited_silently(
    recognition: Recognition, successor: Unit, programme: Programme
) -> None:
    assert counted(programme, date(2024, 6, 30)) == 1
    assert counted(programme, ON) == 0
    assert counted(programme, date(2030, 12, 31)) == 0


def test_a_decision_is_open_from_the_day_until_taken(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    assert waiting_for(people.coordinator, date(2024, 6, 30)) == []
    (waiting,) = waiting_for(people.coordinator, ON)
    assert (waiting.recognition, waiting.successor) == (recognition, successor)
    assert waiting_for(people.leader, ON) == []
    decide(recognition, successor, REASSESS, people)
    assert waiting_for(people.coordinator, DECIDED) == []


def test_kept_it_counts_from_the_day_of_the_decision(
    recognition: Recognition, successor: Unit, programme: Programme, people: cast.People
) -> None:
    decide(recognition, successor, KEEP, people)
    kept = Recognition.objects.get(kept_from=recognition)
    assert (kept.unit, kept.for_year, kept.decided_on) == (successor, 2023, DECIDED)
    assert kept.document == recognition.document
    assert counted(programme, date(2024, 6, 30)) == 1
    assert counted(programme, date(2024, 9, 1)) == 0
    assert counted(programme, DECIDED) == 1


def test_kept_by_a_document_it_counts_from_its_day(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    decide(
        recognition,
        successor,
        KEEP,
        people,
        number="12/QĐ-BCA",
        issued_on=date(2024, 8, 1),
        issuer="Bộ Công an",
    )
    kept = Recognition.objects.get(kept_from=recognition)
    assert (kept.decided_on, kept.document.number) == (date(2024, 8, 1), "12/QĐ-BCA")


def test_a_document_older_than_the_reorganisation_changes_no_earlier_day(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    decide(recognition, successor, KEEP, people, number="1/NQ", issued_on=date(2024, 1, 1))
    assert Recognition.objects.get(kept_from=recognition).decided_on == ON


def test_reassessed_the_old_one_stays_history(
    recognition: Recognition, successor: Unit, programme: Programme, people: cast.People
) -> None:
    decide(recognition, successor, REASSESS, people)
    recognition.refresh_from_db()
    assert recognition.revoked_on is None
    assert counted(programme, date(2024, 6, 30)) == 1
    assert counted(programme, DECIDED) == 0


def test_lapsed_it_ends_with_its_unit(
    recognition: Recognition, successor: Unit, programme: Programme, people: cast.People
) -> None:
    decide(recognition, successor, LAPSE, people)
    recognition.refresh_from_db()
    assert (recognition.lapses_on, recognition.revoked_on) == (ON, None)
    assert recognition.inheritances.get().reason == "Địa bàn không đổi"
    assert counted(programme, date(2024, 6, 30)) == 1


def test_what_has_lapsed_by_its_term_cannot_be_kept(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    Recognition.objects.filter(pk=recognition.pk).update(lapses_on=ON + timedelta(days=1))
    recognition.refresh_from_db()
    with pytest.raises(NotReady, match="đã hết thời hạn"):
        decide(recognition, successor, KEEP, people)
    assert not recognition.inheritances.exists()


def test_lapsing_for_one_part_leaves_a_unit_that_goes_on_recognised(
    recognition: Recognition, places: cast.Places, people: cast.People
) -> None:
    split = merging(
        places,
        kind=ReorganisationKind.SPLIT,
        predecessors=[places.ward],
        keeps_predecessor=True,
    )
    part = reorganised(split, people)
    decide(recognition, part, LAPSE, people)
    recognition.refresh_from_db()
    assert (recognition.lapses_on, recognition.revoked_on) == (None, None)


def test_both_units_have_it_in_their_trails(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    decide(recognition, successor, KEEP, people)
    told = AuditEntry.objects.filter(event="inheritance_decided")
    assert set(told.values_list("unit_id", flat=True)) == {
        str(recognition.unit_id),
        str(successor.pk),
    }
    assert audit.first_broken() is None


def test_wf_07_the_same_press_twice_is_one_decision(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    first = decide(recognition, successor, KEEP, people)
    assert decide(recognition, successor, KEEP, people) == first
    assert Recognition.objects.filter(kept_from=recognition).count() == 1


def test_whoever_comes_second_is_told_who_was_first(
    recognition: Recognition, successor: Unit, people: cast.People
) -> None:
    decide(recognition, successor, LAPSE, people)
    with pytest.raises(NotReady, match="Đặng Tiến Dũng đã quyết định “Hết hiệu lực”"):
        decide(recognition, successor, KEEP, people)
    assert Recognition.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason": "  "}, "Cần nêu lý do"),
        ({"number": "1/QĐ"}, "cả số, ký hiệu và ngày"),
        ({"number": "1/QĐ", "issued_on": date(2024, 9, 3)}, "sau ngày hôm nay"),
    ],
)
def test_what_is_not_a_decision_is_refused(
    more: dict[str, Any],
    said: str,
    recognition: Recognition,
    successor: Unit,
    people: cast.People,
) -> None:
    with pytest.raises(NotReady, match=said):
        decide(recognition, successor, KEEP, people, **more)
    assert not Inheritance.objects.exists()
    assert Recognition.objects.count() == 1


def test_there_must_be_something_to_decide(
    recognition: Recognition, places: cast.Places, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="Không có quyết định nào đang chờ"):
        decide(recognition, places.other_ward, KEEP, people)


def test_nobody_else_decides(
    recognition: Recognition, successor: Unit, places: cast.Places, people: cast.People
) -> None:
    far = cast.person("xuan", "Mai Thị Xuân", Role.COORDINATOR, province=places.elsewhere)
    for user in (far, people.leader, people.reviewer, people.commander):
        with pytest.raises(NotAllowed):
            decide(recognition, successor, KEEP, people, by=user)


def test_the_decision_passes_to_the_heirs_of_an_heir(
    recognition: Recognition, successor: Unit, places: cast.Places, people: cast.People
) -> None:
    """phường Trà Vinh is renamed before anyone decided: the decision is for the new one."""
    rename = merging(
        places,
        kind=ReorganisationKind.RENAME,
        on=date(2024, 8, 1),
        predecessors=[successor],
        new_units=[_named("Sông Tiền", places)],
    )
    renamed = reorganised(rename, people)
    (waiting,) = waiting_for(people.coordinator, DECIDED)
    assert waiting.successor == renamed
    assert waiting.reorganisation.on == ON


def _named(name: str, places: cast.Places) -> Any:
    return merging(places).new_units[0].__class__("29242", name, "ward", places.province)


def test_a_recognition_that_had_ended_before_opens_nothing(
    recognition: Recognition, places: cast.Places, people: cast.People
) -> None:
    Recognition.objects.update(lapses_on=date(2024, 6, 30))
    reorganised(merging(places), people)
    assert open_decisions(DECIDED) == []


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_decide_once(
    recognition: Recognition, successor: Unit, places: cast.Places, people: cast.People
) -> None:
    second = cast.person("hoa", "Lý Thị Hoa", Role.COORDINATOR, province=places.province)
    results = at_once(
        [
            partial(decide, recognition, successor, KEEP, people),
            partial(decide, recognition, successor, LAPSE, people, by=second),
        ]
    )
    assert sum(isinstance(one, Inheritance) for one in results) == 1, results
    assert sum(isinstance(one, NotReady) for one in results) == 1, results
    assert Inheritance.objects.count() == 1
    kept = Recognition.objects.filter(kept_from=recognition).exists()
    recognition.refresh_from_db()
    assert kept != (recognition.lapses_on is not None), "both or neither happened"
