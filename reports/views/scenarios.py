"""Saved scenarios: the list, one as it was saved, taking one back, and two side by side."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from reports.models import Scenario, ScenarioPlace
from reports.querysets import ScenarioQuerySet
from reports.rollup.scenario import Figures, Ground, Places, weigh
from reports.rollup.scenario_ground import load_ground
from reports.rollup.scenario_today import carry
from reports.scenario_actions import withdraw_scenario
from reports.views.choice_reach import programme_in_reach
from reports.views.reach import reaches
from reports.views.scenario_drafting import drafted_for
from reports.views.scenario_file import sheets_of
from reports.workbook import MEDIA_TYPE, write_sheets
from wards.lineage import Lineage
from wards.models import Unit

PER_PAGE = 20
COMPARED = 50
"""So many of the latest scenarios are offered for comparing."""
TODAY = "Danh sách hôm nay"


@allow(*READERS)
@require_safe
def scenario_list(request: PortalRequest, code: str) -> HttpResponse:
    """The scenarios of a programme that one sees, the latest first."""
    programme = programme_in_reach(request.user, code)
    found = (
        Scenario.objects.visible_to(request.user)
        .filter(programme=programme)
        .select_related("province", "created_by")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "page_obj": page,
        "rows": [(one, Figures.read(one.figures)) for one in page.object_list],
        "may_draft": bool(drafted_for(request.user, programme, timezone.localdate())),
    }
    return render(request, "reports/scenario_list.html", context)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One unit of a saved scenario; `now` tells what became of it."""

    place: ScenarioPlace
    now: str
    linked: bool


@allow(*READERS)
@require_safe
def scenario(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One scenario as it was saved, and what became of its units since."""
    found = _fetch(request, pk)
    today = timezone.localdate()
    ground = load_ground(found.programme, found.province, as_of=today)
    places = _places(found)
    carried = carry(places, ground, _lineage(places, ground), day=today)
    by_year: dict[int | None, list[PlaceRow]] = {}
    for place in sorted(places, key=lambda one: (one.year is None, one.year or 0)):
        row = PlaceRow(place, carried.now.get(place.unit_id, ""), reaches(request.user, place.unit))
        by_year.setdefault(place.year, []).append(row)
    scope = request.user.scope
    context: dict[str, Any] = {
        "scenario": found,
        "figures": Figures.read(found.figures),
        "by_year": list(by_year.items()),
        "coming": ground.years,
        "changes": carried.changes,
        "live": weigh(ground, carried.places),
        "today": today,
        "may_withdraw": found.created_by_id == request.user.pk and not found.is_withdrawn,
        "may_act": scope.serves(Role.COORDINATOR, found.province_id),
    }
    return render(request, "reports/scenario.html", context)


@allow(Role.COORDINATOR, Role.LEADER, Role.MINISTRY_VIEWER)
@require_POST
def scenario_withdraw(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take one's own scenario back."""
    found = _fetch(request, pk)
    withdraw_scenario(found, by=request.user, now=database_now())
    messages.success(request, "Đã rút phương án; nội dung vẫn đọc được.")
    return redirect("scenario", found.pk)


@allow(*READERS)
@require_safe
def scenario_workbook(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The tables of a scenario as it was saved, a tab each."""
    found = _fetch(request, pk)
    name = f"phuong-an-{found.programme.code}-{found.created_at:%Y-%m-%d}-{str(found.pk)[:8]}.xlsx"
    return HttpResponse(
        write_sheets(sheets_of(found, _places(found))),
        content_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things compared, counted on the units of today."""

    title: str
    scenario: Scenario | None
    places: Places
    figures: Figures
    changes: tuple[str, ...]


@allow(*READERS)
@require_safe
def scenario_comparison(request: PortalRequest, code: str) -> HttpResponse:
    """Two scenarios side by side, or one against the lists of today."""
    programme = programme_in_reach(request.user, code)
    visible = (
        Scenario.objects.visible_to(request.user)
        .filter(programme=programme)
        .select_related("programme__province", "programme__document", "province")
    )
    offered = list(visible[:COMPARED])
    first = _asked(visible, offered, request.GET.get("a", ""))
    second = _asked(visible, offered, request.GET.get("b", ""))
    context: dict[str, Any] = {
        "programme": programme,
        "offered": offered,
        "first": first,
        "second": second,
        "today": timezone.localdate(),
    }
    status = 200
    if first is not None and second is not None and first.province_id != second.province_id:
        context["elsewhere"], status = True, 400
    elif first is not None:
        context |= _side_by_side(request, first, second, context["today"])
    return render(request, "reports/scenario_comparison.html", context, status=status)


def _side_by_side(
    request: PortalRequest, first: Scenario, second: Scenario | None, today: date
) -> dict[str, Any]:
    ground = load_ground(first.programme, first.province, as_of=today)
    places = {one.pk: _places(one) for one in (first, second) if one is not None}
    lineage = _lineage((one for placed in places.values() for one in placed), ground)
    left, right = (
        _side(one, places.get(one.pk, []) if one else [], ground, lineage, today)
        for one in (first, second)
    )
    units: list[tuple[Unit, int | None, int | None]] = [
        (unit, left.places.get(unit.pk), right.places.get(unit.pk)) for unit in ground.movable
    ]
    return {
        "left": left,
        "right": right,
        "sides": [left, right],
        "years": [
            (one, other, one.planned - other.planned)
            for one, other in zip(left.figures.years, right.figures.years, strict=True)
        ],
        "parts": list(zip(left.figures.parts, right.figures.parts, strict=True)),
        "differing": [row for row in units if row[1] != row[2]],
    }


def _side(
    scenario: Scenario | None,
    places: list[ScenarioPlace],
    ground: Ground,
    lineage: Lineage,
    today: date,
) -> Side:
    if scenario is None:
        return Side(TODAY, None, ground.today, weigh(ground, ground.today), ())
    carried = carry(places, ground, lineage, day=today)
    figures = weigh(ground, carried.places)
    return Side(scenario.title, scenario, carried.places, figures, carried.changes)


def _asked(visible: ScenarioQuerySet, offered: Sequence[Scenario], asked: str) -> Scenario | None:
    """The scenario of this identifier, mostly among those offered; None when none is asked for.

    Raises:
        Http404: it names none within reach.
    """
    if not asked:
        return None
    try:
        wanted = uuid.UUID(asked)
    except ValueError:
        raise Http404 from None
    found = next((one for one in offered if one.pk == wanted), None)
    return found or get_object_or_404(visible, pk=wanted)


def _fetch(request: PortalRequest, pk: uuid.UUID) -> Scenario:
    return get_object_or_404(
        Scenario.objects.visible_to(request.user).select_related(
            "programme__document",
            "programme__province",
            "province",
            "created_by",
            "withdrawn_by",
        ),
        pk=pk,
    )


def _places(scenario: Scenario) -> list[ScenarioPlace]:
    found = scenario.places.select_related("unit__district", "unit__province")
    # Databases disagree on where units without a district go.
    return sorted(found, key=lambda one: one.unit.list_key)


def _lineage(places: Iterable[ScenarioPlace], ground: Ground) -> Lineage:
    return Lineage.load([*(one.unit for one in places), *ground.units])
