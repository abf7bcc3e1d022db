"""What became of each criterion of the replaced set, line by line."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from criteria.actions import mapping_sets
from criteria.forms.sets import LineForm
from criteria.readiness import gaps_of_mapping
from criteria.views.page import SetPage


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: PortalRequest, code: str) -> HttpResponse:
    """The lines there are, what is still open, suggestions to confirm, and a form for one more."""
    page = SetPage(request, code, to_edit=True)
    if request.method != "POST":
        if page.set.is_published:
            return redirect("criteria_set", code)
        return _show(request, page)
    acts: dict[str, Callable[[PortalRequest, SetPage], HttpResponse]] = {
        "them": _add,
        "xoa": _remove,
        "xac-nhan": _confirm,
    }
    act = acts.get(request.POST.get("viec", ""))
    if act is None:
        raise BadRequest
    return act(request, page)


def _add(request: PortalRequest, page: SetPage) -> HttpResponse:
    form = LineForm(request.POST, criteria_set=page.set)
    if not form.is_valid():
        return _show(request, page, form=form, status=400)
    try:
        mapping_sets.add_line(page.set, form.line, by=request.user, now=timezone.now())
    except NotReady as refusal:
        return _show(request, page, form=form, refused=refusal.sentence, status=409)
    messages.success(request, "Đã thêm một dòng đối chiếu.")
    return redirect("criteria_mapping", page.set.code)


def _remove(request: PortalRequest, page: SetPage) -> HttpResponse:
    named = request.POST.get("dong", "")
    if not named.isdecimal() or len(named) > 9:
        raise BadRequest
    try:
        mapping_sets.remove_line(page.set, int(named), by=request.user, now=timezone.now())
    except NotReady as refusal:
        return _show(request, page, refused=refusal.sentence, status=409)
    messages.success(request, "Đã bỏ một dòng đối chiếu.")
    return redirect("criteria_mapping", page.set.code)


def _confirm(request: PortalRequest, page: SetPage) -> HttpResponse:
    ticked = set(request.POST.getlist("goi-y"))
    lines = [
        line
        for line in mapping_sets.suggestions(page.set)
        if line.former and str(line.former.pk) in ticked
    ]
    try:
        mapping_sets.confirm_suggestions(
            page.set,
            lines,
            seen=request.POST.get("seen", ""),
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _show(request, page, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã xác nhận {len(lines)} dòng giữ nguyên.")
    return redirect("criteria_mapping", page.set.code)


def _show(
    request: PortalRequest,
    page: SetPage,
    *,
    form: LineForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    is_draft = not page.set.is_published
    context = {
        "page": page,
        "lines": page.set.correspondences.select_related("former", "current"),
        "suggestions": list(mapping_sets.suggestions(page.set)) if is_draft else [],
        "open": gaps_of_mapping(page.set),
        "form": form or LineForm(criteria_set=page.set),
        "seen": mapping_sets.lines_seen(page.set),
        "refused": refused,
        "is_draft": is_draft,
    }
    return render(request, "criteria/mapping.html", context, status=status)
