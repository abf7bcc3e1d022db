"""Correcting what a document is known by, and putting a new revision in its place."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotReady, PortalRequest, allow
from assessments.actions.revising import DetailsConflict, describe, is_named, replace_file
from assessments.forms.evidence import NO_SECRETS
from assessments.forms.evidence_details import CorrectionForm, RevisionForm, shown
from assessments.models import Attachment, EvidenceKind
from assessments.permissions import require_station
from assessments.uploads import ACCEPT
from assessments.views.evidence_add import why_not_editable
from assessments.views.evidence_items import evidence_items
from assessments.views.station_page import StationPage


def fetch(page: StationPage, key: uuid.UUID) -> Attachment:
    """A use of evidence in this assessment.

    Raises:
        Http404: there is none of this key.
    """
    attachment = get_object_or_404(
        Attachment.objects.select_related("evidence", "criterion", "added_by"),
        pk=key,
        assessment=page.assessment,
    )
    attachment.assessment = page.assessment
    return attachment


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: PortalRequest, pk: uuid.UUID, attachment_pk: uuid.UUID) -> HttpResponse:
    """Number, own day, issuer and subject of a document in use."""
    page = StationPage(request, pk)
    require_station(page.assessment, page.user)
    attachment = fetch(page, attachment_pk)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(attachment.evidence, data, today=timezone.localdate(now))
    context: dict[str, Any] = {"form": form, "is_named": is_named(attachment.evidence)}
    template = "assessments/evidence/edit.html"
    refusal = refused(page, attachment)
    if refusal:
        form.is_valid()
        context["refusal"] = refusal
        return show(request, page, attachment, template, context, status_of_refusal(request))
    if data is None:
        return show(request, page, attachment, template, context)
    if not form.is_valid():
        return show(request, page, attachment, template, context, 400)
    try:
        describe(attachment, form.details, seen=form.seen, by=page.user, now=now)
    except DetailsConflict as conflict:
        # What the hidden inputs say is now what is stored: sending once more keeps what was typed.
        attachment.evidence.refresh_from_db()
        again = {**request.POST.dict(), **shown(attachment.evidence)}
        context["form"] = CorrectionForm(attachment.evidence, again, today=timezone.localdate(now))
        context["conflict"] = conflict.sentence
        return show(request, page, attachment, template, context, 409)
    except NotReady as problem:
        context["refusal"] = problem.sentence
        return show(request, page, attachment, template, context, 409)
    messages.success(request, "Đã lưu thông tin của tài liệu.")
    return back(page, attachment)


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_replace(
    request: PortalRequest, pk: uuid.UUID, attachment_pk: uuid.UUID
) -> HttpResponse:
    """A new file in the place of another; the earlier one stays openable."""
    page = StationPage(request, pk)
    require_station(page.assessment, page.user)
    attachment = fetch(page, attachment_pk)
    now, evidence = timezone.now(), attachment.evidence
    is_sent = request.method == "POST"
    template = "assessments/evidence/replace.html"
    refusal = refused(page, attachment)
    if not refusal and evidence.kind != EvidenceKind.FILE:
        return redirect("evidence_edit", pk, attachment_pk)
    form = RevisionForm(
        evidence,
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        today=timezone.localdate(now),
    )
    context: dict[str, Any] = {"form": form, "no_secrets": NO_SECRETS, "accept": ACCEPT}
    if refusal:
        context["refusal"] = refusal
        return show(request, page, attachment, template, context, status_of_refusal(request))
    if not is_sent:
        return show(request, page, attachment, template, context)
    if not form.is_valid() or form.checked is None:
        return show(request, page, attachment, template, context, 400)
    try:
        replace_file(attachment, form.checked, form.details, by=page.user, now=now)
    except NotReady as problem:
        context["refusal"] = problem.sentence
        return show(request, page, attachment, template, context, 409)
    messages.success(request, f"Đã thay bản mới: {form.checked.name}. Bản cũ vẫn được giữ.")
    return back(page, attachment)


def refused(page: StationPage, attachment: Attachment) -> str:
    """Why this use of evidence does not change any more; empty while it may."""
    if attachment.removed_at is not None:
        return "Tài liệu này đã được gỡ hoặc thay bằng bản khác trước đó."
    return why_not_editable(page)


def status_of_refusal(request: PortalRequest) -> int:
    """Only what was sent is refused; whoever merely opens the page reads why it stands."""
    return 409 if request.method == "POST" else 200


def back(page: StationPage, attachment: Attachment) -> HttpResponse:
    """To the evidence of the criterion."""
    return redirect(f"{page.address('criterion', attachment.criterion.code)}#minh-chung")


def show(
    request: PortalRequest,
    page: StationPage,
    attachment: Attachment,
    template: str,
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The page with its form, or with the reason why there is nothing to do."""
    context = {
        "page": page,
        "assessment": page.assessment,
        "criterion": attachment.criterion,
        "attachment": attachment,
        "evidence": attachment.evidence,
        "item": evidence_items([attachment], page.assessment)[0],
        "crumbs": [
            *page.crumbs,
            (attachment.criterion.code, page.address("criterion", attachment.criterion.code)),
        ],
        **more,
    }
    return render(request, template, context, status=status)
