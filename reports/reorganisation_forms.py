"""What the coordinator types about a reorganisation and about the recognitions it leaves open."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Role, User
from assessments.forms.recognition import DEFAULT_ISSUER, DayInput
from assessments.forms.verdicts import PlainTextField, comment_field
from assessments.models import InheritanceChoice
from wards.boundaries import MANY, Draft, NewUnit
from wards.models import Province, ReorganisationKind, Unit, UnitKind

NEW_UNITS = "moi"
ROWS = 2
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NOT_A_DAY = "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 01/07/2025."

KIND_HELP = {
    ReorganisationKind.MERGE: "một hay nhiều đơn vị nhập lại thành một",
    ReorganisationKind.SPLIT: "một đơn vị chia thành nhiều, hoặc tách ra một phần",
    ReorganisationKind.RENAME: "cùng địa bàn, tên mới",
    ReorganisationKind.KIND_CHANGE: "cùng địa bàn, loại mới, như xã thành phường",
    ReorganisationKind.PROVINCE_CHANGE: "cùng địa bàn, về tỉnh khác",
}


class UnitChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several units, each by its full name and code."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and code."""
        return f"{obj.heading_name} · {obj.code}"


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One unit by its full name and code."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and code."""
        return f"{obj.heading_name} · {obj.code}"


def reorganisable(user: User) -> Any:
    """Units without a last day in the provinces this coordinator serves."""
    provinces = user.scope.provinces_as(Role.COORDINATOR)
    found = Unit.objects.filter(province__in=provinces, valid_to__isnull=True).with_places()
    return found.order_by("province__sort_key", "district__code", "sort_key", "code")


class ReorganisationForm(forms.Form):
    """Kind, day and document; which units it takes, and one that stays and takes others in."""

    kind = forms.ChoiceField(
        label="Hình thức",
        choices=[
            (kind.value, f"{kind.label[:1].upper()}{kind.label[1:]} – {KIND_HELP[kind]}")
            for kind in ReorganisationKind
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Cần chọn một hình thức."},
    )
    on = forms.DateField(
        label="Ngày hiệu lực",
        widget=DayInput(),
        help_text="Ngày đơn vị sau sắp xếp bắt đầu hoạt động; đơn vị trước kết thúc hôm trước.",
        error_messages={"required": "Cần nhập ngày hiệu lực.", "invalid": NOT_A_DAY},
    )
    number = PlainTextField(
        label="Số, ký hiệu văn bản",
        max_length=80,
        help_text="Ví dụ: 1687/NQ-UBTVQH15",
        error_messages={"required": "Cần nêu số, ký hiệu văn bản quyết định việc sắp xếp."},
    )
    issued_on = forms.DateField(
        label="Ngày ban hành",
        widget=DayInput(),
        error_messages={"required": "Cần nhập ngày ban hành văn bản.", "invalid": NOT_A_DAY},
    )
    issuer = PlainTextField(
        label="Cơ quan ban hành",
        max_length=200,
        error_messages={"required": "Cần nhập cơ quan ban hành."},
    )
    title = PlainTextField(label="Trích yếu", max_length=1000, required=False)
    predecessors = UnitChoices(
        label="Đơn vị trước sắp xếp",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cần chọn ít nhất một đơn vị trước sắp xếp.",
            "invalid_choice": "Có đơn vị vừa được sắp xếp ở nơi khác; hãy chọn lại.",
            "invalid_pk_value": "Có đơn vị không đúng; hãy chọn lại.",
        },
    )
    keeps_predecessor = forms.BooleanField(
        label="Chỉ tách một phần: đơn vị cũ tiếp tục hoạt động", required=False
    )
    successor = UnitChoice(
        label="Đơn vị đang có tiếp nhận",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Không có – lập đơn vị mới bên dưới",
        help_text="Khi đơn vị khác nhập vào một đơn vị vẫn giữ nguyên tên, mã và hiệu lực.",
        error_messages={"invalid_choice": "Đơn vị này không còn trong danh sách; hãy chọn lại."},
    )
    note = comment_field("Ghi chú", rows=2, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """The units this person may reorganise."""
        super().__init__(*args, **kwargs)
        for name in ("predecessors", "successor"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = reorganisable(user)


class NewUnitForm(forms.Form):
    """One unit that begins; a row left empty is no unit."""

    name = PlainTextField(
        label="Tên", max_length=110, error_messages={"required": "Cần nhập tên đơn vị mới."}
    )
    code = PlainTextField(
        label="Mã", max_length=10, error_messages={"required": "Cần nhập mã đơn vị mới."}
    )
    kind = forms.ChoiceField(label="Loại", choices=UnitKind.choices, initial=UnitKind.WARD)
    province = forms.ModelChoiceField(
        label="Tỉnh, thành phố",
        queryset=Province.objects.filter(valid_to__isnull=True).order_by("sort_key"),
        empty_label=None,
    )
    key_area = forms.BooleanField(label="Địa bàn trọng điểm", required=False)

    def has_changed(self) -> bool:
        """Choices have a first value of their own: only name and code tell that a row is used."""
        return bool({"name", "code"} & set(self.changed_data))

    def clean_code(self) -> str:
        """Letters, digits and a few marks.

        Raises:
            ValidationError: anything else.
        """
        code = str(self.cleaned_data["code"]).strip()
        if not _CODE.fullmatch(code):
            raise forms.ValidationError("Mã chỉ gồm chữ cái không dấu và chữ số, ví dụ 29242.")
        return code


NewUnitFormSet = forms.formset_factory(
    NewUnitForm, extra=ROWS, max_num=MANY, absolute_max=MANY, validate_max=True
)


class ReorganisationForms:
    """The form with its rows, read together."""

    def __init__(
        self, user: User, data: QueryDict | None = None, *, start: Mapping[str, Any] | None = None
    ) -> None:
        first = {"kind": ReorganisationKind.MERGE.value, **(start or {})}
        self.form = ReorganisationForm(data, user=user, initial=first)
        self.rows = NewUnitFormSet(data, prefix=NEW_UNITS, initial=first.get(NEW_UNITS))
        province = min(user.scope.provinces_as(Role.COORDINATOR), default=None)
        for row in self.rows.forms:
            row.fields["province"].initial = province

    @classmethod
    def again(cls, user: User, typed: QueryDict) -> "ReorganisationForms":
        """What was typed, to go on with: nothing is judged, and there is room for more units."""
        start: dict[str, Any] = {
            name: typed.get(name, "") for name in ReorganisationForm.base_fields
        }
        start["predecessors"] = typed.getlist("predecessors")
        start["keeps_predecessor"] = bool(typed.get("keeps_predecessor"))
        rows = [
            {name: typed.get(f"{NEW_UNITS}-{place}-{name}", "") for name in NewUnitForm.base_fields}
            for place in range(MANY)
        ]
        start[NEW_UNITS] = [row for row in rows if row["name"] or row["code"]]
        return cls(user, start=start)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Every typed value, for the hidden part of the preview."""
        data = self.form.data
        fields = {*ReorganisationForm.base_fields, f"{NEW_UNITS}-TOTAL_FORMS"}
        fields |= {f"{NEW_UNITS}-INITIAL_FORMS"}
        fields |= {row.add_prefix(name) for row in self.rows.forms for name in row.fields}
        return [
            (name, value)
            for name in data
            if name in fields
            for value in data.getlist(name)  # type: ignore[attr-defined]
        ]

    def is_valid(self) -> bool:
        """Both are looked at, whatever is wrong with the first."""
        return all([self.form.is_valid(), self.rows.is_valid()])

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong in the rows, with a link to each place; the form tells its own."""
        return list(self._errors())

    def _errors(self) -> Iterator[dict[str, str]]:
        for text in self.rows.non_form_errors():
            yield {"text": str(text)}
        for number, row in enumerate(self.rows.forms, start=1):
            for field in row:
                for error in field.errors:
                    yield {
                        "text": f"Đơn vị mới {number}: {error}",
                        "url": f"#{field.id_for_label}",
                    }

    def draft(self, commanders: list[tuple[int, int]]) -> Draft:
        """What was typed, once it is valid."""
        typed = self.form.cleaned_data
        return Draft(
            kind=ReorganisationKind(typed["kind"]),
            on=typed["on"],
            number=typed["number"],
            issued_on=typed["issued_on"],
            issuer=typed["issuer"],
            title=typed["title"],
            note=typed["note"],
            predecessors=list(typed["predecessors"]),
            successors=[typed["successor"]] if typed["successor"] else [],
            new_units=[NewUnit(**row.cleaned_data) for row in self.rows.forms if row.has_changed()],
            keeps_predecessor=typed["keeps_predecessor"],
            commanders=commanders,
        )


class InheritanceForm(forms.Form):
    """What becomes of one recognition, why, and by which document."""

    choice = forms.ChoiceField(
        label="Quyết định",
        choices=InheritanceChoice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Cần chọn một quyết định."},
    )
    reason = comment_field("Lý do", rows=3)
    number = PlainTextField(
        label="Số, ký hiệu văn bản (nếu có)",
        max_length=80,
        required=False,
        help_text="Không có văn bản riêng thì để trống; giữ công nhận được tính từ hôm nay.",
    )
    issued_on = forms.DateField(
        label="Ngày văn bản",
        widget=DayInput(),
        required=False,
        error_messages={"invalid": NOT_A_DAY},
    )
    issuer = PlainTextField(
        label="Cơ quan ban hành", max_length=200, required=False, initial=DEFAULT_ISSUER
    )

    def clean(self) -> dict[str, Any]:
        """Number and day come together.

        Raises:
            ValidationError: only one of them.
        """
        typed = super().clean() or self.cleaned_data
        number, day = typed.get("number"), typed.get("issued_on")
        if bool(number) != (day is not None) and "issued_on" not in self.errors:
            raise forms.ValidationError(
                "Văn bản cần có cả số, ký hiệu và ngày; không có thì để trống cả hai."
            )
        return typed
