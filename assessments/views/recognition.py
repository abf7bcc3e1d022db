"""From verified to recognised: what the coordinator decides, and what the leader reads."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.db.models import Count, F, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import recognising, reviewing
from assessments.forms.recognition import DEFAULT_ISSUER, DeclineForm, RecognitionForm
from assessments.forms.verdicts import ReasonForm
from assessments.models import Assessment, Recognition, Submission, Transition, Verdict
from assessments.querysets import AssessmentQuerySet
from assessments.views.review_page import fetch
from assessments.workflow import CONCLUDED, Status
from criteria.scale import COUNTS_AS_MET

NUMBER_TAKEN = (
    "Số, ký hiệu này gần trùng với một văn bản đã ghi hoặc đơn vị vừa được công nhận ở nơi khác. "
    "Chưa ghi quyết định; nội dung vừa nhập được giữ bên dưới để kiểm tra lại."
)


@dataclass(frozen=True, slots=True)
class ConcludedRow:
    """One concluded file: n of m after review, what was not found met, the forms it needs."""

    assessment: Assessment
    submission: Submission | None
    unmet: tuple[Verdict, ...]
    reason: str
    """Why it was not recognised, where that is the case."""
    form: ReasonForm
    opened: str
    """Which of its forms was refused and stands open, if any."""


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """An act on one file that was refused, with what was typed."""

    pk: uuid.UUID
    act: str
    sentence: str
    form: ReasonForm | None = None


def _concluded(assessments: AssessmentQuerySet) -> AssessmentQuerySet:
    unmet = Verdict.objects.exclude(outcome__in=COUNTS_AS_MET).select_related("criterion")
    latest = (
        Submission.objects.filter(number=F("assessment__submissions_made"))
        .defer("snapshot")
        .annotate(
            found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)),
        )
        .prefetch_related(Prefetch("verdicts", unmet, to_attr="unmet"))
    )
    declined = Transition.objects.filter(target=Status.NOT_RECOGNISED).order_by("pk")
    return (
        assessments.with_places()
        .select_related("verified_by")
        .order_by("unit__sort_key", "unit__code")
        .prefetch_related(
            Prefetch("submissions", latest, to_attr="latest"),
            Prefetch("transitions", declined, to_attr="declined"),
        )
    )


def _row(assessment: Any, refused: RefusedAct | None) -> ConcludedRow:
    submission = assessment.latest[0] if assessment.latest else None
    own = refused is not None and refused.pk == assessment.pk
    form = refused.form if refused is not None and own and refused.form is not None else None
    return ConcludedRow(
        assessment=assessment,
        submission=submission,
        unmet=tuple(submission.unmet) if submission else (),
        reason=assessment.declined[-1].comment if assessment.declined else "",
        form=form or ReasonForm(auto_id=f"{assessment.pk}-%s"),
        opened=refused.act if refused is not None and own else "",
    )


def _years(request: PortalRequest) -> list[int]:
    concluded = Assessment.objects.visible_to(request.user).filter(status__in=CONCLUDED)
    recognised = Recognition.objects.visible_to(request.user)
    found = set(concluded.order_by().values_list("round__year", flat=True))
    found |= set(recognised.order_by().values_list("for_year", flat=True))
    return sorted(found, reverse=True)


def _page(
    request: PortalRequest, *, year: int | None = None, refused: RefusedAct | None = None
) -> HttpResponse:
    years = _years(request)
    wanted = request.GET.get("nam", "")
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) == 4):
        raise BadRequest(f"Not a year: {wanted!r}")
    chosen = year or (int(wanted) if wanted else (years[0] if years else 0))
    visible = Assessment.objects.visible_to(request.user)
    concluded = _concluded(visible.filter(status__in=CONCLUDED, round__year=chosen))
    rows = [_row(one, refused) for one in concluded]
    by_status = {
        status: [row for row in rows if row.assessment.status == status] for status in CONCLUDED
    }
    verified = by_status[Status.VERIFIED]
    recognitions = (
        Recognition.objects.visible_to(request.user)
        .filter(for_year=chosen)
        .select_related("document", "unit__district", "unit__province", "programme")
        .order_by("-decided_on", "unit__sort_key")
    )
    return render(
        request,
        "assessments/review/recognition.html",
        {
            "years": years,
            "year": chosen,
            "ready": [row for row in verified if not row.unmet],
            "unmet": [row for row in verified if row.unmet],
            "proposed": by_status[Status.PROPOSED],
            "declined": by_status[Status.NOT_RECOGNISED],
            "recognitions": recognitions,
            "refused": refused.sentence if refused else "",
            "may_act": Role.COORDINATOR in request.roles,
        },
        status=409 if refused else 200,
    )


@allow(Role.COORDINATOR, Role.LEADER)
@require_safe
def recognition_list(request: PortalRequest) -> HttpResponse:
    """Verified, proposed, recognised and declined files of a year."""
    return _page(request)


def _back(assessment: Assessment) -> HttpResponse:
    return redirect(reverse("recognition_list", query={"nam": assessment.round.year}))


@allow(Role.COORDINATOR)
@require_POST
def propose(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose a unit in which every criterion was found met."""
    assessment = fetch(request, pk)
    if assessment.status == Status.PROPOSED:
        return _back(assessment)  # sent twice, proposed once
    try:
        recognising.propose(assessment, by=request.user, now=timezone.now())
    except NotReady as refusal:
        refused = RefusedAct(pk, "propose", refusal.sentence)
        return _page(request, year=assessment.round.year, refused=refused)
    messages.success(request, f"Đã đề nghị công nhận {assessment.unit.full_name}.")
    return _back(assessment)


@allow(Role.COORDINATOR)
@require_POST
def reopen(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a concluded review again, with the reason."""
    return _with_reason(request, pk, "reopen", reviewing.reopen, "Đã mở lại thẩm định phiếu của")


@allow(Role.COORDINATOR)
@require_POST
def withdraw_proposal(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a proposal back, with the reason."""
    verb = recognising.withdraw_proposal
    return _with_reason(request, pk, "withdraw", verb, "Đã rút đề nghị công nhận")


def _with_reason(
    request: PortalRequest, pk: uuid.UUID, act: str, verb: Callable[..., None], done: str
) -> HttpResponse:
    assessment, form = fetch(request, pk), ReasonForm(request.POST, auto_id=f"{pk}-%s")
    year = assessment.round.year
    try:
        verb(assessment, comment=_reason(form), by=request.user, now=timezone.now())
    except NotReady as refusal:
        return _page(request, year=year, refused=RefusedAct(pk, act, refusal.sentence, form))
    messages.success(request, f"{done} {assessment.unit.full_name}.")
    return _back(assessment)


def _reason(form: ReasonForm) -> str:
    if not form.is_valid():
        raise NotReady(" ".join(str(error) for error in form.errors.get("comment", [])))
    return str(form.cleaned_data["comment"])


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
    form = recognising_form or RecognitionForm(
        initial={"issuer": DEFAULT_ISSUER}, assessment=assessment, today=today
    )
    submission = (
        assessment.submissions.filter(number=assessment.submissions_made)
        .defer("snapshot")
        .annotate(found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)))
        .first()
    )
    return render(
        request,
        "assessments/review/recognise.html",
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
    try:
        recognising.recognise(
            assessment,
            number=typed["number"],
            decided_on=typed["decided_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            note=typed["note"],
            is_sample=assessment.round.is_sample,
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _refused(request, pk, refusal.sentence, recognising_form=form)
    except IntegrityError:
        return _refused(request, pk, NUMBER_TAKEN, recognising_form=form)
    messages.success(
        request,
        f"Đã ghi nhận công nhận {assessment.unit.full_name} năm {assessment.round.year} theo "
        f"Quyết định {typed['number']}.",
    )
    return _back(assessment)


@allow(Role.COORDINATOR)
@require_POST
def decline(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Record that the proposal did not lead to recognition."""
    assessment = fetch(request, pk)
    form = DeclineForm(request.POST, auto_id="khong-%s")
    if not form.is_valid():
        return _decision_page(request, assessment, declining=form, status=400)
    try:
        recognising.decline(
            assessment,
            comment=form.cleaned_data["comment"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        return _refused(request, pk, refusal.sentence, declining=form)
    messages.success(request, f"Đã ghi nhận {assessment.unit.full_name} không được công nhận.")
    return _back(assessment)


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
