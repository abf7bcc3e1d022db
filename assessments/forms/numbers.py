"""Numbers as people type them: 9,5 and 9.5 are the same, and what can be read in two ways is not
guessed at."""

import re
from decimal import Decimal

LARGEST = Decimal("999999999999.99")
LONGEST = 40

NOT_A_NUMBER = (
    "Chưa đọc được số này. Chỉ dùng chữ số 0–9 và một dấu phẩy (hoặc chấm) cho phần thập phân, "
    "ví dụ 9,5."
)
NEGATIVE = "Không nhận số âm. Hãy nhập số từ 0 trở lên."
FOREIGN_DIGITS = "Hãy dùng chữ số thường 0–9, không dùng chữ số toàn khổ hoặc kiểu khác."
TOO_LARGE = "Số quá lớn. Chỉ nhận tối đa 12 chữ số trước dấu phẩy."
TOO_FINE = "Chỉ nhận tối đa hai chữ số sau dấu phẩy."

_PLAIN = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)[.,]([0-9]+)")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")


class NumberRefused(ValueError):
    """Text that is not a number we take; its text is the sentence for the person."""


def parse_number(text: str) -> Decimal | None:
    """The number typed, or None for blanks.

    Takes `9,5`, `9.5`, `1.234,5`, `1,234.5`, `1 234`; a lone `1.234` may mean two things and is
    refused, so that nobody's thousand becomes a one.

    Raises:
        NumberRefused: anything else, with the sentence that says why.
    """
    typed = re.sub(r"\s+", " ", text.strip())
    if not typed:
        return None
    if len(typed) > LONGEST:
        raise NumberRefused(TOO_LARGE if typed.isdecimal() else NOT_A_NUMBER)
    if any(char.isnumeric() and not char.isascii() for char in typed):
        raise NumberRefused(FOREIGN_DIGITS)
    if typed[0] in "-−–" and any(char.isdigit() for char in typed):
        raise NumberRefused(NEGATIVE)
    value = _read(typed)
    if value > LARGEST:
        raise NumberRefused(TOO_LARGE)
    if value != value.quantize(Decimal("0.01")):
        raise NumberRefused(TOO_FINE)
    return value


def number_text(value: Decimal) -> str:
    """A number as an input shows it: decimal comma and no separators, so that it reads back."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",")


def _read(typed: str) -> Decimal:
    if _PLAIN.fullmatch(typed):
        return Decimal(typed)
    if parts := _DECIMAL.fullmatch(typed):
        whole, fraction = parts.groups()
        if len(fraction) == 3 and len(whole) <= 3 and whole[0] != "0":
            raise NumberRefused(
                f"“{typed}” có thể hiểu là {whole}{fraction} hoặc {whole},{fraction}. "
                f"Hãy nhập không có dấu phân cách hàng nghìn, ví dụ {whole}{fraction}."
            )
        return Decimal(f"{whole}.{fraction}")
    if parts := _GROUPED.fullmatch(typed):
        whole, _, fraction = parts.groups()
        digits = re.sub("[., ]", "", whole)
        return Decimal(f"{digits}.{fraction}" if fraction else digits)
    raise NumberRefused(NOT_A_NUMBER)
