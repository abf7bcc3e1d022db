"""From a finding to the improvement plan: the form of a remedy that begins with what was found."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role, User
from assessments.actions import mending
from assessments.actions.mending import AlreadyPlanned
from assessments.forms.inspections import FindingRemedyForm
from assessments.inspections import plan_for
from assessments.models import Assessment, InspectionFinding
from assessments.permissions import ONLY_PLANNERS, plans_for
from assessments.views.inspection_page import KEPT, InspectionPage, crumbs, open_page, show
from wards.models import Unit


@allow(*STATION, Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def finding_remedy(request: PortalRequest, pk: uuid.UUID, finding_pk: uuid.UUID) -> HttpResponse:
    """Plan what is to be done about one finding, in the plan of the unit's latest file."""
    page = open_page(request, pk, _require_planner)
    finding = get_object_or_404(page.inspection.findings.with_plans(), pk=finding_pk)
    plan_of = plan_for(page.inspection)
    if plan_of is None:
        return show(request, page, refused=mending.NO_FILE)
    criteria = plan_of.round.criteria_set.criteria.order_by("position")
    options: dict[str, Any] = {
        "finding": finding,
        "assessment": plan_of,
        "criteria": criteria,
        "today": timezone.localdate(),
    }
    if request.method != "POST":
        if finding.remedy is not None:
            return redirect(f"{page.address}#ton-tai")
        return _form(request, page, finding, plan_of, FindingRemedyForm(**options))
    form = FindingRemedyForm(request.POST, **options)
    if not form.is_valid():
        return _form(request, page, finding, plan_of, form, status=400)
    try:
        mending.put_into_plan(
            finding,
            plan_of,
            form.chosen,
            form.draft(),
            key=form.cleaned_data["key"] or uuid.uuid4(),
            by=request.user,
            now=timezone.now(),
        )
    except AlreadyPlanned as refusal:
        return _form(
            request, page, finding, plan_of, form, refused=refusal.sentence, over=True, status=409
        )
    except NotReady as refusal:
        return _form(request, page, finding, plan_of, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã đưa tồn tại vào kế hoạch khắc phục kỳ {plan_of.round.year}, tiêu chí "
        f"{form.chosen.code}.",
    )
    return redirect(f"{page.address}#ton-tai")


def _require_planner(unit: Unit, user: User) -> None:
    if not plans_for(unit, user):
        raise NotAllowed(ONLY_PLANNERS)


def _form(
    request: PortalRequest,
    page: InspectionPage,
    finding: InspectionFinding,
    plan_of: Assessment,
    form: FindingRemedyForm,
    *,
    refused: str = "",
    over: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "finding": finding,
        "plan_of": plan_of,
        "plan_url": reverse("remedies", args=[plan_of.pk]),
        "form": form,
        "refused": refused,
        "kept": KEPT,
        "over": over,
        "crumbs": crumbs(request, page, "Đưa vào kế hoạch khắc phục"),
    }
    return render(request, "assessments/inspections/remedy.html", context, status=status)
