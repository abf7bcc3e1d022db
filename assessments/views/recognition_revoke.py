"""The end of a recognition by a decision, and its term put right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import revoking
from assessments.forms.recognition import DEFAULT_ISSUER, RevocationForm, TermForm
from assessments.models import Recognition
from assessments.recognition_terms import last_day
from assessments.views.recognition_page import fetch_recognition
from assessments.views.recognition_rows import row_of


def _back(recognition: Recognition) -> HttpResponse:
    return redirect(reverse("recognition", args=[recognition.pk]))


def _page(
    request: PortalRequest,
    template: str,
    recognition: Recognition,
    form: forms.Form,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    if refused:
        # Loaded anew: the page shows the state that the refusal speaks of.
        recognition = fetch_recognition(request, recognition.pk)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "row": row_of(recognition, today),
        "recognition": recognition,
        "form": form,
        "refused": refused,
        "why_not": revoking.why_not_revoke(recognition, today),
        "crumbs": [
            ("Sổ công nhận", reverse("recognition_register")),
            (
                f"{recognition.unit.heading_name}, năm {recognition.for_year}",
                reverse("recognition", args=[recognition.pk]),
            ),
        ],
    }
    return render(request, f"assessments/recognition/{template}.html", context, status=status)


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_recognition(request: PortalRequest, pk: int) -> HttpResponse:
    """Record the decision that revokes a recognition."""
    found = fetch_recognition(request, pk)
    today = timezone.localdate()
    if request.method != "POST":
        form = RevocationForm(initial={"issuer": DEFAULT_ISSUER}, today=today)
        return _page(request, "revoke", found, form)
    form = RevocationForm(request.POST, today=today)
    if not form.is_valid():
        return _page(request, "revoke", found, form, status=400)
    typed = form.cleaned_data
    if _revoked_so(found, typed):
        return _back(found)  # sent twice, recorded once
    try:
        revoking.revoke(
            found,
            number=typed["number"],
            decided_on=typed["decided_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            reason=typed["reason"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, "revoke", found, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã ghi nhận hủy công nhận {found.unit.full_name} năm {found.for_year} theo "
        f"Quyết định {typed['number']}.",
    )
    return _back(found)


def _revoked_so(recognition: Recognition, typed: dict[str, Any]) -> bool:
    document = recognition.revoking_document
    return (
        document is not None
        and document.number.casefold() == typed["number"].casefold()
        and recognition.revoked_on == typed["decided_on"]
        and recognition.revocation_reason == typed["reason"].strip()
    )


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_recognition_term(request: PortalRequest, pk: int) -> HttpResponse:
    """Put right until when a recognition is in force."""
    found = fetch_recognition(request, pk)
    if request.method != "POST":
        form = TermForm(initial={"last_day": last_day(found), "seen": found.lapses_on})
        return _page(request, "term", found, form)
    form = TermForm(request.POST)
    if not form.is_valid():
        return _page(request, "term", found, form, status=400)
    typed = form.cleaned_data
    if typed["seen"] != found.lapses_on and typed["last_day"] == last_day(found):
        return _back(found)  # sent twice, corrected once
    try:
        revoking.correct_term(
            found,
            last_day=typed["last_day"],
            seen=typed["seen"],
            reason=typed["reason"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _page(request, "term", found, form, refused=refusal.sentence, status=409)
    messages.success(request, f"Đã sửa thời hạn công nhận {found.unit.full_name}.")
    return _back(found)
