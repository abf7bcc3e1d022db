"""What the pages of one agency's report of one year have in common."""

from datetime import date
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts.access import PortalRequest
from accounts.models import User
from assessments.actions.duty_reports import DutyDraft, missing_in
from assessments.deadlines import WEEKDAYS
from assessments.duties import State, YearlyTask, task_of, years_so_far
from assessments.models import DutyReport
from criteria.models import Duty


def day_words(day: date) -> str:
    """A day with its weekday: "thứ Ba ngày 14/11/2023"."""
    return f"{WEEKDAYS[day.weekday()]} ngày {day:%d/%m/%Y}"


class DutyPage:
    """One agency, one programme, one year, as its rapporteur works on it.

    Raises:
        Http404: not one's agency, no duties in the programme, or not a year that has begun.
    """

    def __init__(self, request: PortalRequest, code: str, year: int, agency: str) -> None:
        self.user: User = request.user
        self.today = timezone.localdate()
        self.duties = list(
            Duty.objects.visible_to(self.user)
            .filter(
                programme__code=code,
                agency__code=agency,
                agency_id__in=self.user.scope.agencies,
            )
            .select_related("programme__document", "agency__province")
            .order_by("position", "pk")
        )
        if not self.duties:
            raise Http404
        self.programme = self.duties[0].programme
        self.agency = self.duties[0].agency
        if year not in years_so_far(self.programme, self.today):
            raise Http404
        self.year = year

    @cached_property
    def task(self) -> YearlyTask:
        """How the report stands."""
        return task_of(self.programme, self.agency, self.year, self.today)

    @property
    def number(self) -> int:
        """The number under which the next report will be handed in."""
        return self.task.latest.number + 1 if self.task.latest else 1

    @cached_property
    def stored(self) -> DutyDraft:
        """What the form starts from: the draft, else what was handed in last, else nothing."""
        source = self.task.draft or self.task.latest
        return DutyDraft.of(source) if source is not None else DutyDraft()

    @property
    def missing(self) -> dict[int, str]:
        """What keeps the draft from being handed in, by duty."""
        return {one.duty.pk: one.obstacle for one in missing_in(self.stored, self.duties)}

    @property
    def title(self) -> str:
        """What the page is about."""
        return f"Báo cáo nhiệm vụ năm {self.year}"

    @property
    def due_words(self) -> str:
        """The last day in time, in full; empty where none is set."""
        return day_words(self.task.last_day) if self.task.last_day else ""

    @property
    def due_rule(self) -> str:
        """The document's own wording of the day: "trước ngày 15/11"."""
        due = self.programme.due_day(self.year)
        return f"trước ngày {due:%d/%m/%Y}" if due else ""

    @property
    def late_note(self) -> str:
        """What to know when the day is over; empty while there is time."""
        if self.task.state != State.OVERDUE:
            return ""
        return (
            f"Đã quá hạn {self.task.days} ngày. Báo cáo vẫn được tiếp nhận và ghi “nộp muộn” "
            "theo ngày nộp."
        )

    def address(self, name: str) -> str:
        """A page of this report."""
        return reverse(name, args=[self.programme.code, self.year, self.agency.code])

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way here."""
        return [("Nhiệm vụ", reverse("duty_reports")), (self.title, self.address("duty_report"))]


def handed_in_words(report: DutyReport, late: int) -> tuple[str, str]:
    """Whether it came in time, in words and colour."""
    if report.number > 1:
        return f"Bản sửa, lần nộp {report.number}", "working"
    return (f"Nộp muộn {late} ngày", "awaiting") if late else ("Đúng hạn", "met")
