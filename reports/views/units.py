"""Units: the list with its search, and how one unit stands."""

import uuid
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from accounts.models import Role
from assessments.models import Assessment, Recognition
from reports.views.story import load_story
from reports.views.unit_now import load_now
from wards.models import Unit
from wards.querysets import UnitQuerySet, dated
from wards.searching import matching

PER_PAGE = 25
CURRENT, FORMER = "hien-hanh", "da-sap-xep"
SCOPES = {"": "Tất cả", CURRENT: "Đang hoạt động", FORMER: "Đã sắp xếp lại"}


@allow(*READERS, *STATION)
@require_safe
def unit_list(request: PortalRequest) -> HttpResponse:
    """Units in reach, those in force first; found by name, place or code, without diacritics."""
    today = timezone.localdate()
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:120]
    found = matching(Unit.objects.visible_to(request.user), asked)
    in_force = dated(today)
    counts = {
        "": found.count(),
        CURRENT: found.filter(in_force).count(),
    }
    counts[FORMER] = counts[""] - counts[CURRENT]
    wanted = request.GET.get("tinh_trang", "")
    wanted = wanted if wanted in SCOPES else ""
    if wanted == CURRENT:
        found = found.filter(in_force)
    elif wanted == FORMER:
        found = found.exclude(in_force)
    page = Paginator(_current_first(found, today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "may_reorganise": Role.COORDINATOR in request.roles,
        "shows_provinces": bool(request.user.scope.roles & set(READERS)),
        "chips": [(code, label, counts[code], code == wanted) for code, label in SCOPES.items()],
        "wanted": wanted,
        "page_obj": page,
        "rows": with_standing(list(page.object_list), today),
    }
    return render(request, "reports/unit_list.html", context)


@allow(*READERS, *STATION)
@require_safe
def unit(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One unit: where it stands, what is in the way, what remains, what is planned against it."""
    now = load_now(pk, request)
    story = load_story(now, request.user)
    context = {"story": story, "unit": now.unit, "now": now, "asked": now.asked}
    return render(request, "reports/unit.html", context, status=now.asked.status)


def _current_first(units: UnitQuerySet, today: date) -> QuerySet[Unit]:
    # Whoever has no last day, or one that has not come, is still there.
    still_there = Case(
        When(Q(valid_to__isnull=True) | Q(valid_to__gte=today), then=Value(0)), default=Value(1)
    )
    return units.with_places().order_by(
        still_there, "province__sort_key", "district__sort_key", "sort_key", "code"
    )


def with_standing(units: list[Unit], today: date) -> list[dict[str, Any]]:
    """Each unit with its latest file and its recognition in force, in two queries."""
    keys = [one.pk for one in units]
    files: dict[uuid.UUID, Assessment] = {}
    for file in (
        Assessment.objects.filter(unit__in=keys).select_related("round").order_by("-round__year")
    ):
        files.setdefault(file.unit_id, file)
    recognised = {
        one.unit_id: one
        for one in Recognition.objects.filter(unit__in=keys).in_force_on(today).order_by("for_year")
    }
    return [
        {
            "unit": one,
            "file": files.get(one.pk),
            "recognition": recognised.get(one.pk),
            "is_former": one.valid_to is not None and one.valid_to < today,
        }
        for one in units
    ]
