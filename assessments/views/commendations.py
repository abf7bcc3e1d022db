"""Commendations of units: listed, recorded, taken away when entered by mistake."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import READERS, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import commending
from assessments.forms.recognition import RemovalForm
from assessments.forms.recognition_history import CommendationForm
from assessments.models import Commendation
from assessments.views.recognition_history import asked_for

PER_PAGE = 25


@allow(*READERS)
@require_safe
def commendation_list(request: PortalRequest) -> HttpResponse:
    """Commendations in reach, the latest first."""
    found = (
        Commendation.objects.visible_to(request.user)
        .select_related("document", "programme", "unit__district", "unit__province")
        .order_by("-decided_on", "unit__sort_key", "pk")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "may_act": Role.COORDINATOR in request.roles,
        "crumbs": [("Sổ công nhận", reverse("recognition_register")), ("Khen thưởng", "")],
    }
    return render(request, "assessments/recognition/commendations.html", context)


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def commend(request: PortalRequest) -> HttpResponse:
    """Record a commendation of a unit."""
    today = timezone.localdate()
    if request.method != "POST":
        form = CommendationForm(initial=asked_for(request), today=today, user=request.user)
        return _page(request, form)
    form = CommendationForm(request.POST, today=today, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=400)
    typed = form.cleaned_data
    if _recorded_so(typed):
        return redirect("commendation_list")  # sent twice, recorded once
    try:
        recorded = commending.commend(
            typed["programme"],
            typed["unit"],
            form=typed["form"],
            number=typed["number"],
            decided_on=typed["decided_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            for_year=typed["for_year"],
            note=typed["note"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, form, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã ghi “{recorded.form}” của {recorded.unit.full_name}.")
    return redirect("commendation_list")


def _recorded_so(typed: dict[str, Any]) -> bool:
    return Commendation.objects.filter(
        programme=typed["programme"],
        unit=typed["unit"],
        form=" ".join(typed["form"].split()),
        document__number__iexact=typed["number"],
        decided_on=typed["decided_on"],
        for_year=typed["for_year"],
        note=typed["note"],
    ).exists()


def _page(
    request: PortalRequest, form: CommendationForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refused": refused,
        "crumbs": [("Khen thưởng", reverse("commendation_list")), ("Ghi khen thưởng", "")],
    }
    return render(request, "assessments/recognition/commend.html", context, status=status)


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_commendation(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take away a commendation that was entered by mistake."""
    visible = Commendation.objects.visible_to(request.user).select_related(
        "document", "programme", "unit__district", "unit__province"
    )
    found = get_object_or_404(visible, pk=pk)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    refused = ""
    if form.is_valid():
        try:
            commending.remove(
                found, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now()
            )
        except NotReady as refusal:
            refused = refusal.sentence
        else:
            messages.success(request, f"Đã gỡ “{found.form}” của {found.unit.full_name}.")
            return redirect("commendation_list")
    context = {
        "commendation": found,
        "form": form,
        "refused": refused,
        "crumbs": [
            ("Khen thưởng", reverse("commendation_list")),
            (found.unit.heading_name, ""),
        ],
    }
    status = 409 if refused else 400 if form.errors else 200
    return render(request, "assessments/recognition/uncommend.html", context, status=status)
