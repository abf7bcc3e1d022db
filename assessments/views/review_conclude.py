"""The end of a review: back to the station with reasons, or concluded with n of m."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import READERS, NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import reviewing
from assessments.actions.extending import correction_due
from assessments.actions.reviewing import ReviewIncomplete
from assessments.deadlines import full_words
from assessments.forms.verdicts import EndingForm
from assessments.models import Assessment
from assessments.readiness import review_gaps
from assessments.views.review_page import crumbs, fetch, why_not_review
from assessments.views.review_reading import ReviewFile
from assessments.workflow import CONCLUDED, Status

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
    concluding: EndingForm | None = None,
    returning: EndingForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    locked = why_not_review(file.assessment, request.user)
    shown = {"submission": file.submission.number}
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
            "due": full_words(correction_due(file.assessment, now=timezone.now())),
            "concluding": concluding or EndingForm(initial=shown, auto_id="ket-luan-%s"),
            "returning": returning or EndingForm(initial=shown, auto_id="tra-lai-%s"),
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
    form = EndingForm(request.POST, auto_id="ket-luan-%s")
    if not form.is_valid():
        return _page(request, file, concluding=form, status=400)
    assessment = file.assessment
    if assessment.status == Status.VERIFIED and assessment.verified_by_id == request.user.pk:
        return redirect("review_summary", pk)  # sent twice, concluded once
    try:
        reviewing.conclude(
            assessment,
            comment=form.cleaned_data["comment"],
            submission=form.cleaned_data["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except (NotAllowed, NotReady) as refusal:
        return _refused(request, pk, refusal)
    messages.success(
        request,
        f"Đã kết luận thẩm định phiếu của {assessment.unit.full_name}: "
        f"{file.found_met}/{len(file.rows)} tiêu chí đạt.",
    )
    return redirect("review_summary", pk)


@allow(Role.REVIEWER)
@require_POST
def review_return(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Send the file back to the station, with the reasons that stand at its criteria."""
    file = _load(request, pk)
    form = EndingForm(request.POST, auto_id="tra-lai-%s")
    if not form.is_valid():
        return _page(request, file, returning=form, status=400)
    assessment = file.assessment
    if assessment.status == Status.RETURNED and assessment.reviewer_id == request.user.pk:
        return redirect("review_queue")  # sent twice, returned once
    try:
        reviewing.return_to_station(
            assessment,
            comment=form.cleaned_data["comment"],
            submission=form.cleaned_data["submission"],
            by=request.user,
            now=timezone.now(),
        )
    except (NotAllowed, NotReady) as refusal:
        return _refused(request, pk, refusal, is_return=True)
    messages.success(
        request,
        f"Đã trả lại phiếu của {assessment.unit.full_name} để bổ sung "
        f"{len(file.asked_rows)} tiêu chí; hạn nộp lại {full_words(assessment.due_at)}.",
    )
    return redirect("review_queue")


@allow(*READERS)
@require_safe
def review_summary(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The result of the review on one page, to read or print: n of m, and what is not met."""
    file = _load(request, pk)
    assessment = file.assessment
    following = None
    if Role.REVIEWER in request.roles:
        following = (
            Assessment.objects.awaiting(request.user)
            .in_review_queue()
            .with_places()
            .exclude(pk=pk)
            .first()
        )
    return render(
        request,
        "assessments/review/summary.html",
        {
            "assessment": assessment,
            "crumbs": crumbs(assessment, "Kết quả thẩm định"),
            "file": file,
            "is_concluded": assessment.status in CONCLUDED,
            "following": following,
        },
    )


def _refused(
    request: PortalRequest,
    pk: uuid.UUID,
    refusal: NotAllowed | NotReady,
    *,
    is_return: bool = False,
) -> HttpResponse:
    # Loaded anew: the page shows the state that the refusal speaks of.
    file = _load(request, pk)
    typed = request.POST.copy()
    # The next press knows what was handed in last.
    typed["submission"] = str(file.submission.number)
    again = EndingForm(typed, auto_id="tra-lai-%s" if is_return else "ket-luan-%s")
    sentence = refusal.sentence
    if isinstance(refusal, ReviewIncomplete):
        sentence = f"Chưa kết luận được. {' '.join(missing(file))}"
    return _page(
        request,
        file,
        concluding=None if is_return else again,
        returning=again if is_return else None,
        refused=sentence,
        status=403 if isinstance(refusal, NotAllowed) else 409,
    )
