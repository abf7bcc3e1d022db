"""Thẩm định lần hai: what was drawn, the blind page, and how far two reviewers agree.

Nothing of the first verdict is loaded for the reviewer's pages, let alone printed there.
"""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import second_review as blind
from assessments.actions.appealing import own_outcome
from assessments.agreement import agreement_of, rounds_drawn
from assessments.forms.second_look import SecondReviewForm
from assessments.models import SecondReview
from assessments.views.review_page import sentence_of
from assessments.views.second_look_page import HandedIn, errors_of, listing


@allow(Role.REVIEWER)
@require_safe
def second_review_list(request: PortalRequest) -> HttpResponse:
    """What this reviewer may give a second time, or gave."""
    filters = {
        "waiting": ("Chờ thẩm định", Q(decided_at__isnull=True)),
        "done": ("Tôi đã thẩm định", Q(decided_by=request.user)),
    }
    rows = blind.tasks_of(request.user).with_criterion().order_by("drawn_at", "pk")
    return render(
        request,
        "assessments/second_look/second_review_list.html",
        {"listing": listing(request, rows.defer("submission__snapshot", "first_outcome"), filters)},
    )


def _second(request: PortalRequest, pk: uuid.UUID) -> SecondReview:
    visible = SecondReview.objects.visible_to(request.user).with_criterion()
    return get_object_or_404(visible, pk=pk)


@allow(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def second_review(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The criterion as the station handed it in, without a word of what was found before."""
    second = _second(request, pk)
    own = own_outcome(second.submission, second.criterion)
    if request.method != "POST":
        return _blind_page(request, second, SecondReviewForm(own=own))
    form = SecondReviewForm(request.POST, own=own)
    if not form.is_valid():
        return _blind_page(request, second, form, status=400)
    outcome, comment = form.cleaned_data["outcome"], form.cleaned_data["comment"]
    if (second.decided_by_id, second.outcome, second.comment) == (
        request.user.pk,
        outcome,
        comment,
    ):
        return redirect("second_review_list")  # sent twice, given once
    try:
        blind.save_second_review(
            second, outcome=outcome, comment=comment, by=request.user, now=timezone.now()
        )
    except (NotReady, NotAllowed) as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _blind_page(
            request, _second(request, pk), form, refused=refusal.sentence, status=status
        )
    messages.success(
        request,
        f"Đã ghi kết quả thẩm định lần hai tiêu chí {second.criterion.code} của "
        f"{second.submission.assessment.unit.full_name}.",
    )
    return redirect("second_review_list")


def _blind_page(
    request: PortalRequest,
    second: SecondReview,
    form: SecondReviewForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    handed_in = HandedIn(second.submission.assessment, second.submission, second.criterion)
    given = second.decided_at is not None
    locked = (
        "Tiêu chí này đã được thẩm định lần hai."
        if given
        else sentence_of(blind.require_blind, second, request.user)
    )
    return render(
        request,
        "assessments/second_look/second_review.html",
        {
            **handed_in.as_context(),
            "second": second,
            "own_result": second.decided_by_id == request.user.pk,
            "own": handed_in.row.entry,
            "crumbs": [
                ("Thẩm định", reverse("review_queue")),
                ("Thẩm định lần hai", reverse("second_review_list")),
                (
                    f"{second.submission.assessment.unit.heading_name}, {second.criterion.code}",
                    "",
                ),
            ],
            "form": form,
            "errors": errors_of(form),
            "locked": locked,
            "shows_form": not locked or bool(refused),
            "refused": refused,
        },
        status=status,
    )


@allow(Role.COORDINATOR, Role.LEADER)
@require_safe
def second_review_agreement(request: PortalRequest) -> HttpResponse:
    """How far first and second verdicts agree, per criterion, and where they do not."""
    visible = SecondReview.objects.visible_to(request.user)
    rounds = rounds_drawn(visible)
    wanted = request.GET.get("ky", "")
    chosen = next((one for one in rounds if str(one.pk) == wanted), None)
    if wanted and chosen is None:
        raise BadRequest(f"Unknown round {wanted!r}")
    if chosen is None and rounds:
        chosen = rounds[0]
    return render(
        request,
        "assessments/second_look/agreement.html",
        {
            "rounds": rounds,
            "chosen": chosen,
            "agreement": agreement_of(visible, chosen) if chosen else None,
        },
    )
