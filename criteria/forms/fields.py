"""Fields of the coordinator's forms: plain text as the database can hold it, and codes."""

import re
import unicodedata
from typing import Any

from django import forms

LONGEST = 10_000
"""As long as the texts of a pack."""
CONTROL_CHARACTERS = (
    "Nội dung có ký tự điều khiển không nhìn thấy được (thường do sao chép từ nơi khác). "
    "Hãy xóa chỗ đó và nhập lại bằng bàn phím."
)
CODE_HELP = "Chữ cái không dấu, chữ số, dấu gạch nối, dấu chấm, gạch dưới."


class PlainText(forms.CharField):
    """Text in its one form (NFC); line breaks are the only control characters."""

    def __init__(self, *, limit: int = LONGEST, lines: int = 1, **options: Any) -> None:
        # Without `maxlength`: a browser would cut a pasted text without a word.
        self.limit = limit
        self.lines = lines
        if lines > 1:
            options.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        options.setdefault("error_messages", {"required": "Cần nhập mục này."})
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """The text in its one form.

        Raises:
            ValidationError: too long, or with control characters in it.
        """
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        allowed = "\n\t" if self.lines > 1 else ""
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in text):
            raise forms.ValidationError(CONTROL_CHARACTERS)
        if len(text) > self.limit:
            raise forms.ValidationError(
                f"Nội dung dài {len(text)} ký tự; chỉ nhận tối đa {self.limit}."
            )
        return text


class CodeField(PlainText):
    """A code as packs write it."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(limit=limit, help_text=f"{CODE_HELP} Tối đa {limit} ký tự.", **options)

    def to_python(self, value: Any) -> str:
        """The code.

        Raises:
            ValidationError: not a code.
        """
        text = super().to_python(value)
        if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", text):
            raise forms.ValidationError(f"Mã không hợp lệ. {CODE_HELP}")
        return text
