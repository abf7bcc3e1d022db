"""The receipt with what happens next, and every earlier submission as it was."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.models import Assessment, Submission
from assessments.views.review_answers import frozen_value
from assessments.views.review_reading import changes, entry_of, revisions
from assessments.views.station_page import StationPage, handed_in_words
from assessments.views.station_words import Line, lines_of
from assessments.workflow import Status
from criteria.models import Criterion, Group
from criteria.scale import Outcome


@dataclass(frozen=True, slots=True)
class FrozenRow:
    """A criterion as a submission holds it, and what the station changed since the one before."""

    criterion: Criterion
    outcome: Outcome
    entry: dict[str, Any]
    lines: list[Line]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenGroup:
    """A heading with its criteria."""

    group: Group
    rows: list[FrozenRow]


@allow(*STATION, *READERS)
@require_safe
def receipt(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt of the latest submission, what happens next, and how to take it back."""
    page = StationPage(request, pk)
    if page.latest is None:
        messages.info(request, "Phiếu chưa được nộp nên chưa có biên nhận.")
        return redirect(page.address("assessment"))
    return show_receipt(request, page)


@allow(*STATION, *READERS)
@require_safe
def submission(request: PortalRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """What was handed in at one time, word for word, and what changed since the time before.

    Raises:
        Http404: this file was not handed in so often.
    """
    page = StationPage(request, pk)
    if not 1 <= number <= page.assessment.submissions_made:
        raise Http404
    asked = page.assessment.submissions.select_related("submitted_by")
    found = {one.number: one for one in asked.filter(number__in=(number - 1, number))}
    shown, before = found[number], found.get(number - 1)
    groups = frozen_groups(page, shown, before)
    words, state = handed_in_words(shown)
    return render(
        request,
        "assessments/station/submission.html",
        {
            "page": page,
            "assessment": page.assessment,
            "submission": shown,
            "before": before,
            "groups": groups,
            "changed": [row for group in groups for row in group.rows if row.changes],
            "in_time": {"words": words, "state": state},
            "is_latest": number == page.assessment.submissions_made,
        },
    )


def show_receipt(
    request: PortalRequest, page: StationPage, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The receipt as things stand now."""
    latest = page.submissions[0]
    words, state = handed_in_words(latest)
    now_at = page.assessment.status
    takes_back = page.commands and now_at == Status.SUBMITTED and not page.closed
    return render(
        request,
        "assessments/station/receipt.html",
        {
            "page": page,
            "assessment": page.assessment,
            "submission": latest,
            "earlier": page.submissions[1:],
            "in_time": {"words": words, "state": state},
            "is_withdrawn": now_at == Status.IN_PROGRESS,
            "may_withdraw": takes_back and not page.past_due,
            "too_late_to_withdraw": takes_back and page.past_due,
            "place_in_queue": place_in_queue(page),
            "review_begun": now_at == Status.UNDER_REVIEW,
            "refusal": refusal,
        },
        status=status,
    )


def place_in_queue(page: StationPage) -> int:
    """Which of the province's waiting files comes to this one; 0 when it does not wait."""
    file = page.assessment
    if file.status != Status.SUBMITTED or not page.belongs:
        return 0
    queue = Assessment.objects.in_review_queue().filter(
        unit__province_id=file.unit.province_id, status=Status.SUBMITTED
    )
    waiting = list(queue.values_list("pk", flat=True))
    # A reviewer may have taken it since it was read.
    return waiting.index(file.pk) + 1 if file.pk in waiting else 0


def frozen_lines(criterion: Criterion, entry: dict[str, Any]) -> list[Line]:
    """The indicators of a criterion (prefetched) as a submission answers them."""
    values = {
        indicator.pk: frozen_value(entry["answers"][indicator.code])
        for indicator in criterion.indicators.all()
        if indicator.code in entry["answers"]
    }
    return lines_of(criterion, values)


def frozen_groups(
    page: StationPage, shown: Submission, before: Submission | None
) -> list[FrozenGroup]:
    """Every criterion of a submission under its heading, in four queries."""
    revised = revisions(page.assessment) if before else {}
    groups: dict[Group, list[FrozenRow]] = {}
    for criterion in page.assessment.round.criteria_set.criteria.with_indicators():
        entry = entry_of(shown, criterion)
        told = changes(entry_of(before, criterion), entry, revised) if before else ()
        groups.setdefault(criterion.group, []).append(
            FrozenRow(
                criterion,
                Outcome(entry["outcome"]),
                entry,
                frozen_lines(criterion, entry),
                told,
            )
        )
    return [FrozenGroup(group, rows) for group, rows in groups.items()]
