"""What the coordinator does to a concluded file before a decision: propose, reopen, take back."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role, User
from assessments.actions import recognising, reviewing
from assessments.forms.verdicts import ReasonForm
from assessments.models import Assessment
from assessments.views.recognition_list import RefusedAct, back_to_year, year_page
from assessments.views.review_page import fetch
from assessments.workflow import Status


@allow(Role.COORDINATOR)
@require_POST
def propose(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Propose a unit in which every criterion was found met."""
    assessment = fetch(request, pk)
    if assessment.status == Status.PROPOSED:
        return back_to_year(assessment)  # sent twice, proposed once
    try:
        recognising.propose(assessment, by=request.user, now=timezone.now())
    except NotReady as refusal:
        refused = RefusedAct(pk, "propose", refusal.sentence)
        return year_page(request, year=assessment.round.year, refused=refused)
    messages.success(request, f"Đã đề nghị công nhận {assessment.unit.full_name}.")
    return back_to_year(assessment)


@allow(Role.COORDINATOR)
@require_POST
def reopen(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Open a concluded review again, with the reason."""
    done = "Đã mở lại thẩm định phiếu của"
    return _with_reason(request, pk, "reopen", "review_reopened", reviewing.reopen, done)


@allow(Role.COORDINATOR)
@require_POST
def withdraw_proposal(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a proposal back, with the reason."""
    verb = recognising.withdraw_proposal
    done = "Đã rút đề nghị công nhận"
    return _with_reason(request, pk, "withdraw", "proposal_withdrawn", verb, done)


def _with_reason(
    request: PortalRequest,
    pk: uuid.UUID,
    act: str,
    event: str,
    verb: Callable[..., None],
    done: str,
) -> HttpResponse:
    assessment, form = fetch(request, pk), ReasonForm(request.POST, auto_id=f"{pk}-%s")
    year = assessment.round.year
    try:
        reason = _reason(form)
        if done_already(assessment, event, comment=reason, by=request.user):
            return back_to_year(assessment)
        verb(assessment, comment=reason, by=request.user, now=timezone.now())
    except NotReady as refusal:
        return year_page(request, year=year, refused=RefusedAct(pk, act, refusal.sentence, form))
    messages.success(request, f"{done} {assessment.unit.full_name}.")
    return back_to_year(assessment)


def _reason(form: ReasonForm) -> str:
    if not form.is_valid():
        raise NotReady(" ".join(str(error) for error in form.errors.get("comment", [])))
    return str(form.cleaned_data["comment"])


def done_already(assessment: Assessment, event: str, *, comment: str, by: User) -> bool:
    """Whether the file's last move is this very act: the same words of the same person."""
    last = assessment.transitions.order_by("-pk").first()
    return last is not None and (last.event, last.comment, last.made_by_id) == (
        event,
        comment.strip(),
        by.pk,
    )
