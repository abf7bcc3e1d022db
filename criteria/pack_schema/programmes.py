"""Programmes: whom they concern, what is due when, who does what, and how they report."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo

from criteria.models import Counting
from criteria.pack_schema.known import CriteriaSetRef, programme_day
from criteria.pack_schema.roadmap import (
    PackRevision,
    PackTarget,
    fits_programme,
    once_per_day,
    revisions_fit,
)
from criteria.pack_schema.sets import PackCriteriaSet
from wards.models import Province, Unit, UnitKind
from wards.pack_schema.fields import (
    PackModel,
    Slug,
    Text,
    Title,
    Year,
    distinct,
    each,
    line,
    one_of,
)
from wards.pack_schema.known import Bearer
from wards.pack_schema.problems import Loc
from wards.pack_schema.references import AgencyRef, DocumentRef, province_on, units_on
from wards.pack_schema.sections import PlaceSections
from wards.pack_schema.sentences import wrong, wrong_at

_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_COMMON_YEAR = 2023


class PackDuty(PackModel):
    """What the programme assigns to an agency."""

    agency: AgencyRef
    entry: Annotated[str, line(10)] | None = None
    text: Text


class PackQuotation(PackModel):
    """Word for word from the document, with what it is about."""

    about: Title
    text: Text


class PackReport(PackModel):
    """The form of the annual report: who writes, who signs, who receives."""

    parent: Title | None = None
    name: Title | None = None
    symbol: Annotated[str, line(40)] | None = None
    place: Title | None = None
    signer_capacity: Title | None = None
    signer_name: Title | None = None
    addressees: list[Title] | None = None
    recipients: list[Title] | None = None


def _unit_kinds(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise wrong(f"phải là danh sách loại đơn vị: {', '.join(UnitKind.values)}.")
    errors: list[tuple[Loc, str]] = []
    for index, kind in enumerate(value):
        if kind not in UnitKind.values:
            errors.append(((index,), f"phải là một trong: {', '.join(UnitKind.values)}."))
        elif kind in value[:index]:
            errors.append(((index,), f'loại "{kind}" lặp lại.'))
    if errors:
        raise wrong_at(errors)
    return tuple(value)


def _not_before_start(ends: int, info: ValidationInfo) -> int:
    starts = info.data.get("starts")
    if starts is not None and ends < starts:
        raise wrong(f"trước năm bắt đầu ({starts}).")
    return ends


def _month_day(value: Any) -> str:
    found = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    if found:
        try:
            date(_COMMON_YEAR, int(found[1]), int(found[2]))
        except ValueError:
            found = None
    if found is None:
        raise wrong('phải là tháng-ngày có trong mọi năm, ví dụ "11-15".')
    return found[0]


def _concerned(units: tuple[Bearer[Unit], ...], info: ValidationInfo) -> tuple[Bearer[Unit], ...]:
    kinds = info.data.get("unit_kinds")
    province: Bearer[Province] | None = info.data.get("province")
    errors: list[tuple[Loc, str]] = []
    for index, unit in enumerate(units):
        if kinds is not None and unit.kind in UnitKind.values and unit.kind not in kinds:
            label = UnitKind(unit.kind).label
            said = f'đơn vị "{unit.code}" ({unit.name}) là {label}, không thuộc unit_kinds.'
            errors.append(((index,), said))
        if province is not None and unit.province != province.code:
            said = f'đơn vị "{unit.code}" ({unit.name}) thuộc tỉnh "{unit.province}".'
            errors.append(((index,), said))
    if errors:
        raise wrong_at(errors)
    return units


class PackProgramme(PackModel):
    """A province's or the nation's plan."""

    code: Slug
    name: Text
    document: DocumentRef
    starts: Year
    ends: Annotated[Year, AfterValidator(_not_before_start)]
    province: Annotated[Bearer[Province], province_on(programme_day)] | None = None
    unit_kinds: Annotated[tuple[str, ...], PlainValidator(_unit_kinds)]
    criteria_set: CriteriaSetRef | None = None
    counts_as_met: Annotated[str, one_of(Counting)] | None = None
    inputs_due: Annotated[str, PlainValidator(_month_day)] | None = None
    roster: (
        Annotated[tuple[Bearer[Unit], ...], units_on(programme_day), AfterValidator(_concerned)]
        | None
    ) = None
    stated_size: Annotated[int, Field(ge=1, le=100_000)] | None = None
    stated_size_text: Text | None = None
    targets: Annotated[tuple[PackTarget, ...], each(PackTarget, fits_programme)] | None = None
    duties: Annotated[tuple[PackDuty, ...], each(PackDuty)] | None = None
    revisions: (
        Annotated[tuple[PackRevision, ...], each(PackRevision, once_per_day, revisions_fit)] | None
    ) = None
    report: PackReport | None = None
    recognition_years: Annotated[int, Field(ge=1, le=20)] | None = None
    oversight: Text | None = None
    quotations: Annotated[tuple[PackQuotation, ...], each(PackQuotation)] | None = None
    note: Text | None = None


class CriteriaSections(PlaceSections):
    """The part of a pack that tells of criteria sets and programmes."""

    criteria_sets: Annotated[
        tuple[PackCriteriaSet, ...], each(PackCriteriaSet, distinct("code"))
    ] = ()
    programmes: Annotated[tuple[PackProgramme, ...], each(PackProgramme, distinct("code"))] = ()
