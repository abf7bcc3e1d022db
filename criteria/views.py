"""What is asked: one version of the criteria, to read."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from accounts.access import PortalRequest, signed_in
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.scale import IndicatorKind


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


@signed_in
@require_safe
def criteria_set(request: PortalRequest, code: str) -> HttpResponse:
    """Groups, criteria and indicators with thresholds, quotations and what is not confirmed."""
    found = get_object_or_404(
        CriteriaSet.objects.visible_to(request.user).select_related("document"), code=code
    )
    criteria = (
        Criterion.objects.filter(criteria_set=found)
        .with_indicators()
        .order_by("group__position", "position")
    )
    groups: list[tuple[Group, list[CriterionPart]]] = [
        (group, [_part(criterion) for criterion in inside])
        for group, inside in groupby(criteria, key=lambda criterion: criterion.group)
    ]
    context = {
        "criteria_set": found,
        "groups": groups,
        "criteria_count": sum(len(parts) for _, parts in groups),
        "indicator_count": sum(len(part.indicators) for _, parts in groups for part in parts),
    }
    return render(request, "criteria/criteria_set.html", context)


def _part(criterion: Criterion) -> CriterionPart:
    return CriterionPart(
        criterion,
        [IndicatorLine(one, threshold_text(one)) for one in criterion.indicators.all()],
    )


def threshold_text(indicator: Indicator) -> str:
    """What an indicator asks for, in words: "từ 10 biên chế trở lên", "đạt 100%"."""
    if indicator.kind == IndicatorKind.YES_NO:
        return "Có"
    if indicator.kind == IndicatorKind.TITLE:
        scale = indicator.scale
        if scale is None:
            return "Được công nhận"
        level = scale.label(indicator.at_least_level)
        is_highest = scale.levels[0][0] == indicator.at_least_level
        return level if is_highest else f"{level} trở lên"
    unit = "%" if indicator.kind == IndicatorKind.RATIO else f" {indicator.unit_label}".rstrip()
    return _range_text(indicator.at_least, indicator.at_most, unit, indicator.kind)


def _range_text(least: Decimal | None, most: Decimal | None, unit: str, kind: str) -> str:
    if least is not None and most is not None:
        if least == most:
            return f"Đúng {_number(least)}{unit}"
        return f"Từ {_number(least)} đến {_number(most)}{unit}"
    if most is not None:
        return f"Không có{unit}" if most == 0 else f"Không quá {_number(most)}{unit}"
    if least is None:
        return "Chưa xác định ngưỡng"
    if kind == IndicatorKind.RATIO and least == 100:
        return "Đạt 100%"
    return f"Từ {_number(least)}{unit} trở lên"


def _number(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return str(number_format(value, decimal_pos=0 if whole else None, force_grouping=True))
