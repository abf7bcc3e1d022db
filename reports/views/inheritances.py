"""Recognitions of units that became others: what waits for a decision, and taking it."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions.inheriting import decide_inheritance
from assessments.inheritances import waiting_for
from assessments.models import Inheritance, InheritanceChoice, Recognition
from reports.reorganisation_forms import InheritanceForm
from wards.models import Unit

PER_PAGE = 20
TAKEN_SHOWN = 20


@allow(Role.COORDINATOR)
@require_safe
def inheritance_list(request: PortalRequest) -> HttpResponse:
    """What is undecided for the units of one's provinces, and what was decided lately."""
    waiting = waiting_for(request.user, timezone.localdate())
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    provinces = request.user.scope.provinces_as(Role.COORDINATOR)
    taken = (
        Inheritance.objects.filter(successor__province__in=provinces)
        .select_related(
            "recognition__unit__district",
            "recognition__document",
            "successor__district",
            "document",
            "decided_by",
        )
        .order_by("-decided_at", "-pk")[:TAKEN_SHOWN]
    )
    return render(
        request, "reports/reorganisations/inheritances.html", {"page_obj": page, "taken": taken}
    )


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def inheritance(request: PortalRequest, pk: uuid.UUID, recognition_pk: int) -> HttpResponse:
    """Decide what becomes of a predecessor's recognition for this unit."""
    provinces = request.user.scope.provinces_as(Role.COORDINATOR)
    visible = Unit.objects.visible_to(request.user).filter(province__in=provinces)
    successor = get_object_or_404(visible.with_places(), pk=pk)
    found = Recognition.objects.select_related(
        "unit__district", "unit__province", "document", "programme"
    )
    recognition = get_object_or_404(found, pk=recognition_pk)
    _require_kin(request, recognition, successor)
    if request.method != "POST":
        return _page(request, recognition, successor, InheritanceForm())
    form = InheritanceForm(request.POST)
    if not form.is_valid():
        return _page(request, recognition, successor, form, status=400)
    typed = form.cleaned_data
    try:
        row = decide_inheritance(
            recognition,
            successor,
            InheritanceChoice(typed["choice"]),
            reason=typed["reason"],
            number=typed["number"],
            issued_on=typed["issued_on"],
            issuer=typed["issuer"] if typed["number"] else "",
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, recognition, successor, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã ghi quyết định “{row.get_choice_display()}” cho {successor.full_name}.",
    )
    return redirect("inheritance_list")


def _require_kin(request: PortalRequest, recognition: Recognition, successor: Unit) -> None:
    """Only what waits, or was decided, for this unit has a page: others do not exist for it."""
    if Inheritance.objects.filter(recognition=recognition, successor=successor).exists():
        return
    waiting = waiting_for(request.user, timezone.localdate())
    if not any((one.recognition, one.successor) == (recognition, successor) for one in waiting):
        raise Http404


def _page(
    request: PortalRequest,
    recognition: Recognition,
    successor: Unit,
    form: InheritanceForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    decided = Inheritance.objects.filter(recognition=recognition, successor=successor)
    return render(
        request,
        "reports/reorganisations/inheritance.html",
        {
            "recognition": recognition,
            "successor": successor,
            "decided": decided.select_related("decided_by", "document").first(),
            "form": form,
            "refused": refused,
            "crumbs": [
                ("Sắp xếp đơn vị", reverse("reorganisation_list")),
                ("Quyết định về công nhận", reverse("inheritance_list")),
            ],
        },
        status=status,
    )
