"""Planning a visit, changing the plan, calling it off."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from assessments.actions import inspecting
from assessments.actions.inspecting import InspectionConflict, PlanDraft
from assessments.forms.inspections import CancelForm, PlanForm
from assessments.models import Inspection
from assessments.permissions import require_inspector
from assessments.views.inspection_page import (
    INSPECTORS,
    KEPT,
    Conflict,
    InspectionPage,
    Line,
    crumbs,
    open_page,
    show,
)
from criteria.models import Programme
from wards.models import Unit
from wards.querysets import UnitQuerySet

WAYS = ["GET", "HEAD", "POST"]


@allow(*INSPECTORS)
@require_http_methods(WAYS)
def inspection_new(request: PortalRequest) -> HttpResponse:
    """Plan a visit to a unit of a programme; `?don_vi=` and `?chuong_trinh=` begin the form."""
    today = timezone.localdate()
    programmes = _programmes(request)
    options: dict[str, Any] = {
        "programmes": programmes,
        "units": _units(request, programmes),
        "today": today,
    }
    if request.method != "POST":
        return _form(request, PlanForm(**options, start=_start(request, programmes)))
    form = PlanForm(request.POST, **options)
    if not form.is_valid():
        return _form(request, form, status=400)
    programme, unit = form.chosen
    try:
        inspection = inspecting.plan(
            programme,
            unit,
            form.draft(),
            # A form that lost its key on the way still plans its visit, only not safely twice.
            key=form.cleaned_data["key"] or uuid.uuid4(),
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _form(request, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã lập kế hoạch {inspection.get_kind_display().lower()} "
        f"ngày {inspection.planned_for:%d/%m/%Y}; Trưởng Công an đơn vị được báo.",
    )
    return redirect("inspection", inspection.pk)


@allow(*INSPECTORS)
@require_http_methods(WAYS)
def inspection_edit(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the plan of a visit that has not taken place."""
    page = open_page(request, pk, require_inspector)
    inspection = page.inspection
    if request.method != "POST" and not inspection.is_planned:
        return _over(request, page)
    today = timezone.localdate()
    form = PlanForm(
        request.POST if request.method == "POST" else None, today=today, inspection=inspection
    )
    if request.method != "POST":
        return _form(request, form, page)
    form.fields["version"].required = True
    if not form.is_valid():
        return _form(request, form, page, status=400)
    if form.draft() == PlanDraft.of(inspection) and inspection.is_planned:
        messages.info(request, "Nội dung không có gì thay đổi so với lần lưu trước.")
        return redirect(page.address)
    try:
        inspecting.change(
            inspection,
            form.draft(),
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
    except InspectionConflict as clash:
        return _clash(request, page, form, clash)
    except NotReady as refusal:
        return _form(request, form, page, refused=refusal.sentence, status=409)
    messages.success(request, "Đã đổi kế hoạch; Trưởng Công an đơn vị được báo.")
    return redirect(page.address)


@allow(*INSPECTORS)
@require_http_methods(WAYS)
def inspection_cancel(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Why a planned visit is called off; POST calls it off."""
    page = open_page(request, pk, require_inspector)
    if request.method != "POST":
        if not page.inspection.is_planned:
            return _over(request, page)
        form = CancelForm(initial={"version": page.inspection.version})
        return _cancel(request, page, form)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _cancel(request, page, form, status=400)
    try:
        inspecting.cancel(
            page.inspection,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
    except InspectionConflict as clash:
        page = open_page(request, pk, require_inspector)
        again = CancelForm({**form.cleaned_data, "version": clash.current.version})
        sentence = f"{clash.sentence} Người lưu: {clash.current.updated_by}."
        return _cancel(request, page, again, refused=sentence, status=409)
    except NotReady as refusal:
        page = open_page(request, pk, require_inspector)
        return _cancel(request, page, form, refused=refusal.sentence, status=409)
    messages.success(request, "Đã hủy cuộc này; Trưởng Công an đơn vị được báo kèm lý do.")
    return redirect(page.address)


def _programmes(request: PortalRequest) -> list[Programme]:
    """Programmes one may plan for, the latest first."""
    visible = Programme.objects.visible_to(request.user).select_related("document", "province")
    return list(visible.order_by("-starts", "code"))


def _units(request: PortalRequest, programmes: list[Programme]) -> UnitQuerySet:
    """Units of one's provinces of the kinds that programmes concern."""
    kinds = {kind for one in programmes for kind in one.unit_kinds}
    return (
        Unit.objects.filter(
            province__in=request.user.scope.provinces_as(*INSPECTORS), kind__in=kinds
        )
        .with_places()
        .order_by("district__code", "sort_key", "code")
    )


def _start(request: PortalRequest, programmes: list[Programme]) -> dict[str, str]:
    """What the address chooses; anything else is simply not chosen."""
    code = request.GET.get("chuong_trinh", "")
    chosen = [str(one.pk) for one in programmes if one.code == code]
    return {
        "unit": request.GET.get("don_vi", ""),
        **({"programme": chosen[0]} if chosen else {}),
    }


def _over(request: PortalRequest, page: InspectionPage) -> HttpResponse:
    """There is no plan any more to change."""
    sentence = (
        "Cuộc này đã hủy, không đổi kế hoạch được nữa."
        if page.inspection.is_cancelled
        else inspecting.ALREADY_DONE
    )
    return show(request, page, refused=sentence)


def _form(
    request: PortalRequest,
    form: PlanForm,
    page: InspectionPage | None = None,
    *,
    refused: str = "",
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    heading = "Đổi kế hoạch kiểm tra" if page else "Lập kế hoạch kiểm tra"
    context = {
        "page": page,
        "form": form,
        "heading": heading,
        "refused": refused,
        "kept": KEPT,
        "conflict": conflict,
        "crumbs": crumbs(request, page, heading),
    }
    return render(request, "assessments/inspections/plan.html", context, status=status)


def _cancel(
    request: PortalRequest,
    page: InspectionPage,
    form: CancelForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "form": form,
        "refused": refused,
        "kept": KEPT,
        "crumbs": crumbs(request, page, "Hủy cuộc này"),
    }
    return render(request, "assessments/inspections/cancel.html", context, status=status)


def _clash(
    request: PortalRequest, page: InspectionPage, form: PlanForm, clash: InspectionConflict
) -> HttpResponse:
    """Both versions; the form keeps what was typed, and its next press is meant for the new one."""
    typed = request.POST.copy()
    typed["version"] = str(clash.current.version)
    again = PlanForm(typed, today=timezone.localdate(), inspection=clash.current)
    lines = [
        Line(str(field.label), _shown(form, name), _stored(clash.current, name))
        for name, field in form.fields.items()
        if name in PlanDraft.__dataclass_fields__
    ]
    conflict = Conflict(clash.sentence, clash.current, lines)
    return _form(request, again, page, conflict=conflict, status=409)


def _shown(form: PlanForm, name: str) -> str:
    value = form.cleaned_data[name]
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value) or formats.localize(value) or "–")


def _stored(inspection: Inspection, name: str) -> str:
    if name == "kind":
        return str(inspection.get_kind_display())
    return str(formats.localize(getattr(inspection, name)) or "–")
