"""What the coordinator types about decisions: to recognise, to decline, to revoke."""

from datetime import date
from typing import Any

from django import forms

from assessments.forms.verdicts import PlainTextField, comment_field
from assessments.models import Assessment
from criteria.models import Programme

DEFAULT_ISSUER = "Bộ Công an"
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2999, 12, 31)


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


class DecisionForm(forms.Form):
    """A decision: its number, day, issuer and title. `today` is the last day it can bear."""

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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
            ValidationError: a day to come, or one before any record.
        """
        day: date = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(
                f"Ngày quyết định không được ở sau ngày hôm nay ({self.today:%d/%m/%Y})."
            )
        if day < FIRST_DAY:
            raise forms.ValidationError("Ngày quyết định không được ở trước ngày 01/01/2000.")
        return day


def last_day_field(help_text: str) -> forms.DateField:
    """The last day on which a recognition is in force."""
    return forms.DateField(
        label="Có hiệu lực đến hết ngày",
        required=False,
        widget=DayInput(),
        help_text=help_text,
        error_messages={
            "invalid": "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 31/12/2028.",
        },
    )


def check_last_day(day: date | None) -> date | None:
    """A last day of this millennium, or none.

    Raises:
        ValidationError: out of it.
    """
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError("Ngày phải từ 01/01/2000 đến 31/12/2999.")
    return day


def term_words(programme: Programme) -> str:
    """What the programme says about how long a recognition is in force."""
    if programme.recognition_years is None:
        return (
            "Chương trình không quy định thời hạn: để trống thì công nhận có hiệu lực đến khi bị "
            "hủy."
        )
    return (
        f"Chương trình công nhận lại sau {programme.recognition_years} năm; để trống thì tính đến "
        f"hết năm thứ {programme.recognition_years} sau năm xét."
    )


class RecognitionForm(DecisionForm):
    """The decision that recognises one unit for the round's year."""

    last_day = last_day_field("")
    note = comment_field("Ghi chú", rows=2, required=False)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        self.fields["last_day"].help_text = term_words(assessment.round.programme)

    def clean_decided_on(self) -> date:
        """Not later than today, not before the year whose results it recognises.

        Raises:
            ValidationError: either of the two.
        """
        day = super().clean_decided_on()
        if day.year < self.assessment.round.year:
            raise forms.ValidationError(
                f"Quyết định công nhận kết quả năm {self.assessment.round.year} không thể ban hành "
                f"trước năm {self.assessment.round.year}."
            )
        return day

    def clean_last_day(self) -> date | None:
        """See `check_last_day`."""
        return check_last_day(self.cleaned_data["last_day"])


class DeclineForm(forms.Form):
    """Why the unit was not recognised."""

    comment = comment_field("Lý do không được công nhận", rows=3)


class RevocationForm(DecisionForm):
    """The decision that ends a recognition."""

    reason = comment_field("Lý do hủy công nhận", rows=3)


class TermForm(forms.Form):
    """Another last day of a recognition, and why the one recorded is wrong."""

    last_day = last_day_field("Để trống nếu quyết định không nêu thời hạn.")
    reason = comment_field("Lý do sửa thời hạn", rows=3)
    seen = forms.DateField(required=False, widget=forms.HiddenInput)

    def clean_last_day(self) -> date | None:
        """See `check_last_day`."""
        return check_last_day(self.cleaned_data["last_day"])


class RemovalForm(forms.Form):
    """Why a commendation is taken away."""

    reason = comment_field("Lý do gỡ", rows=3)
