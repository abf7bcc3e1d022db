"""Proposed lists: all of a programme, one with what it was based on, and the decision on it."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from assessments.actions import selecting
from assessments.forms.choice import SelectionDecisionForm
from assessments.models import Selection, SelectionState
from criteria.models import Programme
from reports.views.reach import reaches

PER_PAGE = 20
SAID = {
    SelectionState.APPROVED: "Đã duyệt đề xuất; {} đơn vị được đưa thêm vào danh sách đăng ký.",
    SelectionState.DECLINED: "Đã ghi ý kiến không duyệt; người đề xuất được báo.",
    SelectionState.WITHDRAWN: "Đã rút đề xuất.",
}


@allow(Role.COORDINATOR, Role.LEADER, Role.MINISTRY_VIEWER)
@require_safe
def selection_list(request: PortalRequest, code: str) -> HttpResponse:
    """The proposals of a programme that one sees, the latest year first."""
    programme = get_object_or_404(
        Programme.objects.visible_to(request.user).select_related("province"), code=code
    )
    found = (
        Selection.objects.visible_to(request.user)
        .filter(programme=programme)
        .with_counts()
        .select_related("province", "proposed_by", "decided_by")
        .order_by("-year", "-proposed_at", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "reports/selection_list.html", {"programme": programme, "page_obj": page}
    )


@allow(Role.COORDINATOR, Role.LEADER, Role.MINISTRY_VIEWER)
@require_safe
def selection(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One proposal: its units as they were known, its author, its decision."""
    return _show(request, _fetch(request, pk))


@allow(Role.COORDINATOR, Role.LEADER)
@require_POST
def decide_selection(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Approve, decline, or take one's own back; what was written stays when refused."""
    found = _fetch(request, pk)
    form = SelectionDecisionForm(request.POST)
    if not form.is_valid():
        selecting.require_part(found, request.user)
        return _show(request, found, form=form, status=400)
    decision, note = SelectionState(form.cleaned_data["decision"]), form.cleaned_data["note"]
    opened = 0
    try:
        match decision:
            case SelectionState.APPROVED:
                now = database_now()
                opened = len(selecting.approve(found, note=note, by=request.user, now=now))
            case SelectionState.DECLINED:
                selecting.decline(found, note=note, by=request.user, now=database_now())
            case _:
                selecting.withdraw(found, note=note, by=request.user, now=database_now())
    except NotReady as refusal:
        fresh = _fetch(request, pk)
        return _show(request, fresh, form=form, refused=refusal.sentence, status=409)
    messages.success(request, SAID[decision].format(opened))
    return redirect("selection", found.pk)


def _fetch(request: PortalRequest, pk: uuid.UUID) -> Selection:
    return get_object_or_404(
        Selection.objects.visible_to(request.user).select_related(
            "programme__document", "programme__province", "province", "proposed_by", "decided_by"
        ),
        pk=pk,
    )


def _show(
    request: PortalRequest,
    found: Selection,
    *,
    form: SelectionDecisionForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    is_open = found.state == SelectionState.PROPOSED
    chosen = found.chosen.select_related("unit__district", "unit__province")
    context = {
        "selection": found,
        "rows": [(row, reaches(request.user, row.unit)) for row in chosen],
        "opened": found.registrations.count(),
        "form": form or SelectionDecisionForm(),
        "refused": refused,
        "may_decide": is_open and selecting.may_decide(found, request.user),
        "may_withdraw": is_open and found.proposed_by_id == request.user.pk,
        "coordinates": request.user.scope.serves(Role.COORDINATOR, found.province_id),
        "may_pick": found.province_id
        in request.user.scope.provinces_as(Role.COORDINATOR, Role.LEADER),
    }
    return render(request, "reports/selection.html", context, status=status)
