"""What people type on the top floor: days, years, filters."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.events import EVENTS
from accounts.models import Role, User
from assessments.forms.recognition import DayInput
from assessments.workflow import Status
from criteria.models import Programme
from criteria.scale import Outcome

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""No record of the portal is older; an earlier day is a slip of the finger."""


class DayField(forms.DateField):
    """A day of the calendar that has come already."""

    def __init__(self, *, label: str, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=DayInput(),
            error_messages={
                "invalid": "Đây không phải một ngày hợp lệ; hãy chọn lại, ví dụ 15/11/2026.",
                "required": "Hãy chọn một ngày.",
            },
        )


def check_day(day: date | None, today: date) -> None:
    """Refuse days that have not come, or that lie before any record.

    Raises:
        ValidationError: either of the two.
    """
    if day is not None and day > today:
        raise forms.ValidationError(
            f"Ngày {day:%d/%m/%Y} chưa đến; chỉ xem được số liệu đến hôm nay, {today:%d/%m/%Y}."
        )
    if day is not None and day < FIRST_DAY:
        raise forms.ValidationError(
            "Chưa có số liệu của thời gian này; hãy chọn ngày sau 01/01/2000."
        )


class AsOfForm(forms.Form):
    """Which day the figures speak of."""

    ngay = DayField(label="Số liệu đến hết ngày", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["ngay"].widget.attrs["max"] = today.isoformat()

    def clean_ngay(self) -> date | None:
        """A day that has come."""
        day: date | None = self.cleaned_data["ngay"]
        check_day(day, self.today)
        return day


class ReportForm(forms.Form):
    """Which report is to be made."""

    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        label="Chương trình",
        to_field_name="code",
        empty_label=None,
        error_messages={"invalid_choice": "Hãy chọn một chương trình trong danh sách."},
    )
    year = forms.TypedChoiceField(
        label="Năm báo cáo",
        coerce=int,
        error_messages={"invalid_choice": "Hãy chọn một năm trong danh sách."},
    )
    as_of = DayField(
        label="Số liệu đến hết ngày",
        help_text="Số liệu được chốt vào lúc lập và không thay đổi về sau.",
    )

    def __init__(self, *args: Any, programmes: list[Programme], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choice: Any = self.fields["programme"]
        choice.queryset = Programme.objects.filter(pk__in=[one.pk for one in programmes])
        years = {
            year for one in programmes for year in range(one.starts, min(one.ends, today.year) + 1)
        }
        year_field: Any = self.fields["year"]
        year_field.choices = [(year, str(year)) for year in sorted(years, reverse=True)]

    def clean_as_of(self) -> date | None:
        """A day that has come."""
        day: date | None = self.cleaned_data["as_of"]
        check_day(day, self.today)
        return day


LONGEST_EXTENSION = 5
"""Years after its own for which a round may still take files."""


class OpenRoundForm(forms.Form):
    """Opening the round of a year for every unit in scope."""

    year = forms.TypedChoiceField(
        label="Năm",
        coerce=int,
        error_messages={"invalid_choice": "Hãy chọn một năm trong danh sách."},
    )
    deadline = forms.DateField(
        label="Hạn nộp (hết ngày)",
        required=False,
        widget=DayInput(),
        help_text="Để trống: theo quy định của chương trình.",
        error_messages={"invalid": "Đây không phải một ngày hợp lệ; hãy chọn lại."},
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = set(programme.rounds.values_list("year", flat=True))
        years = [year for year in range(programme.starts, programme.ends + 1) if year not in opened]
        year_field: Any = self.fields["year"]
        year_field.choices = [(year, str(year)) for year in years]

    def clean(self) -> dict[str, Any]:
        """A deadline is neither before its year nor long after it."""
        cleaned: dict[str, Any] = super().clean() or {}
        day, year = cleaned.get("deadline"), cleaned.get("year")
        if day and year and day.year < year:
            self.add_error("deadline", f"Hạn nộp của kỳ {year} không thể ở trước năm {year}.")
        if day and year and day.year > year + LONGEST_EXTENSION:
            latest = year + LONGEST_EXTENSION
            self.add_error("deadline", f"Hạn nộp của kỳ {year} không thể ở sau năm {latest}.")
        return cleaned

    @property
    def last_moment(self) -> datetime | None:
        """The last moment of the chosen day; None to follow the programme's rule."""
        day = self.cleaned_data.get("deadline")
        if day is None:
            return None
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
        return timezone.make_aware(midnight) - timedelta(microseconds=1)


class AuditForm(forms.Form):
    """Filters of the audit trail."""

    su_kien = forms.ChoiceField(
        label="Sự kiện",
        required=False,
        choices=[("", "Tất cả sự kiện"), *EVENTS.items()],
        error_messages={"invalid_choice": "Không có sự kiện này; hãy chọn trong danh sách."},
    )
    nguoi = forms.CharField(label="Người thực hiện", required=False, max_length=120)
    tu = DayField(label="Từ ngày", required=False)
    den = DayField(label="Đến hết ngày", required=False)

    def clean(self) -> dict[str, Any]:
        """The two days in order."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("tu", "den"):
            day = cleaned.get(name)
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, "Không có nhật ký của thời gian này; hãy chọn ngày khác.")
        if cleaned.get("tu") and cleaned.get("den") and cleaned["tu"] > cleaned["den"]:
            self.add_error("den", "“Đến hết ngày” phải từ “Từ ngày” trở đi.")
        return cleaned


def coordinated(user: User) -> list[Programme]:
    """The programmes whose reports this person may make, for the choices of a form."""
    programmes = Programme.objects.visible_to(user).select_related("province")
    return [
        one
        for one in programmes
        if one.province_id is None or user.scope.serves(Role.COORDINATOR, one.province_id)
    ]


class BehindForm(forms.Form):
    """What the list behind a figure is narrowed to; what does not exist narrows nothing."""

    ket_qua = forms.ChoiceField(
        label="Kết quả",
        required=False,
        choices=[
            ("", "Mọi kết quả"),
            *(
                (one.value, one.label)
                for one in (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED, Outcome.MET)
            ),
        ],
    )
    trang_thai = forms.ChoiceField(
        label="Tình trạng phiếu",
        required=False,
        choices=[("", "Mọi tình trạng"), *Status.choices],
    )
    chua_nop = forms.BooleanField(label="Chỉ phiếu chưa nộp", required=False)

    def __init__(self, *args: Any, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(code, f"{code}. {title}") for code, title in parts]
        part = forms.ChoiceField(
            label="Nhóm hoặc tiêu chí", required=False, choices=[("", "Tất cả"), *chosen]
        )
        self.fields = {"muc": part, **self.fields}
