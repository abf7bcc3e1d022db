"""What an indicator asks for, in words."""

from decimal import Decimal

from django.utils.formats import number_format

from criteria.models import Indicator
from criteria.scale import IndicatorKind


def threshold_text(indicator: Indicator) -> str:
    """What an indicator asks for: "từ 10 biên chế trở lên", "đạt 100%"."""
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
