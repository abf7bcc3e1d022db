"""The roadmap: targets as approved, beside what they come to on the units of today."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.rollup import latest_round
from reports.rollup.registrations import year_lists
from reports.views.days import asked_day
from reports.views.picture import Picture
from reports.views.reach import readable_programmes
from reports.views.registrations import NAMED_UNITS, listed


@allow(*READERS)
@require_safe
def roadmap(request: PortalRequest, code: str) -> HttpResponse:
    """Every target with its document, restated, and who is on the list of each year."""
    programme = get_object_or_404(readable_programmes(request.user), code=code)
    asked = asked_day(request)
    round_ = latest_round(programme, as_of=asked.day)
    year = round_.year if round_ else min(max(asked.day.year, programme.starts), programme.ends)
    picture = Picture.load(programme, year, as_of=asked.day)
    lists = listed(request.user, year_lists(programme, as_of=asked.day, first=NAMED_UNITS))
    context = {
        "picture": picture,
        "asked": asked,
        "programme": programme,
        "registrations": lists,
        "revisions": programme.revisions.select_related("document"),
    }
    return render(request, "reports/roadmap.html", context, status=asked.status)
