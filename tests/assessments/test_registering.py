"""The list of a year: who puts a unit on it, who takes it off, and when it is closed."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice
from assessments.actions import registering
from assessments.models import Registration, RegistrationQuota, RegistrationSource
from criteria.models import Programme, Round
from tests import cast

LATER = cast.NOW + timedelta(days=5)


def own(programme: Programme, people: cast.People, places: cast.Places, year: int = 2024) -> object:
    return registering.register_own(programme, places.ward, year, by=people.commander, now=cast.NOW)


def test_a_commander_registers_her_unit_once(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    first = own(programme, people, places)
    assert own(programme, people, places) == first
    found = Registration.objects.get()
    assert (found.source, found.registered_by, found.registered_at) == (
        RegistrationSource.SELF,
        people.commander,
        cast.NOW,
    )
    assert AuditEntry.objects.filter(event="unit_registered").count() == 1
    told = Notice.objects.get(event="unit_registered")
    assert told.recipient == people.coordinator


def test_only_the_commander_of_the_unit(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    for stranger in (people.officer, people.other_commander, people.coordinator):
        with pytest.raises(NotAllowed):
            registering.register_own(programme, places.ward, 2024, by=stranger, now=cast.NOW)
    assert not Registration.objects.exists()


@pytest.mark.parametrize(("year", "said"), [(2022, "ngoài thời gian"), (2031, "ngoài thời gian")])
def test_years_outside_the_programme_are_refused(
    programme: Programme, people: cast.People, places: cast.Places, year: int, said: str
) -> None:
    with pytest.raises(NotReady, match=said):
        own(programme, people, places, year)


def test_a_past_year_is_closed_to_stations_and_needs_a_document_from_the_province(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    now = cast.NOW + timedelta(days=400)
    with pytest.raises(NotReady, match="đã qua"):
        registering.register_own(programme, places.ward, 2023, by=people.commander, now=now)

    def add(number: str) -> list[Registration]:
        return registering.add_units(
            programme,
            2023,
            [places.ward],
            source=RegistrationSource.MINISTRY,
            number=number,
            by=people.coordinator,
            now=now,
        )

    with pytest.raises(NotReady, match="số văn bản"):
        add(" ")
    assert [one.unit for one in add("12/TB-BCA")] == [places.ward]
    assert add("12/TB-BCA") == []
    entry = AuditEntry.objects.get(event="unit_registered")
    assert entry.details["document"] == "12/TB-BCA"


def test_a_unit_that_ended_before_the_year_is_not_in_it(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    type(places.ward).objects.filter(pk=places.ward.pk).update(valid_to=date(2024, 12, 31))
    own(programme, people, places, 2024)
    with pytest.raises(NotReady, match="Không thuộc phạm vi"):
        own(programme, people, places, 2025)


def test_a_unit_of_another_province_is_not_in_it(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    with pytest.raises(NotReady, match="Không thuộc phạm vi"):
        registering.add_units(
            programme,
            2024,
            [places.ward, places.far_ward],
            source=RegistrationSource.PROVINCE,
            by=people.coordinator,
            now=cast.NOW,
        )
    assert not Registration.objects.exists()


def test_she_withdraws_while_the_list_is_open_and_not_once_the_round_is(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    def withdraw(year: int) -> None:
        registering.withdraw_own(programme, places.ward, year, by=people.commander, now=LATER)

    with pytest.raises(NotReady, match="không có gì để rút"):
        withdraw(2024)
    own(programme, people, places, 2024)
    withdraw(2024)
    assert not Registration.objects.exists()
    assert AuditEntry.objects.filter(event="registration_withdrawn").count() == 1

    own(programme, people, places, 2023)
    Round.objects.create(
        programme=programme,
        year=2023,
        criteria_set=programme.criteria_set,
        window_starts=date(2023, 1, 1),
        window_ends=date(2023, 11, 15),
        deadline=cast.FAR_DEADLINE,
        opened_at=cast.NOW,
    )
    with pytest.raises(NotReady, match="đã mở"):
        withdraw(2023)
    assert Registration.objects.count() == 1


def test_the_same_unit_from_each_source_is_three_registrations(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    own(programme, people, places)
    for source in (RegistrationSource.MINISTRY, RegistrationSource.PROVINCE):
        registering.add_units(
            programme, 2024, [places.ward], source=source, by=people.coordinator, now=cast.NOW
        )
    assert set(Registration.objects.values_list("source", flat=True)) == {
        "ministry",
        "self",
        "province",
    }
    assert Notice.objects.filter(recipient=people.commander).count() == 2


def test_a_wrong_registration_is_removed_with_its_reason(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    own(programme, people, places)
    found = Registration.objects.get()

    def remove(by: cast.User, reason: str = "Đăng ký nhầm năm.") -> None:
        registering.remove(found, reason=reason, by=by, now=LATER)

    with pytest.raises(NotAllowed):
        remove(people.commander)
    with pytest.raises(NotReady, match="lý do"):
        remove(people.coordinator, "  ")
    remove(people.coordinator)
    with pytest.raises(NotReady, match="đã được gỡ"):
        remove(people.coordinator)
    assert not Registration.objects.exists()
    entry = AuditEntry.objects.get(event="registration_removed")
    assert (entry.details["reason"], entry.details["source"]) == ("Đăng ký nhầm năm.", "self")
    assert Notice.objects.filter(recipient=people.commander, event="registration_removed").exists()


def record(
    programme: Programme, by: cast.User, *, now: datetime = cast.NOW, **figures: int | None
) -> RegistrationQuota:
    stated = {"assigned": None, "registered": None, "added": None} | figures
    return registering.record_quota(
        programme, 2024, **stated, number="106/TB-BCA", issued_on=date(2023, 11, 1), by=by, now=now
    )


def test_the_ministrys_number_is_recorded_with_its_document(
    programme: Programme, people: cast.People
) -> None:
    record(programme, people.coordinator, assigned=2)
    record(programme, people.coordinator, assigned=2)
    assert AuditEntry.objects.filter(event="quota_recorded").count() == 1
    record(programme, people.coordinator, assigned=3, registered=0)
    quota = RegistrationQuota.objects.select_related("document").get()
    assert (quota.assigned, quota.registered, quota.added) == (3, 0, None)
    assert quota.document is not None
    assert quota.document.number == "106/TB-BCA"
    last = AuditEntry.objects.filter(event="quota_recorded").latest("sequence")
    assert last.details["before"]["assigned"] == 2


def test_numbers_need_a_figure_and_the_right_person(
    programme: Programme, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="ít nhất một số"):
        record(programme, people.coordinator)
    with pytest.raises(NotAllowed):
        record(programme, people.leader, assigned=1)
    Programme.objects.filter(pk=programme.pk).update(province=None)
    programme.refresh_from_db()
    with pytest.raises(NotAllowed, match="cả nước"):
        record(programme, people.coordinator, assigned=1)


def test_the_day_of_a_list_is_today_or_its_years_first_day() -> None:
    day = timezone.localdate(cast.NOW)
    assert registering.day_of_list(2023, now=cast.NOW) == day
    assert registering.day_of_list(2025, now=cast.NOW) == date(2025, 1, 1)
    assert registering.day_of_list(2022, now=cast.NOW) == date(2022, 12, 31)
