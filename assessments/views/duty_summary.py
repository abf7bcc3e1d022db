"""A year's duty reports across agencies: who has handed in, who is late, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from assessments.duties import State, YearlyTask, YearOfTasks, load_year, years_so_far
from assessments.forms.duty_reports import SummaryFilterForm
from assessments.models import DutyAnswer
from assessments.views.downloads import workbook_response
from assessments.views.duty_handed_in import progress_words
from assessments.views.duty_page import day_words
from assessments.workbook.duty_list import write_duty_list
from criteria.models import Duty, Programme

AGENCIES_SHOWN = 25
DUTIES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What one agency says of a duty; `task` tells whether it has handed in at all."""

    task: YearlyTask
    label: str
    colour: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One duty of the document with every agency it is given to."""

    entry: str
    text: str
    said: list[Said]


@allow(*READERS)
@require_safe
def duty_summary(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """All agencies of a programme and year, by state."""
    found = fetch_year(request, code, year)
    form = SummaryFilterForm(request.GET)
    if not form.is_valid():
        return render(
            request,
            "assessments/duties/summary.html",
            {**frame(found, "duty_summary"), "form": form},
            status=400,
        )
    wanted: State | None = form.cleaned_data["tinh_trang"]
    counts = found.counts()
    page = Paginator(found.within(wanted), AGENCIES_SHOWN).get_page(request.GET.get("page"))
    asked = {
        "form": form,
        "page_obj": page,
        "counts": {state.name.lower(): counts[state] for state in State},
        "total": len(found.tasks),
        "chips": [
            (state.value, state.label, counts[state], state == wanted)
            for state in State
            if counts[state] or state == wanted
        ],
        "wanted": wanted,
    }
    return render(
        request, "assessments/duties/summary.html", {**frame(found, "duty_summary"), **asked}
    )


@allow(*READERS)
@require_safe
def duty_summary_file(request: PortalRequest, code: str, year: int) -> HttpResponseBase:
    """The agencies of the list, in the state that is asked for, as a workbook."""
    found = fetch_year(request, code, year)
    form = SummaryFilterForm(request.GET)
    if not form.is_valid():
        raise BadRequest("No such state.")
    wanted: State | None = form.cleaned_data["tinh_trang"]
    content = write_duty_list(
        found,
        found.within(wanted),
        chosen=wanted.label if wanted is not None else "tất cả cơ quan",
        today=timezone.localdate(),
    )
    state = f"-{wanted.value}" if wanted is not None else ""
    return workbook_response(content, f"bao-cao-nhiem-vu-{year}{state}.xlsx")


@allow(*READERS)
@require_safe
def duty_replies(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Duty by duty, what every agency says of it; only what was handed in last."""
    found = fetch_year(request, code, year)
    tasks = {task.agency.pk: task for task in found.tasks}
    duties = Duty.objects.filter(programme=found.programme, agency__in=list(tasks))
    page = Paginator(duties.order_by("position", "pk"), DUTIES_SHOWN).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "assessments/duties/replies.html",
        {**frame(found, "duty_replies"), "page_obj": page, "asked": asked_of(page, tasks)},
    )


def fetch_year(request: PortalRequest, code: str, year: int) -> YearOfTasks:
    """The year within one's reach.

    Raises:
        Http404: a programme out of reach, or not a year that has begun.
    """
    programme = get_object_or_404(
        Programme.objects.visible_to(request.user).select_related("document"), code=code
    )
    today = timezone.localdate()
    if year not in years_so_far(programme, today):
        raise Http404
    return load_year(programme, year, today=today, reader=request.user)


def frame(found: YearOfTasks, name: str) -> dict[str, object]:
    """What both pages show around their content."""
    years = years_so_far(found.programme, timezone.localdate())
    return {
        "found": found,
        "due_words": day_words(found.last_day) if found.last_day else "",
        "years": [
            (year, reverse(name, args=[found.programme.code, year]), year == found.year)
            for year in years
        ],
        "ended": next((one.ended_sentence for one in found.tasks if one.ended_on), ""),
        "crumbs": [("Nhiệm vụ", reverse("duty_reports")), (f"Tổng hợp năm {found.year}", "")],
    }


def asked_of(page: "Page[Duty]", tasks: Mapping[int, YearlyTask]) -> list[Asked]:
    """The duties of a page, one for each text of the document, with the agencies' replies."""
    latest = [task.latest.pk for task in tasks.values() if task.latest is not None]
    duties = list(page.object_list)
    replies = {
        reply.duty_id: reply
        for reply in DutyAnswer.objects.filter(report__in=latest, duty__in=duties)
    }

    def said(duty: Duty) -> Said:
        reply = replies.get(duty.pk)
        words = progress_words(reply.progress if reply is not None else "")
        return Said(tasks[duty.agency_id], *words, text=reply.text if reply is not None else "")

    return [
        Asked(entry, text, [said(duty) for duty in group])
        for (entry, text), group in groupby(duties, lambda one: (one.entry, one.text))
    ]
