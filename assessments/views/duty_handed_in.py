"""A report as it was handed in, with its receipt: for the agency and for those who read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import Role
from assessments.actions.duty_reports import DutyDraft, Reply
from assessments.duties import task_of
from assessments.models import DutyProgress, DutyReport
from assessments.views.duty_page import day_words, handed_in_words
from criteria.models import Duty

COLOURS: Mapping[str, str] = {
    DutyProgress.DONE: "met",
    DutyProgress.DOING: "working",
    DutyProgress.NOT_DONE: "not-met",
    DutyProgress.NO_CASE: "unanswered",
    "": "unanswered",
}
ICONS: Mapping[str, str] = {
    DutyProgress.DONE: "check-circle-fill",
    DutyProgress.DOING: "hourglass-split",
    DutyProgress.NOT_DONE: "x-circle-fill",
    DutyProgress.NO_CASE: "dash-circle",
    "": "circle",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One duty with what is said of it."""

    duty: Duty
    text: str
    label: str
    colour: str
    icon: str
    obstacle: str = ""


def progress_words(progress: str) -> tuple[str, str, str]:
    """Label, colour and icon of a progress."""
    label = DutyProgress(progress).label if progress else "Chưa trả lời"
    return str(label), COLOURS[progress], ICONS[progress]


def answered(
    duties: Sequence[Duty], draft: DutyDraft, missing: Mapping[int, str]
) -> list[Answered]:
    """The duties in order with their replies."""
    found = []
    for duty in duties:
        reply = draft.replies.get(duty.pk, Reply())
        words = progress_words(reply.progress)
        found.append(Answered(duty, reply.text, *words, obstacle=missing.get(duty.pk, "")))
    return found


@allow(Role.RAPPORTEUR, *READERS)
@require_safe
def duty_handed_in(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The receipt and the report word for word; printed, it is the paper copy."""
    report = get_object_or_404(
        DutyReport.objects.visible_to(request.user).select_related(
            "programme__document", "agency__province", "submitted_by"
        ),
        pk=pk,
        submitted_at__isnull=False,
    )
    task = task_of(report.programme, report.agency, report.year, timezone.localdate())
    others = DutyReport.objects.filter(
        programme=report.programme,
        agency=report.agency,
        year=report.year,
        submitted_at__isnull=False,
    ).exclude(pk=report.pk)
    duties = list(
        Duty.objects.filter(programme=report.programme, agency=report.agency).order_by(
            "position", "pk"
        )
    )
    words, colour = handed_in_words(report, task.days_late)
    own = report.agency_id in request.user.scope.agencies
    summary = reverse("duty_summary", args=[report.programme.code, report.year])
    crumbs = [("Nhiệm vụ", reverse("duty_reports"))]
    if request.roles & set(READERS):
        crumbs.append((f"Tổng hợp năm {report.year}", summary))
    return render(
        request,
        "assessments/duties/handed_in.html",
        {
            "report": report,
            "task": task,
            "replies": answered(duties, DutyDraft.of(report), {}),
            "in_time": {"words": words, "colour": colour},
            "due_words": day_words(task.last_day) if task.last_day else "",
            "others": others.select_related("submitted_by").order_by("-number"),
            "newer": task.latest if task.latest and task.latest.number > report.number else None,
            "own": own,
            "crumbs": [*crumbs, (f"Báo cáo {report.agency}", "")],
        },
    )
