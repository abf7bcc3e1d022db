"""What the system administrator types to issue a token of the API."""

from datetime import date
from typing import Any

from django import forms

from wards.actions.tokens import LONGEST
from wards.models import Agency
from wards.names import hidden_character, normalised


class ApiTokenForm(forms.Form):
    """For whom a token is, for what, and until when."""

    agency = forms.ModelChoiceField(
        Agency.objects.select_related("province"),
        label="Cơ quan",
        to_field_name="code",
        empty_label="Chọn cơ quan",
        help_text="Mã đọc đúng phạm vi ghi sau tên cơ quan, không ghi được gì.",
        error_messages={
            "required": "Cần chọn cơ quan.",
            "invalid_choice": "Không có cơ quan này; hãy chọn trong danh sách.",
        },
    )
    purpose = forms.CharField(
        label="Dùng cho",
        max_length=120,
        help_text="Phần mềm sẽ đọc số liệu, ví dụ: Kho dữ liệu dùng chung của tỉnh.",
        error_messages={
            "required": "Cần ghi mã dùng cho phần mềm nào.",
            "max_length": "Chỉ ghi tối đa 120 ký tự.",
        },
    )
    expires_on = forms.DateField(
        label="Dùng đến hết ngày",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "Cần chọn ngày hết hạn.",
            "invalid": "Đây không phải một ngày hợp lệ; hãy chọn lại.",
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency: Any = self.fields["agency"]
        agency.label_from_instance = _agency_and_reach
        latest = today + LONGEST
        self.fields["expires_on"].help_text = f"Không quá một năm: muộn nhất {latest:%d/%m/%Y}."
        self.fields["expires_on"].widget.attrs["max"] = latest.isoformat()

    def clean_purpose(self) -> str:
        """The text in its one form, without characters nobody can see."""
        purpose: str = self.cleaned_data["purpose"]
        if fault := hidden_character(purpose):
            raise forms.ValidationError(f"Nội dung {fault}.")
        return normalised(purpose)


def _agency_and_reach(agency: Agency) -> str:
    reads = agency.province.name if agency.province else "cả nước"
    return f"{agency.name} – số liệu {reads}"
