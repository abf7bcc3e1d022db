"""WF-09: numbers as typed are read rightly or refused, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.forms import numbers
from assessments.forms.numbers import NumberRefused, number_text, parse_number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", None),
        ("   ", None),
        ("0", "0"),
        ("007", "7"),
        ("9,5", "9.5"),
        ("9.5", "9.5"),
        (" 9,50 ", "9.5"),
        ("0,500", "0.5"),
        ("12,34", "12.34"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1 234", "1234"),
        ("1\u00a0234,25", "1234.25"),
        ("999999999999,99", "999999999999.99"),
    ],
)
def test_wf_09_what_is_read(typed: str, expected: str | None) -> None:
    assert parse_number(typed) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", numbers.NEGATIVE),
        ("−5", numbers.NEGATIVE),
        ("９", numbers.FOREIGN_DIGITS),
        ("٣", numbers.FOREIGN_DIGITS),
        ("½", numbers.FOREIGN_DIGITS),
        ("NaN", numbers.NOT_A_NUMBER),
        ("Infinity", numbers.NOT_A_NUMBER),
        ("-Infinity", numbers.NOT_A_NUMBER),
        ("1e5", numbers.NOT_A_NUMBER),
        ("1e308", numbers.NOT_A_NUMBER),
        ("0x1F", numbers.NOT_A_NUMBER),
        ("1_000", numbers.NOT_A_NUMBER),
        ("+5", numbers.NOT_A_NUMBER),
        ("5%", numbers.NOT_A_NUMBER),
        ("9,", numbers.NOT_A_NUMBER),
        (",5", numbers.NOT_A_NUMBER),
        ("1.23.456", numbers.NOT_A_NUMBER),
        ("1.234,567.8", numbers.NOT_A_NUMBER),
        ("12 34", numbers.NOT_A_NUMBER),
        ("9\x00", numbers.NOT_A_NUMBER),
        ("1,2345", numbers.TOO_FINE),
        ("9,999", None),
        ("1.234", None),
        ("1,234", None),
        ("1000000000000", numbers.TOO_LARGE),
        ("9" * 401, numbers.TOO_LARGE),
        ("1." * 5000, numbers.NOT_A_NUMBER),
    ],
)
def test_wf_09_what_is_refused(typed: str, sentence: str | None) -> None:
    with pytest.raises(NumberRefused) as refusal:
        parse_number(typed)
    if sentence is None:
        assert "có thể hiểu là" in str(refusal.value)
    else:
        assert str(refusal.value) == sentence


amounts = st.decimals(min_value=0, max_value=numbers.LARGEST, places=2, allow_nan=False)


@given(amounts)
def test_what_an_input_shows_reads_back_as_the_same_number(value: Decimal) -> None:
    assert parse_number(number_text(value)) == value


@given(amounts)
def test_a_dot_reads_as_a_comma_does(value: Decimal) -> None:
    shown = number_text(value)
    assert parse_number(shown.replace(",", ".")) == value


@given(st.text(max_size=60))
def test_any_text_is_a_number_in_range_or_a_refusal(typed: str) -> None:
    try:
        value = parse_number(typed)
    except NumberRefused:
        return
    assert value is None or (value.is_finite() and 0 <= value <= numbers.LARGEST)
    assert value is None or value == value.quantize(Decimal("0.01"))


@given(st.text(alphabet="0123456789., -", min_size=1, max_size=20))
def test_digits_and_separators_never_break_the_reader(typed: str) -> None:
    try:
        value = parse_number(typed)
    except NumberRefused:
        return
    digits = "".join(char for char in typed if char.isdigit())
    # Nothing is invented: the number has the digits that were typed, in their order.
    assert value is None or f"{value:f}".replace(".", "").lstrip("0") == digits.lstrip("0")
