"""The decision on a proposed file: recognised, or not."""

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import recognising
from assessments.forms.recognition import DEFAULT_ISSUER, DeclineForm, RecognitionForm
from assessments.models import Assessment, Recognition
from assessments.recognition_terms import default_lapse
from assessments.views.recognition_acts import done_already
from assessments.views.recognition_list import back_to_year
from assessments.views.review_page import fetch
from assessments.workflow import Status
from criteria.scale import COUNTS_AS_MET


def _decision_page(
    request: PortalRequest,
    assessment: Assessment,
    *,
    recognising_form: RecognitionForm | None = None,
    declining: DeclineForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    lapse = default_lapse(assessment.round.programme, assessment.round.year)
    form = recognising_form or RecognitionForm(
        initial={
            "issuer": DEFAULT_ISSUER,
            "last_day": lapse - timedelta(days=1) if lapse else None,
        },
        assessment=assessment,
        today=today,
    )
    submission = (
        assessment.submissions.filter(number=assessment.submissions_made)
        .defer("snapshot")
        .annotate(found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)))
        .first()
    )
    return render(
        request,
        "assessments/recognition/recognise.html",
        {
            "assessment": assessment,
            "crumbs": [
                ("Công nhận", reverse("recognition_list")),
                (assessment.unit.heading_name, ""),
            ],
            "submission": submission,
            "form": form,
            "declining": declining or DeclineForm(auto_id="khong-%s"),
            "refused": refused,
            "is_open": assessment.status == Status.PROPOSED,
        },
        status=status,
    )


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def recognise(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Record the decision that recognises the unit."""
    assessment = fetch(request, pk)
    if request.method != "POST":
        return _decision_page(request, assessment)
    form = RecognitionForm(request.POST, assessment=assessment, today=timezone.localdate())
    if not form.is_valid():
        return _decision_page(request, assessment, recognising_form=form, status=400)
    typed = form.cleaned_data
    known = Recognition.objects.filter(assessment=assessment).select_related("document").first()
    if known is not None and same_decision(known, typed["number"], typed["decided_on"]):
        return back_to_year(assessment)  # sent twice, recorded once
    try:
        recognising.recognise(
            assessment,
            number=typed["number"],
            decided_on=typed["decided_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            note=typed["note"],
            last_day=typed["last_day"],
            is_sample=assessment.round.is_sample,
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _refused(request, pk, refusal.sentence, recognising_form=form)
    messages.success(
        request,
        f"Đã ghi nhận công nhận {assessment.unit.full_name} năm {assessment.round.year} theo "
        f"Quyết định {typed['number']}.",
    )
    return back_to_year(assessment)


@allow(Role.COORDINATOR)
@require_POST
def decline(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Record that the proposal did not lead to recognition."""
    assessment = fetch(request, pk)
    form = DeclineForm(request.POST, auto_id="khong-%s")
    if not form.is_valid():
        return _decision_page(request, assessment, declining=form, status=400)
    comment = form.cleaned_data["comment"]
    if done_already(assessment, "unit_not_recognised", comment=comment, by=request.user):
        return back_to_year(assessment)
    try:
        recognising.decline(
            assessment,
            comment=comment,
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _refused(request, pk, refusal.sentence, declining=form)
    messages.success(request, f"Đã ghi nhận {assessment.unit.full_name} không được công nhận.")
    return back_to_year(assessment)


def _refused(
    request: PortalRequest,
    pk: uuid.UUID,
    sentence: str,
    *,
    recognising_form: RecognitionForm | None = None,
    declining: DeclineForm | None = None,
) -> HttpResponse:
    # Loaded anew: the page shows the state that the refusal speaks of.
    return _decision_page(
        request,
        fetch(request, pk),
        recognising_form=recognising_form,
        declining=declining,
        refused=sentence,
        status=409,
    )


def same_decision(recognition: Recognition, number: str, decided_on: date) -> bool:
    """Whether this decision is the one that recognised the unit."""
    same_number = recognition.document.number.casefold() == number.casefold()
    return same_number and recognition.decided_on == decided_on
