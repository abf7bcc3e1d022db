"""The sections about what is known of units in a programme, and the whole pack."""

from collections.abc import Hashable, Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, ValidationError, ValidationInfo

from assessments.models import BaselineFinding, RegistrationSource
from criteria.pack_schema.known import KnownProgramme, KnownSet, ProgrammeRef, catalogue_of
from criteria.pack_schema.programmes import CriteriaSections
from wards.models import Unit
from wards.pack_schema.fields import (
    Day,
    Found,
    PackModel,
    Text,
    Whole,
    Year,
    distinct,
    each,
)
from wards.pack_schema.known import Bearer
from wards.pack_schema.problems import Loc
from wards.pack_schema.references import (
    DocumentRef,
    find_units,
    places_of,
    unit_on,
    units_on,
)
from wards.pack_schema.sentences import sentences, wrong, wrong_at

Finding = tuple[str, str, tuple[Bearer[Unit], ...]]
"""A part of the set ("group", "criterion" or "indicator"), its code, the units failing it."""


def surveyed_set(programme: KnownProgramme, on: date | None, info: ValidationInfo) -> KnownSet:
    """The set whose codes a baseline uses: that of the stored findings, else the programme's.

    A programme may have gone over to a newer set since its survey.

    Raises:
        PydanticCustomError: the programme has no criteria set.
    """
    code = programme.set_code
    if programme.row is not None and on is not None:
        found = BaselineFinding.objects.filter(
            baseline__programme=programme.row, baseline__on=on
        ).values_list(
            "group__criteria_set__code",
            "criterion__criteria_set__code",
            "indicator__criterion__criteria_set__code",
        )
        code = next((one for codes in found[:1] for one in codes if one), code)
    sets = catalogue_of(info).sets
    if code not in sets:
        raise wrong(f'chương trình "{programme.code}" chưa có bộ tiêu chí để đối chiếu.')
    return sets[code]


def _not_met(value: Any, info: ValidationInfo) -> tuple[Finding, ...]:
    if not isinstance(value, dict):
        raise wrong('phải là nhóm khóa, ví dụ "1": ["29239", "29242"].')
    programme: KnownProgramme | None = info.data.get("programme")
    on: date | None = info.data.get("on")
    criteria_set = surveyed_set(programme, on, info) if programme else None
    findings: list[Finding] = []
    errors: list[tuple[Loc, str]] = []
    for key, listed in value.items():
        parts = criteria_set.parts.get(key, set()) if criteria_set else set()
        if criteria_set and not parts:
            said = f'bộ tiêu chí "{criteria_set.code}" không có nhóm, tiêu chí, chỉ số "{key}".'
            errors.append(((key,), said))
        elif len(parts) > 1:
            said = f'mã "{key}" vừa là mã nhóm, vừa là mã tiêu chí hoặc chỉ số.'
            errors.append(((key,), said))
        try:
            units = find_units(listed, places_of(info), on)
        except ValidationError as error:
            errors += [((key, *loc), said) for loc, said in sentences(error, PackBaseline)]
        else:
            findings.append((min(parts, default=""), key, units))
    if errors:
        raise wrong_at(errors)
    return tuple(findings)


def _the_day(info: ValidationInfo) -> date | None:
    return info.data.get("on")


def _day_of_decision(info: ValidationInfo) -> date | None:
    return info.data.get("decided_on")


def _new_year(info: ValidationInfo) -> date | None:
    year = info.data.get("year")
    return date(year, 1, 1) if year else None


def _in_programme(year: int, info: ValidationInfo) -> int:
    programme: KnownProgramme | None = info.data.get("programme")
    if programme is not None and not programme.runs_in(year):
        raise wrong(f"ngoài thời gian của chương trình ({programme.years}).")
    return year


def _already_begun(year: int, info: ValidationInfo) -> int:
    decided_on = _day_of_decision(info)
    if decided_on is not None and decided_on.year < year:
        raise wrong(f"năm xét sau ngày quyết định ({decided_on:%d/%m/%Y}).")
    return year


def _after_decision(day: date, info: ValidationInfo) -> date:
    decided_on = _day_of_decision(info)
    if decided_on is not None and day <= decided_on:
        raise wrong(f"phải sau ngày quyết định ({decided_on:%d/%m/%Y}).")
    return day


def _from_decision(day: date, info: ValidationInfo) -> date:
    decided_on = _day_of_decision(info)
    if decided_on is not None and day < decided_on:
        raise wrong(f"không được ở trước ngày quyết định ({decided_on:%d/%m/%Y}).")
    return day


def _source(value: Any) -> str:
    if value is None or value == "":
        return ""
    if value not in RegistrationSource.values:
        raise wrong(f"phải là một trong: {', '.join(RegistrationSource.values)}.")
    return str(value)


class PackBaseline(PackModel):
    """What a survey found failing before the first round."""

    programme: ProgrammeRef
    on: Day
    document: DocumentRef
    not_met: Annotated[tuple[Finding, ...], PlainValidator(_not_met)]


class PackRecognition(PackModel):
    """A decision that recognises a unit."""

    programme: ProgrammeRef
    decided_on: Day
    document: DocumentRef
    for_year: Annotated[Year, AfterValidator(_in_programme), AfterValidator(_already_begun)]
    unit: Annotated[Bearer[Unit], unit_on(_day_of_decision)]
    lapses_on: Annotated[Day, AfterValidator(_after_decision)] | None = None
    revoked_on: Annotated[Day, AfterValidator(_from_decision)] | None = None
    revoking_document: DocumentRef | None = None
    revocation_reason: Text | None = None
    note: Text | None = None
    sample: bool | None = None


class PackCommendation(PackModel):
    """A certificate of merit or the like, beside recognition."""

    programme: ProgrammeRef
    decided_on: Day
    document: DocumentRef
    form: Annotated[Text, Field(max_length=200)]
    unit: Annotated[Bearer[Unit], unit_on(_day_of_decision)]
    for_year: Annotated[Year, AfterValidator(_already_begun)] | None = None
    note: Text | None = None
    sample: bool | None = None


FIGURES = ("assigned", "registered", "added")
"""How many the Ministry assigned, the units registered themselves, the province added."""


class PackRegistration(PackModel):
    """The units that are to reach the standard in a year, and what documents count."""

    programme: ProgrammeRef
    year: Annotated[Year, AfterValidator(_in_programme)]
    assigned: Whole | None = None
    registered: Whole | None = None
    added: Whole | None = None
    document: DocumentRef | None = None
    text: Text | None = None
    units: Annotated[tuple[Bearer[Unit], ...], units_on(_new_year, may_be_empty=True)] = ()
    source: Annotated[str, PlainValidator(_source)] = Field(default="", validate_default=True)
    sample: bool | None = None


def _by_day(entry: PackBaseline) -> Hashable:
    return entry.programme.code, entry.on


def _by_unit_and_year(entry: PackRecognition) -> Hashable:
    return entry.programme.code, id(entry.unit), entry.for_year


def _ended_by_a_document(
    found: Found[PackRecognition], info: ValidationInfo
) -> Iterable[tuple[Loc, str]]:
    for index, entry in found:
        told = {
            "revoking_document": entry.revoking_document,
            "revocation_reason": entry.revocation_reason,
        }
        for key, value in told.items():
            if entry.revoked_on is not None and value is None:
                yield (index, key), "phải có khi ghi ngày hủy (revoked_on)."
            elif entry.revoked_on is None and value is not None:
                yield (index, key), "chỉ đi cùng ngày hủy (revoked_on)."


def _by_document_and_form(entry: PackCommendation) -> Hashable:
    return entry.programme.code, id(entry.unit), id(entry.document), entry.form


def _registered_once(
    found: Found[PackRegistration], info: ValidationInfo
) -> Iterable[tuple[Loc, str]]:
    told: dict[Hashable, int] = {}
    listed: dict[Hashable, int] = {}
    for index, entry in found:
        if entry.units and not entry.source:
            yield (
                (index, "source"),
                f"thiếu nguồn đăng ký: {', '.join(RegistrationSource.values)}.",
            )
        figures = [key for key in FIGURES if getattr(entry, key) is not None]
        if not entry.units and not figures:
            yield (index, "units"), f"phải có đơn vị đăng ký hoặc một số: {', '.join(FIGURES)}."
        year = (entry.programme.code, entry.year)
        for key in (*FIGURES, "document", "text"):
            if getattr(entry, key) is None:
                continue
            if key not in FIGURES and not figures:
                yield (index, key), f"chỉ đi cùng một số: {', '.join(FIGURES)}."
            elif told.setdefault((*year, key), index) != index:
                yield (index, key), f"mục này của năm {entry.year} đã có ở [{told[*year, key]}]."
        for number, unit in enumerate(entry.units):
            named = (*year, entry.source, id(unit))
            if listed.setdefault(named, index) != index:
                yield (
                    (index, "units", number),
                    f'đơn vị "{unit.code}" đã đăng ký cùng năm và nguồn ở [{listed[named]}].',
                )


class Pack(CriteriaSections):
    """A whole pack."""

    baselines: Annotated[tuple[PackBaseline, ...], each(PackBaseline, distinct("on", _by_day))] = ()
    recognitions: Annotated[
        tuple[PackRecognition, ...],
        each(PackRecognition, distinct("unit", _by_unit_and_year), _ended_by_a_document),
    ] = ()
    commendations: Annotated[
        tuple[PackCommendation, ...],
        each(PackCommendation, distinct("form", _by_document_and_form)),
    ] = ()
    registrations: Annotated[
        tuple[PackRegistration, ...], each(PackRegistration, _registered_once)
    ] = ()
