"""What narrows the review queue, and whom chosen files are given to."""

from typing import Any

from django import forms

from accounts.models import User
from assessments.workflow import Status

NOBODY = "khong"
"""In place of a reviewer: nobody."""
MINE = "toi"
"""In place of a reviewer: the one who looks."""


class QueueFilterForm(forms.Form):
    """The filters of the queue, named as they stand in the address; each narrows further."""

    tt = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[
            ("", "Tất cả"),
            (Status.SUBMITTED.value, "Chờ nhận"),
            (Status.UNDER_REVIEW.value, "Đang thẩm định"),
        ],
    )
    ai = forms.ChoiceField(label="Cán bộ thẩm định", required=False)
    lai = forms.ChoiceField(
        label="Lần nộp", required=False, choices=[("", "Tất cả"), ("1", "Nộp lại")]
    )
    q = forms.CharField(
        label="Tìm đơn vị",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Ví dụ: phuong 1 duyen hai"}
        ),
    )
    ky = forms.ChoiceField(label="Kỳ đánh giá", required=False)

    def __init__(
        self,
        *args: Any,
        reviewers: list[User],
        rounds: list[tuple[str, str]],
        me: User | None,
        **kwargs: Any,
    ) -> None:
        """`me` is given to reviewers, who may ask for their own files."""
        super().__init__(*args, **kwargs)
        own = [(MINE, "Của tôi")] if me else []
        people = [(str(one.pk), one.full_name) for one in reviewers if one != me]
        who: Any = self.fields["ai"]
        who.choices = [("", "Tất cả"), *own, (NOBODY, "Chưa giao ai"), *people]
        offered: Any = self.fields["ky"]
        offered.choices = [("", "Tất cả"), *rounds]


class AssignForm(forms.Form):
    """Whom the chosen files are given to; nobody takes them from anyone."""

    reviewer = forms.ChoiceField(
        label="Giao cho",
        error_messages={
            "required": "Cần chọn cán bộ thẩm định.",
            "invalid_choice": "Cán bộ này không thẩm định cho tỉnh của đồng chí.",
        },
    )

    def __init__(self, *args: Any, reviewers: list[User], **kwargs: Any) -> None:
        """Reviewers of the coordinator's provinces."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reviewer"]
        people = [(str(one.pk), one.full_name) for one in reviewers]
        field.choices = [("", "Chọn cán bộ…"), *people, (NOBODY, "Không giao riêng ai")]
