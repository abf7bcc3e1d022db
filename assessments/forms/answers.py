"""The form of one criterion: its indicators, the note and the version, saved together."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms

from assessments.forms.fields import TextField
from assessments.forms.indicators import FORMS, Data, IndicatorForm
from assessments.outcome import AnswerValue
from criteria.models import Criterion, Round

OPENED_TOO_LONG = (
    "Trang đã mở quá lâu hoặc yêu cầu không hợp lệ. "
    "Hãy tải lại trang; nội dung vừa nhập vẫn được giữ."
)


NOTE_LIMIT = 50_000


class HeadForm(forms.Form):
    """What goes with all indicators: the words of the station, and the version that was shown."""

    note = TextField(
        label="Thuyết minh",
        lines=4,
        limit=NOTE_LIMIT,
        help_text="Nêu cách làm, số liệu chi tiết. Không ghi họ tên, địa chỉ của người dân.",
    )
    explanation = TextField(
        label="Giải trình khi thiếu tài liệu kiểm chứng",
        lines=3,
        help_text="Nêu vì sao chưa có hoặc không thể gửi tài liệu, và có thể kiểm tra ở đâu. "
        "Cán bộ thẩm định sẽ xem xét riêng phần giải trình này.",
    )
    confirmed = forms.BooleanField(required=False)
    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), OPENED_TOO_LONG
        ),
    )

    def __init__(
        self, data: Data, *, initial: dict[str, Any], year: int, carried_from: Round | None
    ) -> None:
        super().__init__(data, initial=initial)
        if carried_from is None:
            del self.fields["confirmed"]
        else:
            self.fields[
                "confirmed"
            ].label = (
                f"Tôi xác nhận số liệu mang sang từ kỳ {carried_from.year} này đúng cho kỳ {year}"
            )


class CriterionForm:
    """All forms of one criterion (indicators prefetched), shown and saved together."""

    def __init__(
        self,
        criterion: Criterion,
        *,
        values: Mapping[int, AnswerValue],
        note: str,
        version: int,
        year: int,
        explanation: str = "",
        carried_from: Round | None = None,
        data: Data = None,
    ) -> None:
        self.stored = values
        self.indicators: list[IndicatorForm] = [
            FORMS[indicator.kind](indicator, values.get(indicator.pk), data)
            for indicator in criterion.indicators.all()
        ]
        self.head = HeadForm(
            data,
            initial={"note": note, "explanation": explanation, "version": version},
            year=year,
            carried_from=carried_from,
        )

    def __iter__(self) -> Iterator[forms.Form]:
        yield from self.indicators
        yield self.head

    def is_valid(self) -> bool:
        """Whether everything can be saved; runs every part, so that all errors show at once."""
        found = [form.is_valid() for form in self]
        return all(found)

    def values(self) -> dict[int, AnswerValue]:
        """Answers of the valid parts by indicator id; what is unanswered is left out."""
        found = {form.indicator.pk: form.value() for form in self.indicators if form.is_valid()}
        return {pk: value for pk, value in found.items() if value is not None}

    def savable_values(self) -> dict[int, AnswerValue]:
        """Answers of the valid parts; a part with an error keeps what is stored of it."""
        refused = {form.indicator.pk for form in self.indicators if not form.is_valid()}
        kept = {pk: value for pk, value in self.stored.items() if pk in refused}
        return self.values() | kept

    @property
    def note(self) -> str:
        """The note typed, or the stored one while what was typed is refused."""
        return str(self._typed("note"))

    @property
    def explanation(self) -> str | None:
        """The explanation typed, or None when it was refused or did not come with the form."""
        if not self.head.is_bound or "explanation" not in self.head.data:
            return None
        return str(self._typed("explanation"))

    @property
    def confirmed(self) -> bool:
        """Whether answers carried over were confirmed, with nothing refused among them."""
        return self.is_confirmed and all(form.is_valid() for form in self.indicators)

    @property
    def is_confirmed(self) -> bool:
        """Whether the tick that confirms answers carried over is set."""
        return self.head.is_valid() and bool(self.head.cleaned_data.get("confirmed"))

    @property
    def has_version(self) -> bool:
        """Whether the version that was shown came back whole; call after `is_valid`."""
        return "version" in self.head.cleaned_data

    @property
    def version(self) -> int:
        """The version that was shown; call on a form that has it."""
        return int(self.head.cleaned_data["version"])

    def _typed(self, name: str) -> Any:
        return self.head.cleaned_data.get(name, self.head.initial[name])

    @property
    def error_links(self) -> list[dict[str, str]]:
        """Every error with the address of its input, for the summary on top."""
        found = []
        for form in self:
            where = f"{form.prefix}: " if form.prefix else ""
            for name, errors in form.errors.items():
                field = form[name]
                target = "" if field.is_hidden else f"#{first_input(field)}"
                found += [
                    {
                        "text": f"{where}{field.label}: {error}" if target else str(error),
                        "url": target,
                    }
                    for error in errors
                ]
        return found


def first_input(field: forms.BoundField) -> str:
    """Id of the input a link to this field leads to."""
    if isinstance(field.field.widget, forms.RadioSelect):
        return f"{field.auto_id}_0"
    return field.id_for_label
