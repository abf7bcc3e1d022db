"""The kinds of values that packs are made of."""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from django.db.models import Choices
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from wards.names import fault_in_name, hidden_character, normalised
from wards.pack_schema.problems import Loc
from wards.pack_schema.sentences import sentences, wrong, wrong_at

Item = TypeVar("Item", bound=BaseModel)
Found = Sequence[tuple[int, Item]]
"""The entries of a list that are well-formed, with their positions."""
Check = Callable[[Found[Item], ValidationInfo], Iterable[tuple[Loc, str]]]
"""A rule over the entries of one list; yields places inside the list."""

FIRST_YEAR, LAST_YEAR = 1900, 2200


class PackModel(BaseModel):
    """A group of keys. Unknown keys are refused; nothing is converted silently."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True
    )


def each(item: type[Item], *checks: Check[Item], at_least: int = 0) -> PlainValidator:
    """A list of `item` in which every entry and every rule is looked at, whatever else fails."""
    adapter = TypeAdapter(item)

    def validate(value: Any, info: ValidationInfo) -> tuple[Item, ...]:
        if not isinstance(value, list):
            raise wrong('phải là danh sách: mỗi phần tử bắt đầu bằng "- ".')
        if len(value) < at_least:
            raise wrong(f"phải có ít nhất {at_least} phần tử.")
        found: list[tuple[int, Item]] = []
        errors: list[tuple[Loc, str]] = []
        for index, raw in enumerate(value):
            try:
                found.append((index, adapter.validate_python(raw, context=info.context)))
            except ValidationError as error:
                errors += [((index, *loc), said) for loc, said in sentences(error, item)]
        for check in checks:
            errors += check(found, info)
        if errors:
            raise wrong_at(errors)
        return tuple(entry for _, entry in found)

    return PlainValidator(validate)


def distinct(key: str, of: Callable[[Any], Hashable] | None = None) -> Check[Any]:
    """No two entries of a list with the same `key` (or the same `of(entry)`, told at `key`)."""

    def check(found: Found[Any], info: ValidationInfo) -> Iterable[tuple[Loc, str]]:
        first: dict[Hashable, int] = {}
        for index, entry in found:
            value = of(entry) if of else getattr(entry, key)
            if value in first:
                yield (index, key), f"lặp lại: đã có ở phần tử [{first[value]}]."
            first.setdefault(value, index)

    return check


def code(longest: int, pattern: str = r"[A-Za-z0-9][A-Za-z0-9._-]*") -> BeforeValidator:
    """An identifier. A number or a date is a code someone forgot to quote."""
    matches = re.compile(pattern).fullmatch

    def validate(value: Any) -> str:
        if value is None:
            raise wrong("không được để trống.")
        if not isinstance(value, str):
            raise wrong('mã phải là chuỗi: đặt trong ngoặc kép, ví dụ "29242".')
        if len(value) > longest or not matches(value):
            raise wrong(
                f"mã không hợp lệ: tối đa {longest} ký tự, gồm chữ cái không dấu, chữ số, "
                "dấu gạch nối, dấu chấm hoặc gạch dưới."
            )
        return value

    return BeforeValidator(validate)


def line(longest: int) -> BeforeValidator:
    """Text on one line, stored in its one form, as long as the column that holds it."""

    def validate(value: Any) -> Any:
        if not isinstance(value, str):
            return value  # Refused by the type itself.
        text = normalised(value)
        if not text:
            raise wrong("không được để trống.")
        if len(text) > longest:
            raise wrong(f"dài quá {longest} ký tự.")
        return text

    return BeforeValidator(validate)


def _place_name(value: Any) -> Any:
    fault = fault_in_name(value.strip()) if isinstance(value, str) else None
    if fault:
        raise wrong(f"tên {fault}.")
    return value


def _all_visible(value: Any) -> Any:
    fault = hidden_character(value) if isinstance(value, str) else None
    if fault:
        raise wrong(f"{fault}.")
    return value


def _day(value: Any) -> date:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise wrong(
                "ngày không có thật hoặc sai dạng; viết năm-tháng-ngày, ví dụ 2023-10-20."
            ) from None
    if value is None:
        raise wrong("không được để trống.")
    if not isinstance(value, date):
        raise wrong("phải là ngày, viết năm-tháng-ngày, ví dụ 2023-10-20.")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise wrong(f"năm phải trong khoảng {FIRST_YEAR}–{LAST_YEAR}.")
    return value


def to_number(value: Any) -> Decimal:
    """A number of at least 0 with at most two decimals, as the columns hold it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong("phải là số, không đặt trong ngoặc kép; phần lẻ sau dấu chấm.")
    number = Decimal(value)
    if number < 0:
        raise wrong("không được âm.")
    if number >= 10**12:
        raise wrong("số quá lớn.")
    if number != round(number, 2):
        raise wrong("tối đa hai chữ số sau dấu chấm.")
    return number


def _percent(value: Any) -> Decimal:
    number = to_number(value)
    if number > 100:
        raise wrong("tỷ lệ phần trăm không được quá 100.")
    return number


def one_of(choices: type[Choices]) -> PlainValidator:
    """One of the values of a model's choices."""
    listing = ", ".join(f"{value} ({label})" for value, label in choices.choices)

    def validate(value: Any) -> str:
        if value not in choices.values:
            raise wrong(f"phải là một trong: {listing}.")
        return str(value)

    return PlainValidator(validate)


PlaceCode = Annotated[str, code(10)]
Slug = Annotated[str, code(60, r"[A-Za-z0-9_-]+")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
PlaceName = Annotated[str, line(120), BeforeValidator(_place_name)]
"""Before validators run from the last to the first: the letters are looked at as they stand."""
Title = Annotated[str, line(200)]
all_visible = BeforeValidator(_all_visible)
"""Nothing hidden in it; stands last, to see the text before its spaces are put in order."""
Day = Annotated[date, PlainValidator(_day)]
Number = Annotated[Decimal, PlainValidator(to_number)]
Percent = Annotated[Decimal, PlainValidator(_percent)]
Whole = Annotated[int, Field(ge=0, le=100_000)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
