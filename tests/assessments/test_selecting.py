"""A proposed list: saved once with what was known, decided once by somebody else."""

import uuid
from datetime import date, timedelta

import pytest

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, Role, User
from assessments.actions import registering, selecting
from assessments.actions.selecting import Choice
from assessments.models import Recognition, Registration, Selection, SelectionState
from criteria.models import Programme
from tests import cast
from wards.models import Unit

LATER = cast.NOW + timedelta(days=2)
KEY = uuid.UUID(int=7)
MISSING = [
    {
        "code": "C02",
        "title": "Trực ban, cháy nổ",
        "outcome": "not_met",
        "owner": "",
        "ward_alone": True,
        "needs_building": False,
    }
]


def propose(
    programme: Programme,
    by: User,
    *units: Unit,
    key: uuid.UUID = KEY,
    year: int = 2024,
    now: object = cast.NOW,
) -> Selection:
    return selecting.propose_list(
        programme,
        programme.province or units[0].province,
        year,
        [Choice(unit, 3, 1, "QĐ 5764, kỳ 2023", MISSING) for unit in units],
        key=key,
        as_of=cast.DAY,
        basis={"required": 2, "meets": True},
        note="Hai phường gần đạt nhất.",
        by=by,
        now=now,
    )


def test_a_list_is_saved_with_its_author_and_what_was_known(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.other_ward, places.ward)
    assert found.proposed_by == people.coordinator
    assert (found.state, found.as_of, found.basis["required"]) == ("proposed", cast.DAY, 2)
    assert [(row.unit, row.position, row.unmet, row.unmet_alone) for row in found.chosen.all()] == [
        (places.other_ward, 1, 1, 1),
        (places.ward, 2, 1, 1),
    ]
    assert found.chosen.all()[0].missing == MISSING
    told = Notice.objects.get(event="selection_proposed")
    assert told.recipient == people.leader
    assert "Phường 1" in told.body
    assert not Registration.objects.exists()


def test_wf_07_the_same_form_sent_twice_is_one_proposal(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    first = propose(programme, people.coordinator, places.ward)
    assert propose(programme, people.coordinator, places.ward) == first
    assert Selection.objects.count() == 1
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=places.province)
    with pytest.raises(NotReady, match="người khác"):
        propose(programme, second, places.ward)


def test_only_coordinators_of_the_province_propose(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    for stranger in (people.leader, people.reviewer, people.commander):
        with pytest.raises(NotAllowed):
            propose(programme, stranger, places.ward)


def test_what_cannot_be_chosen(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    by = people.coordinator
    with pytest.raises(NotReady, match="Chưa chọn"):
        selecting.propose_list(
            programme,
            places.province,
            2024,
            [],
            key=KEY,
            as_of=cast.DAY,
            basis={},
            by=by,
            now=cast.NOW,
        )
    with pytest.raises(NotReady, match="Không thuộc phạm vi"):
        propose(programme, by, places.far_ward)
    with pytest.raises(NotReady, match="ngoài thời gian"):
        propose(programme, by, places.ward, year=2031)
    with pytest.raises(NotReady, match="đã qua"):
        propose(programme, by, places.ward, year=2023, now=cast.NOW + timedelta(days=400))
    Recognition.objects.create(
        programme=programme,
        unit=places.ward,
        document=programme.document,
        decided_on=date(2023, 11, 1),
        for_year=2023,
        recorded_at=cast.NOW,
    )
    with pytest.raises(NotReady, match="Đã được công nhận"):
        propose(programme, by, places.ward, places.other_ward)
    assert not Selection.objects.exists()


def test_approving_opens_registrations_for_those_not_on_the_list(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    registering.register_own(programme, places.ward, 2024, by=people.commander, now=cast.NOW)
    found = propose(programme, people.coordinator, places.ward, places.other_ward)
    made = selecting.approve(found, note="Đồng ý.", by=people.leader, now=LATER)
    assert [(one.unit, one.source, one.selection) for one in made] == [
        (places.other_ward, "province", found)
    ]
    assert Registration.objects.count() == 2
    stored = Selection.objects.get()
    assert (stored.state, stored.decided_by, stored.decided_at) == (
        SelectionState.APPROVED,
        people.leader,
        LATER,
    )
    assert Notice.objects.get(event="selection_approved").recipient == people.coordinator
    commander_told = Notice.objects.filter(recipient=people.other_commander)
    assert commander_told.get().event == "unit_registered"
    assert selecting.approve(stored, by=people.leader, now=LATER) == made
    assert Registration.objects.count() == 2
    assert AuditEntry.objects.filter(event="selection_approved").count() == 1


def test_nobody_decides_on_their_own_proposal(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.ward)
    with pytest.raises(NotAllowed, match="không tự quyết định"):
        selecting.approve(found, by=people.coordinator, now=LATER)
    for stranger in (people.commander, people.reviewer, people.far_reviewer):
        with pytest.raises(NotAllowed):
            selecting.decline(found, note="Không.", by=stranger, now=LATER)
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=places.province)
    assert len(selecting.approve(found, by=second, now=LATER)) == 1


def test_declining_needs_a_reason_and_registers_nobody(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.ward)
    with pytest.raises(NotReady, match="lý do"):
        selecting.decline(found, note=" ", by=people.leader, now=LATER)
    selecting.decline(found, note="Chờ chỉ tiêu của Bộ.", by=people.leader, now=LATER)
    assert not Registration.objects.exists()
    told = Notice.objects.get(event="selection_declined")
    assert told.recipient == people.coordinator
    assert "Chờ chỉ tiêu của Bộ." in told.body


def test_only_the_author_withdraws(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.ward)
    with pytest.raises(NotAllowed):
        selecting.withdraw(found, note="Rút.", by=people.leader, now=LATER)
    selecting.withdraw(found, note="Chọn lại.", by=people.coordinator, now=LATER)
    with pytest.raises(NotReady, match="đã rút"):
        selecting.approve(found, by=people.leader, now=LATER)
    assert not Registration.objects.exists()


def test_the_second_to_decide_is_told_who_did(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.ward)
    stale = Selection.objects.get(pk=found.pk)
    selecting.decline(found, note="Không.", by=people.leader, now=LATER)
    second = cast.person("an", "Lê An", Role.COORDINATOR, province=places.province)
    with pytest.raises(NotReady, match="Bùi Minh Quang đã không duyệt"):
        selecting.approve(stale, by=second, now=LATER)
    assert not Registration.objects.exists()


def test_a_unit_recognised_meanwhile_stops_the_approval(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    found = propose(programme, people.coordinator, places.ward, places.other_ward)
    Recognition.objects.create(
        programme=programme,
        unit=places.ward,
        document=programme.document,
        decided_on=cast.DAY,
        for_year=2023,
        recorded_at=cast.NOW,
    )
    with pytest.raises(NotReady, match="Đã được công nhận"):
        selecting.approve(found, by=people.leader, now=LATER)
    assert Selection.objects.get().state == SelectionState.PROPOSED
    assert not Registration.objects.exists()


def test_stations_cannot_withdraw_from_an_approved_list(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    registering.register_own(programme, places.ward, 2024, by=people.commander, now=cast.NOW)
    found = propose(programme, people.coordinator, places.other_ward)
    selecting.approve(found, by=people.leader, now=LATER)
    with pytest.raises(NotReady, match="đã được duyệt"):
        registering.withdraw_own(programme, places.ward, 2024, by=people.commander, now=LATER)


def test_a_national_programme_is_chosen_for_province_by_province(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    programme.roster.clear()
    Programme.objects.filter(pk=programme.pk).update(province=None)
    programme.refresh_from_db()
    with pytest.raises(NotReady, match="Không thuộc tỉnh"):
        selecting.propose_list(
            programme,
            places.province,
            2024,
            [Choice(places.far_ward, 0, 0, "", [])],
            key=KEY,
            as_of=cast.DAY,
            basis={},
            by=people.coordinator,
            now=cast.NOW,
        )
    found = propose(programme, people.coordinator, places.ward)
    assert found.province == places.province
    far_leader = cast.person("tam", "Võ Tâm", Role.LEADER, province=places.elsewhere)
    with pytest.raises(NotAllowed):
        selecting.approve(found, by=far_leader, now=LATER)
    assert len(selecting.approve(found, by=people.leader, now=LATER)) == 1
