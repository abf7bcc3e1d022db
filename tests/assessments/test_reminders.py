"""Reminders: to whoever is late, each slot once, and one digest a day to the coordinator."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Notice, User
from assessments.actions import due_files, reminding, reviewing, submitting
from assessments.actions.due_files import slot_on
from assessments.models import Assessment, DeadlineExtension, RoundLock
from tests import cast

DUE = date(2023, 12, 15)
AT = timezone.make_aware(datetime(2023, 12, 15, 23, 59, 59))  # noqa: DTZ001 -- made aware

pytestmark = pytest.mark.out_of_step


def morning(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 7, 15))  # noqa: DTZ001


def before(days: int) -> datetime:
    """The morning so many days before the files are due; negative: after."""
    return morning(DUE - timedelta(days=days))


@pytest.fixture
def file(assessment: Assessment, other_assessment: Assessment) -> Assessment:
    """Lan's file, due on 15/12/2023 and opened in the summer; Hùng's is not to be seen here."""
    summer = cast.NOW - timedelta(days=120)
    Assessment.objects.update(opened_at=summer, due_at=AT)
    Assessment.objects.filter(pk=other_assessment.pk).update(due_at=AT + timedelta(days=365))
    assessment.refresh_from_db()
    return assessment


def told(user: User) -> list[str]:
    notices = Notice.objects.filter(recipient=user, key__startswith="reminder:")
    return [one.title for one in notices.order_by("created_at")]


def slots(user: User) -> list[str]:
    notices = Notice.objects.filter(recipient=user, key__startswith="reminder:")
    return [one.key.rsplit(":", 1)[-1] for one in notices.order_by("created_at")]


def digests(user: User) -> list[Notice]:
    return list(Notice.objects.filter(recipient=user, event="deadline_digest"))


@pytest.mark.parametrize(
    ("left", "slot"),
    [
        (31, None), (30, "30"), (29, "30"), (15, "30"), (14, "14"), (8, "14"), (7, "7"),
        (4, "7"), (3, "3"), (2, "3"), (1, "1"), (0, "1"), (-1, "late-1"), (-7, "late-1"),
        (-8, "late-8"), (-57, "late-57"), (-63, "late-57"), (-64, None),
    ],
)  # fmt: skip
def test_the_slot_that_has_come(left: int, slot: str | None) -> None:
    found = slot_on(DUE - timedelta(days=left), DUE)
    assert (found.name if found else None) == slot


def test_the_whole_road_to_the_deadline_and_beyond(file: Assessment, people: cast.People) -> None:
    for days in range(40, -80, -1):
        reminding.remind(now=before(days))
    late = [f"late-{1 + 7 * week}" for week in range(9)]
    assert slots(people.commander) == ["30", "14", "7", "3", "1", *late]
    assert told(people.commander)[2] == (
        "Phường 1, TP Trà Vinh: còn 7 ngày, cần nộp phiếu năm 2023"
    )
    assert told(people.commander)[5] == (
        "Phường 1, TP Trà Vinh: đã quá hạn 1 ngày, cần nộp phiếu năm 2023"
    )
    body = Notice.objects.get(recipient=people.commander, key__endswith=":7").body
    assert "Hạn: 23:59 thứ Sáu ngày 15/12/2023" in body
    assert "Còn 3 tiêu chí chưa có kết quả: C01, C02, C03." in body


def test_only_the_late_one_is_reminded(file: Assessment, people: cast.People) -> None:
    reminding.remind(now=before(7))
    reminded = Notice.objects.filter(key__startswith="reminder:")
    assert {notice.recipient for notice in reminded} == {people.commander}
    assert {one.recipient for one in Notice.objects.all()} == {
        people.commander,
        people.coordinator,
    }


def test_an_officer_is_reminded_of_own_unfinished_criteria(
    file: Assessment, people: cast.People
) -> None:
    file.results.filter(criterion__code__in=["C01", "C02"]).update(assigned_to=people.officer)
    cast.answer(file, "C01", by=people.officer)
    reminding.remind(now=before(7))
    assert told(people.officer) == [
        "Phường 1, TP Trà Vinh: còn 7 ngày, 1 tiêu chí giao cho đồng chí chưa xong"
    ]
    cast.answer(file, "C02", by=people.officer)
    reminding.remind(now=before(3))
    assert slots(people.officer) == ["7"]
    assert slots(people.commander) == ["7", "3"]


def test_a_returned_file_is_reminded_of_what_was_sent_back(
    file: Assessment, people: cast.People
) -> None:
    cast.answer_all(file, by=people.commander)
    submitting.submit(file, by=people.commander, now=cast.NOW)
    reviewing.claim(file, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        file,
        file.round.criteria_set.criteria.get(code="C02"),
        decision="more",
        comment="Thiếu",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(file, comment="", by=people.reviewer, now=cast.NOW)
    Assessment.objects.filter(pk=file.pk).update(due_at=AT)
    reminding.remind(now=before(3))
    notice = Notice.objects.get(recipient=people.commander, key__startswith="reminder:")
    assert "cần bổ sung và nộp lại phiếu năm 2023" in notice.title
    assert "Còn 1 tiêu chí cần bổ sung: C02." in notice.body


def test_a_submitted_file_is_not_reminded(file: Assessment, people: cast.People) -> None:
    cast.answer_all(file, by=people.commander)
    submitting.submit(file, by=people.commander, now=cast.NOW)
    Notice.objects.all().delete()
    for days in (7, 1, -1):
        assert reminding.remind(now=before(days)) == 0
    assert not Notice.objects.exists()


def test_a_closed_round_is_not_reminded(file: Assessment, people: cast.People) -> None:
    RoundLock.objects.create(round=file.round, locked_at=cast.NOW, locked_by=people.coordinator)
    assert reminding.remind(now=before(-1)) == 0


def test_re_12_twice_the_same_day_is_once(file: Assessment, people: cast.People) -> None:
    assert reminding.remind(now=before(7)) == 1
    assert reminding.remind(now=before(7) + timedelta(hours=1)) == 0
    assert slots(people.commander) == ["7"]
    assert len(digests(people.coordinator)) == 1


def test_re_13_a_slot_missed_for_two_days_is_sent_once_with_its_own_label(
    file: Assessment, people: cast.People
) -> None:
    for days in (5, 4):
        reminding.remind(now=before(days))
    assert slots(people.commander) == ["7"]
    assert told(people.commander) == ["Phường 1, TP Trà Vinh: còn 5 ngày, cần nộp phiếu năm 2023"]


def test_re_13_never_a_burst_of_all_that_was_missed(file: Assessment, people: cast.People) -> None:
    reminding.remind(now=before(-20))
    assert slots(people.commander) == ["late-15"]


def test_re_14_a_clock_that_steps_back_repeats_nothing(
    file: Assessment, people: cast.People
) -> None:
    for days in (7, 3, 2, 3):
        reminding.remind(now=before(days))
    assert slots(people.commander) == ["7", "3"]


def test_an_extension_starts_a_new_schedule(file: Assessment, people: cast.People) -> None:
    reminding.remind(now=before(7))
    later = AT + timedelta(days=10)
    DeadlineExtension.objects.create(
        assessment=file,
        before=AT,
        until=later,
        reason="Mưa lũ",
        approver="Giám đốc",
        granted_at=before(2),
        granted_by=people.coordinator,
    )
    Assessment.objects.filter(pk=file.pk).update(due_at=later)
    # Twelve days before the new due day, whose slot of 14 days lay behind when it was granted.
    assert reminding.remind(now=before(2) + timedelta(hours=1)) == 0
    reminding.remind(now=before(-3))
    assert slots(people.commander) == ["7", "7"]
    assert "còn 7 ngày" in told(people.commander)[1]


def test_a_file_opened_late_is_not_nagged_on_its_first_day(
    file: Assessment, people: cast.People
) -> None:
    Assessment.objects.filter(pk=file.pk).update(opened_at=before(20))
    assert reminding.remind(now=before(20)) == 0
    assert reminding.remind(now=before(15)) == 0
    assert reminding.remind(now=before(14)) == 1


def test_midnight_belongs_to_the_day_before(file: Assessment, people: cast.People) -> None:
    """Due at 00:00 on 16/12 means by the end of 15/12."""
    Assessment.objects.filter(pk=file.pk).update(due_at=AT + timedelta(seconds=1))
    reminding.remind(now=before(1))
    assert "còn 1 ngày" in told(people.commander)[0]


def test_the_coordinator_gets_one_digest_of_all_units(
    file: Assessment, other_assessment: Assessment, people: cast.People
) -> None:
    Assessment.objects.filter(pk=other_assessment.pk).update(due_at=AT - timedelta(days=8))
    people.other_commander.postings.update(ends=date(2023, 11, 30))
    reminding.remind(now=before(7))
    (digest,) = digests(people.coordinator)
    assert digest.title == "Trà Vinh: 2 đơn vị chưa nộp phiếu, trong đó 1 đơn vị quá hạn"
    assert digest.body.splitlines() == [
        "- Phường 2, TP Trà Vinh: đã quá hạn 1 ngày (hạn 07/12/2023), chưa bắt đầu; "
        "chưa có Trưởng Công an phường trong hệ thống",
        "- Phường 1, TP Trà Vinh: còn 7 ngày (hạn 15/12/2023), chưa bắt đầu",
    ]
    reminding.remind(now=before(6))
    assert len(digests(people.coordinator)) == 1


def test_a_crash_in_a_province_leaves_nothing_half_done(
    file: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reminding, "_tell_coordinators", lambda *args, **more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            reminding.remind(now=before(7))
    assert not Notice.objects.exists()
    assert reminding.remind(now=before(7)) == 1


@pytest.mark.django_db(transaction=True)
def test_re_12_three_schedulers_at_once_remind_once(file: Assessment, people: cast.People) -> None:
    barrier = threading.Barrier(3)

    def run() -> None:
        barrier.wait(timeout=30)
        try:
            reminding.remind(now=before(7))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert slots(people.commander) == ["7"]
    assert len(digests(people.coordinator)) == 1


def test_the_number_of_queries_does_not_grow_with_the_units(
    file: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    django_assert_num_queries: Callable[..., object],
) -> None:
    """Files, what was sent, open criteria, people twice, coordinators; each notice is a row."""
    with django_assert_num_queries(10):
        assert reminding.remind(now=before(7)) == 1
    Assessment.objects.filter(pk=other_assessment.pk).update(due_at=AT)
    with django_assert_num_queries(11):
        assert reminding.remind(now=before(3)) == 2
    with django_assert_num_queries(4):
        assert reminding.remind(now=before(3)) == 0


def test_the_command_shows_before_it_sends(
    file: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: before(7))
    shown = StringIO()
    call_command("send_reminders", dry_run=True, stdout=shown)
    assert "15/12/2023  7         Phường 1, TP Trà Vinh: còn 7 ngày" in shown.getvalue()
    assert not Notice.objects.exists()
    call_command("send_reminders", stdout=shown)
    assert "Đã nhắc 1 phiếu." in shown.getvalue()


def test_what_is_planned_is_only_what_is_still_to_come(
    file: Assessment, other_assessment: Assessment
) -> None:
    assert [due.assessment for due in due_files.plan(now=before(7))] == [file]
    assert due_files.plan(now=before(60)) == []
