"""What a rapporteur types into the yearly duty report, and what readers ask of the summary."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessments.actions.duty_reports import DutyDraft, Reply
from assessments.duties import State
from assessments.forms.fields import DayField, TextField
from assessments.markings import marking_in
from assessments.models import DutyProgress
from criteria.models import Duty

MARKED_TEXT = (
    "Nội dung có chữ “{mark}”. Nội dung của tài liệu mang dấu độ mật không được nhập vào hệ thống: "
    "chỉ ghi số, ngày của văn bản. Nếu nội dung không thuộc bí mật nhà nước, hãy xác nhận bên dưới "
    "rồi lưu lại. Nội dung vừa nhập vẫn còn nguyên."
)
CLAIM_UNMARKED = "Tôi xác nhận nội dung báo cáo không chứa bí mật nhà nước"
DECLARATION = (
    "Tôi đã kiểm tra toàn bộ báo cáo; nội dung đã được lãnh đạo cơ quan duyệt và không chứa "
    "bí mật nhà nước, thông tin của công dân cụ thể."
)
DECLARE_FIRST = "Cần đánh dấu cam đoan trước khi nộp."


@dataclass(frozen=True, slots=True)
class DutyField:
    """One duty with the two inputs of its reply."""

    duty: Duty
    progress: forms.BoundField
    text: forms.BoundField


class DutyReportForm(forms.Form):
    """The report as a draft: whatever is missing may be filled in later."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    difficulties = TextField(
        label="Khó khăn, vướng mắc", lines=4, help_text="Không có thì để trống."
    )
    proposals = TextField(label="Kiến nghị, đề xuất", lines=4, help_text="Không có thì để trống.")
    paper_number = TextField(
        label="Số, ký hiệu văn bản báo cáo",
        limit=80,
        help_text="Nếu cơ quan có gửi báo cáo bằng văn bản, ví dụ 125/BC-STC.",
    )
    paper_date = DayField(label="Ngày văn bản")
    unmarked = forms.BooleanField(label=CLAIM_UNMARKED, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        duties: Sequence[Duty],
        today: date,
        draft: DutyDraft | None = None,
        number: int = 1,
        version: int = 0,
    ) -> None:
        """`draft` fills the form; `version` is 0 when it was never saved under this number."""
        draft = draft or DutyDraft()
        initial = {
            "number": number,
            "version": version,
            "difficulties": draft.difficulties,
            "proposals": draft.proposals,
            "paper_number": draft.paper_number,
            "paper_date": draft.paper_date,
        }
        for duty in duties:
            reply = draft.replies.get(duty.pk, Reply())
            initial[f"progress-{duty.pk}"] = reply.progress
            initial[f"text-{duty.pk}"] = reply.text
        super().__init__(data, initial=initial)
        self.duties = duties
        self.asks_unmarked = False
        self.fields["paper_date"].today = today  # type: ignore[attr-defined]
        for duty in duties:
            self.fields[f"progress-{duty.pk}"] = forms.ChoiceField(
                label="Tình hình thực hiện",
                required=False,
                choices=DutyProgress.choices,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Tình hình không hợp lệ; hãy chọn lại."},
            )
            self.fields[f"text-{duty.pk}"] = TextField(label="Kết quả, số liệu chính", lines=4)

    def duty_fields(self) -> Iterator[DutyField]:
        """The duties in order, with their inputs."""
        for duty in self.duties:
            yield DutyField(duty, self[f"progress-{duty.pk}"], self[f"text-{duty.pk}"])

    def error_links(self) -> list[dict[str, str]]:
        """Every error with the place to put it right."""
        entries = {
            name: f"Nhiệm vụ {place}: "
            for place, duty in enumerate(self.duties, start=1)
            for name in (f"progress-{duty.pk}", f"text-{duty.pk}")
        }
        return [
            {"text": f"{entries.get(name, '')}{error}", "url": f"#id_{name}"}
            for name, errors in self.errors.items()
            for error in errors
        ]

    def clean(self) -> dict[str, Any]:
        """No text that looks like the content of a secret document."""
        cleaned = super().clean() or {}
        texts = [value for value in cleaned.values() if isinstance(value, str)]
        mark = marking_in(*texts)
        if mark:
            self.asks_unmarked = True
            if not cleaned.get("unmarked"):
                self.add_error("unmarked", MARKED_TEXT.format(mark=mark))
        return cleaned

    def draft(self) -> DutyDraft:
        """What was typed; of a valid form."""
        typed = self.cleaned_data
        return DutyDraft(
            {
                duty.pk: Reply(typed[f"progress-{duty.pk}"], typed[f"text-{duty.pk}"])
                for duty in self.duties
            },
            typed["difficulties"],
            typed["proposals"],
            typed["paper_number"],
            typed["paper_date"],
        )


class HandInForm(forms.Form):
    """The declaration, for the version that was checked."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_767)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    declared = forms.BooleanField(label=DECLARATION, error_messages={"required": DECLARE_FIRST})

    @classmethod
    def number_in(cls, data: Mapping[str, Any]) -> int | None:
        """Which report a sent form was opened for; None when it does not say."""
        try:
            found: int | None = cls.base_fields["number"].clean(data.get("number"))
        except ValidationError:
            return None
        return found


class SummaryFilterForm(forms.Form):
    """Which agencies the summary lists; a value that is not offered is refused."""

    tinh_trang = forms.TypedChoiceField(
        label="Tình trạng",
        required=False,
        choices=[(state.value, state.label) for state in State],
        coerce=State,
        empty_value=None,
        error_messages={"invalid_choice": "Không có lựa chọn này trong danh sách."},
    )
