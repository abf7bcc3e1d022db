"""The form of one criterion: its indicators, the note and the version, saved together."""

from collections.abc import Iterator, Mapping

from django import forms

from assessments.forms.fields import TextField
from assessments.forms.indicators import FORMS, Data, IndicatorForm
from assessments.outcome import AnswerValue
from criteria.models import Criterion

OPENED_TOO_LONG = "Trang đã mở quá lâu hoặc yêu cầu không hợp lệ. Hãy bấm lưu lại một lần nữa."


class NoteForm(forms.Form):
    """What goes with all indicators: the note, and the version that was shown."""

    note = TextField(
        label="Thuyết minh",
        lines=4,
        help_text="Nêu cách làm, số liệu chi tiết hoặc lý do khi chưa có tài liệu kiểm chứng. "
        "Không ghi họ tên, địa chỉ của người dân.",
    )
    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), OPENED_TOO_LONG
        ),
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
        data: Data = None,
    ) -> None:
        self.indicators: list[IndicatorForm] = [
            FORMS[indicator.kind](indicator, values.get(indicator.pk), data)
            for indicator in criterion.indicators.all()
        ]
        self.head = NoteForm(data, initial={"note": note, "version": version})

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

    @property
    def note(self) -> str:
        """The note typed; call on a valid form."""
        return str(self.head.cleaned_data["note"])

    @property
    def version(self) -> int:
        """The version that was shown; call on a valid form."""
        return int(self.head.cleaned_data["version"])

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
