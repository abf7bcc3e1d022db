"""Duties of the Department of Finance, and the reports that Yến writes about them."""

from datetime import date, datetime
from typing import Any

from assessments.actions import duty_reports
from assessments.actions.duty_reports import DutyDraft, Reply
from assessments.duties import YearlyTask, task_of
from assessments.models import DutyReport
from criteria.models import Duty, Programme
from tests import cast
from wards.models import Agency, Province

LAST_DAY = date(2023, 11, 14)
FUNDS = "Hằng năm bố trí kinh phí thực hiện Đề án theo phân cấp ngân sách."
GUIDE = "Hướng dẫn Công an phường lập dự toán, quyết toán."


def give(programme: Programme, agency: Agency) -> list[Duty]:
    """Two duties for an agency."""
    return [
        Duty.objects.create(
            programme=programme, agency=agency, entry="3", text=text, position=position
        )
        for position, text in enumerate((FUNDS, GUIDE), start=1)
    ]


def more_agencies(
    programme: Programme, province: Province, number: int, *, start: int = 0
) -> list[Agency]:
    """So many further agencies, each with one duty."""
    made = [
        Agency.objects.create(code=f"co-quan-{n}", name=f"Cơ quan {n:02d}", province=province)
        for n in range(start, start + number)
    ]
    for place, agency in enumerate(made, start=start + 10):
        Duty.objects.create(programme=programme, agency=agency, text=FUNDS, position=place)
    return made


def the_task(programme: Programme, agency: Agency, year: int = 2023) -> YearlyTask:
    """The report of a year as of the tests' day."""
    agency = Agency.objects.select_related("province").get(pk=agency.pk)
    return task_of(programme, agency, year, cast.DAY)


def whole(duties: list[Duty], text: str = "Đã bố trí 350 triệu đồng.") -> DutyDraft:
    """A report with every duty answered."""
    return DutyDraft(
        {duty.pk: Reply("doing" if place else "done", text) for place, duty in enumerate(duties)},
        difficulties="Dự toán giao chậm.",
        proposals="",
        paper_number="125/BC-STC",
    )


def handed_in(
    programme: Programme, people: cast.People, duties: list[Duty], *, now: datetime, **more: Any
) -> DutyReport:
    """Yến's report, saved and handed in at a moment."""
    task = the_task(programme, duties[0].agency, **more)
    number = task.latest.number + 1 if task.latest else 1
    duty_reports.save(task, whole(duties), number=number, version=0, by=people.rapporteur, now=now)
    return duty_reports.hand_in(task, number=number, version=1, by=people.rapporteur, now=now)
