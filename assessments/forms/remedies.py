"""What a person types into the improvement plan, and asks of the province's list."""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.actions.remedying import (
    APPROVAL_REQUIRED,
    RemedyDraft,
    agencies_for,
    problems,
)
from assessments.forms.fields import TextField
from assessments.forms.numbers import FOREIGN_DIGITS, NEGATIVE
from assessments.forms.recognition import DayInput
from assessments.models import Assessment, FundSource, Remedy, RemedyState

STATION = "station"
"""The choice that the station itself acts; every other one is the id of an agency."""

NO_MONEY = (
    "Chưa đọc được số tiền. Hãy nhập số đồng, viết đủ chữ số, không có phần lẻ, ví dụ 350.000.000."
)
TOO_MUCH = "Số tiền quá lớn. Chỉ nhận tối đa 15 chữ số."
MOST_DIGITS = 15

_GROUPED = re.compile(r"[0-9]{1,3}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")
_CURRENCY = re.compile(r"(?:đồng|đ|vnđ|vnd)\Z", re.IGNORECASE)


class MoneyField(forms.Field):
    """Whole đồng as people write them: 1.234.567, 1 234 567, 1234567 đồng; blank is None.

    A sum of money has no decimals, so unlike a measured number "1.234" can mean one thing only.
    """

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        """The sum typed.

        Raises:
            ValidationError: not a sum we take.
        """
        typed = re.sub(r"\s+", " ", str(value or "").strip())
        typed = _CURRENCY.sub("", typed).strip()
        if not typed:
            return None
        if any(char.isnumeric() and not char.isascii() for char in typed):
            raise ValidationError(FOREIGN_DIGITS)
        if typed[0] in "-−–" and any(char.isdigit() for char in typed):
            raise ValidationError(NEGATIVE)
        if not (typed.isdecimal() or _GROUPED.fullmatch(typed)):
            raise ValidationError(NO_MONEY)
        digits = re.sub("[., ]", "", typed).lstrip("0") or "0"
        if len(digits) > MOST_DIGITS:
            raise ValidationError(TOO_MUCH)
        return Decimal(digits)

    def prepare_value(self, value: Any) -> Any:
        """A stored sum with dots between thousands; what was typed stays as it was typed."""
        return f"{value:,.0f}".replace(",", ".") if isinstance(value, Decimal) else value


class RemedyForm(forms.Form):
    """One act of the plan. With `remedy` it is changed; without, it is new and not begun."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )
    action = TextField(
        label="Việc cần làm",
        limit=2_000,
        lines=3,
        required=True,
        help_text="Một việc cụ thể, làm xong thì kiểm tra được.",
        error_messages={"required": "Cần nêu việc cần làm."},
    )
    who = forms.ChoiceField(
        label="Ai thực hiện",
        error_messages={
            "required": "Cần chọn ai thực hiện.",
            "invalid_choice": "Cơ quan được chọn không thuộc tỉnh này. Hãy chọn lại.",
        },
    )
    due_on = forms.DateField(
        label="Hạn hoàn thành",
        widget=DayInput(),
        error_messages={
            "required": "Cần nhập hạn hoàn thành.",
            "invalid": "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 30/06/2027.",
        },
    )
    fund_source = forms.ChoiceField(
        label="Nguồn kinh phí",
        choices=FundSource.choices,
        error_messages={
            "required": "Cần chọn nguồn kinh phí.",
            "invalid_choice": "Nguồn kinh phí không hợp lệ; hãy chọn lại.",
        },
    )
    cost = MoneyField(
        label="Kinh phí (đồng)",
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}
        ),
        help_text="Ví dụ 350.000.000. Chưa biết thì để trống, không ghi 0.",
    )
    fund_approval = TextField(
        label="Văn bản cho chủ trương",
        limit=300,
        help_text=(
            "Bắt buộc với nguồn hợp pháp khác: phải báo cáo Ủy ban nhân dân tỉnh cho chủ trương "
            "trước khi thực hiện (Đề án kèm theo Quyết định 1578/QĐ-UBND, phần IV). Ghi số, ngày, "
            "cơ quan ban hành."
        ),
    )
    state = forms.ChoiceField(
        label="Tình trạng",
        choices=RemedyState.choices,
        error_messages={
            "required": "Cần chọn tình trạng.",
            "invalid_choice": "Tình trạng không hợp lệ; hãy chọn lại.",
        },
    )
    note = TextField(
        label="Ghi chú", limit=2_000, lines=2, help_text="Kết quả, vướng mắc, căn cứ (nếu có)."
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        assessment: Assessment,
        today: date,
        remedy: Remedy | None = None,
    ) -> None:
        """`today` is the first day on which a new act can be due."""
        super().__init__(data, initial=_initial(remedy))
        self.programme = assessment.round.programme
        self.today = today
        self.remedy = remedy
        self.agencies = {str(agency.pk): agency for agency in agencies_for(assessment)}
        if remedy is not None and remedy.agency is not None:
            self.agencies.setdefault(str(remedy.agency_id), remedy.agency)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (STATION, assessment.unit.station_name),
            *((pk, agency.name) for pk, agency in self.agencies.items()),
        ]
        due = self.fields["due_on"].widget.attrs
        due["max"] = f"{self.programme.ends}-12-31"
        if remedy is None:
            due["min"] = today.isoformat()
            del self.fields["state"]

    def draft(self) -> RemedyDraft:
        """What was typed; of a valid form."""
        typed = self.cleaned_data
        return RemedyDraft(
            action=typed["action"],
            agency=self.agencies.get(typed["who"]),
            due_on=typed["due_on"],
            cost=typed["cost"],
            fund_source=typed["fund_source"],
            fund_approval=typed["fund_approval"],
            state=typed.get("state", RemedyState.PLANNED),
            note=typed["note"],
        )

    def clean(self) -> dict[str, Any]:
        """What the fields say together; the same rules that the action keeps."""
        cleaned = super().clean() or {}
        if not self.errors:
            found = problems(self.draft(), self.programme, today=self.today, before=self.remedy)
            for name, sentence in found.items():
                self.add_error(name, sentence)
        elif cleaned.get("fund_source") == FundSource.OTHER and not cleaned.get("fund_approval"):
            # Said at once, not only after everything else has been put right.
            self.add_error("fund_approval", APPROVAL_REQUIRED)
        return cleaned


def _initial(remedy: Remedy | None) -> dict[str, Any]:
    if remedy is None:
        return {"key": uuid.uuid4(), "who": STATION, "fund_source": FundSource.NONE}
    return {
        "version": remedy.version,
        "action": remedy.action,
        "who": str(remedy.agency_id or STATION),
        "due_on": remedy.due_on,
        "cost": remedy.cost,
        "fund_source": remedy.fund_source,
        "fund_approval": remedy.fund_approval,
        "state": remedy.state,
        "note": remedy.note,
    }


class RemedyStateForm(forms.Form):
    """One press that says how far an act is."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    state = forms.ChoiceField(choices=RemedyState.choices)


OPEN, OVERDUE, DONE, ALL = "dang-mo", "qua-han", "da-xong", "tat-ca"


class RemedyFilterForm(forms.Form):
    """What the province asks of its list; a value that is not offered is refused."""

    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=(
            (OPEN, "Đang mở"),
            (OVERDUE, "Quá hạn"),
            (DONE, "Đã hoàn thành"),
            (ALL, "Tất cả"),
        ),
    )
    co_quan = forms.ChoiceField(label="Ai thực hiện", required=False)
    tieu_chi = forms.ChoiceField(label="Tiêu chí", required=False)
    nguon = forms.ChoiceField(label="Nguồn kinh phí", required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        agencies: list[tuple[str, str]],
        criteria: list[str],
    ) -> None:
        """Offered are the agencies and criteria that have remedies in reach."""
        super().__init__(data)
        choices = {
            "co_quan": [(STATION, "Công an phường"), *agencies],
            "tieu_chi": [(code, code) for code in criteria],
            "nguon": list(FundSource.choices),
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", "Tất cả"), *offered]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Không có lựa chọn này trong danh sách."
