"""Handing in: every caution is ticked as seen, the commander declares, and confirms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from criteria.models import Criterion

DECLARATION = (
    "Tôi đã kiểm tra toàn bộ nội dung phiếu và chịu trách nhiệm về tính chính xác, trung thực "
    "của kết quả tự đánh giá và tài liệu kiểm chứng."
)
DECLARE_FIRST = "Cần đánh dấu cam đoan trước khi nộp."


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to look at again before handing in; it does not stop the file."""

    key: str
    criterion: Criterion
    sentence: str


class TicksField(forms.MultipleChoiceField):
    """Ticked keys; one that is no longer asked for does no harm."""

    def valid_value(self, value: Any) -> bool:
        """Any key."""
        return True


class SubmissionForm(forms.Form):
    """The ticks before handing in, checked by the server against the cautions of the moment.

    `number` says which submission the page was opened for: sent twice, it is handed in once.
    """

    number = forms.IntegerField(required=False, min_value=1, max_value=32_767)
    seen = TicksField(required=False)
    declared = forms.BooleanField(label=DECLARATION, error_messages={"required": DECLARE_FIRST})
    confirmed = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        cautions: Sequence[Caution],
        number: int | None = None,
    ) -> None:
        super().__init__(data, initial={"number": number})
        self.cautions = cautions

    @classmethod
    def number_in(cls, data: Mapping[str, Any]) -> int | None:
        """Which submission a sent form was opened for; None when it does not say."""
        try:
            found: int | None = cls.base_fields["number"].clean(data.get("number"))
        except ValidationError:
            return None
        return found

    @property
    def ticked(self) -> frozenset[str]:
        """Keys of the cautions ticked so far, also on a form that was refused."""
        return frozenset(self["seen"].value() or ())

    def clean_seen(self) -> list[str]:
        """Every caution ticked.

        Raises:
            ValidationError: some are not; names their criteria.
        """
        seen: list[str] = self.cleaned_data["seen"]
        missing = [caution for caution in self.cautions if caution.key not in seen]
        if missing:
            codes = ", ".join(dict.fromkeys(caution.criterion.code for caution in missing))
            raise ValidationError(f"Cần xem lại và đánh dấu từng lưu ý: {codes}.")
        return seen
