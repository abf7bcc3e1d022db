"""Taking files up, putting them back, and giving them to reviewers; one file or several."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import NotReady, PortalRequest, Refusal, allow
from accounts.models import Role
from assessments.actions import assigning_reviews, reviewing
from assessments.forms.review_queue import NOBODY, AssignForm
from assessments.models import Assessment
from assessments.views.review_file import show_file
from assessments.views.review_page import fetch
from assessments.views.review_queue import queue_page
from assessments.workflow import Status

MANY = 100
"""How many files one press may concern."""
NONE_CHOSEN = "Chưa chọn phiếu nào; hãy đánh dấu ở đầu dòng rồi bấm lại."


@allow(Role.REVIEWER)
@require_POST
def review_claim(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a file for review and open it, or the criterion that was open (`then`)."""
    assessment = fetch(request, pk)
    # A second press of the same person finds what the first one did.
    if not (assessment.status == Status.UNDER_REVIEW and assessment.reviewer_id == request.user.pk):
        # Taking over holds for the colleague whom the page named, and nobody else.
        knowingly = request.POST.get("instead", "") == str(assessment.reviewer_id)
        try:
            reviewing.claim(
                assessment, by=request.user, now=timezone.now(), instead_of_assigned=knowingly
            )
        except NotReady as refusal:
            messages.error(request, refusal.sentence)
            return show_file(request, pk, status=409)
        messages.success(
            request, f"Đồng chí đã nhận thẩm định phiếu của {assessment.unit.full_name}."
        )
    code = request.POST.get("then", "")
    if code in assessment.round.criteria_set.criteria.values_list("code", flat=True):
        return redirect("review_criterion", pk, code)
    return redirect("review", pk)


@allow(Role.REVIEWER, Role.COORDINATOR)
@require_POST
def review_release(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a file back into the queue; verdicts given so far stay."""
    assessment = fetch(request, pk)
    try:
        reviewing.release(assessment, by=request.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
        return show_file(request, pk, status=409)
    messages.success(
        request,
        f"Phiếu của {assessment.unit.full_name} đã về hàng chờ; "
        "kết quả thẩm định đã ghi vẫn được giữ.",
    )
    return redirect("review_queue")


def _ticked(request: PortalRequest) -> list[Assessment]:
    """The files ticked, all within reach.

    Raises:
        BadRequest: not ids, or too many.
        Http404: one is out of this person's reach.
    """
    try:
        wanted = {uuid.UUID(one) for one in request.POST.getlist("file")[: MANY + 1]}
    except ValueError as error:
        raise BadRequest("Malformed id") from error
    if len(wanted) > MANY:
        raise BadRequest("Too many files")
    visible = Assessment.objects.visible_to(request.user).with_places().filter(pk__in=wanted)
    found = list(visible.order_by("submitted_at", "pk"))
    if len(found) != len(wanted):
        raise Http404
    return found


def _to_queue(request: PortalRequest) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{reverse('review_queue')}?{query}" if query else "review_queue")


def _each(
    request: PortalRequest, files: list[Assessment], act: Callable[[Assessment], None], done: str
) -> HttpResponse:
    """Do it to each file on its own: what fails with one does not hold up the others."""
    succeeded, refusals = [], []
    for assessment in files:
        try:
            act(assessment)
        except Refusal as refusal:
            refusals.append(f"{assessment.unit.heading_name}: {refusal.sentence}")
        else:
            succeeded.append(assessment.unit.full_name)
    if not succeeded:
        ticked = {str(one.pk) for one in files}
        return queue_page(request, refusals=refusals or [NONE_CHOSEN], ticked=ticked, status=409)
    messages.success(request, f"{done} {len(succeeded)} phiếu: {'; '.join(succeeded)}.")
    for sentence in refusals:
        messages.error(request, sentence)
    return _to_queue(request)


@allow(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_claim_many(request: PortalRequest) -> HttpResponse:
    """Take several files for review; a page that was refused leads back to the queue."""
    if request.method != "POST":
        return _to_queue(request)
    return _each(
        request,
        _ticked(request),
        lambda one: _claim_once(one, request),
        "Đồng chí đã nhận thẩm định",
    )


def _claim_once(assessment: Assessment, request: PortalRequest) -> None:
    user = request.user
    if assessment.status == Status.UNDER_REVIEW and assessment.reviewer_id == user.pk:
        return  # sent twice, taken once
    reviewing.claim(assessment, by=user, now=timezone.now())


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def review_assign(request: PortalRequest) -> HttpResponse:
    """Give several files to one reviewer; a page that was refused leads back to the queue."""
    if request.method != "POST":
        return _to_queue(request)
    now = timezone.now()
    reviewers = list(
        assigning_reviews.reviewers_of(request.user.scope.provinces_as(Role.COORDINATOR), now=now)
    )
    files = _ticked(request)
    form = AssignForm(request.POST, reviewers=reviewers)
    if not form.is_valid():
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        ticked = {str(one.pk) for one in files}
        return queue_page(request, assigning=form, refusals=sentences, ticked=ticked, status=400)
    chosen = form.cleaned_data["reviewer"]
    reviewer = next((one for one in reviewers if str(one.pk) == chosen), None)
    done = "Đã bỏ giao riêng" if chosen == NOBODY else f"Đã giao cho đồng chí {reviewer}"
    return _each(
        request,
        files,
        lambda one: assigning_reviews.assign(one, reviewer, by=request.user, now=now),
        done,
    )
