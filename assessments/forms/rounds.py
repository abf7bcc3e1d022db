"""What the coordinator types when looking after a round: more time, a reason."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from assessments.forms.recognition import DayInput
from assessments.forms.verdicts import PlainTextField, comment_field

LONGEST_EXTENSION_YEARS = 5


class ExtensionForm(forms.Form):
    """Until when, why, and who approved it."""

    until = forms.DateField(
        label="Hạn mới (hết ngày)",
        widget=DayInput(),
        help_text="Phiếu được nhận đến 23:59 của ngày này, giờ Việt Nam.",
        error_messages={
            "required": "Cần chọn ngày.",
            "invalid": "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 22/11/2026.",
        },
    )
    reason = comment_field("Lý do gia hạn", rows=3)
    approver = PlainTextField(
        label="Người phê duyệt",
        max_length=200,
        help_text="Họ tên, chức vụ; số văn bản nếu có.",
        error_messages={"required": "Cần nêu người phê duyệt."},
    )

    def __init__(self, data: Any = None, *, today: date, latest_year: int) -> None:
        super().__init__(data)
        self.today = today
        self.latest_year = max(latest_year, today.year) + LONGEST_EXTENSION_YEARS
        self.fields["until"].widget.attrs["min"] = today.isoformat()

    def clean_until(self) -> date:
        """A day from today on, within reach of the round.

        Raises:
            ValidationError: past, or years away.
        """
        day: date = self.cleaned_data["until"]
        if day < self.today:
            raise forms.ValidationError(f"Ngày {day:%d/%m/%Y} đã qua; hãy chọn từ hôm nay trở đi.")
        if day.year > self.latest_year:
            raise forms.ValidationError(f"Hạn mới không thể ở sau năm {self.latest_year}.")
        return day

    @property
    def last_moment(self) -> datetime:
        """The last moment of the chosen day."""
        day: date = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time.max))


class UnlockForm(forms.Form):
    """Why figures that were closed have to be opened again."""

    reason = comment_field("Lý do mở lại số liệu")
