"""Values that name something: a document, a province, a district, an agency, a unit on a day."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from wards.models import Agency, District, Province, Unit
from wards.pack_schema.known import Bearer, Known, Paper, Places, Register
from wards.pack_schema.problems import Loc
from wards.pack_schema.sentences import wrong, wrong_at

DayOf = Callable[[ValidationInfo], date | None]
"""The day of the fact in which a reference stands; None when that day is itself in error."""

_REFERENCE = re.compile(r"([^@\s]+)(?:@([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_KINDS = {"provinces": "tỉnh, thành phố", "districts": "đơn vị cấp huyện", "units": "đơn vị"}


def places_of(info: ValidationInfo) -> Places:
    """What may be named, as the loader gave it."""
    found = info.context["places"] if info.context else None
    if not isinstance(found, Places):
        raise TypeError("A pack is validated with the context of the loader.")
    return found


def named(value: Any) -> str:
    """The code that is written as a reference."""
    if value is None:
        raise wrong("không được để trống.")
    if not isinstance(value, str):
        raise wrong('mã phải là chuỗi: đặt trong ngoặc kép, ví dụ "29242".')
    return value


def _document(value: Any, info: ValidationInfo) -> Paper:
    code = named(value)
    if code not in places_of(info).documents:
        raise wrong(f'không có văn bản mang mã "{code}".')
    return places_of(info).documents[code]


def _agency(value: Any, info: ValidationInfo) -> Known[Agency]:
    code = named(value)
    if code not in places_of(info).agencies:
        raise wrong(f'không có cơ quan mang mã "{code}".')
    return places_of(info).agencies[code]


def _lasting(section: str) -> Callable[[Any, ValidationInfo], Bearer[Any]]:
    """The last bearer of a code while the entry itself lasts."""

    def find(value: Any, info: ValidationInfo) -> Bearer[Any]:
        code, register = named(value), _register(section, info)
        starts, ends = info.data.get("valid_from"), info.data.get("valid_to")
        _require(register, section, code)
        found = register.during(code, starts, ends)
        if found is None:
            raise wrong(
                f'{_KINDS[section]} mang mã "{code}" không có hiệu lực trong thời gian này '
                f"({_history(register, code)})."
            )
        dates_are_read = "valid_from" in info.data and "valid_to" in info.data
        if dates_are_read and found.ends and (ends is None or ends > found.ends):
            raise wrong(
                f'{_KINDS[section]} mang mã "{code}" chỉ có hiệu lực {found.period}; '
                "ghi valid_to sớm hơn hoặc chọn mã khác."
            )
        return found

    return find


def _any_time(value: Any, info: ValidationInfo) -> Bearer[Any]:
    code, register = named(value), places_of(info).provinces
    _require(register, "provinces", code)
    return register.bearers(code)[-1]


DocumentRef = Annotated[Paper, PlainValidator(_document)]
AgencyRef = Annotated[Known[Agency], PlainValidator(_agency)]
ProvinceRef = Annotated[Bearer[Province], PlainValidator(_lasting("provinces"))]
DistrictRef = Annotated[Bearer[District], PlainValidator(_lasting("districts"))]
AnyProvinceRef = Annotated[Bearer[Province], PlainValidator(_any_time)]


def province_on(day_of: DayOf) -> PlainValidator:
    """The province that bears a code on the day of the fact."""

    def find(value: Any, info: ValidationInfo) -> Bearer[Province]:
        day = day_of(info)
        return resolve(places_of(info).provinces, "provinces", named(value), day)

    return PlainValidator(find)


def unit_on(day_of: DayOf) -> PlainValidator:
    """The unit that a reference names on the day of the fact."""

    def find(value: Any, info: ValidationInfo) -> Bearer[Unit]:
        return find_unit(value, places_of(info), day_of(info))

    return PlainValidator(find)


def units_on(day_of: DayOf, *, may_be_empty: bool = False) -> PlainValidator:
    """A list of units, no unit twice, each named on the day of the fact."""

    def find(value: Any, info: ValidationInfo) -> tuple[Bearer[Unit], ...]:
        return find_units(value, places_of(info), day_of(info), may_be_empty=may_be_empty)

    return PlainValidator(find)


def find_units(
    value: Any, places: Places, day: date | None, *, may_be_empty: bool = False
) -> tuple[Bearer[Unit], ...]:
    """The units that a list of references names on `day`; every fault of the list at once.

    Raises:
        ValidationError: with the position of each fault.
    """
    if not isinstance(value, list):
        raise wrong_at([((), 'phải là danh sách mã đơn vị, ví dụ ["29239", "29242"].')])
    if not value and not may_be_empty:
        raise wrong_at([((), "phải có ít nhất một đơn vị.")])
    found: list[Bearer[Unit]] = []
    errors: list[tuple[Loc, str]] = []
    first: dict[int, int] = {}
    for index, raw in enumerate(value):
        try:
            unit = find_unit(raw, places, day)
        except PydanticCustomError as error:
            errors.append(((index,), error.message()))
            continue
        if day is not None and id(unit) in first:
            errors.append(
                ((index,), f'đơn vị "{raw}" lặp lại: đã có ở phần tử [{first[id(unit)]}].')
            )
            continue
        first.setdefault(id(unit), index)
        found.append(unit)
    if errors:
        raise wrong_at(errors)
    return tuple(found)


def find_unit(value: Any, places: Places, day: date | None) -> Bearer[Unit]:
    """The unit that bears a code on `day`, or on the day written after `@`.

    Raises:
        PydanticCustomError: not a reference, no such unit, or not in force that day.
    """
    written = _REFERENCE.fullmatch(named(value))
    if written is None:
        raise wrong(
            f'"{value}" không phải tham chiếu đơn vị; viết "29242" hoặc "29242@2024-12-31".'
        )
    code, on = written.groups()
    if on:
        try:
            day = date.fromisoformat(on)
        except ValueError:
            raise wrong(f'ngày sau dấu @ không có thật: "{on}".') from None
    return resolve(places.units, "units", code, day)


def resolve(register: Register[Any], section: str, code: str, day: date | None) -> Bearer[Any]:
    """Who bears `code` on `day`; without a day, whoever bears it at all.

    Raises:
        PydanticCustomError: nobody ever, or nobody on that day.
    """
    _require(register, section, code)
    if day is None:
        return register.bearers(code)[0]
    found = register.on(code, day)
    if found is None:
        raise wrong(
            f'{_KINDS[section]} mang mã "{code}" không có hiệu lực ngày {day:%d/%m/%Y} '
            f"({_history(register, code)})."
        )
    return found


def _register(section: str, info: ValidationInfo) -> Register[Any]:
    places = places_of(info)
    return places.provinces if section == "provinces" else places.districts


def _require(register: Register[Any], section: str, code: str) -> None:
    if code not in register:
        raise wrong(f'không có {_KINDS[section]} mang mã "{code}".')


def _history(register: Register[Any], code: str) -> str:
    bearers: Iterable[Bearer[Any]] = register.bearers(code)
    return "; ".join(f"{one.name} {one.period}" for one in bearers)
