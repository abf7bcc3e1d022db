"""Groups, criteria and indicators of a draft: adding, editing, moving, deleting."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from criteria.actions import drafting
from criteria.actions.drafting import FIELDS, Part
from criteria.actions.holding import DraftConflict, fingerprint
from criteria.forms.parts import CriterionForm, GroupForm, IndicatorForm, PartForm
from criteria.models import Criterion, Group, Indicator
from criteria.views.conflict import compared
from criteria.views.page import KINDS, SetPage

NAMES = {"nhom": "nhóm", "tieu-chi": "tiêu chí", "chi-so": "chỉ số"}


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PortalRequest, code: str, part: str) -> HttpResponse:
    """A new part; `trong` names the group of a criterion or the criterion of an indicator."""
    page = SetPage(request, code, to_edit=True)
    parent = _parent(request, page, part)
    if request.method != "POST":
        if page.set.is_published:
            return redirect("criteria_set", code)
        return _show(request, page, part, _form(page, part, parent=parent), parent=parent)
    form = _form(page, part, request.POST, parent=parent)
    if not form.is_valid():
        return _show(request, page, part, form, parent=parent, status=400)
    try:
        made = drafting.add_part(
            page.set,
            KINDS[part],
            form.values,
            parent=parent if isinstance(parent, Criterion) else None,
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _show(request, page, part, form, parent=parent, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã thêm {NAMES[part]} {made.code}.")
    return redirect(_place(page, made))


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PortalRequest, code: str, part: str, part_pk: int) -> HttpResponse:
    """One part; what another editor wrote meanwhile is shown beside what was typed."""
    page = SetPage(request, code, to_edit=True)
    found = page.part(KINDS[part], part_pk)
    if request.method != "POST":
        if page.set.is_published:
            return redirect("criteria_set", code)
        return _show(request, page, part, _form(page, part, row=found), row=found)
    form = _form(page, part, request.POST, row=found)
    if not form.is_valid():
        return _show(request, page, part, form, row=found, status=400)
    try:
        drafting.save_part(
            page.set,
            found,
            form.values,
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except DraftConflict as refusal:
        stored = _form(page, part, row=page.part(KINDS[part], part_pk))
        lines = compared(form, stored)
        form.data = {**request.POST.dict(), "seen": stored.initial["seen"]}
        return _show(
            request,
            page,
            part,
            form,
            row=found,
            refused=refusal.sentence,
            lines=lines,
            status=409,
        )
    except NotReady as refusal:
        return _show(request, page, part, form, row=found, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã lưu {NAMES[part]} {found.code}.")
    return redirect(_place(page, found))


@allow(Role.COORDINATOR)
@require_POST
def move(request: PortalRequest, code: str, part: str, part_pk: int) -> HttpResponse:
    """One place up or down."""
    page = SetPage(request, code, to_edit=True)
    found = page.part(KINDS[part], part_pk)
    way = request.POST.get("huong")
    if way not in {"len", "xuong"}:
        raise BadRequest
    try:
        drafting.move_part(page.set, found, up=way == "len", by=request.user, now=timezone.now())
    except NotReady as refusal:
        return _refused(request, page, refusal.sentence)
    return redirect(_place(page, found))


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: PortalRequest, code: str, part: str, part_pk: int) -> HttpResponse:
    """Asks, then takes the part out of the draft with all that stands under it."""
    page = SetPage(request, code, to_edit=True)
    found = page.part(KINDS[part], part_pk)
    if request.method != "POST" and page.set.is_published:
        return redirect("criteria_set", code)
    refused = ""
    if request.method == "POST":
        try:
            drafting.delete_part(
                page.set,
                found,
                seen=request.POST.get("seen", ""),
                by=request.user,
                now=timezone.now(),
            )
        except NotReady as refusal:
            refused = refusal.sentence
            found = page.part(KINDS[part], part_pk)
        else:
            messages.success(request, f"Đã xóa {NAMES[part]} {found.code} khỏi bản nháp.")
            return redirect("criteria_draft", code)
    context = {
        "page": page,
        "part": part,
        "row": found,
        "name": NAMES[part],
        "inside": _inside(found),
        "seen": fingerprint(found, FIELDS[type(found)]),
        "refused": refused,
    }
    return render(request, "criteria/delete.html", context, status=409 if refused else 200)


def _inside(found: Part) -> list[Criterion] | list[Indicator]:
    if isinstance(found, Group):
        return list(found.criteria.all())
    return list(found.indicators.all()) if isinstance(found, Criterion) else []


def _parent(request: PortalRequest, page: SetPage, part: str) -> Group | Criterion | None:
    """Where the new part belongs; a criterion may be added without a group being named."""
    named = request.POST.get("trong") or request.GET.get("trong") or ""
    if part == "nhom" or (part == "tieu-chi" and not named):
        return None
    if not named.isdecimal() or len(named) > 9:
        raise Http404
    if part == "tieu-chi":
        return get_object_or_404(page.set.groups, pk=int(named))
    return get_object_or_404(page.set.criteria, pk=int(named))


def _form(
    page: SetPage,
    part: str,
    data: Any = None,
    *,
    row: Part | None = None,
    parent: Group | Criterion | None = None,
) -> PartForm:
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {field: getattr(row, field) for field in FIELDS[type(row)]}
        initial["seen"] = fingerprint(row, FIELDS[type(row)])
    if isinstance(row, Indicator) and row.scale_code:
        initial["level"] = f"{row.scale_code}:{row.at_least_level}"
    if part == "nhom":
        return GroupForm(data, initial=initial)
    if part == "tieu-chi":
        if parent is not None:
            initial.setdefault("group_id", parent.pk)
        return CriterionForm(data, criteria_set=page.set, initial=initial)
    return IndicatorForm(data, initial=initial)


def _place(page: SetPage, row: Part) -> str:
    """The draft page, at this part."""
    anchor = row.criterion if isinstance(row, Indicator) else row
    kind = "nhom" if isinstance(anchor, Group) else "tieu-chi"
    return f"{reverse('criteria_draft', args=[page.set.code])}#{kind}-{anchor.pk}"


def _refused(request: PortalRequest, page: SetPage, sentence: str) -> HttpResponse:
    context = {"page": page, "sentence": sentence}
    return render(request, "criteria/refused.html", context, status=409)


def _show(
    request: PortalRequest,
    page: SetPage,
    part: str,
    form: PartForm,
    *,
    row: Part | None = None,
    parent: Group | Criterion | None = None,
    refused: str = "",
    lines: Any = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "part": part,
        "name": NAMES[part],
        "form": form,
        "row": row,
        "parent": parent if isinstance(parent, Criterion) else None,
        "refused": refused,
        "lines": lines,
    }
    return render(request, "criteria/part.html", context, status=status)
