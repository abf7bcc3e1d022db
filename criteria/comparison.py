"""Two versions of the criteria side by side: what was added, removed and changed, word by word."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeVar

from criteria.models import CriteriaSet, Criterion, Group, Indicator, Relation
from criteria.thresholds import threshold_text

Row = TypeVar("Row", Group, Criterion, Indicator)


class Change(StrEnum):
    """What became of something between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both versions have, or only one of them."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One text of a group, criterion or indicator that differs."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class PartChange:
    """One group, criterion or indicator in both versions; empty on the side that lacks it."""

    former: str
    current: str
    """Codes."""
    title: str
    change: Change
    fields: list[FieldChange] = field(default_factory=list)
    indicators: list["PartChange"] = field(default_factory=list)
    relation: str = ""
    """What the mapping says became of it, in words."""

    @property
    def differs(self) -> bool:
        """Whether there is anything to show."""
        return self.change != Change.SAME


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two versions."""

    groups: list[PartChange]
    criteria: list[PartChange]
    by_mapping: bool
    """Whether criteria were paired by the mapping; otherwise by their codes."""

    def counts(self, parts: Sequence[PartChange]) -> dict[str, int]:
        """How many parts were added, removed, changed."""
        found = Counter(one.change for one in parts)
        return {change.value: found[change] for change in Change}

    @property
    def indicators(self) -> list[PartChange]:
        """The indicators of all criteria."""
        return [one for criterion in self.criteria for one in criterion.indicators]

    @property
    def is_empty(self) -> bool:
        """Whether the two versions say the same."""
        return not any(one.differs for one in (*self.groups, *self.criteria))


def words_changed(former: str, current: str) -> list[Piece]:
    """Both texts in one, with what only one of them has marked, word by word."""
    old, new = re.findall(r"\s+|\S+", former), re.findall(r"\s+|\S+", current)
    pieces: list[Piece] = []
    for act, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if act == "equal":
            pieces.append(Piece("".join(old[i1:i2]), Change.SAME))
            continue
        if i2 > i1:
            pieces.append(Piece("".join(old[i1:i2]), Change.REMOVED))
        if j2 > j1:
            pieces.append(Piece("".join(new[j1:j2]), Change.ADDED))
    return pieces


def _yes(value: bool) -> str:
    return "có" if value else "không"


GROUP_TEXTS: Mapping[str, Callable[[Group], str]] = {
    "Mã": lambda one: one.code,
    "Tên nhóm": lambda one: one.name,
}
CRITERION_TEXTS: Mapping[str, Callable[[Criterion], str]] = {
    "Mã": lambda one: one.code,
    "Nội dung": lambda one: one.title,
    "Nhóm": lambda one: str(one.group),
    "Tài liệu kiểm chứng": lambda one: one.evidence,
    "Căn cứ": lambda one: one.basis,
    "Cơ quan quyết định việc đạt": lambda one: one.owner,
    "Phụ thuộc riêng Công an phường": lambda one: _yes(one.ward_alone),
    "Cần đất hoặc trụ sở": lambda one: _yes(one.needs_building),
    "Ghi chú": lambda one: one.note,
}
INDICATOR_TEXTS: Mapping[str, Callable[[Indicator], str]] = {
    "Mã": lambda one: one.code,
    "Nội dung": lambda one: one.title,
    "Kiểu": lambda one: str(one.get_kind_display()),
    "Yêu cầu": threshold_text,
    "Thang xếp loại": lambda one: one.scale.name if one.scale else "",
    "Đơn vị tính": lambda one: one.unit_label,
    "Có thể bất khả kháng": lambda one: _yes(one.exemptible),
    "Có thể không phát sinh": lambda one: _yes(one.no_case_possible),
    "Tử số có thể lớn hơn mẫu số": lambda one: _yes(one.may_exceed),
    "Căn cứ": lambda one: one.basis,
    "Ghi chú": lambda one: one.note,
    "Đã đối chiếu văn bản gốc": lambda one: _yes(one.is_confirmed),
}


def compare(former: CriteriaSet, current: CriteriaSet) -> Comparison:
    """What `current` says otherwise than `former`.

    Criteria are paired by the mapping of whichever of the two replaces the other, and by their
    codes where there is none.
    """
    old, new = _criteria(former), _criteria(current)
    mapped = _mapped(former, current)
    if mapped is None:
        by_code = {one.code: one for one in new}
        pairs = [(one, by_code[one.code], "") for one in old if one.code in by_code]
    else:
        rows = {one.pk: one for one in (*old, *new)}
        pairs = [(rows[a], rows[b], words) for a, b, words in mapped if a in rows and b in rows]
    return Comparison(
        [
            _part(a, b, GROUP_TEXTS)
            for a, b in _by_code(list(former.groups.all()), list(current.groups.all()))
        ],
        _criteria_changes(old, new, pairs),
        mapped is not None,
    )


def _criteria(criteria_set: CriteriaSet) -> list[Criterion]:
    return list(criteria_set.criteria.with_indicators().order_by("position"))


def _mapped(former: CriteriaSet, current: CriteriaSet) -> list[tuple[int, int, str]] | None:
    """Pairs (former, current, relation in words) by the mapping, in the direction asked for."""
    turned = former.replaces_id == current.pk
    if not turned and current.replaces_id != former.pk:
        return None
    lines = list((former if turned else current).correspondences.all())
    if not lines:
        return None
    return [
        (
            *((one.current_id, one.former_id) if turned else (one.former_id, one.current_id)),
            Relation(one.relation).label,
        )
        for one in lines
        if one.former_id and one.current_id
    ]


def _criteria_changes(
    old: Sequence[Criterion],
    new: Sequence[Criterion],
    pairs: Sequence[tuple[Criterion, Criterion, str]],
) -> list[PartChange]:
    paired = {one.pk for a, b, _ in pairs for one in (a, b)}
    changes = [(b.position, 0, _criterion(a, b, relation)) for a, b, relation in pairs]
    changes += [(b.position, 1, _criterion(None, b, "")) for b in new if b.pk not in paired]
    changes += [(a.position, 2, _criterion(a, None, "")) for a in old if a.pk not in paired]
    return [change for *_, change in sorted(changes, key=lambda entry: entry[:2])]


def _criterion(a: Criterion | None, b: Criterion | None, relation: str) -> PartChange:
    inner = [
        _part(one, other, INDICATOR_TEXTS)
        for one, other in _by_code(
            list(a.indicators.all()) if a else [], list(b.indicators.all()) if b else []
        )
    ]
    own = _part(a, b, CRITERION_TEXTS)
    changed = own.change == Change.SAME and any(one.differs for one in inner)
    return PartChange(
        own.former,
        own.current,
        own.title,
        Change.CHANGED if changed else own.change,
        own.fields,
        inner,
        relation,
    )


def _by_code(old: Iterable[Row], new: Iterable[Row]) -> list[tuple[Row | None, Row | None]]:
    former = {one.code: one for one in old}
    current = {one.code: one for one in new}
    pairs: list[tuple[Row | None, Row | None]] = [
        (former.get(code), one) for code, one in current.items()
    ]
    return pairs + [(one, None) for code, one in former.items() if code not in current]


def _part(a: Row | None, b: Row | None, texts: Mapping[str, Callable[[Row], str]]) -> PartChange:
    here = b if b is not None else a
    if here is None:
        raise ValueError("One of the two is there.")
    title = here.name if isinstance(here, Group) else here.title
    if a is None or b is None:
        change = Change.ADDED if a is None else Change.REMOVED
        return PartChange(a.code if a else "", b.code if b else "", title, change)
    fields = [
        FieldChange(label, words_changed(read(a), read(b)))
        for label, read in texts.items()
        if read(a) != read(b)
    ]
    return PartChange(a.code, b.code, title, Change.CHANGED if fields else Change.SAME, fields)
