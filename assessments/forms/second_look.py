"""What is typed about a contested verdict and in a second review."""

from typing import Any

from django import forms

from assessments.actions import appealing, second_review
from assessments.actions.reviewing import ADJUSTABLE
from assessments.forms.verdicts import comment_field


def _outcome_field(label: str, required: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(one.value, one.label) for one in ADJUSTABLE],
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        error_messages={
            "required": required,
            "invalid_choice": "Kết quả không hợp lệ; hãy chọn lại.",
        },
    )


class AppealForm(forms.Form):
    """What the station contests, and why."""

    text = comment_field("Nội dung đề nghị phúc tra", rows=6)


class AppealDecisionForm(forms.Form):
    """What another reviewer finds of a contested verdict."""

    outcome = _outcome_field("Kết quả phúc tra", appealing.OUTCOME_REQUIRED)
    comment = comment_field("Ý kiến phúc tra", rows=5)


class SecondReviewForm(forms.Form):
    """A verdict given without having seen the first."""

    outcome = _outcome_field("Kết quả thẩm định lần hai", second_review.OUTCOME_REQUIRED)
    comment = comment_field("Ý kiến", rows=5, required=False)

    def __init__(self, *args: Any, own: str, **kwargs: Any) -> None:
        """`own` is the station's outcome: another one needs words."""
        super().__init__(*args, **kwargs)
        self.own = own

    def clean(self) -> dict[str, Any]:
        """Differing from the station needs a comment."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        if outcome and outcome != self.own and "comment" in cleaned and not cleaned["comment"]:
            self.add_error("comment", second_review.COMMENT_REQUIRED)
        return cleaned
