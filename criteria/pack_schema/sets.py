"""Criteria sets: groups, criteria, indicators with their thresholds."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo

from criteria.mapping import MappingLine, line_fault, mapping_gaps
from criteria.models import Relation
from criteria.pack_schema.known import KnownSet, known_set
from criteria.scale import SCALES, IndicatorKind
from wards.models import Province
from wards.pack_schema.fields import (
    Found,
    PackModel,
    Text,
    Title,
    Whole,
    code,
    distinct,
    each,
    line,
    one_of,
    to_number,
)
from wards.pack_schema.known import Bearer, Paper
from wards.pack_schema.problems import Loc
from wards.pack_schema.references import DocumentRef, province_on
from wards.pack_schema.sentences import wrong

Code = Annotated[str, code(10)]
MEASURED = {IndicatorKind.COUNT, IndicatorKind.RATIO}
AT_LEAST_ONE = "phải có ít nhất 1 phần tử."
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
    indicators: Annotated[tuple[PackIndicator, ...], each(PackIndicator, distinct("code"))] = ()


class PackGroup(PackModel):
    """A heading with its criteria."""

    code: Code
    name: Text
    criteria: Annotated[tuple[PackCriterion, ...], each(PackCriterion, distinct("code"))] = ()


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


def _complete(found: Found[PackGroup], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """What is published asks something everywhere; a draft may still be empty."""
    if info.data.get("draft"):
        return
    for g, group in found:
        if not group.criteria:
            yield (g, "criteria"), _lacking(group, "criteria")
        for c, criterion in enumerate(group.criteria):
            if not criterion.indicators:
                yield (g, "criteria", c, "indicators"), _lacking(criterion, "indicators")


def _lacking(entry: PackModel, key: str) -> str:
    return AT_LEAST_ONE if key in entry.model_fields_set else "thiếu khóa bắt buộc này."


def _some_groups(groups: tuple[PackGroup, ...], info: ValidationInfo) -> tuple[PackGroup, ...]:
    if not groups and info.data.get("draft") is False:
        raise wrong(AT_LEAST_ONE)
    return groups


def _day_of_document(info: ValidationInfo) -> date | None:
    paper: Paper | None = info.data.get("document")
    return paper.issued_on if paper else None


def _another(replaced: KnownSet, info: ValidationInfo) -> KnownSet:
    if replaced.code == info.data.get("code"):
        raise wrong("một bộ tiêu chí không thay thế chính nó.")
    return replaced


class PackCorrespondence(PackModel):
    """What became of one criterion of the replaced set."""

    former: Code | None = Field(default=None, alias="from")
    current: Code | None = Field(default=None, alias="to")
    relation: Annotated[str, one_of(Relation)]
    note: Text | None = None

    @property
    def line(self) -> MappingLine:
        """The line as its rules see it."""
        return MappingLine(self.former or "", self.current or "", self.relation)


def _mapped(found: Found[PackCorrespondence], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """Every line names criteria that are there; without gaps unless the set is a draft."""
    replaced: KnownSet | None = info.data.get("replaces")
    groups: tuple[PackGroup, ...] | None = info.data.get("groups")
    if replaced is None or groups is None:
        if found and "replaces" in info.data and replaced is None:
            yield (), "chỉ bộ tiêu chí thay thế bộ khác (replaces) mới có mapping."
        return
    former = [code for code, parts in replaced.parts.items() if "criterion" in parts]
    current = [criterion.code for group in groups for criterion in group.criteria]
    seen: dict[tuple[str | None, str | None], int] = {}
    faulty = False
    for index, entry in found:
        fault = line_fault(entry.line, former, current)
        first = seen.setdefault((entry.former, entry.current), index)
        if not fault and first != index:
            fault = f"lặp lại: đã có ở phần tử [{first}]."
        if fault:
            faulty = True
            yield (index,), fault
    if faulty or info.data.get("draft") is not False:
        return
    gaps = mapping_gaps(former, current, [entry.line for _, entry in found])
    if gaps:
        yield (), " ".join(gaps)


def _counted(count: int | None, info: ValidationInfo) -> int | None:
    groups: tuple[PackGroup, ...] | None = info.data.get("groups")
    if count is None or groups is None or info.data.get("draft") is not False:
        return count
    entered = sum(len(group.criteria) for group in groups)
    if entered != count:
        raise wrong(f"văn bản nêu {count} tiêu chí mà gói này có {entered}.")
    return count


class PackCriteriaSet(PackModel):
    """One version of the criteria."""

    code: Annotated[str, code(40)]
    name: Text
    short_name: Annotated[str, line(40)] | None = None
    document: DocumentRef | None = None
    province: Annotated[Bearer[Province], province_on(_day_of_document)] | None = None
    replaces: Annotated[KnownSet, PlainValidator(known_set), AfterValidator(_another)] | None = None
    confirmed: bool = False
    note: Text | None = None
    draft: bool = False
    groups: Annotated[
        tuple[PackGroup, ...],
        each(PackGroup, distinct("code"), _once_in_the_set, _complete),
        AfterValidator(_some_groups),
    ] = Field(default_factory=list, validate_default=True)
    stated_count: Annotated[Whole | None, AfterValidator(_counted)] = None
    mapping: Annotated[tuple[PackCorrespondence, ...], each(PackCorrespondence, _mapped)] = Field(
        default_factory=list, validate_default=True
    )
