"""Agencies' yearly duty reports: written, handed in once, corrected, late but never refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, Role
from assessments.actions import duty_reports
from assessments.actions.duty_reports import (
    AlreadyHandedIn,
    DutyConflict,
    DutyDraft,
    Reply,
    Unanswered,
)
from assessments.duties import State, load_year, own_tasks, task_of
from assessments.models import DutyReport
from criteria.models import Duty, Programme
from tests import cast
from tests.assessments import duties as stage

pytestmark = pytest.mark.django_db


def at(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return timezone.make_aware(
        datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001 -- made aware
    )


@pytest.fixture
def duties(programme: Programme, places: cast.Places) -> list[Duty]:
    return stage.give(programme, places.agency)


def test_a_draft_is_left_and_found_again(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    task = stage.the_task(programme, duties[0].agency)
    half = DutyDraft({duties[0].pk: Reply("doing", "Đang thẩm định dự toán.")})
    duty_reports.save(task, half, number=1, version=0, by=people.rapporteur, now=cast.NOW)
    found = stage.the_task(programme, duties[0].agency)
    assert found.draft is not None
    assert DutyDraft.of(found.draft) == half
    assert (found.draft.version, found.draft.updated_by) == (1, people.rapporteur)
    assert found.latest is None
    whole = stage.whole(duties)
    duty_reports.save(found, whole, number=1, version=1, by=people.rapporteur, now=cast.NOW)
    saved = DutyReport.objects.get()
    assert DutyDraft.of(saved) == whole
    assert saved.version == 2


def test_wf_08_two_tabs_save_the_same_report(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    colleague = cast.person("hoa", "Trần Thị Hoa", Role.RAPPORTEUR, agency=places.agency)
    task = stage.the_task(programme, places.agency)
    first = stage.whole(duties, "Bản của Hoa")
    duty_reports.save(task, first, number=1, version=0, by=colleague, now=cast.NOW)
    mine = stage.whole(duties, "Bản của Yến")
    for version in (0, 7):
        with pytest.raises(DutyConflict, match="Trần Thị Hoa thay đổi ở nơi khác") as clash:
            duty_reports.save(
                task, mine, number=1, version=version, by=people.rapporteur, now=cast.NOW
            )
        assert DutyDraft.of(clash.value.current) == first
    assert DutyDraft.of(DutyReport.objects.get()) == first


def test_it_is_handed_in_with_a_receipt(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    assert report.receipt.startswith("NV2023-")
    assert (report.submitted_at, report.submitted_by) == (cast.NOW, people.rapporteur)
    entry = AuditEntry.objects.get(event="duty_report_submitted")
    assert entry.details["receipt"] == report.receipt
    assert entry.details["days_late"] == 0
    assert entry.province_code == "84"
    assert audit.first_broken() is None
    [own] = Notice.objects.filter(recipient=people.rapporteur)
    assert report.receipt in own.title
    [told] = Notice.objects.filter(recipient=people.coordinator)
    assert told.title == "Sở Tài chính đã nộp báo cáo nhiệm vụ năm 2023, đúng hạn"
    assert own.path == told.path == f"/nhiem-vu/bao-cao/{report.pk}/"


def test_wf_07_the_same_press_twice_gives_one_receipt(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    first = stage.handed_in(programme, people, duties, now=cast.NOW)
    task = stage.the_task(programme, duties[0].agency)
    again = duty_reports.hand_in(
        task, number=1, version=1, by=people.rapporteur, now=cast.NOW + timedelta(minutes=1)
    )
    assert (again.pk, again.receipt, again.submitted_at) == (
        first.pk,
        first.receipt,
        first.submitted_at,
    )
    assert AuditEntry.objects.filter(event="duty_report_submitted").count() == 1


@pytest.mark.parametrize(
    ("reply", "obstacle"),
    [
        (Reply(), "chưa chọn tình hình"),
        (Reply("", "Có chữ mà chưa chọn"), "chưa chọn tình hình"),
        (Reply("doing", "  "), "cần nêu kết quả"),
        (Reply("not_done"), "cần nêu kết quả"),
        (Reply("done"), ""),
        (Reply("no_case"), ""),
        (Reply("not_done", "Chờ dự toán năm sau"), ""),
    ],
)
def test_every_duty_is_answered_before_handing_in(
    programme: Programme, people: cast.People, duties: list[Duty], reply: Reply, obstacle: str
) -> None:
    task = stage.the_task(programme, duties[0].agency)
    draft = stage.whole(duties)
    draft = replace(draft, replies={**draft.replies, duties[1].pk: reply})
    duty_reports.save(task, draft, number=1, version=0, by=people.rapporteur, now=cast.NOW)
    if not obstacle:
        duty_reports.hand_in(task, number=1, version=1, by=people.rapporteur, now=cast.NOW)
        return
    with pytest.raises(Unanswered, match="còn 1 nhiệm vụ") as refusal:
        duty_reports.hand_in(task, number=1, version=1, by=people.rapporteur, now=cast.NOW)
    assert [one.duty for one in refusal.value.missing] == [duties[1]]
    assert obstacle in refusal.value.missing[0].obstacle
    kept = DutyReport.objects.get()
    assert not kept.is_submitted
    assert kept.receipt == ""
    assert not Notice.objects.exists()


def test_what_was_checked_is_what_is_handed_in(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    """A colleague saves between the check and the press: the press is refused."""
    colleague = cast.person("hoa", "Trần Thị Hoa", Role.RAPPORTEUR, agency=places.agency)
    task = stage.the_task(programme, places.agency)
    draft = stage.whole(duties)
    duty_reports.save(task, draft, number=1, version=0, by=people.rapporteur, now=cast.NOW)
    duty_reports.save(task, draft, number=1, version=1, by=colleague, now=cast.NOW)
    with pytest.raises(DutyConflict, match="Trần Thị Hoa"):
        duty_reports.hand_in(task, number=1, version=1, by=people.rapporteur, now=cast.NOW)
    assert not DutyReport.objects.get().is_submitted


def test_wf_02_what_was_handed_in_is_not_edited(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    task = stage.the_task(programme, duties[0].agency)
    for version in (0, 1):
        with pytest.raises(AlreadyHandedIn, match=report.receipt):
            duty_reports.save(
                task,
                stage.whole(duties, "Đổi"),
                number=1,
                version=version,
                by=people.rapporteur,
                now=cast.NOW,
            )
    assert DutyDraft.of(DutyReport.objects.get()) == stage.whole(duties)


def test_a_correction_is_a_further_report_and_the_first_stays(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    first = stage.handed_in(programme, people, duties, now=at(date(2023, 11, 14)))
    second = stage.handed_in(programme, people, duties, now=at(date(2023, 12, 1)))
    assert (first.number, second.number) == (1, 2)
    assert first.receipt != second.receipt
    task = stage.the_task(programme, duties[0].agency)
    assert (task.first, task.latest, task.draft) == (first, second, None)
    # The first one came in time; putting it right afterwards is not late.
    assert task.state == State.IN_TIME
    told = Notice.objects.filter(recipient=people.coordinator).order_by("created_at").last()
    assert told is not None
    assert told.title == "Sở Tài chính đã nộp bản sửa (lần 2) báo cáo nhiệm vụ năm 2023"


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (at(date(2023, 11, 14), 23, 59, 59), 0),
        (at(date(2023, 11, 15)) - timedelta(hours=9), 1),
        (at(date(2023, 11, 15), 23, 59, 59), 1),
        (at(date(2023, 11, 17)), 3),
        (at(date(2024, 2, 1)), 79),
    ],
)
def test_wf_11_the_last_day_is_the_eve_and_lateness_is_counted_in_days(
    programme: Programme, people: cast.People, duties: list[Duty], moment: datetime, late: int
) -> None:
    """ "Trước ngày 15/11": the last moment in time is 14/11 23:59:59 in Việt Nam."""
    stage.handed_in(programme, people, duties, now=moment)
    task = stage.the_task(programme, duties[0].agency)
    assert task.days_late == late
    assert task.state == (State.LATE if late else State.IN_TIME)
    assert task.words == (f"Nộp muộn {late} ngày" if late else "Đã nộp")
    assert AuditEntry.objects.get(event="duty_report_submitted").details["days_late"] == late
    told = Notice.objects.get(recipient=people.coordinator)
    assert ("nộp muộn" in told.title) == bool(late)


def test_a_programme_without_a_day_knows_no_lateness(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    programme.inputs_due = ""
    programme.save()
    task = task_of(programme, duties[0].agency, 2023, date(2024, 6, 1))
    assert (task.state, task.words) == (State.WAITING, "Chưa nộp")
    stage.handed_in(programme, people, duties, now=at(date(2024, 6, 1)))
    task = stage.the_task(programme, duties[0].agency)
    assert (task.state, task.days_late) == (State.IN_TIME, 0)


@pytest.mark.parametrize(
    ("year", "now", "sentence"),
    [
        (2022, cast.NOW, "không có báo cáo năm 2022"),
        (2031, cast.NOW, "không có báo cáo năm 2031"),
        (2024, at(date(2023, 12, 31), 23, 59, 59), "Năm 2024 chưa bắt đầu"),
    ],
)
def test_only_years_of_the_programme_that_have_begun(
    programme: Programme,
    people: cast.People,
    duties: list[Duty],
    year: int,
    now: datetime,
    sentence: str,
) -> None:
    task = stage.the_task(programme, duties[0].agency, year)
    with pytest.raises(NotReady, match=sentence):
        duty_reports.save(
            task, stage.whole(duties), number=1, version=0, by=people.rapporteur, now=now
        )
    with pytest.raises(NotReady, match=sentence):
        duty_reports.hand_in(task, number=1, version=1, by=people.rapporteur, now=now)
    assert not DutyReport.objects.exists()


def test_the_year_begins_at_midnight_in_viet_nam(
    programme: Programme, people: cast.People, duties: list[Duty]
) -> None:
    task = stage.the_task(programme, duties[0].agency, 2024)
    new_year = at(date(2024, 1, 1), 0)
    report = duty_reports.save(
        task, stage.whole(duties), number=1, version=0, by=people.rapporteur, now=new_year
    )
    assert report.year == 2024


def test_ac_03_only_rapporteurs_of_the_agency_write(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    [other] = stage.more_agencies(programme, places.province, 1)
    stranger = cast.person("khac", "Người Sở Khác", Role.RAPPORTEUR, agency=other)
    task = stage.the_task(programme, places.agency)
    everyone = set(vars(people).values()) - {people.rapporteur}
    for user in (*everyone, stranger):
        with pytest.raises(NotAllowed, match="Chỉ cán bộ báo cáo của cơ quan này"):
            duty_reports.save(task, stage.whole(duties), number=1, version=0, by=user, now=cast.NOW)
        with pytest.raises(NotAllowed):
            duty_reports.hand_in(task, number=1, version=1, by=user, now=cast.NOW)
    assert not DutyReport.objects.exists()


def test_replies_to_duties_of_others_are_not_kept(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    """AC-05: an id slipped into the form writes nothing."""
    [other] = stage.more_agencies(programme, places.province, 1)
    foreign = Duty.objects.get(agency=other)
    task = stage.the_task(programme, places.agency)
    draft = stage.whole(duties)
    draft = replace(draft, replies={**draft.replies, foreign.pk: Reply("done", "Hộ")})
    report = duty_reports.save(task, draft, number=1, version=0, by=people.rapporteur, now=cast.NOW)
    assert set(report.answers.values_list("duty", flat=True)) == {one.pk for one in duties}


def test_readers_find_what_was_handed_in_and_no_draft(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    draft = duty_reports.save(
        stage.the_task(programme, places.agency),
        stage.whole(duties),
        number=2,
        version=0,
        by=people.rapporteur,
        now=cast.NOW,
    )
    seen = {name: set(DutyReport.objects.visible_to(user)) for name, user in vars(people).items()}
    assert seen["rapporteur"] == {report, draft}
    for reader in ("coordinator", "leader", "reviewer", "ministry_viewer"):
        assert seen[reader] == {report}
    for other in ("commander", "officer", "far_reviewer", "administrator"):
        assert seen[other] == set()


def test_the_year_of_all_agencies(
    programme: Programme,
    people: cast.People,
    places: cast.Places,
    duties: list[Duty],
    django_assert_num_queries: Callable[..., object],
) -> None:
    stage.more_agencies(programme, places.province, 2)
    stage.handed_in(programme, people, duties, now=at(date(2023, 11, 20)))
    with django_assert_num_queries(2):
        found = load_year(programme, 2023, today=date(2023, 11, 20))
        words = [(one.agency.name, one.words) for one in found.tasks]
    assert words == [
        ("Cơ quan 00", "Chưa nộp, quá hạn 6 ngày"),
        ("Cơ quan 01", "Chưa nộp, quá hạn 6 ngày"),
        ("Sở Tài chính", "Nộp muộn 6 ngày"),
    ]
    assert dict(found.counts()) == {State.OVERDUE: 2, State.LATE: 1}
    before = load_year(
        programme, 2023, today=date(2023, 11, 14), known_at=at(date(2023, 11, 14), 23, 59, 59)
    )
    assert {one.words for one in before.tasks} == {"Chưa nộp, hạn là hôm nay"}


def test_wf_14_agencies_of_a_province_that_ended(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    """Trà Vinh went into Vĩnh Long on 1/7/2025: of 2025 nothing is asked, 2024 stays owed."""
    places.province.valid_to = date(2025, 6, 30)
    places.province.save()
    agency = duties[0].agency
    agency.province = places.province
    today = date(2026, 11, 22)
    states = {year: task_of(programme, agency, year, today).state for year in (2024, 2025, 2026)}
    assert states == {2024: State.OVERDUE, 2025: State.ENDED, 2026: State.ENDED}
    # Days overdue are not counted past the end.
    assert (
        task_of(programme, agency, 2024, today).days
        == (date(2025, 6, 30) - date(2024, 11, 14)).days
    )
    sentence = task_of(programme, agency, 2025, today).ended_sentence
    assert "Tỉnh Trà Vinh đã sắp xếp từ ngày 01/07/2025" in sentence
    assert "không nhắc và không tính chậm" in sentence
    stage.handed_in(programme, people, duties, now=at(today), year=2025)
    task = stage.the_task(programme, agency, 2025)
    assert (task.state, task.days_late) == (State.IN_TIME, 0)
    stage.handed_in(programme, people, duties, now=at(today), year=2024)
    late = stage.the_task(programme, agency, 2024)
    assert late.words == f"Nộp muộn {(date(2025, 6, 30) - date(2024, 11, 14)).days} ngày"


def test_own_years_come_newest_first(
    programme: Programme,
    people: cast.People,
    duties: list[Duty],
    django_assert_num_queries: Callable[..., object],
) -> None:
    stage.handed_in(programme, people, duties, now=cast.NOW)
    with django_assert_num_queries(2):
        found = [(one.year, one.state) for one in own_tasks(people.rapporteur, date(2024, 5, 1))]
    assert found == [(2024, State.WAITING), (2023, State.IN_TIME)]
    assert own_tasks(people.coordinator, date(2024, 5, 1)) == []


def test_the_database_keeps_one_draft_and_one_of_each_number(
    programme: Programme, people: cast.People, places: cast.Places, duties: list[Duty]
) -> None:
    stage.handed_in(programme, people, duties, now=cast.NOW)
    fields = {
        "programme": programme,
        "agency": places.agency,
        "year": 2023,
        "updated_at": cast.NOW,
        "updated_by": people.rapporteur,
    }
    for numbers in ((1,), (2, 3)):
        rows = [DutyReport(number=number, **fields) for number in numbers]
        with pytest.raises(IntegrityError), transaction.atomic():
            DutyReport.objects.bulk_create(rows)
