"""The sections about documents, places, reorganisations, agencies and the working calendar."""

from collections.abc import Hashable, Iterable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from wards.lineage import Heirs
from wards.models import (
    DistrictKind,
    ProvinceKind,
    ReorganisationKind,
    Succession,
    Unit,
    UnitKind,
)
from wards.names import canonical_key
from wards.pack_schema.fields import (
    Check,
    Day,
    Found,
    PackModel,
    PlaceCode,
    PlaceName,
    Slug,
    Text,
    Title,
    all_visible,
    code,
    distinct,
    each,
    line,
    one_of,
)
from wards.pack_schema.known import Bearer, Register
from wards.pack_schema.problems import Loc, path_text
from wards.pack_schema.references import (
    AnyProvinceRef,
    DistrictRef,
    DocumentRef,
    ProvinceRef,
    places_of,
    units_on,
)
from wards.pack_schema.sentences import wrong, wrong_at


class PackDocument(PackModel):
    """A legal document that facts cite."""

    code: Annotated[str, code(60)]
    number: Annotated[str, line(80), all_visible]
    issued_on: Day | None = None
    issuer: Annotated[Title, all_visible] | None = None
    title: Annotated[Text, all_visible] | None = None
    note: Text | None = None
    confirmed: bool | None = None
    sample: bool | None = None


def _after_start(ends: date, info: ValidationInfo) -> date:
    starts = info.data.get("valid_from")
    if starts is not None and ends < starts:
        raise wrong(f"sớm hơn valid_from ({starts:%d/%m/%Y}).")
    return ends


class PackDated(PackModel):
    """Something in force from a day to a day."""

    code: PlaceCode
    name: PlaceName
    valid_from: Day | None = None
    valid_to: Annotated[Day, AfterValidator(_after_start)] | None = None


class PackProvince(PackDated):
    """A province or a city under the central government."""

    kind: Annotated[str, one_of(ProvinceKind)]


class PackDistrict(PackDated):
    """A district-level unit of before 1/7/2025."""

    province: ProvinceRef
    kind: Annotated[str, one_of(DistrictKind)]


def _in_province(district: Bearer[Unit], info: ValidationInfo) -> Bearer[Unit]:
    province = info.data.get("province")
    if province is not None and district.province != province.code:
        raise wrong(
            f'đơn vị cấp huyện "{district.code}" thuộc tỉnh "{district.province}", '
            f'không thuộc tỉnh "{province.code}".'
        )
    return district


class PackUnit(PackDated):
    """A commune-level unit."""

    kind: Annotated[str, one_of(UnitKind)]
    province: ProvinceRef
    district: Annotated[DistrictRef, AfterValidator(_in_province)] | None = None
    key_area: bool | None = None


def _the_day(info: ValidationInfo) -> date | None:
    return info.data.get("on")


def _the_eve(info: ValidationInfo) -> date | None:
    day = _the_day(info)
    return day - timedelta(days=1) if day else None


def _fits_kind(units: tuple[Bearer[Unit], ...], info: ValidationInfo) -> tuple[Bearer[Unit], ...]:
    kind, on = info.data.get("kind"), _the_day(info)
    if len(units) > 1 and kind is not None and ReorganisationKind(kind).takes_one:
        raise wrong(f'hình thức "{kind}" chỉ có một đơn vị trước sắp xếp.')
    errors: list[tuple[Loc, str]] = []
    for index, unit in enumerate(units):
        if on is None or unit.is_vague:
            continue
        # A split may leave the divided unit in being; every other kind ends what it takes from.
        lives_on = unit.ends is None or unit.ends >= on
        if unit.starts is not None and unit.starts >= on:
            said = f'đơn vị "{unit.code}" ({unit.name}) chỉ có {unit.period}, sau ngày sắp xếp.'
            errors.append(((index,), said))
        elif lives_on and kind is not None and kind != ReorganisationKind.SPLIT:
            said = (
                f'đơn vị "{unit.code}" ({unit.name}) vẫn còn hiệu lực sau khi sắp xếp; '
                f"ghi valid_to: {on - timedelta(days=1)} cho đơn vị này."
            )
            errors.append(((index,), said))
    if errors:
        raise wrong_at(errors)
    return units


def _all_end(info: ValidationInfo) -> bool:
    """Whether the divided units are gone on the day, as far as the pack is readable."""
    on, before = _the_day(info), info.data.get("from_", ())
    return bool(before) and all(
        on is not None and not unit.is_vague and unit.ends is not None and unit.ends < on
        for unit in before
    )


def _can_succeed(units: tuple[Bearer[Unit], ...], info: ValidationInfo) -> tuple[Bearer[Unit], ...]:
    kind, on = info.data.get("kind"), _the_day(info)
    if len(units) > 1 and kind is not None and ReorganisationKind(kind).makes_one:
        raise wrong(f'hình thức "{kind}" chỉ có một đơn vị sau sắp xếp.')
    if len(units) == 1 and kind == ReorganisationKind.SPLIT and _all_end(info):
        raise wrong(
            'hình thức "split" mà đơn vị cũ kết thúc thì phải có từ hai đơn vị sau sắp xếp; '
            "một đơn vị thành một đơn vị thì ghi rename, kind_change hoặc province_change."
        )
    errors: list[tuple[Loc, str]] = []
    for index, unit in enumerate(units):
        if any(unit is other for other in info.data.get("from_", ())):
            said = f'đơn vị "{unit.code}" ({unit.name}) vừa ở from vừa ở into.'
            errors.append(((index,), said))
        elif on is not None and unit.ends is not None and unit.ends < on:
            said = (
                f'đơn vị "{unit.code}" ({unit.name}) chỉ có {unit.period}, '
                "hết hiệu lực trước ngày sắp xếp nên không thể kế thừa."
            )
            errors.append(((index,), said))
    if errors:
        raise wrong_at(errors)
    return units


class PackReorganisation(PackModel):
    """Units that became other units on a day."""

    on: Day
    document: DocumentRef
    kind: Annotated[str, one_of(ReorganisationKind)]
    from_: Annotated[tuple[Bearer[Unit], ...], units_on(_the_eve), AfterValidator(_fits_kind)] = (
        Field(alias="from")
    )
    into: Annotated[tuple[Bearer[Unit], ...], units_on(_the_day), AfterValidator(_can_succeed)]
    note: Text | None = None


class PackAgency(PackModel):
    """A body with duties."""

    code: Slug
    name: Title
    province: AnyProvinceRef | None = None
    note: Text | None = None


class PackHoliday(PackModel):
    """A day that departs from the ordinary week."""

    on: Day
    name: Title
    document: DocumentRef | None = None
    worked: bool | None = None
    confirmed: bool | None = None


def _no_overlap(section: str) -> Check[PackDated]:
    def check(found: Found[PackDated], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
        register: Register[Unit] = getattr(places_of(info), section)
        for other, bearer in register.overlaps():
            where = path_text(other.loc) if other.loc else "dữ liệu đã nạp"
            place = bearer.loc or ()
            yield (
                (*place[1:], "code"),
                f'mã "{bearer.code}" trùng thời gian với {where} ({other.name}, {other.period}); '
                "ghi valid_to cho đơn vị cũ và valid_from cho đơn vị mới.",
            )

    return check


def _nothing_outlives(section: str) -> Check[PackDated]:
    """What was loaded earlier and lies in a place must not go on when the place ends.

    What the pack itself speaks of is told at its own entry.
    """

    def check(found: Found[PackDated], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
        places = places_of(info)
        register: Register[Any] = getattr(places, section)
        ends = {
            bearer.row.pk: (bearer.loc[1], bearer.ends)
            for bearer in register
            if bearer.row is not None and bearer.loc and bearer.ends
        }
        column = "province_id" if section == "provinces" else "district_id"
        inner: list[Bearer[Any]] = [*places.units]
        if section == "provinces":
            inner += places.districts
        left: dict[int | str, list[Bearer[Any]]] = {}
        for bearer in inner:
            if bearer.row is None or bearer.loc is not None:
                continue
            end = ends.get(getattr(bearer.row, column))
            if end is not None and (bearer.ends is None or bearer.ends > end[1]):
                left.setdefault(end[0], []).append(bearer)
        for index, entry in found:
            if index in left and entry.valid_to is not None:
                first = left[index][0]
                yield (
                    (index, "valid_to"),
                    f"còn {len(left[index])} đơn vị đã nạp có hiệu lực sau ngày này (ví dụ "
                    f'"{first.code}", {first.name}); ghi valid_to cho chúng trong cùng gói.',
                )

    return check


def _name_once(found: Found[PackUnit], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    """One name in one place from one day, however it is spelled (the rule `unit_name_once`)."""
    met: dict[Hashable, tuple[str, str]] = {}
    for bearer in places_of(info).units:
        unit = bearer.row
        if unit is not None and bearer.loc is None:
            district = unit.district
            met[
                (unit.province.code, unit.province.valid_from),
                district and (district.code, district.valid_from),
                unit.kind,
                unit.canonical_key,
                unit.valid_from,
            ] = (unit.code, "dữ liệu đã nạp")
    for index, entry in found:
        place = (
            (entry.province.code, entry.province.starts),
            entry.district and (entry.district.code, entry.district.starts),
            entry.kind,
            canonical_key(entry.name),
            entry.valid_from,
        )
        code, where = met.setdefault(place, (entry.code, f"phần tử [{index}]"))
        # Twice the same code is told at the code.
        if code != entry.code:
            yield (
                (index, "name"),
                f'đơn vị "{entry.name}" đã có ở {where} với mã "{code}": cùng tên (dù đặt dấu '
                "khác nhau), cùng loại, cùng nơi, cùng ngày bắt đầu.",
            )


def _no_cycle(found: Found[PackReorganisation], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
    heirs: Heirs[tuple[str, date | None]] = Heirs()
    for old_code, old_start, new_code, new_start in Succession.objects.values_list(
        "predecessor__code",
        "predecessor__valid_from",
        "successor__code",
        "successor__valid_from",
    ):
        heirs.add((old_code, old_start), (new_code, new_start))
    for index, entry in found:
        for after in entry.into:
            for before in entry.from_:
                old, new = (before.code, before.starts), (after.code, after.starts)
                if heirs.leads(new, old):
                    yield (
                        (index, "into"),
                        f'vòng kế thừa: đơn vị "{after.code}" đã chuyển thành "{before.code}" '
                        "ở một lần sắp xếp khác.",
                    )
                    break
                heirs.add(old, new)


def _outcome(entry: PackReorganisation) -> tuple[date, frozenset[int]]:
    return entry.on, frozenset(id(unit) for unit in entry.into)


def _version(value: Any) -> Any:
    # True and 1.0 equal 1, and are not what the file is to say.
    if type(value) is not int:
        raise wrong("phải là 1.")
    return value


class PlaceSections(PackModel):
    """The part of a pack that tells of documents, places, bodies and days."""

    pack: Annotated[Literal[1], BeforeValidator(_version)]
    documents: Annotated[tuple[PackDocument, ...], each(PackDocument, distinct("code"))] = ()
    provinces: Annotated[
        tuple[PackProvince, ...],
        each(PackProvince, _no_overlap("provinces"), _nothing_outlives("provinces")),
    ] = ()
    districts: Annotated[
        tuple[PackDistrict, ...],
        each(PackDistrict, _no_overlap("districts"), _nothing_outlives("districts")),
    ] = ()
    units: Annotated[tuple[PackUnit, ...], each(PackUnit, _no_overlap("units"), _name_once)] = ()
    reorganisations: Annotated[
        tuple[PackReorganisation, ...],
        each(PackReorganisation, distinct("into", _outcome), _no_cycle),
    ] = ()
    agencies: Annotated[tuple[PackAgency, ...], each(PackAgency, distinct("code"))] = ()
    holidays: Annotated[tuple[PackHoliday, ...], each(PackHoliday, distinct("on"))] = ()
