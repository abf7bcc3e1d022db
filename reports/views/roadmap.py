"""The roadmap: targets as approved, beside what they come to on the units of today."""

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from assessments.models import Registration, RegistrationQuota, RegistrationSource
from criteria.models import Programme
from reports.rollup import latest_round
from reports.views.days import asked_day
from reports.views.picture import Picture
from reports.views.reach import reaches, readable_programmes


@allow(*READERS)
@require_safe
def roadmap(request: PortalRequest, code: str) -> HttpResponse:
    """Every target with its document, restated, and who is on the list of each year."""
    programme = get_object_or_404(readable_programmes(request.user), code=code)
    asked = asked_day(request)
    round_ = latest_round(programme, as_of=asked.day)
    year = round_.year if round_ else min(max(asked.day.year, programme.starts), programme.ends)
    picture = Picture.load(programme, year, as_of=asked.day)
    context = {
        "picture": picture,
        "asked": asked,
        "registrations": _registrations(request, programme),
        "revisions": programme.revisions.select_related("document"),
    }
    return render(request, "reports/roadmap.html", context, status=asked.status)


def _registrations(request: PortalRequest, programme: Programme) -> list[dict[str, Any]]:
    """Per year: the Ministry's number, and the units on the list by who put them there."""
    rows = Registration.objects.filter(programme=programme).select_related(
        "unit__district", "unit__province"
    )
    by_year: dict[int, dict[str, list[Registration]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_year[row.year][row.source].append(row)
    assigned = dict(
        RegistrationQuota.objects.filter(programme=programme).values_list("year", "assigned")
    )
    return [
        {
            "year": year,
            "assigned": assigned.get(year),
            "lists": [
                (
                    source.label,
                    [(row, reaches(request.user, row.unit)) for row in by_year[year][source]],
                )
                for source in RegistrationSource
                if by_year[year][source]
            ],
        }
        for year in sorted({*by_year, *assigned})
    ]
