"""The first page of duty reports: one's own agency's years, or the years one may look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import Role, User
from assessments.duties import YearlyTask, last_day, own_tasks, years_so_far
from assessments.models import DutyReport
from criteria.models import Programme
from wards.models import Agency


@dataclass(frozen=True, slots=True)
class OwnYear:
    """One year of one's agency, with the words of its button."""

    task: YearlyTask

    @property
    def action(self) -> str:
        """What there is to do."""
        if self.task.draft is not None:
            return "Tiếp tục sửa" if self.task.latest is not None else "Tiếp tục"
        if self.task.latest is not None:
            return "Xem biên nhận"
        return "Lập báo cáo"

    @property
    def url(self) -> str:
        """Where the button leads."""
        task = self.task
        if task.draft is None and task.latest is not None:
            return reverse("duty_handed_in", args=[task.latest.pk])
        return reverse("duty_report", args=[task.programme.code, task.year, task.agency.code])


@dataclass(frozen=True, slots=True)
class OwnProgramme:
    """The years of one's agency in one programme."""

    programme: Programme
    agency: Agency
    years: list[OwnYear]


@dataclass(frozen=True, slots=True)
class ReadYear:
    """One year of a programme one looks at: how many agencies have handed in."""

    year: int
    last_day: date | None
    agencies: int
    handed_in: int


@dataclass(frozen=True, slots=True)
class ReadProgramme:
    """The years of a programme one looks at."""

    programme: Programme
    years: list[ReadYear]


@allow(Role.RAPPORTEUR, *READERS)
@require_safe
def duty_reports(request: PortalRequest) -> HttpResponse:
    """What one's agency reports, and the summaries one may read."""
    today = timezone.localdate()
    user = request.user
    return render(
        request,
        "assessments/duties/list.html",
        {
            "own": own_programmes(user, today) if Role.RAPPORTEUR in request.roles else None,
            "read": read_programmes(user, today) if request.roles & set(READERS) else None,
        },
    )


def own_programmes(user: User, today: date) -> list[OwnProgramme]:
    """One's agencies' years, programme by programme."""
    tasks = own_tasks(user, today)
    return [
        OwnProgramme(programme, agency, [OwnYear(task) for task in group])
        for (programme, agency), group in groupby(tasks, lambda one: (one.programme, one.agency))
    ]


def read_programmes(user: User, today: date) -> list[ReadProgramme]:
    """Programmes with agencies in one's reach, and how far each year is; in two queries."""
    reach = Q(duties__isnull=False)
    reports = DutyReport.objects.filter(submitted_at__isnull=False)
    if not user.scope.everything:
        reach = Q(duties__agency__province_id__in=user.scope.provinces)
        reports = reports.filter(agency__province_id__in=user.scope.provinces)
    programmes = (
        Programme.objects.annotate(agencies=Count("duties__agency", distinct=True, filter=reach))
        .filter(agencies__gt=0)
        .order_by("starts", "code")
    )
    handed_in: Mapping[tuple[int, int], int] = {
        (programme, year): number
        for programme, year, number in reports.order_by()
        .values_list("programme", "year")
        .annotate(number=Count("agency", distinct=True))
    }
    return [
        ReadProgramme(
            one,
            [
                ReadYear(
                    year,
                    last_day(one, year),
                    one.agencies,  # type: ignore[attr-defined]
                    handed_in.get((one.pk, year), 0),
                )
                for year in reversed(years_so_far(one, today))
            ],
        )
        for one in programmes
    ]
