"""What a reviewer types: the verdict on one criterion, a general comment, a reason."""

import re
import unicodedata
from typing import Any

from django import forms

from assessments.actions.reviewing import ADJUSTABLE, COMMENT_REQUIRED, explanation_rule
from assessments.models import Decision, ExplanationVerdict

COMMENT_MAX = 5000
# Everything but line feed and tab: such characters come from broken programs, not from people.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class PlainTextField(forms.CharField):
    """Text in NFC with plain line ends; control characters are refused."""

    def to_python(self, value: Any) -> str:
        """The text as it is stored.

        Raises:
            ValidationError: it holds control characters.
        """
        text = str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL.search(text):
            raise forms.ValidationError(
                "Nội dung có ký tự điều khiển không đọc được; hãy gõ lại chỗ đó."
            )
        return unicodedata.normalize("NFC", text)


def comment_field(label: str, *, rows: int = 4, **more: Any) -> PlainTextField:
    """A text area with room for a comment."""
    return PlainTextField(
        label=label,
        max_length=COMMENT_MAX,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": f"Cần nhập {label[:1].lower()}{label[1:]}.",
            "max_length": "Nội dung dài quá 5.000 ký tự (đang có %(show_value)d ký tự).",
        },
        **more,
    )


class VerdictForm(forms.Form):
    """The verdict on one criterion, with what the page showed when it was opened."""

    decision = forms.ChoiceField(
        label="Kết quả thẩm định",
        choices=Decision.choices,
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        error_messages={
            "required": "Cần chọn một kết quả thẩm định.",
            "invalid_choice": "Kết quả thẩm định không hợp lệ; hãy chọn lại.",
        },
    )
    outcome = forms.ChoiceField(
        label="Kết quả sau điều chỉnh",
        required=False,
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        error_messages={"invalid_choice": "Kết quả sau điều chỉnh không hợp lệ; hãy chọn lại."},
    )
    explanation = forms.ChoiceField(
        label="Về giải trình của đơn vị",
        choices=ExplanationVerdict.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        error_messages={"invalid_choice": "Lựa chọn về giải trình không hợp lệ; hãy chọn lại."},
    )
    comment = comment_field("Ý kiến thẩm định", rows=5, required=False)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    submission = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)

    def __init__(self, *args: Any, entry: dict[str, Any], **kwargs: Any) -> None:
        """`entry` is what the submission says of the criterion: adjusting means another outcome."""
        super().__init__(*args, **kwargs)
        self.entry = entry
        choices = [(one.value, one.label) for one in ADJUSTABLE if one != entry["outcome"]]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        described = {"aria-describedby": "goi-y-y-kien"}
        self.fields["comment"].widget.attrs.update(described)

    def clean(self) -> dict[str, Any]:
        """An outcome for adjusting, a comment for differing, a word on the explanation."""
        cleaned = super().clean() or {}
        decision = cleaned.get("decision")
        if decision == Decision.ADJUST and "outcome" in cleaned and not cleaned["outcome"]:
            self.add_error("outcome", "Cần chọn kết quả sau điều chỉnh.")
        if decision != Decision.ADJUST:
            cleaned["outcome"] = ""
        differs = decision in {Decision.ADJUST, Decision.MORE}
        if differs and "comment" in cleaned and not cleaned["comment"]:
            self.add_error("comment", COMMENT_REQUIRED)
        if decision and "explanation" in cleaned:
            sentence = explanation_rule(self.entry, decision, cleaned["explanation"])
            if sentence:
                self.add_error("explanation", sentence)
        return cleaned


class ReasonForm(forms.Form):
    """A reason that must be given."""

    comment = comment_field("Lý do", rows=3)


class EndingForm(forms.Form):
    """The end of a review: a general comment that may stay empty, and the submission shown."""

    comment = comment_field("Ý kiến chung", required=False)
    submission = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
