"""Reminders of duty reports: to whoever has not handed in, each slot once, and a digest."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Notice, User
from assessments.actions import duty_reminding
from criteria.models import Duty, Programme
from tests import cast
from tests.assessments import duties as stage

LAST_DAY = date(2023, 11, 14)


def before(days: int) -> datetime:
    """The morning so many days before the last day in time; negative: after."""
    day = LAST_DAY - timedelta(days=days)
    return timezone.make_aware(datetime(day.year, day.month, day.day, 7, 15))  # noqa: DTZ001


def told(user: User, kind: str = "duty-reminder:") -> list[Notice]:
    return list(Notice.objects.filter(recipient=user, key__startswith=kind).order_by("created_at"))


@pytest.fixture
def duties(programme: Programme, places: cast.Places) -> list[Duty]:
    return stage.give(programme, places.agency)


@pytest.mark.usefixtures("duties")
def test_the_whole_road_to_the_day_and_beyond(people: cast.People) -> None:
    for days in range(40, -80, -1):
        duty_reminding.remind(now=before(days))
    slots = [one.key.rsplit(":", 1)[-1] for one in told(people.rapporteur)]
    late = [f"late-{1 + 7 * week}" for week in range(9)]
    assert slots == ["30", "14", "7", "3", "1", *late]
    first, missed = told(people.rapporteur)[0], told(people.rapporteur)[5]
    assert first.title == "Sở Tài chính: còn 30 ngày, cần nộp báo cáo nhiệm vụ năm 2023"
    assert first.body == "Hạn: hết thứ Ba ngày 14/11/2023."
    assert first.path == "/nhiem-vu/tra-vinh-2023/2023/so-tai-chinh/"
    assert missed.title == "Sở Tài chính: đã quá hạn 1 ngày, cần nộp báo cáo nhiệm vụ năm 2023"
    assert "nộp muộn vẫn được tiếp nhận" in missed.body
    digests = told(people.coordinator, "duty-digest:")
    assert len(digests) == len(slots)
    assert digests[5].title == (
        "Trà Vinh: 1 cơ quan chưa nộp báo cáo nhiệm vụ năm 2023, đã quá hạn 1 ngày"
    )
    assert digests[5].path == "/nhiem-vu/tong-hop/tra-vinh-2023/2023/"


def test_only_who_has_not_handed_in_is_reminded(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    assert duty_reminding.remind(now=before(14)) == 1
    stage.handed_in(programme, people, duties, now=before(10))
    assert duty_reminding.remind(now=before(7)) == 0
    assert duty_reminding.plan(now=before(7)) == []


@pytest.mark.usefixtures("duties")
def test_a_missed_day_is_made_up_for_and_no_slot_is_sent_twice(people: cast.People) -> None:
    """Nobody asked on the 7th day before: on the 5th the slot is sent late, once."""
    for _ in range(3):
        duty_reminding.remind(now=before(5))
    assert [one.key.rsplit(":", 1)[-1] for one in told(people.rapporteur)] == ["7"]
    assert told(people.rapporteur)[0].title.startswith("Sở Tài chính: còn 5 ngày")
    assert len(told(people.coordinator, "duty-digest:")) == 1


def test_an_agency_nobody_reports_for_is_named_in_the_digest(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    stage.more_agencies(programme, places.province, 1)
    assert duty_reminding.remind(now=before(3)) == 1
    [digest] = told(people.coordinator, "duty-digest:")
    assert digest.body.splitlines() == [
        "- Cơ quan 00: chưa có cán bộ báo cáo trong hệ thống",
        f"- {duties[0].agency.name}",
    ]


@pytest.mark.usefixtures("duties")
def test_wf_14_nothing_is_sent_after_the_end_of_a_province(
    people: cast.People, places: cast.Places
) -> None:
    places.province.valid_to = LAST_DAY + timedelta(days=3)
    places.province.save()
    assert duty_reminding.remind(now=before(-1)) == 1
    assert duty_reminding.remind(now=before(-8)) == 0
    places.province.valid_to = LAST_DAY - timedelta(days=3)
    places.province.save()
    assert duty_reminding.remind(now=before(7)) == 0
    assert len(told(people.rapporteur)) == 1


@pytest.mark.usefixtures("duties")
def test_a_programme_without_a_day_reminds_of_nothing(programme: Programme) -> None:
    programme.inputs_due = ""
    programme.save()
    assert duty_reminding.plan(now=before(3)) == []


@pytest.mark.usefixtures("duties")
def test_a_crash_leaves_nothing_half_done(
    people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(duty_reminding, "_tell_coordinators", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            duty_reminding.remind(now=before(7))
    assert not Notice.objects.exists()
    assert duty_reminding.remind(now=before(7)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("duties")
def test_re_12_three_schedulers_at_once_remind_once(people: cast.People) -> None:
    barrier = threading.Barrier(3)

    def run() -> None:
        barrier.wait(timeout=30)
        try:
            duty_reminding.remind(now=before(7))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(told(people.rapporteur)) == 1
    assert len(told(people.coordinator, "duty-digest:")) == 1


def test_the_number_of_queries_does_not_grow_with_the_agencies(
    programme: Programme,
    people: cast.People,
    places: cast.Places,
    duties: list[Duty],
    django_assert_num_queries: Callable[..., object],
) -> None:
    """Programmes; agencies, reports; people, what was sent, the coordinators and their digest."""
    duty_reminding.remind(now=before(7))
    with django_assert_num_queries(9):
        assert duty_reminding.remind(now=before(7)) == 0
    stage.more_agencies(programme, places.province, 39)
    with django_assert_num_queries(9):
        assert duty_reminding.remind(now=before(7)) == 0


@pytest.mark.usefixtures("duties")
def test_the_command_shows_before_it_sends(
    people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: before(7))
    shown = StringIO()
    call_command("send_reminders", dry_run=True, stdout=shown)
    assert "14/11/2023  7         Sở Tài chính: còn 7 ngày" in shown.getvalue()
    assert not Notice.objects.exists()
    call_command("send_reminders", stdout=shown)
    assert "Đã nhắc 1 cơ quan báo cáo nhiệm vụ." in shown.getvalue()
