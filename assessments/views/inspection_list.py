"""Inspections in reach: planned, late and done; what they found; and who was not visited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from assessments.forms.inspections import (
    ALL,
    COMING,
    OVERDUE,
    STATES,
    FilterForm,
    in_state,
)
from assessments.inspections import units_of, unvisited
from assessments.models import Inspection, InspectionFinding
from assessments.permissions import inspects, plans_for
from assessments.querysets import InspectionQuerySet
from assessments.views.inspection_page import INSPECTORS
from criteria.models import Programme
from wards.models import Unit
from wards.names import search_key

PER_PAGE = 25
TABS = {
    "inspection_list": "Các cuộc kiểm tra, giám sát",
    "finding_list": "Tồn tại chưa có biện pháp",
    "unvisited_list": "Đơn vị chưa được kiểm tra",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One visit of the list."""

    inspection: Inspection
    days_overdue: int
    findings: int
    open_findings: int


@allow(*READERS)
@require_safe
def inspection_list(request: PortalRequest) -> HttpResponse:
    """Visits by state, programme, year and unit; those to come first, the latest done first."""
    today = timezone.localdate()
    visible = Inspection.objects.visible_to(request.user)
    form = _filter(request, visible)
    if not form.is_valid():
        return _show(request, "inspection_list", {"form": form}, status=400)
    asked = form.cleaned_data
    narrowed = _narrowed(visible, asked)
    counts = narrowed.aggregate(
        **{code.replace("-", "_"): Count("pk", filter=in_state(code, today)) for code in STATES}
    )
    wanted = asked["tinh_trang"] or (
        OVERDUE if counts["qua_ngay"] else COMING if counts["sap_toi"] else ALL
    )
    found = narrowed.filter(in_state(wanted, today)).with_places()
    soonest = wanted in {COMING, OVERDUE}
    order = ("planned_for",) if soonest else ("-planned_for",)
    page = Paginator(found.order_by(*order, "unit__sort_key", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page_obj": page,
        "rows": _rows(list(page.object_list), today),
        "chips": [
            (code, label, counts[code.replace("-", "_")], code == wanted)
            for code, label in STATES.items()
        ],
        "wanted": wanted,
        "is_narrowed": any(asked[name] for name in ("chuong_trinh", "nam", "q")),
    }
    return _show(request, "inspection_list", context)


@allow(*READERS)
@require_safe
def finding_list(request: PortalRequest) -> HttpResponse:
    """What was found and nothing is planned against, the oldest visit first."""
    visible = Inspection.objects.visible_to(request.user)
    form = _filter(request, visible)
    if not form.is_valid():
        return _show(request, "finding_list", {"form": form}, status=400)
    asked = form.cleaned_data
    found = (
        InspectionFinding.objects.visible_to(request.user)
        .filter(remedy__isnull=True, inspection__in=_narrowed(visible, asked))
        .with_plans()
        .order_by("inspection__done_on", "inspection__unit__sort_key", "position", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(one, plans_for(one.inspection.unit, request.user)) for one in page.object_list],
        "is_narrowed": any(asked[name] for name in ("chuong_trinh", "nam", "q")),
    }
    return _show(request, "finding_list", context)


@allow(*READERS)
@require_safe
def unvisited_list(request: PortalRequest) -> HttpResponse:
    """Units of a programme that no inspection took place in, in one year."""
    today = timezone.localdate()
    programmes = list(
        Programme.objects.visible_to(request.user)
        .select_related("document", "province")
        .order_by("-starts", "code")
    )
    first = min((one.starts for one in programmes), default=today.year)
    form = FilterForm(request.GET, programmes=programmes, years=range(today.year, first - 1, -1))
    if not form.is_valid():
        return _show(request, "unvisited_list", {"form": form}, status=400)
    asked = form.cleaned_data
    chosen = _chosen(programmes, asked["chuong_trinh"], today.year)
    year = int(asked["nam"] or today.year)
    units = _in_reach(request, units_of(chosen, year, today)) if chosen else []
    missing = unvisited(chosen, year, units) if chosen else []
    rows = [one for one in missing if _is_named(one.unit, asked["q"])] if asked["q"] else missing
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "programme": chosen,
        "year": year,
        "total": len(units),
        "visited": len(units) - len(missing),
        "page_obj": page,
        "rows": [(one, inspects(one.unit, request.user)) for one in page.object_list],
        "is_narrowed": bool(asked["q"]),
    }
    return _show(request, "unvisited_list", context)


def _filter(request: PortalRequest, visible: InspectionQuerySet) -> FilterForm:
    programmes = Programme.objects.filter(pk__in=visible.order_by().values("programme"))
    years = [day.year for day in visible.dates("planned_for", "year", order="DESC")]
    return FilterForm(request.GET, programmes=programmes.order_by("-starts", "code"), years=years)


def _narrowed(inspections: InspectionQuerySet, asked: dict[str, Any]) -> InspectionQuerySet:
    if asked["chuong_trinh"]:
        inspections = inspections.filter(programme__code=asked["chuong_trinh"])
    if asked["nam"]:
        inspections = inspections.filter(planned_for__year=int(asked["nam"]))
    for word in search_key(asked["q"]).split():
        inspections = inspections.filter(_named(word))
    return inspections


def _named(word: str) -> Q:
    """Part of the name of the unit or its place; a number is a whole one ("1" is not "10")."""
    key = "unit__search_key"
    if word.isdigit():
        return Q(**{f"{key}__endswith": f" {word}"}) | Q(**{f"{key}__contains": f" {word} "})
    places = (key, "unit__district__search_key", "unit__province__search_key")
    found = Q()
    for place in places:
        found |= Q(**{f"{place}__contains": word})
    return found


def _is_named(unit: Unit, asked: str) -> bool:
    words = search_key(unit.full_name).replace(",", " ").split()
    return all(
        (word in words) if word.isdigit() else any(word in one for one in words)
        for word in search_key(asked).split()
    )


def _chosen(programmes: list[Programme], code: str, year: int) -> Programme | None:
    """The programme asked for; else the latest that is running and has a province's own units."""
    if code:
        return next(one for one in programmes if one.code == code)
    running = [one for one in programmes if one.starts <= year <= one.ends]
    own = [one for one in running if one.province_id is not None]
    return next(iter([*own, *running, *programmes]), None)


def _in_reach(request: PortalRequest, units: list[Unit]) -> list[Unit]:
    scope = request.user.scope
    return [one for one in units if scope.everything or one.province_id in scope.provinces]


def _rows(inspections: list[Inspection], today: date) -> list[Row]:
    """Each visit with how much it found and how much of that is open, in one query."""
    counts = {
        pk: (number, still)
        for pk, number, still in InspectionFinding.objects.filter(inspection__in=inspections)
        .order_by()
        .values_list("inspection")
        .annotate(number=Count("pk"), still=Count("pk", filter=Q(remedy__isnull=True)))
    }
    return [Row(one, one.days_overdue(today), *counts.get(one.pk, (0, 0))) for one in inspections]


def _show(
    request: PortalRequest, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    around = {
        "tabs": [(name, label, name == tab) for name, label in TABS.items()],
        "heading": TABS[tab],
        "may_write": bool(request.roles & set(INSPECTORS)),
    }
    template = f"assessments/inspections/{tab}.html"
    return render(request, template, {**around, **context}, status=status)
