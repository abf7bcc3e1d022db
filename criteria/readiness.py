"""Is a draft ready to be published? Every gap in one sentence, with what it is about."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from criteria.mapping import MappingLine, mapping_gaps
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.scale import SCALES, IndicatorKind


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that stands in the way of publishing."""

    sentence: str
    about: Group | Criterion | Indicator | None = None
    """What to mend; None: the set itself."""
    in_mapping: bool = False


@dataclass(frozen=True, slots=True)
class SetCount:
    """How many criteria are entered, of how many there are said to be."""

    entered: int
    stated: int | None

    def __str__(self) -> str:
        if self.stated is None:
            return f"{self.entered} tiêu chí"
        return f"{self.entered}/{self.stated} tiêu chí đã nhập"


def gaps(criteria_set: CriteriaSet) -> list[Gap]:
    """Everything that is missing or contradicts itself, in the order of the pages."""
    criteria = list(criteria_set.criteria.with_indicators().order_by("position"))
    return [
        *_of_set(criteria_set, criteria),
        *_of_parts(criteria_set, criteria),
        *_of_mapping(criteria_set, [one.code for one in criteria]),
    ]


def gaps_of_mapping(criteria_set: CriteriaSet) -> list[Gap]:
    """What is missing in the mapping to the set it replaces, or contradicts itself there."""
    codes = criteria_set.criteria.order_by("position").values_list("code", flat=True)
    return list(_of_mapping(criteria_set, list(codes)))


def _of_set(criteria_set: CriteriaSet, criteria: list[Criterion]) -> Iterator[Gap]:
    if not criteria_set.short_name:
        yield Gap("Chưa có tên ngắn; kết quả ghi theo tên này, ví dụ “21/22 (QĐ 5764)”.")
    if not criteria:
        yield Gap("Bộ tiêu chí chưa có tiêu chí nào.")
    stated = criteria_set.stated_count
    if criteria and stated is not None and stated != len(criteria):
        yield Gap(
            f"Văn bản nêu {stated} tiêu chí mà mới nhập {len(criteria)}. Hãy nhập đủ, hoặc sửa số "
            "tiêu chí văn bản nêu."
        )


def _of_parts(criteria_set: CriteriaSet, criteria: list[Criterion]) -> Iterator[Gap]:
    filled = {criterion.group_id for criterion in criteria}
    for group in criteria_set.groups.all():
        if group.pk not in filled:
            yield Gap(f"Nhóm {group.code} chưa có tiêu chí nào.", group)
    used = Counter(one.code for criterion in criteria for one in criterion.indicators.all())
    for criterion in criteria:
        indicators = list(criterion.indicators.all())
        if not indicators:
            yield Gap(f"Tiêu chí {criterion.code} chưa có chỉ số nào.", criterion)
        for one in indicators:
            if used[one.code] > 1:
                yield Gap(f"Mã chỉ số {one.code} được dùng nhiều lần.", one)
            if fault := _threshold_fault(one):
                yield Gap(f"Chỉ số {one.code}: {fault}", one)


def _threshold_fault(one: Indicator) -> str:
    if one.kind == IndicatorKind.TITLE:
        scale = SCALES.get(one.scale_code)
        if scale is None:
            return "chưa chọn thang xếp loại."
        if one.at_least_level not in dict(scale.levels):
            return "chưa chọn mức phải đạt."
    elif one.kind != IndicatorKind.YES_NO and one.at_least is None and one.at_most is None:
        return "chưa có ngưỡng tối thiểu hoặc tối đa."
    return ""


def _of_mapping(criteria_set: CriteriaSet, codes: list[str]) -> Iterator[Gap]:
    if criteria_set.replaces is None:
        return
    former = list(criteria_set.replaces.criteria.values_list("code", flat=True))
    lines = [
        MappingLine(
            line.former.code if line.former else "",
            line.current.code if line.current else "",
            line.relation,
        )
        for line in criteria_set.correspondences.select_related("former", "current")
    ]
    for sentence in mapping_gaps(former, codes, lines):
        yield Gap(sentence, in_mapping=True)
