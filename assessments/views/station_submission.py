"""Checking everything once more, handing in, the receipt, and taking back."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import READERS, STATION, NotReady, PortalRequest, allow
from assessments.actions.submitting import Incomplete, submit, withdraw
from assessments.forms.submission import SubmissionForm
from assessments.judging import values_by_indicator
from assessments.models import Attachment
from assessments.permissions import ONLY_COMMANDER, require_commander
from assessments.views.station_page import StationPage
from assessments.views.station_rows import Row, grouped
from assessments.views.station_words import Line, lines_of
from assessments.workflow import Status
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
    """Hand in the file; twice gives the same receipt."""
    page = StationPage(request, pk)
    if request.method != "POST":
        return redirect(page.address("check"))
    require_commander(page.assessment, page.user)
    if not page.assessment.is_editable and page.latest is not None:
        messages.info(request, already_received(page.latest.receipt))
        return redirect(page.address("receipt"))
    form = SubmissionForm(request.POST, cautions=page.cautions())
    if not page.blocking and not form.is_valid():
        return show_check(request, page, form, status=400)
    now = timezone.now()
    try:
        made = submit(page.assessment, by=page.user, now=now)
    except Incomplete as refusal:
        fresh = StationPage(request, pk)
        return show_check(request, fresh, form, refusal=refusal.sentence, status=409)
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
        return redirect(page.address("assessment"))
    if made.submitted_at != now:
        messages.info(request, already_received(made.receipt))
    return redirect(page.address("receipt"))


@allow(*STATION, *READERS)
@require_safe
def receipt(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt of the latest submission, what happens next, and how to take it back."""
    page = StationPage(request, pk)
    if page.latest is None:
        messages.info(request, "Phiếu chưa được nộp nên chưa có biên nhận.")
        return redirect(page.address("assessment"))
    status = page.assessment.status
    return render(
        request,
        "assessments/station/receipt.html",
        {
            "page": page,
            "assessment": page.assessment,
            "submission": page.latest,
            "earlier": page.submissions[1:],
            "is_withdrawn": status == Status.IN_PROGRESS,
            "may_withdraw": page.commands and status == Status.SUBMITTED,
            "review_begun": status == Status.UNDER_REVIEW,
        },
    )


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def take_back(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the file back while its review has not begun."""
    page = StationPage(request, pk)
    if request.method != "POST":
        return redirect(page.address("receipt"))
    try:
        withdraw(page.assessment, by=page.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
        return redirect(page.address("receipt"))
    messages.success(request, WITHDRAWN)
    return redirect(page.address("assessment"))


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
    form = form or SubmissionForm(cautions=cautions)
    rows = page.rows
    return render(
        request,
        "assessments/station/check.html",
        {
            "page": page,
            "assessment": page.assessment,
            "form": form,
            "errors": error_links(form) if form.is_bound and not page.blocking else [],
            "refusal": refusal,
            "blocking": page.blocking,
            "cautions": cautions,
            "groups": checked_groups(page),
            "answered": sum(not row.unanswered for row in rows),
            "met": sum(row.met for row in rows),
            "total": len(rows),
            "deadline": page.deadline(timezone.now()),
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
    criteria = {
        one.pk: one for one in page.assessment.round.criteria_set.criteria.with_indicators()
    }
    values = values_by_indicator(page.assessment.answers.all())
    attached: dict[int, list[Attachment]] = {}
    for attachment in page.attachments():
        attached.setdefault(attachment.criterion_id, []).append(attachment)
    return [
        CheckedGroup(
            group.group,
            [
                CheckedRow(
                    row,
                    lines_of(criteria[row.criterion.pk], values),
                    attached.get(row.criterion.pk, []),
                )
                for row in group.rows
            ],
        )
        for group in grouped(page.rows, page.rows)
    ]
