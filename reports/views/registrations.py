"""The list of a year: its three figures, who is on it, and what the coordinator changes."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import READERS, NotAllowed, NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role, User
from assessments.actions import registering
from assessments.forms.choice import AddUnitsForm, QuotaForm, RemovalForm
from assessments.models import Registration, RegistrationSource
from criteria.models import Programme
from criteria.roster import units_in_scope
from reports.rollup.registrations import SourceFigure, YearList, year_lists
from reports.views.choice_reach import programme_of_year, provinces_of
from reports.views.reach import reaches
from wards.models import Unit

Figure = tuple[SourceFigure, list[tuple[Registration, bool]], int]
"""A figure with some of its units, each with whether its page opens, and the first one's number."""
PER_PAGE = 100
"""Units of a year on one page, those of all sources together."""
NAMED_UNITS = 12
"""Units that the roadmap names for a year and a source; the list of the year has them all."""


@allow(*READERS)
@require_safe
def registrations(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The list of a year with its three figures."""
    return _show(request, programme_of_year(request.user, code, year), year)


@allow(Role.COORDINATOR)
@require_POST
def add_units(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Put units on the list that the Ministry assigned or the province adds."""
    programme = programme_of_year(request.user, code, year)
    _require_coordinator(request, programme)
    candidates = _units_to_add(request, programme, year)
    form = AddUnitsForm(request.POST, units=candidates)
    if not form.is_valid():
        return _show(request, programme, year, adding=form, status=400)
    wanted = set(form.cleaned_data["units"])
    try:
        made = registering.add_units(
            programme,
            year,
            [unit for unit in candidates if unit.pk in wanted],
            source=RegistrationSource(form.cleaned_data["source"]),
            number=form.cleaned_data["number"],
            by=request.user,
            now=database_now(),
        )
    except NotReady as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, programme, year, adding=form, status=409)
    messages.success(request, f"Đã đưa thêm {len(made)} đơn vị vào danh sách năm {year}.")
    return redirect("registrations", code, year)


@allow(Role.COORDINATOR)
@require_POST
def record_quota(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Write down how many units a document tells."""
    programme = programme_of_year(request.user, code, year)
    _require_coordinator(request, programme)
    form = QuotaForm(request.POST)
    if not form.is_valid():
        return _show(request, programme, year, quota=form, status=400)
    try:
        registering.record_quota(
            programme, year, **form.cleaned_data, by=request.user, now=database_now()
        )
    except NotReady as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, programme, year, quota=form, status=409)
    messages.success(request, f"Đã ghi số liệu theo văn bản của năm {year}.")
    return redirect("registrations", code, year)


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_registration(request: PortalRequest, registration_pk: int) -> HttpResponse:
    """Why a registration is wrong; POST takes it off the list."""
    found = get_object_or_404(
        Registration.objects.visible_to(request.user).select_related(
            "programme__province", "unit__district", "unit__province", "registered_by", "selection"
        ),
        pk=registration_pk,
    )
    registering.require_coordinator_of(found.programme, found.unit, request.user)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    refused, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            try:
                registering.remove(
                    found,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=database_now(),
                )
            except NotReady as refusal:
                refused, status = refusal.sentence, 409
            else:
                messages.success(
                    request,
                    f"Đã gỡ {found.unit.heading_name} khỏi danh sách năm {found.year} "
                    f"({found.get_source_display()}).",
                )
                return redirect("registrations", found.programme.code, found.year)
        else:
            status = 400
    context = {"registration": found, "form": form, "refused": refused}
    return render(request, "reports/registration_remove.html", context, status=status)


@allow(Role.COMMANDER)
@require_POST
def own_registration(
    request: PortalRequest, pk: uuid.UUID, programme: str, year: int
) -> HttpResponse:
    """A commander puts her own unit on the list of a year, or takes it back."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user).with_places(), pk=pk)
    found = get_object_or_404(Programme.objects.visible_to(request.user), code=programme)
    if not found.starts <= year <= found.ends:
        raise Http404
    try:
        if "rut" in request.POST:
            registering.withdraw_own(found, unit, year, by=request.user, now=database_now())
            messages.success(request, f"Đã rút đăng ký năm {year} của {unit.heading_name}.")
        else:
            registering.register_own(found, unit, year, by=request.user, now=database_now())
            messages.success(request, f"Đã tự đăng ký năm {year} cho {unit.heading_name}.")
    except NotReady as refusal:
        context = {"unit": unit, "programme": found, "year": year, "refused": refusal.sentence}
        return render(request, "reports/registration_refused.html", context, status=409)
    return redirect("home")


def listed(user: User, lists: list[YearList]) -> list[tuple[YearList, list[Figure]]]:
    """Year by year, each figure with its first units and whether the person opens their pages."""
    return [
        (one, [_part(user, figure, range(NAMED_UNITS)) for figure in one.figures]) for one in lists
    ]


def _part(user: User, figure: SourceFigure, places: range) -> Figure:
    rows = figure.listed[max(0, places.start) : max(0, places.stop)]
    return figure, [(row, reaches(user, row.unit)) for row in rows], max(0, places.start) + 1


def _on_page(user: User, one: YearList, page: Page[Registration]) -> list[Figure]:
    """Each figure with those of its units that are on a page of all units of the year."""
    shown = range(page.start_index() - 1, page.end_index())
    found, before = [], 0
    for figure in one.figures:
        found.append(_part(user, figure, range(shown.start - before, shown.stop - before)))
        before += figure.known
    return found


def _coordinates(request: PortalRequest, programme: Programme) -> bool:
    return bool(provinces_of(request.user, programme, Role.COORDINATOR))


def _require_coordinator(request: PortalRequest, programme: Programme) -> None:
    if not _coordinates(request, programme):
        raise NotAllowed(registering.ONLY_COORDINATOR)


def _units_to_add(request: PortalRequest, programme: Programme, year: int) -> list[Unit]:
    """The units that this person may put on the list of that year."""
    day = registering.day_of_list(year, now=timezone.now())
    units = units_in_scope(programme, day)
    if programme.province_id is None:
        mine = request.user.scope.provinces_as(Role.COORDINATOR)
        return [unit for unit in units if unit.province_id in mine]
    return units


def _show(
    request: PortalRequest,
    programme: Programme,
    year: int,
    *,
    adding: AddUnitsForm | None = None,
    quota: QuotaForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    # A province's programme keeps its list after its units went to another province.
    within = (
        Registration.objects.visible_to(request.user) if programme.province_id is None else None
    )
    found = year_lists(programme, as_of=today, year=year, within=within)[0]
    rows = [row for figure in found.figures for row in figure.listed]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    coordinates = _coordinates(request, programme)
    context: dict[str, Any] = {
        "programme": programme,
        "year": year,
        "years": range(programme.starts, programme.ends + 1),
        "list": found,
        "figures": _on_page(request.user, found, page),
        "page_obj": page,
        "coordinates": coordinates,
        "may_pick": bool(provinces_of(request.user, programme, Role.COORDINATOR, Role.LEADER)),
        "is_past": year < today.year,
    }
    if coordinates:
        context["adding"] = adding or AddUnitsForm(units=_units_to_add(request, programme, year))
        if programme.province_id is not None:
            context["quota"] = quota or _quota_form(found)
    return render(request, "reports/registrations.html", context, status=status)


def _quota_form(found: YearList) -> QuotaForm:
    stored = found.quota
    if stored is None:
        return QuotaForm()
    return QuotaForm(
        initial={
            "assigned": stored.assigned,
            "registered": stored.registered,
            "added": stored.added,
            "number": stored.document.number if stored.document else "",
            "issued_on": stored.document.issued_on if stored.document else None,
            "text": stored.text,
        }
    )
