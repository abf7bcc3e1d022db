"""Targets as approved, and the decisions that later replace them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from criteria.models import Measure, Programme, TargetScope
from criteria.pack_schema.known import catalogue_of, programme_day
from wards.models import Unit
from wards.pack_schema.fields import (
    Day,
    Found,
    PackModel,
    Percent,
    PlaceCode,
    Text,
    Whole,
    distinct,
    each,
)
from wards.pack_schema.known import Bearer, Places
from wards.pack_schema.problems import Loc
from wards.pack_schema.references import DocumentRef, find_units, places_of, resolve
from wards.pack_schema.sentences import sentences, wrong, wrong_at

MEASURES = {
    "level": Measure.LEVEL,
    "additional": Measure.ADDITIONAL,
    "percent": Measure.PERCENT,
    "new_units": Measure.NEW_UNITS,
}
SCOPES = ("district", "key_area", "units", "each_province")
Roster = Sequence[Bearer[Unit]]


class PackScope(PackModel):
    """Whom a target concerns when it is not the whole programme."""

    district: PlaceCode | None = None
    key_area: Literal[True] | None = None
    units: list[str] | None = None
    each_province: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        stated = [key for key in SCOPES if getattr(self, key) is not None]
        if len(stated) != 1:
            raise wrong(f"phải có đúng một trong: {', '.join(SCOPES)}.")
        return self


class PackTarget(PackModel):
    """One target as approved."""

    by: Day | None = None
    level: Whole | None = None
    additional: Whole | None = None
    percent: Percent | None = None
    new_units: Annotated[int, Field(ge=0, le=20)] | None = None
    scope: PackScope | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        stated = [key for key in MEASURES if getattr(self, key) is not None]
        if len(stated) != 1:
            raise wrong(f"phải có đúng một trong: {', '.join(MEASURES)}.")
        if stated == ["new_units"] and self.by is not None:
            raise wrong_at([(("by",), "chỉ tiêu new_units tính theo năm thành lập, không có by.")])
        if stated == ["new_units"] and self.scope is not None:
            raise wrong_at([(("scope",), "chỉ tiêu new_units là của mọi đơn vị mới.")])
        if stated != ["new_units"] and self.by is None:
            raise wrong_at([(("by",), "thiếu ngày phải đạt.")])
        return self

    @property
    def key(self) -> str:
        """The key under which the value stands."""
        return next(key for key in MEASURES if getattr(self, key) is not None)

    @property
    def value(self) -> Decimal:
        """The value as it is stored."""
        return Decimal(getattr(self, self.key))


class PackRevision(PackModel):
    """A decision that replaces the targets from its day on."""

    on: Day
    document: DocumentRef
    targets: Annotated[tuple[PackTarget, ...], each(PackTarget, at_least=1)]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The scope of a target, found."""

    scope: str = TargetScope.ALL
    code: str = ""
    units: tuple[Bearer[Unit], ...] = ()


def concerned(scope: PackScope | None, places: Places, day: date | None) -> Concerned:
    """Whom a target concerns.

    Raises:
        ValidationError: no such district or unit on `day`; places are inside `scope`.
    """
    if scope is None:
        return Concerned()
    if scope.key_area:
        return Concerned(TargetScope.KEY_AREA)
    if scope.each_province:
        return Concerned(TargetScope.EACH_PROVINCE)
    if scope.district is not None:
        try:
            district = resolve(places.districts, "districts", scope.district, day)
        except PydanticCustomError as error:
            raise wrong_at([(("district",), error.message())]) from error
        return Concerned(TargetScope.DISTRICT, district.code)
    try:
        units = find_units(scope.units, places, day)
        # The same units in another order are the same list.
        ordered = sorted(units, key=lambda one: (one.code, one.starts or date.min))
        return Concerned(TargetScope.UNITS, units=tuple(ordered))
    except ValidationError as error:
        raise wrong_at(
            (("units", *loc), said) for loc, said in sentences(error, PackScope)
        ) from error


def approved(info: ValidationInfo) -> Roster | None:
    """The units a programme is approved for; None when that cannot be known from here."""
    if "roster" not in info.data or "unit_kinds" not in info.data:
        return None
    if info.data["roster"]:
        return tuple(info.data["roster"])
    places, day = places_of(info), programme_day(info)
    known = catalogue_of(info).programmes.get(info.data.get("code", ""))
    row: Programme | None = known.row if known else None
    listed = set(row.roster.values_list("code", "valid_from")) if row else set()
    if listed:
        return [unit for unit in places.units if (unit.code, unit.starts) in listed]
    province = info.data.get("province")
    if province is None or day is None:
        # A national programme may be loaded before all the units of the country are.
        return None
    return [
        unit
        for unit in places.units
        if unit.exists_on(day)
        and unit.kind in info.data["unit_kinds"]
        and unit.province == province.code
    ]


def fits_programme(found: Found[PackTarget], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """Targets against the programme's years, places and size."""
    yield from _in_years(found, info)
    roster = approved(info)
    by_scope: dict[Concerned, list[tuple[int, PackTarget]]] = defaultdict(list)
    for index, target in found:
        try:
            scope = concerned(target.scope, places_of(info), programme_day(info))
        except ValidationError as error:
            for loc, said in sentences(error, PackScope):
                yield (index, "scope", *loc), said
            continue
        by_scope[scope].append((index, target))
    for scope, targets in by_scope.items():
        yield from _said_once(targets)
        if scope.scope == TargetScope.ALL:
            yield from _running_beyond(targets, _size(roster, info), "phạm vi này")
        elif roster:
            yield from _reachable(scope, targets, roster)


def _size(roster: Roster | None, info: ValidationInfo) -> int | None:
    """How many units there are at most: those known, or as many as the document tells."""
    known, stated = len(roster or ()), info.data.get("stated_size") or 0
    return max(known, stated) or None


def revisions_fit(found: Found[PackRevision], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """Revised targets against the programme's years, places and size, by the revision's day."""
    roster = approved(info)
    for number, revision in found:
        yield from (((number, *loc), said) for loc, said in _decided_in_time(revision, info))
        listed = list(enumerate(revision.targets))
        faults = [*_in_years(listed, info), *_after_decision(listed, revision.on)]
        by_scope: dict[Concerned, list[tuple[int, PackTarget]]] = defaultdict(list)
        for index, target in listed:
            day = programme_day(info) if target.scope and target.scope.district else revision.on
            try:
                scope = concerned(target.scope, places_of(info), day)
            except ValidationError as error:
                faults += [
                    ((index, "scope", *loc), said) for loc, said in sentences(error, PackScope)
                ]
                continue
            by_scope[scope].append((index, target))
        for scope, targets in by_scope.items():
            faults += _said_once(targets)
            if scope.scope == TargetScope.ALL:
                size, before = _size_on(revision.on, roster, info), _level_before(revision, info)
                faults += _running_beyond(targets, size, "phạm vi này", before)
            elif roster or scope.scope == TargetScope.UNITS:
                faults += _reachable(scope, targets, roster or ())
        for loc, said in faults:
            yield (number, "targets", *loc), said


def _decided_in_time(revision: PackRevision, info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    approved_on, ends = programme_day(info), info.data.get("ends")
    if approved_on is not None and revision.on < approved_on:
        yield ("on",), f"trước ngày chương trình được phê duyệt ({approved_on:%d/%m/%Y})."
    elif ends is not None and revision.on.year > ends:
        yield ("on",), f"sau khi chương trình kết thúc ({ends})."


def _after_decision(found: Found[PackTarget], on: date) -> Iterable[tuple[Loc, str]]:
    for index, target in found:
        if target.by is not None and target.by < on:
            yield (index, "by"), f"trước ngày điều chỉnh ({on:%d/%m/%Y})."


def _size_on(day: date, roster: Roster | None, info: ValidationInfo) -> int | None:
    """How many units there may be on a later day: some may have been divided since."""
    size, kinds = _size(roster, info), info.data.get("unit_kinds", ())
    province = info.data.get("province")
    if size is None or province is None:
        return size
    there = [
        unit
        for unit in places_of(info).units
        if unit.exists_on(day) and unit.kind in kinds and unit.province == province.code
    ]
    return max(size, len(there))


once_per_day = distinct("on")


def _in_years(found: Found[PackTarget], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    starts, ends = info.data.get("starts"), info.data.get("ends")
    for index, target in found:
        if target.by is None or starts is None or ends is None:
            continue
        if not starts <= target.by.year <= ends:
            yield (index, "by"), f"ngoài thời gian của chương trình ({starts}–{ends})."


def _said_once(targets: list[tuple[int, PackTarget]]) -> Iterable[tuple[Loc, str]]:
    first: dict[Any, int] = {}
    for index, target in targets:
        said = (target.by, target.key)
        if said in first:
            yield (index, "by"), f"chỉ tiêu này đã có ở targets[{first[said]}]."
        first.setdefault(said, index)


def _reachable(
    scope: Concerned, targets: list[tuple[int, PackTarget]], roster: Roster
) -> Iterable[tuple[Loc, str]]:
    """No more units are asked for than there are; later "thêm" adds to what came before."""
    if scope.scope == TargetScope.KEY_AREA:
        return
    if scope.scope == TargetScope.EACH_PROVINCE:
        sizes = Counter(unit.province for unit in roster)
        province, size = min(sizes.items(), key=lambda pair: (pair[1], pair[0]))
        where = f'tỉnh, thành phố "{province}"'
        yield from _running_beyond(targets, size, where)
        return
    members = list(scope.units)
    if scope.scope == TargetScope.DISTRICT:
        members = [unit for unit in roster if unit.district == scope.code]
        if not members:
            for index, _ in targets:
                yield (
                    (index, "scope", "district"),
                    f'chương trình không có đơn vị nào thuộc đơn vị cấp huyện "{scope.code}".',
                )
            return
    yield from _running_beyond(targets, len(members), "phạm vi này")


def _level_before(revision: PackRevision, info: ValidationInfo) -> int:
    """The level of the whole programme that is due before a revision takes effect."""
    running = 0
    stated: Sequence[PackTarget] = info.data.get("targets") or ()
    due = [one for one in stated if one.by is not None and one.by < revision.on]
    for target in sorted(due, key=lambda one: one.by or date.max):
        if target.scope is None and target.level is not None:
            running = target.level
        elif target.scope is None and target.additional is not None:
            running += target.additional
    return running


def _running_beyond(
    targets: list[tuple[int, PackTarget]], size: int | None, where: str, before: int = 0
) -> Iterable[tuple[Loc, str]]:
    if size is None:
        return
    running = before
    for index, target in sorted(targets, key=lambda pair: pair[1].by or date.max):
        if target.level is not None:
            running = target.level
        elif target.additional is not None:
            running += target.additional
        else:
            continue
        if running > size:
            yield (
                (index, target.key),
                f"cộng dồn đến đây là {running} đơn vị, mà {where} chỉ có {size}.",
            )
