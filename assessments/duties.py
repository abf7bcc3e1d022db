"""Yearly duty reports of agencies: who owes one, by when, and how it stands on a day.

The document asks every agency for its results "trước ngày 15/11" and sets no sanction: what comes
later is taken and marked. An agency of a province that ended owes nothing that falls due after the
end; the documents do not say who takes its duties over.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from assessments.models import DutyReport
from criteria.models import Duty, Programme
from wards.models import Agency


class State(StrEnum):
    """How the report of an agency and year stands."""

    IN_TIME = "dung-han"
    LATE = "nop-muon"
    OVERDUE = "qua-han"
    WAITING = "chua-nop"
    ENDED = "da-ket-thuc"

    @property
    def label(self) -> str:
        """The word of the filter."""
        return LABELS[self]


LABELS: Mapping[State, str] = {
    State.IN_TIME: "Đã nộp",
    State.LATE: "Nộp muộn",
    State.OVERDUE: "Quá hạn, chưa nộp",
    State.WAITING: "Chưa nộp",
    State.ENDED: "Không theo dõi",
}
COLOURS: Mapping[State, str] = {
    State.IN_TIME: "met",
    State.LATE: "awaiting",
    State.OVERDUE: "not-met",
    State.WAITING: "working",
    State.ENDED: "unanswered",
}
ICONS: Mapping[State, str] = {
    State.IN_TIME: "check-circle-fill",
    State.LATE: "clock-history",
    State.OVERDUE: "exclamation-triangle-fill",
    State.WAITING: "calendar-event",
    State.ENDED: "dash-circle",
}


def last_day(programme: Programme, year: int) -> date | None:
    """The last day in time: "trước ngày 15/11" is the eve; None where the document sets none."""
    due = programme.due_day(year)
    return due - timedelta(days=1) if due is not None else None


def years_so_far(programme: Programme, today: date) -> range:
    """The programme's years that have begun."""
    return range(programme.starts, min(programme.ends, today.year) + 1)


@dataclass(frozen=True)
class YearlyTask:
    """One agency's report of one year, handed in or not, as it stands on `today`.

    The first report handed in decides whether it came in time; a correction afterwards is not late.
    """

    programme: Programme
    agency: Agency
    year: int
    today: date
    first: DutyReport | None = None
    latest: DutyReport | None = None
    draft: DutyReport | None = None
    """Only for the agency itself."""

    @cached_property
    def last_day(self) -> date | None:
        """The last day in time."""
        return last_day(self.programme, self.year)

    @cached_property
    def ended_on(self) -> date | None:
        """The last day of the agency's province when the report falls due only after it."""
        province = self.agency.province
        end = province.valid_to if province is not None else None
        due = self.last_day or date(self.year, 12, 31)
        return end if end is not None and end < due else None

    @property
    def days_left(self) -> int | None:
        """Days to the last day in time, negative afterwards; not counted past the province's end.

        None where no day is set.
        """
        return self._days_to(self.today)

    def _days_to(self, day: date) -> int | None:
        """From a day to the last day in time."""
        if self.last_day is None:
            return None
        province = self.agency.province
        end = province.valid_to if province is not None else None
        return (self.last_day - (day if end is None else min(day, end))).days

    @cached_property
    def days_late(self) -> int:
        """How late the report came; 0 when in time, not asked for, or not there."""
        if self.first is None or self.first.submitted_at is None or self.ended_on is not None:
            return 0
        left = self._days_to(timezone.localdate(self.first.submitted_at))
        return max(0, -(left or 0))

    @cached_property
    def state(self) -> State:
        """How it stands."""
        if self.first is not None:
            return State.LATE if self.days_late else State.IN_TIME
        if self.ended_on is not None:
            return State.ENDED
        left = self.days_left
        return State.OVERDUE if left is not None and left < 0 else State.WAITING

    @property
    def days(self) -> int:
        """How many days late, or overdue."""
        if self.state == State.LATE:
            return self.days_late
        return -(self.days_left or 0) if self.state == State.OVERDUE else 0

    @property
    def words(self) -> str:
        """The state in words: "Nộp muộn 3 ngày"."""
        match self.state:
            case State.LATE:
                return f"Nộp muộn {self.days} ngày"
            case State.OVERDUE:
                return f"Chưa nộp, quá hạn {self.days} ngày"
            case State.WAITING if self.days_left is not None:
                left = self.days_left
                return f"Chưa nộp, còn {left} ngày" if left else "Chưa nộp, hạn là hôm nay"
            case _:
                return self.state.label

    @property
    def colour(self) -> str:
        """Colour of the badge."""
        left = self.days_left
        if self.state == State.WAITING and left is not None and left <= 7:
            return "awaiting"
        return COLOURS[self.state]

    @property
    def icon(self) -> str:
        """Icon of the badge."""
        return ICONS[self.state]

    @property
    def is_owed(self) -> bool:
        """Whether the agency still has to hand it in."""
        return self.state in {State.WAITING, State.OVERDUE}

    @property
    def ended_sentence(self) -> str:
        """Why nothing is asked any more; empty while the province exists."""
        if self.ended_on is None:
            return ""
        return (
            f"Tỉnh {self.agency.province} đã sắp xếp từ ngày "
            f"{self.ended_on + timedelta(days=1):%d/%m/%Y}, trước hạn báo cáo năm {self.year}; "
            "văn bản chưa nêu cơ quan kế thừa nên hệ thống không nhắc và không tính chậm."
        )


@dataclass(frozen=True, slots=True)
class YearOfTasks:
    """Every agency's report of a programme and year."""

    programme: Programme
    year: int
    tasks: list[YearlyTask]

    @property
    def last_day(self) -> date | None:
        """The last day in time."""
        return last_day(self.programme, self.year)

    def counts(self) -> Mapping[State, int]:
        """How many agencies are in each state."""
        return Counter(task.state for task in self.tasks)

    def within(self, state: State | None) -> list[YearlyTask]:
        """Those in a state; all without one."""
        return [one for one in self.tasks if state is None or one.state == state]


def load_year(
    programme: Programme,
    year: int,
    *,
    today: date,
    known_at: datetime | None = None,
    reader: User | None = None,
) -> YearOfTasks:
    """The reports of all agencies with duties, by name, in two queries.

    `known_at` leaves out what was handed in afterwards; `reader` whatever is out of their reach.
    """
    duties = Duty.objects.filter(programme=programme)
    if reader is not None and not reader.scope.everything:
        duties = duties.filter(agency__province_id__in=reader.scope.provinces)
    agencies = (
        Agency.objects.filter(pk__in=duties.order_by().values("agency"))
        .select_related("province")
        .order_by("name", "pk")
    )
    reports = DutyReport.objects.filter(
        programme=programme, year=year, submitted_at__isnull=False
    ).select_related("submitted_by")
    if known_at is not None:
        reports = reports.filter(submitted_at__lte=known_at)
    by_agency: dict[int, list[DutyReport]] = {}
    for report in reports.order_by("number"):
        by_agency.setdefault(report.agency_id, []).append(report)
    return YearOfTasks(
        programme,
        year,
        [
            _task(programme, agency, year, today, by_agency.get(agency.pk, []))
            for agency in agencies
        ],
    )


def own_tasks(user: User, today: date) -> list[YearlyTask]:
    """What one's own agencies report, newest year first, with drafts; in two queries."""
    duties = (
        Duty.objects.filter(agency_id__in=user.scope.agencies)
        .select_related("programme", "agency__province")
        .order_by("programme__starts", "programme__code", "agency__name", "position")
    )
    pairs = {(one.programme_id, one.agency_id): (one.programme, one.agency) for one in duties}
    found: dict[tuple[int, int, int], list[DutyReport]] = {}
    reports = DutyReport.objects.filter(agency_id__in=user.scope.agencies)
    for report in reports.select_related("submitted_by", "updated_by").order_by("number"):
        key = (report.programme_id, report.agency_id, report.year)
        found.setdefault(key, []).append(report)
    return [
        _task(programme, agency, year, today, found.get((*pair, year), []))
        for pair, (programme, agency) in pairs.items()
        for year in reversed(years_so_far(programme, today))
    ]


def task_of(programme: Programme, agency: Agency, year: int, today: date) -> YearlyTask:
    """One agency's report of a year, with its draft."""
    reports = DutyReport.objects.filter(programme=programme, agency=agency, year=year)
    rows = list(reports.select_related("submitted_by", "updated_by").order_by("number"))
    return _task(programme, agency, year, today, rows)


def _task(
    programme: Programme, agency: Agency, year: int, today: date, reports: list[DutyReport]
) -> YearlyTask:
    handed_in = [one for one in reports if one.is_submitted]
    return YearlyTask(
        programme,
        agency,
        year,
        today,
        first=handed_in[0] if handed_in else None,
        latest=handed_in[-1] if handed_in else None,
        draft=next((one for one in reports if not one.is_submitted), None),
    )
