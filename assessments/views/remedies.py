"""The improvement plan of a file: read by everyone in reach, written by station and coordinator."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import READERS, STATION, NotReady, PortalRequest, Refusal, allow
from accounts.models import Role
from assessments.actions import remedying
from assessments.actions.remedying import RemedyConflict
from assessments.forms.remedies import RemedyForm, RemedyStateForm
from assessments.improvement import in_plan_of, load_plan
from assessments.models import Assessment, Remedy, RemedyState
from assessments.permissions import require_planner
from assessments.views.review_page import fetch, sentence_of
from criteria.models import Criterion

PLANNERS = (*STATION, Role.COORDINATOR)
"""Who may hold a pen over the plan."""

KEPT = "Nội dung đồng chí vừa nhập được giữ bên dưới."


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one act, side by side."""

    sentence: str
    current: Remedy
    lines: list[Line]

    @property
    def told(self) -> str:
        """What happened, and who saved the other version."""
        return f"{self.sentence} Người lưu: {self.current.updated_by}."


def home_of(assessment: Assessment) -> str:
    """The address of the plan."""
    return reverse("remedies", args=[assessment.pk])


def crumbs(assessment: Assessment, current: str = "") -> list[tuple[str, str]]:
    """The way to the plan."""
    unit = assessment.unit.full_name
    file = (
        f"Phiếu tự đánh giá năm {assessment.round.year}, {unit}",
        reverse("assessment", args=[assessment.pk]),
    )
    if not current:
        return [file, ("Kế hoạch khắc phục", "")]
    return [file, ("Kế hoạch khắc phục", home_of(assessment)), (current, "")]


def plan_page(request: PortalRequest, assessment: Assessment, refused: str = "") -> HttpResponse:
    """The plan, with the refusal of the press that led here, if any."""
    return render(
        request,
        "assessments/remedies/plan.html",
        {
            "assessment": assessment,
            "plan": load_plan(assessment, today=timezone.localdate()),
            "crumbs": crumbs(assessment),
            "refused": refused,
            "may_write": not sentence_of(require_planner, assessment, request.user),
        },
        status=409 if refused else 200,
    )


@allow(*STATION, *READERS)
@require_safe
def remedies(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """What is unmet, and what is planned against it."""
    return plan_page(request, fetch(request, pk))


@allow(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def remedy_add(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Plan an act against one criterion."""
    assessment = fetch(request, pk)
    criterion = get_object_or_404(
        Criterion.objects.select_related("group"),
        criteria_set=assessment.round.criteria_set_id,
        code=code,
    )
    require_planner(assessment, request.user)
    today = timezone.localdate()
    if request.method != "POST":
        form = RemedyForm(assessment=assessment, today=today)
        return form_page(request, assessment, criterion, form)
    form = RemedyForm(request.POST, assessment=assessment, today=today)
    if not form.is_valid():
        return form_page(request, assessment, criterion, form, status=400)
    try:
        remedying.add(
            assessment,
            criterion,
            form.draft(),
            # A form that lost its key on the way still plans its act, only not safely twice.
            key=form.cleaned_data["key"] or uuid.uuid4(),
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        sentence = refusal.sentence
        return form_page(request, assessment, criterion, form, refused=sentence, status=409)
    messages.success(request, f"Đã lập việc khắc phục tiêu chí {criterion.code}.")
    return redirect(f"{home_of(assessment)}#{criterion.code}")


@allow(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def remedy(request: PortalRequest, pk: uuid.UUID, remedy_pk: uuid.UUID) -> HttpResponse:
    """Change one act of the plan."""
    assessment = fetch(request, pk)
    found = remedy_of(assessment, remedy_pk)
    require_planner(assessment, request.user)
    today = timezone.localdate()
    if request.method != "POST":
        form = RemedyForm(assessment=assessment, today=today, remedy=found)
        return form_page(request, assessment, found.criterion, form, found)
    form = RemedyForm(request.POST, assessment=assessment, today=today, remedy=found)
    version = form.fields["version"]
    version.required = True
    if not form.is_valid():
        return form_page(request, assessment, found.criterion, form, found, status=400)
    draft = form.draft()
    if draft == remedying.RemedyDraft.of(found):
        messages.info(request, "Nội dung không có gì thay đổi so với lần lưu trước.")
        return redirect(f"{home_of(assessment)}#{found.criterion.code}")
    try:
        remedying.save(
            found,
            draft,
            plan_of=assessment,
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
    except RemedyConflict as clash:
        return conflict_page(request, assessment, form, clash)
    except NotReady as refusal:
        return form_page(
            request,
            assessment,
            found.criterion,
            form,
            found,
            refused=refusal.sentence,
            status=409,
        )
    messages.success(request, f"Đã lưu việc khắc phục tiêu chí {found.criterion.code}.")
    return redirect(f"{home_of(assessment)}#{found.criterion.code}")


@allow(*PLANNERS)
@require_POST
def remedy_state(request: PortalRequest, pk: uuid.UUID, remedy_pk: uuid.UUID) -> HttpResponse:
    """Say with one press how far an act is."""
    assessment = fetch(request, pk)
    found = remedy_of(assessment, remedy_pk)
    require_planner(assessment, request.user)
    form = RemedyStateForm(request.POST)
    if not form.is_valid():
        raise BadRequest("State or version missing.")
    state = RemedyState(form.cleaned_data["state"])
    try:
        remedying.set_state(
            found,
            state,
            plan_of=assessment,
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
    except RemedyConflict as clash:
        current = clash.current
        return plan_page(
            request,
            fetch(request, pk),
            f"{clash.sentence} Đồng chí chọn “{state.label}”; đồng chí {current.updated_by} đã lưu "
            f"tiêu chí {current.criterion.code} với tình trạng “{current.get_state_display()}”.",
        )
    except Refusal as refusal:
        return plan_page(request, fetch(request, pk), refusal.sentence)
    messages.success(
        request, f"Tiêu chí {found.criterion.code}: việc khắc phục “{state.label.lower()}”."
    )
    return redirect(f"{home_of(assessment)}#{found.criterion.code}")


def remedy_of(assessment: Assessment, pk: uuid.UUID) -> Remedy:
    """An act of this plan.

    Raises:
        Http404: it is of no plan, or of another one.
    """
    found = (
        in_plan_of(assessment)
        .select_related(
            "criterion__group", "agency", "programme", "unit__district", "unit__province"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def form_page(
    request: PortalRequest,
    assessment: Assessment,
    criterion: Criterion,
    form: RemedyForm,
    found: Remedy | None = None,
    *,
    refused: str = "",
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of one act, with what was typed."""
    words = "Sửa việc khắc phục" if found is not None else "Thêm việc khắc phục"
    result = assessment.results.filter(criterion__code=criterion.code).first()
    context: dict[str, Any] = {
        "assessment": assessment,
        "criterion": criterion,
        "result": result,
        "form": form,
        "remedy": found,
        "refused": refused,
        "kept": KEPT,
        "conflict": conflict,
        "heading": words,
        "crumbs": crumbs(assessment, f"{criterion.code}: {words.lower()}"),
        "home": f"{home_of(assessment)}#{criterion.code}",
    }
    return render(request, "assessments/remedies/remedy.html", context, status=status)


def conflict_page(
    request: PortalRequest, assessment: Assessment, form: RemedyForm, clash: RemedyConflict
) -> HttpResponse:
    """Both versions; the form keeps what was typed, and its next press is meant for the new one."""
    typed = request.POST.copy()
    typed["version"] = str(clash.current.version)
    stored = RemedyForm(assessment=assessment, today=timezone.localdate(), remedy=clash.current)
    lines = [
        Line(str(field.label), shown(form, name), shown(stored, name))
        for name, field in form.fields.items()
        if name not in {"key", "version"}
    ]
    again = RemedyForm(
        typed, assessment=assessment, today=timezone.localdate(), remedy=clash.current
    )
    return form_page(
        request,
        assessment,
        clash.current.criterion,
        again,
        clash.current,
        conflict=Conflict(clash.sentence, clash.current, lines),
        status=409,
    )


def shown(form: RemedyForm, name: str) -> str:
    """What a field of a form says, in words."""
    bound = form[name]
    value = form.cleaned_data[name] if form.is_bound else bound.initial
    choices = dict(getattr(form.fields[name], "choices", ()))
    if choices:
        return str(choices.get(value, value))
    if value in (None, ""):
        return "–"
    if isinstance(value, Decimal):
        return formats.number_format(value, 0, force_grouping=True)
    return str(formats.localize(value))
