"""Reminders of the agencies' yearly duty reports: to whoever has not handed in, and a digest.

The slots are those of the stations' files (`assessments.actions.due_files`). All agencies of a
programme have the same last day, so a slot belongs to a programme and year; the key of a notice
names it, and the same person is told of it once, whoever asks and however often. An agency without
a rapporteur is named in the coordinators' digest. Nothing is sent for agencies whose province has
ended.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, Role, User
from assessments.actions.audience import paragraphs, people_of
from assessments.actions.due_files import Slot, slot_on
from assessments.actions.reminding import LISTED
from assessments.deadlines import WEEKDAYS
from assessments.duties import YearlyTask, load_year
from criteria.models import Programme
from wards.models import Posting, Province


@dataclass(frozen=True, slots=True)
class DutySlot:
    """A slot that has come for a programme and year, and the agencies that still owe a report."""

    programme: Programme
    year: int
    last_day: date
    slot: Slot
    tasks: list[YearlyTask]

    @property
    def key(self) -> str:
        """Names the slot."""
        day = self.last_day.isoformat()
        return f"{self.programme.pk}:{self.year}:{day}:{self.slot.name}"

    @property
    def words(self) -> str:
        """How long is left, or how late it is."""
        left = self.tasks[0].days_left or 0
        if left < 0:
            return f"đã quá hạn {-left} ngày"
        return f"còn {left} ngày" if left else "hạn là hôm nay"


def plan(*, now: datetime) -> list[DutySlot]:
    """Every slot that has come by today with somebody who still owes a report."""
    today = timezone.localdate(now)
    found = []
    programmes = Programme.objects.filter(duties__isnull=False).exclude(inputs_due="")
    for programme in programmes.order_by("code").distinct():
        # Late slots of a day in December reach into the next year.
        for year in (today.year - 1, today.year):
            slot = _slot(programme, year, today)
            if slot is None:
                continue
            year_of_tasks = load_year(programme, year, today=today)
            owed = [one for one in year_of_tasks.tasks if one.is_owed and _exists(one, today)]
            last = year_of_tasks.last_day
            if owed and last is not None:
                found.append(DutySlot(programme, year, last, slot, owed))
    return found


def remind(*, now: datetime) -> int:
    """Send every slot that has come and was not sent; how many agencies were reminded.

    One transaction for each programme and year: a crash leaves it done or to be done.
    """
    count = 0
    for due in plan(now=now):
        with transaction.atomic():
            count += _send(due, now)
    return count


def _slot(programme: Programme, year: int, today: date) -> Slot | None:
    if not programme.starts <= year <= programme.ends:
        return None
    due = programme.due_day(year)
    return slot_on(today, date.fromordinal(due.toordinal() - 1)) if due is not None else None


def _exists(task: YearlyTask, today: date) -> bool:
    province = task.agency.province
    return province is None or province.valid_to is None or province.valid_to >= today


def _send(due: DutySlot, now: datetime) -> int:
    today = timezone.localdate(now)
    people = _rapporteurs([task.agency.pk for task in due.tasks], today)
    sent = set(
        Notice.objects.filter(key__startswith="duty-reminder:", key__endswith=due.key).values_list(
            "recipient", "key"
        )
    )
    reminded = 0
    for task in due.tasks:
        key = f"duty-reminder:{task.agency.pk}:{due.key}"
        fresh = [one for one in people.get(task.agency.pk, []) if (one.pk, key) not in sent]
        if fresh:
            _tell_agency(due, task, fresh, key=key, now=now)
            reminded += 1
    by_province: dict[Province, list[YearlyTask]] = defaultdict(list)
    for task in due.tasks:
        if task.agency.province is not None:
            by_province[task.agency.province].append(task)
    for province, tasks in by_province.items():
        _tell_coordinators(due, province, tasks, served=set(people), now=now)
    return reminded


def _rapporteurs(agencies: Iterable[int], day: date) -> Mapping[int, list[User]]:
    """Who reports for these agencies, in one query."""
    found: dict[int, list[User]] = defaultdict(list)
    postings = Posting.objects.active_on(day).filter(
        agency__in=list(agencies), role=Role.RAPPORTEUR, user__is_active=True
    )
    for posting in postings.select_related("user").order_by("pk"):
        if posting.agency_id is not None:
            found[posting.agency_id].append(posting.user)
    return found


def _tell_agency(
    due: DutySlot, task: YearlyTask, people: list[User], *, key: str, now: datetime
) -> None:
    late = (task.days_left or 0) < 0
    last = due.last_day
    notices.tell(
        people,
        key=key,
        event="duty_report_missed" if late else "duty_report_due",
        title=f"{task.agency}: {due.words}, cần nộp báo cáo nhiệm vụ năm {due.year}",
        body=paragraphs(
            f"Hạn: hết {WEEKDAYS[last.weekday()]} ngày {last:%d/%m/%Y}.",
            "Báo cáo nộp muộn vẫn được tiếp nhận và ghi rõ số ngày muộn." if late else "",
        ),
        path=reverse("duty_report", args=[due.programme.code, due.year, task.agency.code]),
        now=now,
    )


def _tell_coordinators(
    due: DutySlot,
    province: Province,
    tasks: list[YearlyTask],
    *,
    served: set[int],
    now: datetime,
) -> None:
    """Who has still to hand in, and whom no reminder reaches."""
    lines = [
        f"- {task.agency}"
        + ("" if task.agency.pk in served else ": chưa có cán bộ báo cáo trong hệ thống")
        for task in tasks
    ]
    if len(lines) > LISTED:
        lines = [*lines[:LISTED], f"… và {len(lines) - LISTED} cơ quan khác."]
    notices.tell(
        people_of(province, Role.COORDINATOR, day=timezone.localdate(now)),
        key=f"duty-digest:{province.pk}:{due.key}",
        event="duty_report_digest",
        title=f"{province}: {len(tasks)} cơ quan chưa nộp báo cáo nhiệm vụ năm {due.year}, "
        f"{due.words}",
        body="\n".join(lines),
        path=reverse("duty_summary", args=[due.programme.code, due.year]),
        now=now,
    )
