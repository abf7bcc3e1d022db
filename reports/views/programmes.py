"""Programmes: what was decided, whom it concerns, who does what, and opening a round."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import NotReady, PortalRequest, allow, signed_in
from accounts.models import Role
from assessments.actions.opening import open_round as open_for_all
from criteria.models import Duty, Measure, Programme, TargetRevision, TargetScope
from reports.actions import may_make_reports
from reports.forms import OpenRoundForm
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.targets import TargetFact, as_approved
from reports.views.choice_reach import list_links
from reports.views.reach import reaches, readable_programmes
from wards.models import Unit, UnitKind

NAMED_UNITS = 200
"""With more units than this a programme's page counts them by province instead."""


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target in its own words, with how it counts."""

    when: str
    scope: str
    wording: str
    text: str
    replaced_by: TargetRevision | None = None
    """The decision that took its place."""


@dataclass(frozen=True, slots=True)
class TargetList:
    """The targets of one decision; `replaced` once a later one took its place."""

    title: str
    revision: TargetRevision | None
    replaced: bool
    lines: list[TargetLine]


@signed_in
@require_safe
def programme_list(request: PortalRequest) -> HttpResponse:
    """The programmes one takes part in or looks after."""
    programmes = Programme.objects.visible_to(request.user).select_related(
        "document", "province", "criteria_set"
    )
    return render(request, "reports/programme_list.html", {"programmes": programmes})


@signed_in
@require_safe
def programme(request: PortalRequest, code: str) -> HttpResponse:
    """One programme as decided."""
    return _page(request, _fetch(request, code))


@allow(Role.COORDINATOR)
@require_POST
def open_round(request: PortalRequest, code: str) -> HttpResponse:
    """Open the round of a year for every unit in scope; what was typed stays when refused."""
    found = _fetch(request, code)
    form = OpenRoundForm(request.POST, programme=found)
    if not form.is_valid():
        return _page(request, found, form=form, status=400)
    try:
        round_ = open_for_all(
            found,
            form.cleaned_data["year"],
            by=request.user,
            now=timezone.now(),
            deadline=form.last_moment,
        )
    except NotReady as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, found, form=form, status=409)
    messages.success(
        request,
        f"Đã mở kỳ {round_.year} cho {round_.assessments.count()} đơn vị, "
        f"hạn nộp {timezone.localtime(round_.deadline):%H:%M ngày %d/%m/%Y}.",
    )
    return redirect("programme", found.code)


def _fetch(request: PortalRequest, code: str) -> Programme:
    read = readable_programmes(request.user).filter(pk=OuterRef("pk"))
    visible = Programme.objects.visible_to(request.user).annotate(reads_figures=Exists(read))
    return get_object_or_404(
        visible.select_related("document", "province", "criteria_set__document"), code=code
    )


def _page(
    request: PortalRequest,
    found: Programme,
    *,
    form: OpenRoundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    plan = load_plan(found)
    roster = list(plan.field.roster)
    may_open = may_make_reports(request.user, found)
    context: dict[str, Any] = {
        "programme": found,
        "kinds": ", ".join(str(UnitKind(kind).label) for kind in found.unit_kinds) or "mọi loại",
        "due": found.due_day(today.year),
        "targets": _target_lists(found, plan),
        "roster": _roster(request, roster, plan.field.on(roster, today)),
        "duties": _duties(found),
        "rounds": found.rounds.select_related("criteria_set"),
        "reads_figures": found.reads_figures,  # type: ignore[attr-defined]
        "lists": list_links(request.user, found, today),
        "form": form or (OpenRoundForm(programme=found) if may_open else None),
    }
    return render(request, "reports/programme.html", context, status=status)


def _roster(request: PortalRequest, approved: list[Unit], now: list[Unit]) -> dict[str, Any]:
    """The units as approved and as they became: by name, or when there are many by province."""
    if len(approved) > NAMED_UNITS:
        return {"approved": len(approved), "now": len(now), "provinces": _by_province(approved)}
    names = [
        (title, [(unit, reaches(request.user, unit)) for unit in units])
        for title, units in (("Danh sách khi phê duyệt", approved), ("Đơn vị hiện nay", now))
    ]
    return {"approved": len(approved), "now": len(now), "names": names}


def _by_province(units: list[Unit]) -> list[tuple[str, int]]:
    counts = Counter((unit.province.sort_key, unit.province.name) for unit in units)
    return [(name, number) for (_, name), number in sorted(counts.items())]


def _target_lists(found: Programme, plan: Plan) -> list[TargetList]:
    """Targets decision by decision, the first one first; nothing replaced is left out."""
    revisions = list(found.revisions.select_related("document")) if plan.revisions else []
    today = timezone.localdate()
    lists = []
    for revision in (None, *revisions):
        since = revision.on if revision else None
        facts = [one for one in plan.targets if one.revised_on == since]
        title = revision.document.number if revision else found.document.number
        later = [one for one in revisions if one.on <= today and (since is None or one.on > since)]
        lists.append(
            TargetList(
                title,
                revision,
                bool(later),
                [_line(fact, plan, later) for fact in facts],
            )
        )
    return [one for one in lists if one.lines]


def _line(fact: TargetFact, plan: Plan, later: list[TargetRevision]) -> TargetLine:
    units = plan.field.as_decided(fact)
    if fact.measure == Measure.NEW_UNITS:
        when, scope = "Theo quy tắc", "Đơn vị mới thành lập"
    else:
        when = f"{fact.by:%d/%m/%Y}" if fact.by else ""
        scope = _place(units) if fact.scope == TargetScope.DISTRICT else str(fact.scope.label)
    wording = as_approved(fact, of=plan.denominator(fact, of=len(units)))
    replaced_by = next((one for one in later if fact.by is not None and one.on <= fact.by), None)
    return TargetLine(when, scope, wording, fact.text, replaced_by)


def _place(units: list[Unit]) -> str:
    """The districts of old that these units lie in."""
    return ", ".join(sorted({str(unit.district) for unit in units if unit.district}))


def _duties(found: Programme) -> list[tuple[str, list[Duty]]]:
    """Duties by entry of the document; an entry may name several bodies."""
    duties = found.duties.select_related("agency").order_by("position")
    return [(entry, list(inside)) for entry, inside in groupby(duties, key=lambda one: one.entry)]
