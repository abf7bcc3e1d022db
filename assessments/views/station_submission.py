"""Checking everything once more, handing in, and taking back."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import READERS, STATION, NotReady, PortalRequest, allow
from accounts.clock import database_now
from assessments.actions.submitting import Incomplete, submit, withdraw
from assessments.deadlines import late_sentence
from assessments.forms.submission import SubmissionForm
from assessments.judging import values_by_indicator
from assessments.models import Attachment, Submission
from assessments.permissions import ONLY_COMMANDER, require_commander
from assessments.views.station_page import StationPage
from assessments.views.station_receipt import show_receipt
from assessments.views.station_rows import Row, grouped
from assessments.views.station_words import Line, lines_of
from criteria.models import Group

WITHDRAWN = "Đã rút phiếu về. Đồng chí sửa và nộp lại; nội dung cũ còn nguyên."


def already_received(receipt: str) -> str:
    """What whoever hands in twice reads (MDUP)."""
    return f"Phiếu này đã được tiếp nhận (mã {receipt}). Không cần gửi lại."


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A criterion with everything that was answered and attached."""

    row: Row
    lines: list[Line]
    attachments: list[Attachment]


@dataclass(frozen=True, slots=True)
class CheckedGroup:
    """A heading with its criteria in full."""

    group: Group
    rows: list[CheckedRow]


@allow(*STATION, *READERS)
@require_safe
def check(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Every answer on one page, what is missing, and the commander's declaration."""
    return show_check(request, StationPage(request, pk))


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def hand_in(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand in the file; the same form sent again gives the same receipt."""
    page = StationPage(request, pk)
    if request.method != "POST":
        return redirect(page.address("check"))
    number = SubmissionForm.number_in(request.POST)
    # Asked once the whole form has come: this moment is held against the deadline.
    now = database_now()
    require_commander(page.assessment, page.user)
    if taken := already_taken(page, number):
        return receipt_again(request, page, taken)
    form = SubmissionForm(request.POST, cautions=page.cautions())
    if obstacle := foreseen(page, now):
        return show_check(request, page, form, refusal=obstacle, status=409)
    if not form.is_valid():
        return show_check(request, page, form, status=400)
    if not form.cleaned_data["confirmed"]:
        return show_confirmation(request, page, form)
    try:
        made = submit(page.assessment, by=page.user, now=now, number=number)
    except NotReady as refusal:
        fresh = StationPage(request, pk)
        return show_check(request, fresh, form, refusal=refusal.sentence, status=409)
    if made.submitted_at != now:
        return receipt_again(request, page, made)
    return redirect(page.address("receipt"))


def foreseen(page: StationPage, now: datetime) -> str:
    """Why the file would be refused whatever is ticked; empty when only ticks may be missing."""
    if page.closed:
        return page.closed
    if now > page.assessment.due_at:
        return late_sentence(page.assessment.due_at)
    return Incomplete(page.blocking).sentence if page.blocking else ""


def already_taken(page: StationPage, number: int | None) -> Submission | None:
    """What became of this form earlier: sent before, or by somebody else meanwhile."""
    if page.latest is None:
        return None
    if not page.assessment.is_editable:
        return page.latest
    return next((one for one in page.submissions if one.number == number), None)


def receipt_again(
    request: PortalRequest, page: StationPage, submission: Submission
) -> HttpResponse:
    """Say that it was received, and show that receipt."""
    messages.info(request, already_received(submission.receipt))
    latest = page.assessment.submissions.order_by("-number").values_list("number", flat=True)[0]
    if submission.number < latest:
        return redirect(page.address("submission", submission.number))
    return redirect(page.address("receipt"))


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def take_back(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the file back while its review has not begun."""
    page = StationPage(request, pk)
    if request.method != "POST":
        return redirect(page.address("receipt"))
    try:
        withdraw(page.assessment, by=page.user, now=database_now())
    except NotReady as refusal:
        fresh = StationPage(request, pk)
        if fresh.latest is None:
            messages.error(request, refusal.sentence)
            return redirect(page.address("assessment"))
        return show_receipt(request, fresh, refusal=refusal.sentence, status=409)
    messages.success(request, WITHDRAWN)
    return redirect(page.address("assessment"))


def show_confirmation(
    request: PortalRequest, page: StationPage, form: SubmissionForm
) -> HttpResponse:
    """The consequence on a page of its own, for browsers without a dialog."""
    return render(
        request,
        "assessments/station/hand_in.html",
        {"page": page, "assessment": page.assessment, "form": form},
    )


def show_check(
    request: PortalRequest,
    page: StationPage,
    form: SubmissionForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with the ticks that were already made."""
    cautions = page.cautions()
    form = form or SubmissionForm(cautions=cautions, number=page.assessment.submissions_made + 1)
    rows = page.rows
    return render(
        request,
        "assessments/station/check.html",
        {
            "page": page,
            "assessment": page.assessment,
            "form": form,
            "errors": error_links(form) if form.is_bound and page.may_be_handed_in else [],
            "refusal": refusal,
            "blocking": page.blocking,
            "cautions": cautions,
            "groups": checked_groups(page),
            "answered": sum(not row.unanswered for row in rows),
            "met": sum(row.met for row in rows),
            "total": len(rows),
            "deadline": page.due,
            "why_not": "" if page.commands else ONLY_COMMANDER,
        },
        status=status,
    )


def error_links(form: SubmissionForm) -> list[dict[str, str]]:
    """What was not ticked, with the place to tick it."""
    places = {"declared": "#id_declared"}
    return [
        {"text": str(error), "url": places.get(name, "#nop")}
        for name, errors in form.errors.items()
        for error in errors
    ]


def checked_groups(page: StationPage) -> list[CheckedGroup]:
    """Every criterion in full under its heading, in a fixed number of queries."""
    prefetch_related_objects([row.criterion for row in page.rows], "indicators")
    values = values_by_indicator(page.assessment.answers.all())
    attached: dict[int, list[Attachment]] = {}
    for attachment in page.in_use:
        attached.setdefault(attachment.criterion_id, []).append(attachment)
    return [
        CheckedGroup(
            group.group,
            [
                CheckedRow(
                    row,
                    lines_of(row.criterion, values),
                    attached.get(row.criterion.pk, []),
                )
                for row in group.rows
            ],
        )
        for group in grouped(page.rows, page.rows)
    ]
