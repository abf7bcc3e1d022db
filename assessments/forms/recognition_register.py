"""How the register of recognitions is narrowed."""

from collections.abc import Sequence
from datetime import date

from django import forms

from assessments.forms.recognition import FIRST_DAY, DayInput
from assessments.recognition_terms import RecognitionState

SOON = "sap-het-han"
ALL = "tat-ca"
STATE_OF = {
    "con-hieu-luc": RecognitionState.IN_FORCE,
    "da-het-han": RecognitionState.LAPSED,
    "da-huy": RecognitionState.REVOKED,
}
CHOICES = (
    ("con-hieu-luc", "Còn hiệu lực"),
    (SOON, "Sắp hết hạn trong 12 tháng"),
    ("da-het-han", "Đã hết hạn"),
    ("da-huy", "Đã hủy"),
    (ALL, "Tất cả"),
)
BAD_CHOICE = {"invalid_choice": "Lựa chọn không có trong danh sách; hãy chọn lại."}


class RegisterForm(forms.Form):
    """Programme, year, state on a day, words of the unit or the decision."""

    q = forms.CharField(label="Đơn vị, số quyết định", required=False, max_length=120)
    chuong_trinh = forms.ChoiceField(
        label="Chương trình", required=False, error_messages=BAD_CHOICE
    )
    nam = forms.TypedChoiceField(
        label="Năm xét", required=False, coerce=int, empty_value=None, error_messages=BAD_CHOICE
    )
    ngay = forms.DateField(
        label="Tính đến ngày",
        required=False,
        widget=DayInput(),
        error_messages={"invalid": "Đây không phải một ngày hợp lệ; ví dụ 15/11/2026."},
    )
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=CHOICES,
        widget=forms.HiddenInput,
        error_messages=BAD_CHOICE,
    )

    def __init__(
        self,
        *args: object,
        today: date,
        programmes: Sequence[tuple[str, str]],
        years: Sequence[int],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.fields["chuong_trinh"].choices = [  # type: ignore[attr-defined]
            ("", "Mọi chương trình"),
            *programmes,
        ]
        self.fields["nam"].choices = [  # type: ignore[attr-defined]
            ("", "Mọi năm"),
            *((str(year), str(year)) for year in years),
        ]

    def clean_ngay(self) -> date:
        """The day asked for, or today.

        Raises:
            ValidationError: a day to come, or one before any record.
        """
        day: date = self.cleaned_data["ngay"] or self.today
        if day > self.today:
            raise forms.ValidationError(
                f"Ngày {day:%d/%m/%Y} chưa đến; chỉ xem được đến hôm nay, {self.today:%d/%m/%Y}."
            )
        if day < FIRST_DAY:
            raise forms.ValidationError(
                "Chưa có số liệu của thời gian này; hãy chọn ngày sau 01/01/2000."
            )
        return day
