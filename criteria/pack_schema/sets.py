"""Criteria sets: groups, criteria, indicators with their thresholds."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainValidator, ValidationInfo

from criteria.scale import SCALES, IndicatorKind
from wards.pack_schema.fields import (
    Found,
    PackModel,
    Text,
    Title,
    code,
    distinct,
    each,
    line,
    one_of,
    to_number,
)
from wards.pack_schema.problems import Loc
from wards.pack_schema.references import DocumentRef
from wards.pack_schema.sentences import wrong

Code = Annotated[str, code(10)]
MEASURED = {IndicatorKind.COUNT, IndicatorKind.RATIO}
MOST_PERCENT = 10_000
"""Ratios that may exceed the whole (an area against its norm) still have thresholds of reason."""


def _scale(value: Any, info: ValidationInfo) -> str:
    kind = info.data.get("kind")
    if value is None or value == "":
        if kind == IndicatorKind.TITLE:
            raise wrong(f"chỉ số kiểu title cần thang xếp loại: {', '.join(SCALES)}.")
        return ""
    if not isinstance(value, str) or value not in SCALES:
        raise wrong(f'không có thang xếp loại "{value}"; các thang: {", ".join(SCALES)}.')
    if kind is not None and kind != IndicatorKind.TITLE:
        raise wrong(f'chỉ số kiểu "{kind}" không có thang xếp loại.')
    return value


def _may_exceed(value: Any, info: ValidationInfo) -> bool:
    if not isinstance(value, bool):
        raise wrong("phải là true hoặc false.")
    if value and info.data.get("kind", IndicatorKind.RATIO) != IndicatorKind.RATIO:
        raise wrong("chỉ chỉ số kiểu ratio có tử số và mẫu số.")
    return value


def _at_most(value: Any, info: ValidationInfo) -> Decimal | None:
    if value is None:
        return None
    number = to_number(value)
    kind = info.data.get("kind", IndicatorKind.COUNT)
    if kind not in MEASURED:
        raise wrong(f'chỉ số kiểu "{kind}" không có ngưỡng at_most.')
    return _sensible(number, info)


def _at_least(value: Any, info: ValidationInfo) -> Decimal | str | None:
    kind = info.data.get("kind")
    if kind == IndicatorKind.TITLE:
        return _level(value, info)
    if kind not in MEASURED:
        if kind is not None and value is not None:
            raise wrong(f'chỉ số kiểu "{kind}" không có ngưỡng at_least.')
        return None
    if value is None:
        if "at_most" in info.data and info.data["at_most"] is None:
            raise wrong(f'chỉ số kiểu "{kind}" cần ngưỡng at_least hoặc at_most.')
        return None
    number = _sensible(to_number(value), info)
    most = info.data.get("at_most")
    if most is not None and number > most:
        raise wrong(f"lớn hơn at_most ({most}).")
    return number


def _level(value: Any, info: ValidationInfo) -> str:
    scale = SCALES.get(info.data.get("scale", ""))
    if scale is None:
        return str(value)  # The scale is in error, which is told there.
    levels = [level for level, _ in scale.levels]
    if value not in levels:
        said = "thiếu mức" if value is None else f'thang "{scale.code}" không có mức "{value}"'
        raise wrong(f"{said}; các mức: {', '.join(levels)}.")
    return str(value)


def _sensible(number: Decimal, info: ValidationInfo) -> Decimal:
    if info.data.get("kind") != IndicatorKind.RATIO:
        return number
    most = MOST_PERCENT if info.data.get("may_exceed") else 100
    if number > most:
        raise wrong(
            f"ngưỡng tỷ lệ tính bằng phần trăm, không được quá {most}"
            f"{'' if info.data.get('may_exceed') else ' (trừ khi có may_exceed: true)'}."
        )
    return number


class PackIndicator(PackModel):
    """One measurable part of a criterion."""

    code: Code
    title: Text
    kind: Annotated[str, one_of(IndicatorKind)]
    scale: Annotated[str, PlainValidator(_scale)] = Field(default="", validate_default=True)
    may_exceed: Annotated[bool, PlainValidator(_may_exceed)] = False
    at_most: Annotated[Decimal | None, PlainValidator(_at_most)] = None
    at_least: Annotated[Decimal | str | None, PlainValidator(_at_least)] = Field(
        default=None, validate_default=True
    )
    unit: Annotated[str, line(40)] | None = None
    exemptible: bool = False
    no_case: bool = False
    basis: Text | None = None
    note: Text | None = None
    confirmed: bool = True


class PackCriterion(PackModel):
    """One criterion: met when all its indicators are."""

    code: Code
    title: Text
    evidence: Text | None = None
    basis: Text | None = None
    note: Text | None = None
    owner: Title | None = None
    ward_alone: bool = True
    needs_building: bool = False
    indicators: Annotated[
        tuple[PackIndicator, ...], each(PackIndicator, distinct("code"), at_least=1)
    ]


class PackGroup(PackModel):
    """A heading with its criteria."""

    code: Code
    name: Text
    criteria: Annotated[
        tuple[PackCriterion, ...], each(PackCriterion, distinct("code"), at_least=1)
    ]


def _once_in_the_set(found: Found[PackGroup], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """Results are kept by criterion code and found by indicator code, across all groups."""
    criteria: dict[str, tuple[int, int]] = {}
    indicators: dict[str, tuple[int, int]] = {}
    for g, group in found:
        for c, criterion in enumerate(group.criteria):
            seen = criteria.setdefault(criterion.code, (g, c))
            if seen[0] != g:
                yield (
                    (g, "criteria", c, "code"),
                    f'tiêu chí "{criterion.code}" đã có ở groups[{seen[0]}].criteria[{seen[1]}].',
                )
            for i, indicator in enumerate(criterion.indicators):
                other = indicators.setdefault(indicator.code, (g, c))
                if other != (g, c):
                    yield (
                        (g, "criteria", c, "indicators", i, "code"),
                        f'chỉ số "{indicator.code}" đã có ở '
                        f"groups[{other[0]}].criteria[{other[1]}].",
                    )


class PackCriteriaSet(PackModel):
    """One version of the criteria."""

    code: Annotated[str, code(40)]
    name: Text
    document: DocumentRef | None = None
    confirmed: bool = False
    note: Text | None = None
    groups: Annotated[
        tuple[PackGroup, ...],
        each(PackGroup, distinct("code"), _once_in_the_set, at_least=1),
    ]
