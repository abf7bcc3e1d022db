"""The overview for a wall screen: what can be read from across a room, renewed by itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.views.picture import Picture
from reports.views.reach import readable_year

OBSTACLES_SHOWN = 6
MISSING_SHOWN = 8


@allow(*READERS)
@require_safe
def wall(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """One programme and year as of today."""
    programme = readable_year(request.user, code, year)
    picture = Picture.load(programme, year, as_of=timezone.localdate())
    context = {
        "picture": picture,
        "address": reverse("wall", args=[code, year]),
        "now": timezone.localtime(),
        "obstacles": picture.obstacles[:OBSTACLES_SHOWN],
        "missing": picture.missing[:MISSING_SHOWN],
        "others_missing": max(0, len(picture.missing) - MISSING_SHOWN),
    }
    return render(request, "reports/wall.html", context)
