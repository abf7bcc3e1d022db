"""What is typed about the list of a year: a choice, a word on it, figures of documents."""

import uuid
from datetime import date
from typing import Any

from django import forms

from assessments.forms.recognition import DayInput
from assessments.forms.verdicts import PlainTextField, comment_field
from assessments.models import RegistrationSource, SelectionState
from wards.models import Unit

MOST_UNITS = 5_000
"""No list of a year is longer: the country has 3,321 units."""


def read_ids(values: list[str]) -> list[uuid.UUID]:
    """Identifiers as a browser sends them, each once and in order.

    Raises:
        ValidationError: one is none.
    """
    try:
        return list(dict.fromkeys(uuid.UUID(value) for value in values))
    except ValueError:
        raise forms.ValidationError("Có đơn vị không nhận ra được; hãy tải lại trang.") from None


class ProposalForm(forms.Form):
    """What goes with the ticked units when a list is saved."""

    key = forms.UUIDField(widget=forms.HiddenInput())
    note = comment_field("Thuyết minh", rows=4, required=False)


class SelectionDecisionForm(forms.Form):
    """What becomes of a proposed list, and why."""

    decision = forms.ChoiceField(
        choices=[
            (state.value, state.label)
            for state in SelectionState
            if state != SelectionState.PROPOSED
        ],
        error_messages={
            "required": "Cần chọn duyệt, không duyệt hoặc rút.",
            "invalid_choice": "Cần chọn duyệt, không duyệt hoặc rút.",
        },
    )
    note = comment_field("Ý kiến", rows=3, required=False)


class RemovalForm(forms.Form):
    """Why a registration was wrong."""

    reason = comment_field("Lý do gỡ", rows=3)


class AddUnitsForm(forms.Form):
    """Units that the Ministry assigned or the province adds."""

    source = forms.ChoiceField(
        label="Nguồn",
        choices=[
            (source.value, source.label)
            for source in (RegistrationSource.MINISTRY, RegistrationSource.PROVINCE)
        ],
        error_messages={"invalid_choice": "Hãy chọn một nguồn trong danh sách."},
    )
    units = forms.TypedMultipleChoiceField(
        label="Đơn vị",
        coerce=uuid.UUID,
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": "Cần chọn ít nhất một đơn vị.",
            "invalid_choice": "Hãy chọn đơn vị trong danh sách.",
        },
    )
    number = PlainTextField(
        label="Theo văn bản số",
        max_length=80,
        required=False,
        help_text="Bắt buộc với năm đã qua.",
    )

    def __init__(self, data: Any = None, *, units: list[Unit]) -> None:
        super().__init__(data)
        field: Any = self.fields["units"]
        field.choices = [(str(unit.pk), unit.heading_name) for unit in units]


class QuotaForm(forms.Form):
    """How many units documents tell for a year."""

    assigned = forms.IntegerField(
        label="Bộ giao", required=False, min_value=0, max_value=MOST_UNITS
    )
    registered = forms.IntegerField(
        label="Tự đăng ký", required=False, min_value=0, max_value=MOST_UNITS
    )
    added = forms.IntegerField(
        label="Cấp tỉnh bổ sung", required=False, min_value=0, max_value=MOST_UNITS
    )
    number = PlainTextField(
        label="Số, ký hiệu văn bản",
        max_length=80,
        error_messages={"required": "Cần ghi số văn bản nêu số liệu này."},
    )
    issued_on = forms.DateField(
        label="Ngày văn bản",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Ngày chưa đúng; hãy nhập ngày/tháng/năm."},
    )
    text = PlainTextField(
        label="Trích nguyên văn",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """At least one of the three figures."""
        cleaned: dict[str, Any] = super().clean() or {}
        figures = ("assigned", "registered", "added")
        if not self.errors and all(cleaned.get(name) is None for name in figures):
            raise forms.ValidationError("Cần nhập ít nhất một trong ba số.")
        return cleaned

    def clean_issued_on(self) -> date | None:
        """A day within reason."""
        day: date | None = self.cleaned_data["issued_on"]
        if day is not None and not 2000 <= day.year <= 2999:
            raise forms.ValidationError("Ngày văn bản phải từ năm 2000 trở đi.")
        return day
