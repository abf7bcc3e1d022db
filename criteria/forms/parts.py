"""Forms about the parts of a draft. An indicator follows the very rules that packs follow."""

from decimal import Decimal
from typing import Any

from django import forms
from pydantic import ValidationError

from criteria.forms.fields import CodeField, PlainText
from criteria.models import CriteriaSet, Group
from criteria.pack_schema.sets import PackIndicator
from criteria.scale import SCALES, IndicatorKind
from wards.pack_schema.sentences import sentences

IN_WORDS = {
    "may_exceed: true": "dấu ở “Tử số có thể lớn hơn mẫu số”",
    "at_least": "“Tối thiểu”",
    "at_most": "“Tối đa”",
    **{f'"{kind.value}"': f"“{kind.label}”" for kind in IndicatorKind},
}
"""Words of packs, as the page calls them."""
LEVELS = [
    (
        scale.name,
        [(f"{scale.code}:{level}", f"{scale.name}: {label}") for level, label in scale.levels],
    )
    for scale in SCALES.values()
]


class PartForm(forms.Form):
    """What every part has."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def values(self) -> dict[str, Any]:
        """What to write, by the columns of the part."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class GroupForm(PartForm):
    """A heading."""

    code = CodeField(label="Mã nhóm", limit=10)
    name = PlainText(label="Tên nhóm", lines=2)


class CriterionForm(PartForm):
    """One criterion."""

    group_id = forms.ModelChoiceField(
        label="Nhóm",
        queryset=Group.objects.none(),
        empty_label=None,
        error_messages={"required": "Cần chọn nhóm."},
    )
    code = CodeField(label="Mã tiêu chí", limit=10)
    title = PlainText(label="Nội dung tiêu chí", lines=3)
    evidence = PlainText(label="Tài liệu kiểm chứng", lines=3, required=False)
    basis = PlainText(label="Căn cứ (trích nguyên văn)", lines=4, required=False)
    owner = PlainText(label="Cơ quan quyết định việc đạt", limit=200, required=False)
    ward_alone = forms.BooleanField(
        label="Chỉ phụ thuộc Công an phường", required=False, initial=True
    )
    needs_building = forms.BooleanField(label="Cần đất hoặc trụ sở", required=False)
    note = PlainText(label="Ghi chú", lines=2, required=False)

    def __init__(self, data: Any = None, *, criteria_set: CriteriaSet, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["group_id"].queryset = criteria_set.groups.all()  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What to write; the group by its id."""
        return {**super().values, "group_id": self.cleaned_data["group_id"].pk}


class IndicatorForm(PartForm):
    """One indicator with its threshold."""

    code = CodeField(label="Mã chỉ số", limit=10)
    title = PlainText(label="Nội dung chỉ số", lines=2)
    kind = forms.ChoiceField(label="Kiểu", choices=IndicatorKind.choices)
    at_least = forms.DecimalField(
        label="Tối thiểu",
        required=False,
        localize=True,
        help_text="Số lượng, tỷ lệ: từ mức này trở lên. Tỷ lệ tính bằng phần trăm.",
        error_messages={"invalid": "Cần nhập số, ví dụ 10 hoặc 99,5."},
    )
    at_most = forms.DecimalField(
        label="Tối đa",
        required=False,
        localize=True,
        help_text="Số lượng, tỷ lệ: không quá mức này; 0 nghĩa là không được có.",
        error_messages={"invalid": "Cần nhập số, ví dụ 0 hoặc 5."},
    )
    level = forms.ChoiceField(
        label="Mức xếp loại phải đạt",
        required=False,
        choices=[("", "Chưa chọn"), *LEVELS],
        help_text="Chỉ dùng cho kiểu xếp loại, danh hiệu.",
    )
    unit_label = PlainText(
        label="Đơn vị tính", limit=40, required=False, help_text="Ví dụ: vụ, biên chế."
    )
    may_exceed = forms.BooleanField(label="Tử số có thể lớn hơn mẫu số", required=False)
    no_case_possible = forms.BooleanField(label="Có thể không phát sinh (0/0)", required=False)
    exemptible = forms.BooleanField(label="Trừ trường hợp bất khả kháng", required=False)
    basis = PlainText(label="Căn cứ (trích nguyên văn)", lines=3, required=False)
    note = PlainText(label="Ghi chú", lines=2, required=False)
    is_confirmed = forms.BooleanField(
        label="Đã đối chiếu văn bản gốc", required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        """The indicator by the rules of packs.

        Raises:
            ValidationError: a threshold that makes no sense.
        """
        said = super().clean() or {}
        if self.errors:
            return said
        kind = said["kind"]
        is_title = kind == IndicatorKind.TITLE
        if said["level"] and not is_title:
            self.add_error("level", "Chỉ kiểu xếp loại, danh hiệu mới có mức xếp loại.")
        if is_title and not said["level"]:
            self.add_error("level", "Cần chọn mức xếp loại phải đạt.")
        if is_title and said["at_least"] is not None:
            self.add_error("at_least", "Kiểu xếp loại, danh hiệu không có số tối thiểu.")
        measured = kind in {IndicatorKind.COUNT, IndicatorKind.RATIO}
        if measured and said["at_least"] is None and said["at_most"] is None:
            self.add_error("at_least", "Cần nhập tối thiểu hoặc tối đa.")
        if not self.errors:
            self._check_as_pack(said, is_title=is_title)
        return said

    def _check_as_pack(self, said: dict[str, Any], *, is_title: bool) -> None:
        scale, _, level = said["level"].partition(":")
        raw = {
            "code": said["code"],
            "title": said["title"],
            "kind": said["kind"],
            "scale": scale,
            "may_exceed": said["may_exceed"],
            "at_most": said["at_most"],
            "at_least": level if is_title else said["at_least"],
        }
        try:
            PackIndicator.model_validate(raw)
        except ValidationError as error:
            for loc, sentence in sentences(error, PackIndicator):
                name = str(loc[0]) if loc else ""
                for old, new in IN_WORDS.items():
                    sentence = sentence.replace(old, new)
                told = sentence[:1].upper() + sentence[1:]
                self.add_error(name if name in self.fields else None, told)

    @property
    def values(self) -> dict[str, Any]:
        """What to write; scale and level apart."""
        said = {**super().values}
        scale, _, level = said.pop("level").partition(":")
        for name in ("at_least", "at_most"):
            number: Decimal | None = said[name]
            said[name] = None if number is None else number.quantize(Decimal("0.01"))
        return {**said, "scale_code": scale, "at_least_level": level}
