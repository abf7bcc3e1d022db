"""The working calendar of a year, to read: days come by pack."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from accounts.models import Role
from wards.models import Holiday

AHEAD = 1
"""Years after this one that can be looked at."""
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@allow(*STATION, *READERS, Role.SYSTEM_ADMINISTRATOR)
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    """Public holidays and worked Saturdays of a year (`?nam=`), or that nothing is known of it."""
    this_year = timezone.localdate().year
    known = Holiday.objects.order_by().values_list("on__year", flat=True).distinct()
    years = sorted({*known, this_year, this_year + AHEAD}, reverse=True)
    wanted = request.GET.get("nam", str(this_year))
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) == 4):
        raise BadRequest(f"Not a year: {wanted!r}")
    year = int(wanted)
    days = list(Holiday.objects.filter(on__year=year).select_related("document"))
    return render(
        request,
        "wards/calendar.html",
        {
            "year": year,
            "years": years,
            "days": [(WEEKDAYS[day.on.weekday()], day) for day in days],
            "is_unconfirmed": any(not day.is_confirmed for day in days),
        },
    )
