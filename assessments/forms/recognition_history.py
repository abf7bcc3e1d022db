"""Decisions on units written down from documents: recognitions of old, commendations."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import Role, User
from assessments.forms.recognition import DecisionForm, check_last_day, last_day_field
from assessments.forms.verdicts import PlainTextField, comment_field
from criteria.models import Programme
from wards.models import Unit


class UnitChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units by their full names; former ones say until when they were."""

    def label_from_instance(self, obj: Any) -> str:
        """What the list shows."""
        until = f" (đến {obj.valid_to:%d/%m/%Y})" if obj.valid_to else ""
        return f"{obj.heading_name}{until}"


class _ProgrammeChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.starts}–{obj.ends})"


class AboutUnitForm(DecisionForm):
    """A decision about a unit of a province that the person coordinates."""

    programme = _ProgrammeChoiceField(
        label="Chương trình",
        queryset=Programme.objects.none(),
        empty_label="Chọn chương trình",
        error_messages={
            "required": "Cần chọn chương trình.",
            "invalid_choice": "Chương trình không có trong danh sách; hãy chọn lại.",
        },
    )
    unit = UnitChoiceField(
        label="Đơn vị",
        queryset=Unit.objects.none(),
        empty_label="Chọn đơn vị",
        help_text="Đơn vị có hiệu lực vào ngày quyết định, kể cả đơn vị nay đã sắp xếp lại.",
        error_messages={
            "required": "Cần chọn đơn vị.",
            "invalid_choice": "Đơn vị không có trong danh sách; hãy chọn lại.",
        },
    )
    note = comment_field("Ghi chú", rows=2, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes: Any = self.fields["programme"]
        programmes.queryset = Programme.objects.visible_to(user).order_by("starts", "name")
        units: Any = self.fields["unit"]
        units.queryset = (
            Unit.objects.filter(province__in=user.scope.provinces_as(Role.COORDINATOR))
            .with_places()
            .order_by("province__sort_key", "district__sort_key", "sort_key", "code")
        )


def _year(label: str, *, required: bool, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=2000,
        max_value=2999,
        help_text=help_text,
        error_messages={
            "required": "Cần nhập năm.",
            "invalid": "Năm phải là số có bốn chữ số, ví dụ 2022.",
            "min_value": "Năm phải từ 2000.",
            "max_value": "Năm phải đến 2999.",
        },
    )


class PastRecognitionForm(AboutUnitForm):
    """A recognition decided on a file that never was in the portal."""

    for_year = _year("Năm xét", required=True, help_text="Năm có kết quả được công nhận.")
    last_day = last_day_field("Để trống: theo quy định của chương trình, hoặc đến khi bị hủy.")

    def clean_last_day(self) -> date | None:
        """See `check_last_day`."""
        return check_last_day(self.cleaned_data["last_day"])


class CommendationForm(AboutUnitForm):
    """A certificate of merit or the like."""

    form = PlainTextField(
        label="Hình thức khen thưởng",
        max_length=200,
        help_text="Ví dụ: Bằng khen của Bộ trưởng Bộ Công an",
        error_messages={"required": "Cần nhập hình thức khen thưởng."},
    )
    for_year = _year("Thành tích năm", required=False, help_text="Để trống nếu không nêu năm.")
