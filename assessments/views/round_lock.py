"""Closing the figures of a round, and the two people it takes to open them again."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from assessments.actions.locking import (
    close_round,
    confirm_unlock,
    request_unlock,
    withdraw_unlock_request,
)
from assessments.forms.rounds import UnlockForm
from assessments.models import Appeal
from assessments.permissions import require_care_of
from assessments.readiness import RoundClosed
from assessments.views.round_page import RoundPage
from assessments.workflow import CONCLUDED, EDITABLE, Status

WAYS = ["GET", "HEAD", "POST"]


@allow(Role.COORDINATOR)
@require_http_methods(WAYS)
def close(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What closing means, with the files as they stand; POST closes."""
    page = RoundPage(request, pk)
    require_care_of(page.round, request.user, Role.COORDINATOR)
    if request.method != "POST":
        return _show_close(request, page)
    try:
        close_round(page.round, by=request.user, now=database_now())
    except RoundClosed as refusal:
        # A second press of the same person finds what the first one did.
        if refusal.lock.locked_by == request.user:
            return redirect(page.address("round"))
        return _show_close(request, page, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã chốt số liệu năm {page.round.year}.")
    return redirect(page.address("round"))


@allow(Role.COORDINATOR)
@require_http_methods(WAYS)
def ask(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Why the figures have to be opened again; POST asks a second person."""
    page = RoundPage(request, pk)
    require_care_of(page.round, request.user, Role.COORDINATOR)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _show_unlock(request, page, form=form)
    if not form.is_valid():
        return _show_unlock(request, page, form=form, status=400)
    try:
        request_unlock(
            page.round, reason=form.cleaned_data["reason"], by=request.user, now=database_now()
        )
    except NotReady as refusal:
        return _show_unlock(request, page, form=form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        "Đã ghi đề nghị mở lại số liệu. Số liệu vẫn khóa đến khi một cán bộ tổng hợp khác hoặc "
        "lãnh đạo xác nhận.",
    )
    return redirect(page.address("round"))


@allow(Role.COORDINATOR, Role.LEADER)
@require_http_methods(WAYS)
def confirm(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The request and its reason; POST opens the figures as the second person."""
    page = RoundPage(request, pk)
    require_care_of(page.round, request.user, Role.COORDINATOR, Role.LEADER)
    if request.method != "POST":
        return _show_unlock(request, page, confirming=True)
    try:
        confirm_unlock(page.round, by=request.user, now=database_now())
    except NotReady as refusal:
        fresh = RoundPage(request, pk)
        return _show_unlock(request, fresh, confirming=True, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã mở lại số liệu năm {page.round.year}.")
    return redirect(page.address("round"))


@allow(Role.COORDINATOR)
@require_http_methods(WAYS)
def withdraw_request(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """POST takes back one's own request; opened by its address it leads to the round."""
    page = RoundPage(request, pk)
    require_care_of(page.round, request.user, Role.COORDINATOR)
    if request.method != "POST":
        return redirect(page.address("round"))
    try:
        withdraw_unlock_request(page.round, by=request.user, now=database_now())
    except NotReady as refusal:
        fresh = RoundPage(request, pk)
        return _show_unlock(request, fresh, confirming=True, refused=refusal.sentence, status=409)
    messages.success(request, "Đã rút đề nghị mở lại. Số liệu vẫn khóa.")
    return redirect(page.address("round"))


def _show_close(
    request: PortalRequest, page: RoundPage, *, refused: str = "", status: int = 200
) -> HttpResponse:
    counts = page.counts()
    return render(
        request,
        "assessments/rounds/close.html",
        {
            "page": page,
            "round": page.round,
            "refused": refused,
            "counts": [(status_, number) for status_, number in counts.items()],
            "total": sum(counts.values()),
            "drafts": _sum(counts, EDITABLE),
            "in_review": _sum(counts, {Status.SUBMITTED, Status.UNDER_REVIEW}),
            "concluded": _sum(counts, CONCLUDED),
            "appeals": Appeal.objects.filter(
                assessment__round=page.round, decided_at__isnull=True
            ).count(),
        },
        status=status,
    )


def _sum(counts: dict[Status, int], wanted: Any) -> int:
    return sum(number for status, number in counts.items() if status in wanted)


def _show_unlock(
    request: PortalRequest,
    page: RoundPage,
    *,
    form: UnlockForm | None = None,
    confirming: bool = False,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "assessments/rounds/unlock.html",
        {
            "page": page,
            "round": page.round,
            "form": form,
            "confirming": confirming,
            "refused": refused,
        },
        status=status,
    )
