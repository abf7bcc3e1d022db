"""Written down from documents: recognitions decided outside the portal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import recognising
from assessments.forms.recognition import DEFAULT_ISSUER
from assessments.forms.recognition_history import PastRecognitionForm
from assessments.models import Recognition
from assessments.views.recognition_record import same_decision


def asked_for(request: PortalRequest) -> dict[str, Any]:
    """What a form opens with: the unit and programme the address names, the usual issuer."""
    return {
        "issuer": DEFAULT_ISSUER,
        "unit": request.GET.get("don_vi", ""),
        "programme": request.GET.get("chuong_trinh", ""),
    }


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def record_recognition(request: PortalRequest) -> HttpResponse:
    """Record a decision on a unit whose file never was in the portal."""
    today = timezone.localdate()
    if request.method != "POST":
        form = PastRecognitionForm(initial=asked_for(request), today=today, user=request.user)
        return _page(request, form)
    form = PastRecognitionForm(request.POST, today=today, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=400)
    typed = form.cleaned_data
    if known := _recorded_so(typed):
        return redirect(reverse("recognition", args=[known.pk]))  # sent twice, recorded once
    try:
        recorded = recognising.record_decision(
            typed["programme"],
            typed["unit"],
            for_year=typed["for_year"],
            number=typed["number"],
            decided_on=typed["decided_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            note=typed["note"],
            last_day=typed["last_day"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã ghi nhận công nhận {recorded.unit.full_name} năm {recorded.for_year} theo "
        f"Quyết định {recorded.document}.",
    )
    return redirect(reverse("recognition", args=[recorded.pk]))


def _recorded_so(typed: dict[str, Any]) -> Recognition | None:
    known = (
        Recognition.objects.filter(
            programme=typed["programme"], unit=typed["unit"], for_year=typed["for_year"]
        )
        .select_related("document")
        .first()
    )
    if known is not None and same_decision(known, typed["number"], typed["decided_on"]):
        return known
    return None


def _page(
    request: PortalRequest, form: PastRecognitionForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "refused": refused,
        "crumbs": [
            ("Sổ công nhận", reverse("recognition_register")),
            ("Ghi quyết định có từ trước", ""),
        ],
    }
    return render(request, "assessments/recognition/record.html", context, status=status)
