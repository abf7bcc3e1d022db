"""Forms about a criteria set as a whole: a new one, its facts, its mapping."""

from typing import Any

from django import forms

from accounts.models import Role, User
from criteria.actions.mapping_sets import Line
from criteria.forms.fields import CodeField, PlainText
from criteria.models import CriteriaSet, Criterion, Relation
from wards.models import LegalDocument, Province


class NewSetForm(forms.Form):
    """Code, name, whose it is, and what it is copied from."""

    code = CodeField(label="Mã", limit=40)
    name = PlainText(label="Tên bộ tiêu chí", lines=2)
    province = forms.ModelChoiceField(
        label="Phạm vi",
        queryset=Province.objects.none(),
        required=False,
        empty_label="Toàn quốc",
    )
    source = forms.ModelChoiceField(
        label="Sao chép từ",
        queryset=CriteriaSet.objects.none(),
        required=False,
        empty_label="Không, bắt đầu từ bộ trống",
        to_field_name="code",
        help_text="Nhóm, tiêu chí, chỉ số được chép sang bản nháp; bộ cũ không thay đổi.",
    )

    def __init__(self, data: Any = None, *, user: User, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        provinces = Province.objects.filter(pk__in=user.scope.provinces_as(Role.COORDINATOR))
        self.fields["province"].queryset = provinces  # type: ignore[attr-defined]
        self.fields["source"].queryset = CriteriaSet.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["source"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.label} – {one.name[:80]}"
        )


class FactsForm(forms.Form):
    """What the set is."""

    name = PlainText(label="Tên bộ tiêu chí", lines=2)
    short_name = PlainText(
        label="Tên ngắn",
        limit=40,
        required=False,
        help_text="Kết quả ghi kèm tên này, ví dụ “21/22 (QĐ 5764)”.",
    )
    document = forms.ModelChoiceField(
        label="Văn bản ban hành",
        queryset=LegalDocument.objects.none(),
        required=False,
        empty_label="Chưa có văn bản",
    )
    stated_count = forms.IntegerField(
        label="Số tiêu chí văn bản nêu",
        required=False,
        min_value=0,
        max_value=1000,
        help_text="Để trống khi văn bản không nêu.",
    )
    replaces = forms.ModelChoiceField(
        label="Thay thế bộ",
        queryset=CriteriaSet.objects.none(),
        required=False,
        empty_label="Không thay thế bộ nào",
    )
    is_confirmed = forms.BooleanField(label="Đã đối chiếu văn bản gốc", required=False)
    note = PlainText(label="Ghi chú", lines=4, required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, criteria_set: CriteriaSet, user: User, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        documents = LegalDocument.objects.order_by("number")
        self.fields["document"].queryset = documents  # type: ignore[attr-defined]
        self.fields["document"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.number} {one.title[:70]}"
        )
        others = CriteriaSet.objects.visible_to(user).filter(published_at__isnull=False)
        self.fields["replaces"].queryset = others.exclude(pk=criteria_set.pk)  # type: ignore[attr-defined]
        self.fields["replaces"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.label} – {one.name[:80]}"
        )

    @property
    def values(self) -> dict[str, Any]:
        """What to write, by the columns of the set."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "short_name": said["short_name"],
            "document_id": said["document"].pk if said["document"] else None,
            "replaces_id": said["replaces"].pk if said["replaces"] else None,
            "stated_count": said["stated_count"],
            "is_confirmed": said["is_confirmed"],
            "note": said["note"],
        }


class LineForm(forms.Form):
    """One line of the mapping."""

    former = forms.ModelChoiceField(
        label="Tiêu chí cũ",
        queryset=Criterion.objects.none(),
        required=False,
        empty_label="– không có (tiêu chí mới)",
    )
    relation = forms.ChoiceField(label="Quan hệ", choices=Relation.choices)
    current = forms.ModelChoiceField(
        label="Tiêu chí mới",
        queryset=Criterion.objects.none(),
        required=False,
        empty_label="– không có (tiêu chí bỏ)",
    )
    note = PlainText(label="Ghi chú", limit=500, required=False)

    def __init__(self, data: Any = None, *, criteria_set: CriteriaSet) -> None:
        super().__init__(data)
        former = Criterion.objects.filter(criteria_set=criteria_set.replaces_id)
        self.fields["former"].queryset = former  # type: ignore[attr-defined]
        self.fields["current"].queryset = criteria_set.criteria.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both ends where the relation has two.

        Raises:
            ValidationError: an end is missing, or there is one too many.
        """
        said = super().clean() or {}
        relation, former, current = (said.get(key) for key in ("relation", "former", "current"))
        if relation == Relation.NEW and former:
            self.add_error("former", "Tiêu chí mới không có tiêu chí cũ; hãy bỏ chọn.")
        elif relation and relation != Relation.NEW and not former:
            self.add_error("former", "Cần chọn tiêu chí cũ.")
        if relation == Relation.DROPPED and current:
            self.add_error("current", "Tiêu chí đã bỏ không có tiêu chí mới; hãy bỏ chọn.")
        elif relation and relation != Relation.DROPPED and not current:
            self.add_error("current", "Cần chọn tiêu chí mới.")
        return said

    @property
    def line(self) -> Line:
        """The line typed."""
        said = self.cleaned_data
        return Line(said["former"], said["current"], Relation(said["relation"]), said["note"])
