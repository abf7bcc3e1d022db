"""Merging, splitting, renaming: who ends, who begins, who is refused, and nothing twice."""

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, Role, User
from tests import cast
from wards.actions.posting import post
from wards.actions.reorganising import reorganise
from wards.boundaries import Draft, NewUnit
from wards.models import (
    LegalDocument,
    Posting,
    Reorganisation,
    ReorganisationKind,
    Succession,
    Unit,
)
from wards.postings import attach_scope, scope_of

ON = date(2024, 7, 1)
EVE = date(2024, 6, 30)


def merging(places: cast.Places, **more: Any) -> Draft:
    """Phường 1 and Phường 2 become phường Trà Vinh on 1/7/2024."""
    given: dict[str, Any] = {
        "kind": ReorganisationKind.MERGE,
        "on": ON,
        "number": "1687/NQ-UBTVQH15",
        "issued_on": date(2023, 11, 1),
        "issuer": "Ủy ban Thường vụ Quốc hội",
        "predecessors": [places.ward, places.other_ward],
        "new_units": [NewUnit("29242", "Trà Vinh", "ward", places.province)],
        **more,
    }
    return Draft(**given)


def act(draft: Draft, by: User, key: uuid.UUID | None = None) -> Reorganisation:
    return reorganise(draft, key=key or uuid.uuid4(), by=by, now=cast.NOW)


def written() -> tuple[int, ...]:
    """How much of everything there is."""
    models = (Reorganisation, Succession, Unit, Posting, LegalDocument, Notice, AuditEntry)
    ends = Unit.objects.filter(valid_to__isnull=False).count()
    return (*(model.objects.count() for model in models), ends)


def test_two_wards_become_one(places: cast.Places, people: cast.People) -> None:
    row = act(merging(places), people.coordinator)
    after = Unit.objects.get(code="29242")
    places.ward.refresh_from_db()
    places.other_ward.refresh_from_db()
    assert (places.ward.valid_to, places.other_ward.valid_to) == (EVE, EVE)
    assert (after.valid_from, after.valid_to, after.kind) == (ON, None, "ward")
    assert after.full_name == "phường Trà Vinh, TP Trà Vinh"
    assert set(row.successions.values_list("predecessor", "successor")) == {
        (places.ward.pk, after.pk),
        (places.other_ward.pk, after.pk),
    }
    assert (row.document.number, row.document.issued_on) == (
        "1687/NQ-UBTVQH15",
        date(2023, 11, 1),
    )
    assert row.recorded_by == people.coordinator


def test_the_postings_of_ended_units_end_on_the_eve(
    places: cast.Places, people: cast.People
) -> None:
    later = cast.person("moi", "Người Đến Sau", Role.OFFICER, unit=places.ward)
    later.postings.update(starts=date(2024, 9, 1))
    act(merging(places), people.coordinator)
    assert people.commander.postings.get().ends == EVE
    assert people.officer.postings.get().ends == EVE
    assert later.postings.get().ends == date(2024, 9, 1), "ended before it could begin"
    assert people.reviewer.postings.get().ends is None
    assert scope_of(people.commander, EVE).commands == {places.ward.pk}
    assert scope_of(people.commander, ON).units == frozenset()


def test_a_commander_goes_on_in_the_new_unit(places: cast.Places, people: cast.People) -> None:
    former = people.commander.postings.get()
    act(merging(places, commanders=[(former.pk, 0)]), people.coordinator)
    after = Unit.objects.get(code="29242")
    assert scope_of(people.commander, EVE).commands == {places.ward.pk}
    assert scope_of(people.commander, ON).commands == {after.pk}


def test_every_unit_concerned_has_it_in_its_trail(places: cast.Places, people: cast.People) -> None:
    act(merging(places), people.coordinator)
    after = Unit.objects.get(code="29242")
    for unit in (places.ward, places.other_ward, after):
        entry = AuditEntry.objects.get(event="units_reorganised", unit_id=str(unit.pk))
        assert entry.details["from"] == ["29239", "29245"]
    ended = AuditEntry.objects.filter(event="posting_ended")
    assert ended.count() == 3  # Lan, Minh, Hùng
    assert audit.first_broken() is None


def test_wf_07_the_same_press_twice_is_one_reorganisation(
    places: cast.Places, people: cast.People
) -> None:
    key = uuid.uuid4()
    first = act(merging(places), people.coordinator, key)
    before = written()
    assert act(merging(places), people.coordinator, key) == first
    assert written() == before


def told() -> dict[User, str]:
    """Who was told of a reorganisation, and in which words."""
    return {
        one.recipient: one.body
        for one in Notice.objects.filter(event="units_reorganised").select_related("recipient")
    }


def test_the_stations_and_the_province_are_told(places: cast.Places, people: cast.People) -> None:
    row = act(merging(places), people.coordinator)
    words = told()
    stations = {people.commander, people.officer, people.other_commander}
    assert set(words) == {*stations, people.leader}, "not the actor, nobody elsewhere"
    assert {user for user in words if "kết thúc sau ngày" in words[user]} == stations
    assert all("Sau: Phường Trà Vinh" in body for body in words.values())
    notice = Notice.objects.get(recipient=people.leader, event="units_reorganised")
    assert notice.title == (
        f"Nhập đơn vị từ {row.on:%d/%m/%Y}: Phường 1, TP Trà Vinh, Phường 2, TP Trà Vinh"
    )
    assert notice.path == f"/sap-xep/{row.pk}/"


def test_a_station_that_stays_is_not_told_that_its_postings_end(
    places: cast.Places, people: cast.People
) -> None:
    draft = merging(
        places,
        kind=ReorganisationKind.SPLIT,
        predecessors=[places.ward],
        keeps_predecessor=True,
    )
    act(draft, people.coordinator)
    words = told()
    assert set(words) == {people.commander, people.officer, people.leader}
    assert not [body for body in words.values() if "kết thúc" in body]


def test_nobody_is_told_of_what_is_taken_back(places: cast.Places, people: cast.People) -> None:
    with transaction.atomic():
        act(merging(places), people.coordinator)
        transaction.set_rollback(True)
    with pytest.raises(NotReady):
        act(merging(places, commanders=[(0, 0)]), people.coordinator)
    assert told() == {}


def test_a_unit_that_goes_on_takes_another_in(places: cast.Places, people: cast.People) -> None:
    draft = merging(
        places, predecessors=[places.other_ward], successors=[places.ward], new_units=[]
    )
    act(draft, people.coordinator)
    places.ward.refresh_from_db()
    places.other_ward.refresh_from_db()
    assert (places.ward.valid_to, places.other_ward.valid_to) == (None, EVE)
    assert people.commander.postings.get().ends is None
    assert people.other_commander.postings.get().ends == EVE


def test_a_split_may_leave_the_divided_unit_in_being(
    places: cast.Places, people: cast.People
) -> None:
    draft = merging(
        places,
        kind=ReorganisationKind.SPLIT,
        predecessors=[places.ward],
        keeps_predecessor=True,
    )
    act(draft, people.coordinator)
    places.ward.refresh_from_db()
    assert places.ward.valid_to is None
    assert people.commander.postings.get().ends is None
    assert Unit.objects.get(code="29242").origins.get().predecessor == places.ward


def test_a_new_name_keeps_the_code(places: cast.Places, people: cast.People) -> None:
    draft = merging(
        places,
        kind=ReorganisationKind.RENAME,
        predecessors=[places.ward],
        new_units=[NewUnit("29239", "Lê Lợi", "ward", places.province)],
    )
    act(draft, people.coordinator)
    assert sorted(Unit.objects.filter(code="29239").values_list("name", flat=True)) == [
        "Phường 1",
        "phường Lê Lợi",
    ]


def test_the_coordinator_of_the_old_province_moves_a_unit(
    places: cast.Places, people: cast.People
) -> None:
    draft = merging(
        places,
        kind=ReorganisationKind.PROVINCE_CHANGE,
        predecessors=[places.ward],
        new_units=[NewUnit("29239", "Phường 3", "ward", places.elsewhere)],
    )
    act(draft, people.coordinator)
    assert Unit.objects.get(name="Phường 3").province == places.elsewhere


def changed(draft: Draft, **values: Any) -> Draft:
    return replace(draft, **values)


REFUSED = [
    ({"predecessors": []}, "ít nhất một đơn vị trước"),
    ({"new_units": []}, "ít nhất một đơn vị sau"),
    ({"number": " "}, "Cần nêu số, ký hiệu văn bản"),
    ({"number": "1/\u200bNQ"}, "Số, ký hiệu của văn bản có ký tự không nhìn thấy"),
    ({"issuer": "Bộ\u00a0Công an"}, "Cơ quan ban hành của văn bản có ký tự không nhìn thấy"),
    ({"on": date(1, 1, 1)}, "Ngày hiệu lực phải trong khoảng"),
    ({"on": date(2025, 11, 11)}, "Ngày hiệu lực phải trong khoảng"),
    ({"issued_on": date(2023, 11, 11)}, "không được ở sau ngày hôm nay"),
    ({"kind": ReorganisationKind.RENAME}, "chỉ có một đơn vị trước"),
    ({"keeps_predecessor": True}, "Chỉ khi chia, tách"),
]


@pytest.mark.parametrize(("values", "said"), REFUSED)
def test_what_cannot_be_is_refused_with_one_sentence(
    values: dict[str, Any], said: str, places: cast.Places, people: cast.People
) -> None:
    before = written()
    with pytest.raises(NotReady, match=said):
        act(changed(merging(places), **values), people.coordinator)
    assert written() == before


def refused(draft: Draft, people: cast.People, said: str) -> None:
    before = written()
    with pytest.raises(NotReady, match=said):
        act(draft, people.coordinator)
    assert written() == before


def test_a_unit_twice_is_refused(places: cast.Places, people: cast.People) -> None:
    refused(merging(places, predecessors=[places.ward] * 2), people, "được chọn hai lần")
    both = merging(places, successors=[places.ward], new_units=[])
    refused(both, people, "được chọn hai lần")


def test_a_unit_not_in_force_on_the_eve_is_refused(
    places: cast.Places, people: cast.People
) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=EVE - timedelta(days=1))
    refused(merging(places), people, "không còn vào ngày 30/06/2024")


def test_units_are_not_reorganised_before_they_begin(
    places: cast.Places, people: cast.People
) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(valid_from=ON)
    refused(merging(places), people, "ngày sắp xếp phải sau ngày đó")


def test_a_successor_that_comes_later_is_refused(places: cast.Places, people: cast.People) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(valid_from=ON + timedelta(days=1))
    draft = merging(
        places, predecessors=[places.other_ward], successors=[places.ward], new_units=[]
    )
    refused(draft, people, "không thể có muộn hơn")


def test_a_successor_that_has_gone_is_refused(places: cast.Places, people: cast.People) -> None:
    Unit.objects.filter(pk=places.ward.pk).update(valid_to=EVE)
    draft = merging(
        places, predecessors=[places.other_ward], successors=[places.ward], new_units=[]
    )
    refused(draft, people, "không thể kế thừa")


def test_a_second_reorganisation_of_the_same_units_is_refused(
    places: cast.Places, people: cast.People
) -> None:
    act(merging(places), people.coordinator)
    refused(merging(places), people, "không được sắp xếp hai lần")
    refused(merging(places, on=date(2024, 8, 1)), people, "không được sắp xếp hai lần")


def test_a_circle_is_refused(places: cast.Places, people: cast.People) -> None:
    split = merging(
        places,
        kind=ReorganisationKind.SPLIT,
        predecessors=[places.ward],
        keeps_predecessor=True,
        on=date(2024, 1, 1),
    )
    act(split, people.coordinator)
    back = merging(
        places,
        predecessors=[Unit.objects.get(code="29242")],
        successors=[places.ward],
        new_units=[],
    )
    refused(back, people, "vòng kế thừa")


@pytest.mark.parametrize("name", ["Hòa Bình", "HOÀ BÌNH", "Ho\u0300a Bi\u0300nh"])
def test_un_02_a_name_already_borne_is_refused_however_it_is_spelled(
    name: str, places: cast.Places, people: cast.People
) -> None:
    Unit.objects.create(
        code="29998",
        name="Hoà Bình",
        kind="ward",
        province=places.province,
        district=places.city,
    )
    new = NewUnit("29242", name, "ward", places.province)
    refused(merging(places, new_units=[new]), people, "trùng tên với đơn vị mã 29998")


def test_a_code_already_borne_is_refused(places: cast.Places, people: cast.People) -> None:
    new = NewUnit("28759", "Trà Vinh", "ward", places.province)
    refused(merging(places, new_units=[new]), people, "Mã 28759")


def test_a_province_that_ends_takes_no_new_unit(places: cast.Places, people: cast.People) -> None:
    places.province.valid_to = date(2025, 6, 30)
    places.province.save()
    refused(merging(places), people, "không có hiệu lực lâu dài")


def test_a_document_of_another_day_is_refused(places: cast.Places, people: cast.People) -> None:
    LegalDocument.objects.create(code="NQ", number="1687/nq-ubtvqh15", issued_on=date(2022, 1, 1))
    refused(merging(places), people, "đã được ghi với ngày 01/01/2022")


def test_a_rename_that_renames_nothing_is_refused(places: cast.Places, people: cast.People) -> None:
    same = NewUnit("29239", "Phường 1", "ward", places.province)
    draft = merging(
        places, kind=ReorganisationKind.RENAME, predecessors=[places.ward], new_units=[same]
    )
    refused(draft, people, "tên mới phải khác tên cũ")


def test_nobody_else_may(places: cast.Places, people: cast.People) -> None:
    far = cast.person("xuan", "Mai Thị Xuân", Role.COORDINATOR, province=places.elsewhere)
    before = written()
    for user in (far, people.leader, people.reviewer, people.commander):
        with pytest.raises(NotAllowed, match="không thuộc phạm vi của đồng chí"):
            act(merging(places), user)
    assert written() == before


def test_new_units_elsewhere_need_that_province_too(
    places: cast.Places, people: cast.People
) -> None:
    draft = merging(places, new_units=[NewUnit("29242", "Trà Vinh", "ward", places.elsewhere)])
    with pytest.raises(NotAllowed):
        act(draft, people.coordinator)
    post(
        people.coordinator,
        Role.COORDINATOR,
        starts=date(2020, 1, 1),
        province=places.elsewhere,
        by=None,
        now=cast.NOW,
    )
    act(draft, attach_scope(people.coordinator, cast.DAY))
    assert Unit.objects.get(code="29242").province == places.elsewhere


def test_only_a_commander_of_these_units_goes_on(places: cast.Places, people: cast.People) -> None:
    officer = people.officer.postings.get()
    refused(merging(places, commanders=[(officer.pk, 0)]), people, "không còn đúng")
    lan, hung = people.commander.postings.get(), people.other_commander.postings.get()
    two = merging(places, commanders=[(lan.pk, 0), (hung.pk, 0)])
    refused(two, people, "chỉ có một Trưởng Công an")
