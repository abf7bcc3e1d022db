"""The end of a review: back to the station with reasons, or concluded with n of m."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import reviewing
from assessments.actions.reviewing import ReviewIncomplete
from assessments.forms.verdicts import CommentForm
from assessments.readiness import review_gaps
from assessments.views.review_page import crumbs, fetch, why_not_review
from assessments.views.review_reading import ReviewFile
from assessments.workflow import Status

NOTHING_ASKED = "Chưa trả lại được: cần chọn “Yêu cầu bổ sung” và nêu lý do ở ít nhất một tiêu chí."


def _load(request: PortalRequest, pk: uuid.UUID) -> ReviewFile:
    file = ReviewFile.load(fetch(request, pk))
    if file is None:
        raise Http404
    return file


def missing(file: ReviewFile) -> list[str]:
    """Why the review cannot be concluded, one line for each kind of gap with its criteria."""
    codes: dict[str, list[str]] = {}
    for gap in review_gaps(file.submission):
        codes.setdefault(gap.sentence.rstrip("."), []).append(gap.criterion.code)
    return [f"{sentence}: {', '.join(found)}." for sentence, found in codes.items()]


def _page(
    request: PortalRequest,
    file: ReviewFile,
    *,
    concluding: CommentForm | None = None,
    returning: CommentForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    locked = why_not_review(file.assessment, request.user)
    why_not_return = locked or ("" if file.asked_rows else NOTHING_ASKED)
    return render(
        request,
        "assessments/review/conclude.html",
        {
            "assessment": file.assessment,
            "crumbs": crumbs(file.assessment, "Trả lại hoặc kết luận"),
            "file": file,
            "locked": locked,
            "missing": missing(file),
            "why_not_return": why_not_return,
            "concluding": concluding or CommentForm(auto_id="ket-luan-%s"),
            "returning": returning or CommentForm(auto_id="tra-lai-%s"),
            "refused": refused,
        },
        status=status,
    )


@allow(Role.REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def review_conclude(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The summary of the review; POST concludes it."""
    file = _load(request, pk)
    if request.method != "POST":
        return _page(request, file)
    form = CommentForm(request.POST, auto_id="ket-luan-%s")
    if not form.is_valid():
        return _page(request, file, concluding=form, status=400)
    assessment = file.assessment
    if assessment.status == Status.VERIFIED and assessment.verified_by_id == request.user.pk:
        return redirect("review", pk)  # sent twice, concluded once
    try:
        reviewing.conclude(
            assessment,
            comment=form.cleaned_data["comment"],
            by=request.user,
            now=timezone.now(),
        )
    except (NotAllowed, NotReady) as refusal:
        return _refused(request, pk, refusal, concluding=form)
    messages.success(
        request,
        f"Đã kết luận thẩm định phiếu của {assessment.unit.full_name}: "
        f"{file.found_met}/{len(file.rows)} tiêu chí đạt.",
    )
    return redirect("review", pk)


@allow(Role.REVIEWER)
@require_POST
def review_return(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the file back to the station, with the reasons that stand at its criteria."""
    file = _load(request, pk)
    form = CommentForm(request.POST, auto_id="tra-lai-%s")
    if not form.is_valid():
        return _page(request, file, returning=form, status=400)
    assessment = file.assessment
    if assessment.status == Status.RETURNED and assessment.reviewer_id == request.user.pk:
        return redirect("review_queue")  # sent twice, returned once
    try:
        reviewing.return_to_station(
            assessment,
            comment=form.cleaned_data["comment"],
            by=request.user,
            now=timezone.now(),
        )
    except (NotAllowed, NotReady) as refusal:
        return _refused(request, pk, refusal, returning=form)
    messages.success(
        request,
        f"Đã trả lại phiếu của {assessment.unit.full_name} để bổ sung "
        f"{len(file.asked_rows)} tiêu chí.",
    )
    return redirect("review_queue")


def _refused(
    request: PortalRequest,
    pk: uuid.UUID,
    refusal: NotAllowed | NotReady,
    *,
    concluding: CommentForm | None = None,
    returning: CommentForm | None = None,
) -> HttpResponse:
    # Loaded anew: the page shows the state that the refusal speaks of.
    file = _load(request, pk)
    sentence = refusal.sentence
    if isinstance(refusal, ReviewIncomplete):
        sentence = f"Chưa kết luận được. {' '.join(missing(file))}"
    return _page(
        request,
        file,
        concluding=concluding,
        returning=returning,
        refused=sentence,
        status=403 if isinstance(refusal, NotAllowed) else 409,
    )
