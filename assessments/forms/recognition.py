"""What the coordinator types: the Minister's decision, or why there is none."""

from datetime import date
from typing import Any

from django import forms
from django.utils import formats

from assessments.forms.verdicts import PlainTextField, comment_field
from assessments.models import Assessment, Recognition

DEFAULT_ISSUER = "Bộ Công an"


class DayInput(forms.DateInput):
    """The browser's date picker; text that is no date stays visible in a plain text input."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A date input holds nothing but yyyy-mm-dd: whatever else was typed needs a text input."""
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        day = _read_day(shown) if shown else None
        if day is not None:
            context["widget"]["value"] = day.isoformat()
        context["widget"]["type"] = "date" if day is not None or not shown else "text"
        return context


def _read_day(text: str) -> date | None:
    try:
        return forms.DateField().to_python(text.strip())
    except forms.ValidationError:
        return None


class RecognitionForm(forms.Form):
    """The decision that recognises one unit for the round's year."""

    number = PlainTextField(
        label="Số, ký hiệu quyết định",
        max_length=80,
        help_text="Ví dụ: 2878/QĐ-BCA",
        error_messages={"required": "Cần nhập số, ký hiệu quyết định."},
    )
    decided_on = forms.DateField(
        label="Ngày quyết định",
        widget=DayInput(),
        help_text="Ngày ghi trên quyết định, dạng ngày/tháng/năm.",
        error_messages={
            "required": "Cần nhập ngày quyết định.",
            "invalid": "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 22/04/2025.",
        },
    )
    issuer = PlainTextField(
        label="Cơ quan ban hành",
        max_length=200,
        error_messages={"required": "Cần nhập cơ quan ban hành quyết định."},
    )
    title = PlainTextField(label="Trích yếu", max_length=1000, required=False)
    note = comment_field("Ghi chú", rows=2, required=False)

    def __init__(self, *args: Any, assessment: Assessment, today: date, **kwargs: Any) -> None:
        """`today` is the last day a decision can bear."""
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        self.today = today
        self.fields["decided_on"].widget.attrs["max"] = today.isoformat()

    def clean_number(self) -> str:
        """The number of a decision holds a digit.

        Raises:
            ValidationError: it holds none.
        """
        number = " ".join(str(self.cleaned_data["number"]).split())
        if not any(char.isdigit() for char in number):
            raise forms.ValidationError("Số quyết định phải có chữ số, ví dụ 2878/QĐ-BCA.")
        return number

    def clean_decided_on(self) -> date:
        """Not later than today.

        Raises:
            ValidationError: a day to come.
        """
        day: date = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(
                f"Ngày quyết định không được ở sau ngày hôm nay ({self.today:%d/%m/%Y})."
            )
        if day.year < self.assessment.round.year:
            raise forms.ValidationError(
                f"Quyết định công nhận kết quả năm {self.assessment.round.year} không thể ban hành "
                f"trước năm {self.assessment.round.year}."
            )
        return day

    def clean(self) -> dict[str, Any]:
        """One recognition per unit and year.

        Raises:
            ValidationError: the year's recognition is recorded already; says by which decision.
        """
        known = Recognition.objects.filter(
            programme=self.assessment.round.programme,
            unit=self.assessment.unit,
            for_year=self.assessment.round.year,
        ).select_related("document")
        if found := known.first():
            day = formats.date_format(found.decided_on, "SHORT_DATE_FORMAT")
            raise forms.ValidationError(
                f"Đơn vị đã được công nhận năm {found.for_year} theo Quyết định "
                f"{found.document} ngày {day}; không ghi lần nữa."
            )
        return super().clean() or {}


class DeclineForm(forms.Form):
    """Why the unit was not recognised."""

    comment = comment_field("Lý do không được công nhận", rows=3)
