"""What is asked: the list of versions, and one version to read."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, signed_in
from accounts.models import Role
from criteria.models import CriteriaSet, Criterion, Group, Indicator, Programme
from criteria.readiness import SetCount
from criteria.thresholds import threshold_text
from criteria.views.page import SetPage

PER_PAGE = 40


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator with its threshold in words."""

    indicator: Indicator
    threshold: str


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """One criterion with its indicators."""

    criterion: Criterion
    indicators: list[IndicatorLine]


@dataclass(frozen=True, slots=True)
class SetRow:
    """One version in the list."""

    set: CriteriaSet
    count: SetCount
    state: str
    colour: str
    icon: str
    programmes: list[Programme]
    rounds: int


@signed_in
@require_safe
def criteria_sets(request: PortalRequest) -> HttpResponse:
    """Every version one may read: state, document, how much is entered, who uses it."""
    found = CriteriaSet.objects.visible_to(request.user).told().order_by("code")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    programmes: dict[int | None, list[Programme]] = {}
    for one in Programme.objects.visible_to(request.user).filter(criteria_set__in=list(page)):
        programmes.setdefault(one.criteria_set_id, []).append(one)
    context = {
        "page_obj": page,
        "rows": [_row(one, programmes.get(one.pk, [])) for one in page],
        "may_draft": Role.COORDINATOR in request.roles,
    }
    return render(request, "criteria/criteria_sets.html", context)


def _row(one: CriteriaSet, programmes: list[Programme]) -> SetRow:
    told = vars(one)  # Annotations of `told()`.
    if not one.is_published:
        state = ("Bản nháp", "working", "pencil-square")
    elif told["is_replaced"]:
        state = ("Đã thay thế", "unanswered", "archive")
    else:
        state = ("Đã công bố", "met", "check-circle-fill")
    count = SetCount(told["entered"], one.stated_count)
    return SetRow(one, count, *state, programmes, told["round_count"])


@signed_in
@require_safe
def criteria_set(request: PortalRequest, code: str) -> HttpResponse:
    """Groups, criteria and indicators with thresholds, quotations and what is not confirmed."""
    page = SetPage(request, code)
    criteria = (
        Criterion.objects.filter(criteria_set=page.set)
        .with_indicators()
        .order_by("group__position", "position")
    )
    groups: list[tuple[Group, list[CriterionPart]]] = [
        (group, [_part(criterion) for criterion in inside])
        for group, inside in groupby(criteria, key=lambda criterion: criterion.group)
    ]
    count = sum(len(parts) for _, parts in groups)
    context = {
        "page": page,
        "criteria_set": page.set,
        "groups": groups,
        "criteria_count": SetCount(count, page.set.stated_count),
        "indicator_count": sum(len(part.indicators) for _, parts in groups for part in parts),
        "newer": page.set.replaced_by.filter(published_at__isnull=False).first(),
        "coordinates": Role.COORDINATOR in request.roles,
    }
    return render(request, "criteria/criteria_set.html", context)


def _part(criterion: Criterion) -> CriterionPart:
    return CriterionPart(
        criterion,
        [IndicatorLine(one, threshold_text(one)) for one in criterion.indicators.all()],
    )
