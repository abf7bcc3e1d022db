"""A draft: making one, what it is, and all its parts in order."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from criteria.actions import drafting
from criteria.actions.drafting import SET_FIELDS
from criteria.actions.holding import DraftConflict, fingerprint
from criteria.forms.sets import FactsForm, NewSetForm
from criteria.models import Criterion, Group
from criteria.readiness import SetCount, gaps
from criteria.thresholds import threshold_text
from criteria.views.conflict import compared
from criteria.views.page import SetPage
from criteria.views.reading import IndicatorLine


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """One group with its criteria and their indicators, as the draft page lists them."""

    group: Group
    criteria: list[tuple[Criterion, list[IndicatorLine]]]


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """A new draft, empty or copied from the version named by `tu`."""
    sent = request.POST if request.method == "POST" else None
    form = NewSetForm(sent, user=request.user, initial={"source": request.GET.get("tu", "")})
    if sent is None:
        return render(request, "criteria/new.html", {"form": form})
    if not form.is_valid():
        return render(request, "criteria/new.html", {"form": form}, status=400)
    said = form.cleaned_data
    try:
        made = drafting.create(
            code=said["code"],
            name=said["name"],
            province=said["province"],
            source=said["source"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        form.add_error("code", refusal.sentence)
        return render(request, "criteria/new.html", {"form": form}, status=409)
    messages.success(request, f"Đã lập bản nháp {made.code}. Bộ cũ không thay đổi.")
    return redirect("criteria_draft", made.code)


@allow(Role.COORDINATOR)
@require_safe
def draft(request: PortalRequest, code: str) -> HttpResponse:
    """Everything in the draft, with what may be done to it and what is still missing."""
    page = SetPage(request, code, to_edit=True)
    if page.set.is_published:
        return redirect("criteria_set", code)
    inside: dict[int, list[tuple[Criterion, list[IndicatorLine]]]] = {}
    for criterion in page.set.criteria.with_indicators().order_by("position"):
        lines = [IndicatorLine(one, threshold_text(one)) for one in criterion.indicators.all()]
        inside.setdefault(criterion.group_id, []).append((criterion, lines))
    groups = [DraftGroup(one, inside.get(one.pk, [])) for one in page.set.groups.all()]
    context = {
        "page": page,
        "groups": groups,
        "count": SetCount(sum(len(one.criteria) for one in groups), page.set.stated_count),
        "gap_count": len(gaps(page.set)),
    }
    return render(request, "criteria/draft.html", context)


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: PortalRequest, code: str) -> HttpResponse:
    """Name, document, what it replaces, how many criteria its document states."""
    page = SetPage(request, code, to_edit=True)
    if request.method != "POST":
        if page.set.is_published:
            return redirect("criteria_set", code)
        return _show_facts(request, page, _facts_form(page))
    form = _facts_form(page, request.POST)
    if not form.is_valid():
        return _show_facts(request, page, form, status=400)
    try:
        drafting.save_facts(
            page.set,
            form.values,
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=timezone.now(),
        )
    except DraftConflict as refusal:
        return _show_facts(request, page, form, refused=refusal.sentence, conflict=True, status=409)
    except NotReady as refusal:
        return _show_facts(request, page, form, refused=refusal.sentence, status=409)
    messages.success(request, "Đã lưu thông tin chung của bản nháp.")
    return redirect("criteria_draft", code)


def _facts_form(page: SetPage, data: Any = None) -> FactsForm:
    initial = {
        "name": page.set.name,
        "short_name": page.set.short_name,
        "document": page.set.document_id,
        "replaces": page.set.replaces_id,
        "stated_count": page.set.stated_count,
        "is_confirmed": page.set.is_confirmed,
        "note": page.set.note,
        "seen": fingerprint(page.set, SET_FIELDS),
    }
    return FactsForm(data, criteria_set=page.set, user=page.request.user, initial=initial)


def _show_facts(
    request: PortalRequest,
    page: SetPage,
    form: FactsForm,
    *,
    refused: str = "",
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    lines = []
    if conflict:
        page.set.refresh_from_db()
        stored = _facts_form(page)
        lines = compared(form, stored)
        form.data = {**request.POST.dict(), "seen": stored.initial["seen"]}
    context = {"page": page, "form": form, "refused": refused, "lines": lines}
    return render(request, "criteria/facts.html", context, status=status)
