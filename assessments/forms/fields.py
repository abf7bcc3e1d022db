"""Fields of the station's forms: they refuse with a sentence and never cut what was typed."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.forms.numbers import NumberRefused, number_text, parse_number

TEXT_LIMIT = 5_000
LINE_LIMIT = 200
EARLIEST = date(1945, 9, 2)

CONTROL_CHARACTERS = (
    "Nội dung có ký tự điều khiển không nhìn thấy được (thường do sao chép từ nơi khác). "
    "Hãy xóa chỗ đó và nhập lại bằng bàn phím."
)


class NumberField(forms.Field):
    """A number of at least zero with at most two decimals; blank is None, never zero."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        """The number typed.

        Raises:
            ValidationError: not a number we take.
        """
        try:
            return parse_number(str(value or ""))
        except NumberRefused as refusal:
            raise ValidationError(str(refusal)) from None

    def prepare_value(self, value: Any) -> Any:
        """A stored number as an input shows it; what was typed stays as it was typed."""
        return number_text(value) if isinstance(value, Decimal) else value


class TextField(forms.CharField):
    """Text stored exactly as typed, in NFC; line breaks are the only control characters."""

    def __init__(self, *, limit: int = TEXT_LIMIT, lines: int = 1, **options: Any) -> None:
        # Without `maxlength`: a browser would cut a pasted text without a word.
        self.limit = limit
        self.lines = lines
        options.setdefault("required", False)
        if lines > 1:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(strip=lines == 1, **options)

    def to_python(self, value: Any) -> str:
        """The text in its one form.

        Raises:
            ValidationError: too long, or with control characters in it.
        """
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        allowed = "\n\t" if self.lines > 1 else ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text):
            raise ValidationError(CONTROL_CHARACTERS)
        if len(text) > self.limit:
            raise ValidationError(
                f"Nội dung dài {len(text)} ký tự; chỉ nhận tối đa {self.limit}. "
                "Nội dung vẫn còn nguyên ở đây; hãy rút gọn rồi lưu lại."
            )
        return text


class DayField(forms.DateField):
    """A day as Vietnamese readers write it, not in the future of `today`."""

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        self.today = today
        options.setdefault("required", False)
        super().__init__(
            widget=forms.DateInput(
                attrs={"placeholder": "ngày/tháng/năm", "autocomplete": "off"}, format="%d/%m/%Y"
            ),
            error_messages={
                "invalid": "Ngày chưa đúng. Hãy nhập ngày/tháng/năm, ví dụ 20/10/2023.",
            },
            **options,
        )

    def validate(self, value: date | None) -> None:
        """Refuse days that no document can carry.

        Raises:
            ValidationError: before 2/9/1945 or after today.
        """
        super().validate(value)
        if value is None:
            return
        if value < EARLIEST:
            raise ValidationError("Ngày quá xa về trước. Hãy kiểm tra lại năm.")
        if self.today is not None and value > self.today:
            raise ValidationError("Ngày văn bản ở tương lai. Hãy kiểm tra lại.")
