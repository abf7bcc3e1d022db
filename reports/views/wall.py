"""The overview for a wall screen: what can be read from across a room, renewed by itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.views.picture import Picture
from reports.views.reach import read

OBSTACLES_SHOWN = 6
MISSING_SHOWN = 8


@allow(*READERS)
@require_safe
def wall(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """One programme and year as of today."""
    today, asked = timezone.localdate(), request.GET.get("tinh", "")
    reading = read(request.user, code, asked, year=year, day=today)
    picture = Picture.load(
        reading.programme, year, as_of=today, plan=reading.plan, province=reading.province
    )
    query = f"?tinh={reading.code}" if reading.code else ""
    context = {
        "picture": picture,
        "address": reverse("wall", args=[code, year]) + query,
        "overview": reverse("overview", args=[code, year]) + query,
        "now": timezone.localtime(),
        "obstacles": picture.obstacles[:OBSTACLES_SHOWN],
    }
    if picture.is_of_country:
        by_province = picture.missing_by_province if picture.round is not None else []
        context["missing_by_province"] = by_province[:MISSING_SHOWN]
    else:
        context["missing"] = picture.missing[:MISSING_SHOWN]
        context["others_missing"] = max(0, len(picture.missing) - MISSING_SHOWN)
    return render(request, "reports/wall.html", context)
