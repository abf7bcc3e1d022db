"""One small form for each kind of indicator."""

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.fields import LINE_LIMIT, NumberField, TextField
from assessments.models import AnswerState
from assessments.outcome import AnswerValue
from criteria.models import Indicator
from criteria.scale import IndicatorKind

REASON_REQUIRED = "Cần nêu lý do bất khả kháng."
NO_CASE_WITHOUT_NUMBERS = "Đã chọn “Không phát sinh” nên không nhập số lớn hơn 0."

Data = Mapping[str, Any] | None


def special_states(indicator: Indicator) -> list[tuple[str, str]]:
    """What may be said of an indicator instead of a result."""
    found = []
    if indicator.kind == IndicatorKind.TITLE:
        found.append((str(AnswerState.AWAITING), "Chờ xếp loại (chưa đến kỳ)"))
    if indicator.no_case_possible:
        found.append((str(AnswerState.NO_CASE), "Không phát sinh trong kỳ"))
    if indicator.exemptible:
        found.append((str(AnswerState.EXEMPT), "Bất khả kháng"))
    return found


class IndicatorForm(forms.Form):
    """The answer to one indicator. Left empty it stays unanswered; it never becomes zero."""

    template = ""
    """Which inputs are drawn."""

    reason = TextField(label="Lý do bất khả kháng", lines=2)

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        self.indicator = indicator
        self.special = special_states(indicator)
        super().__init__(
            data, prefix=indicator.code, initial=self.initial_of(answer or AnswerValue())
        )
        if not indicator.exemptible:
            del self.fields["reason"]

    def initial_of(self, answer: AnswerValue) -> dict[str, Any]:
        """What the inputs show of a stored answer."""
        return {
            "state": answer.state,
            "number": answer.number,
            "numerator": answer.numerator,
            "denominator": answer.denominator,
            "decision": answer.decision,
            "reason": answer.reason,
        }

    def clean(self) -> dict[str, Any]:
        """Exemptions come with their reason."""
        super().clean()
        exempt = self.state == AnswerState.EXEMPT
        if exempt and "reason" not in self.errors and not self.cleaned_data["reason"].strip():
            self.add_error("reason", REASON_REQUIRED)
        return self.cleaned_data

    @property
    def state(self) -> str:
        """Given, or what is said instead of a result."""
        return self.cleaned_data.get("state") or AnswerState.GIVEN

    def value(self) -> AnswerValue | None:
        """The answer, or None while nothing is answered; call on a valid form."""
        found = AnswerValue(
            state=str(self.state), reason=self.cleaned_data.get("reason", ""), **self.parts()
        )
        return None if found == AnswerValue() else found

    def parts(self) -> dict[str, Any]:
        """The fields of `AnswerValue` that this kind of indicator fills."""
        raise NotImplementedError


class YesNoForm(IndicatorForm):
    """Yes, no, or what may be said instead."""

    template = "assessments/station/_inputs_yes_no.html"

    answer = forms.ChoiceField(label="Kết quả", required=False, widget=forms.RadioSelect)

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        super().__init__(indicator, answer, data)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        field.choices = [
            ("yes", "Có"),
            ("no", "Không"),
            *self.special,
            ("", "Chưa có kết quả"),
        ]

    def initial_of(self, answer: AnswerValue) -> dict[str, Any]:
        """One choice stands for state and value."""
        given = {True: "yes", False: "no", None: ""}[answer.yes]
        chosen = given if answer.state == AnswerState.GIVEN else answer.state
        return {"answer": chosen, "reason": answer.reason}

    @property
    def state(self) -> str:
        """Given, or what is said instead of a result."""
        chosen = self.cleaned_data.get("answer", "")
        return chosen if chosen in dict(self.special) else AnswerState.GIVEN

    def parts(self) -> dict[str, Any]:
        """Yes, no or neither."""
        return {"yes": {"yes": True, "no": False}.get(self.cleaned_data["answer"])}


class NumbersForm(IndicatorForm):
    """What counts and ratios share: a state beside the numbers."""

    numbers: tuple[str, ...] = ()

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        super().__init__(indicator, answer, data)
        if self.special:
            self.fields["state"] = forms.ChoiceField(
                label="Tình trạng",
                required=False,
                widget=forms.RadioSelect,
                choices=[(str(AnswerState.GIVEN), "Có số liệu"), *self.special],
            )

    def clean(self) -> dict[str, Any]:
        """Where no case arose there is nothing to count."""
        super().clean()
        if self.state == AnswerState.NO_CASE:
            for name in self.numbers:
                if self.cleaned_data.get(name):
                    self.add_error(name, NO_CASE_WITHOUT_NUMBERS)
        return self.cleaned_data

    def parts(self) -> dict[str, Any]:
        """The numbers; none where no case arose."""
        if self.state == AnswerState.NO_CASE:
            return {}
        return {name: self.cleaned_data[name] for name in self.numbers}


class CountForm(NumbersForm):
    """One number."""

    template = "assessments/station/_inputs_count.html"
    numbers = ("number",)

    number = NumberField(required=False)

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        super().__init__(indicator, answer, data)
        self.fields["number"].label = f"Số {indicator.unit_label}".rstrip()


class RatioForm(NumbersForm):
    """So many of so many."""

    template = "assessments/station/_inputs_ratio.html"
    numbers = ("numerator", "denominator")

    numerator = NumberField(label="Số đạt yêu cầu", required=False)
    denominator = NumberField(label="Tổng số", required=False)

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        super().__init__(indicator, answer, data)
        if indicator.may_exceed:
            self.fields["numerator"].label = "Thực có"
            self.fields["denominator"].label = "Theo định mức"

    def clean(self) -> dict[str, Any]:
        """The part is not larger than the whole, and the whole is not nothing."""
        super().clean()
        above, below = self.cleaned_data.get("numerator"), self.cleaned_data.get("denominator")
        if self.state == AnswerState.NO_CASE or below is None:
            return self.cleaned_data
        if below == 0 and not (self.indicator.no_case_possible and not above):
            self.add_error("denominator", "Phải lớn hơn 0 mới tính được tỷ lệ.")
        elif above is not None and above > below and not self.indicator.may_exceed:
            self.add_error(
                "numerator",
                f"“{self.fields['numerator'].label}” không được lớn hơn "
                f"“{self.fields['denominator'].label}”.",
            )
        return self.cleaned_data


class TitleForm(IndicatorForm):
    """A level of the scale, or that it is awaited, with the decision that gave it."""

    template = "assessments/station/_inputs_title.html"

    level = forms.ChoiceField(label="Mức xếp loại, danh hiệu", required=False)
    decision = TextField(
        label="Quyết định, thông báo công nhận",
        limit=LINE_LIMIT,
        help_text="Số, ngày, cơ quan ban hành; ví dụ: 125-QĐ/ĐU ngày 05/12/2023, Đảng ủy phường.",
    )

    def __init__(self, indicator: Indicator, answer: AnswerValue | None, data: Data) -> None:
        super().__init__(indicator, answer, data)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker
        scale = indicator.scale
        field.choices = [
            ("", "– Chưa có kết quả –"),
            *self.special,
            *(scale.levels if scale else ()),
        ]

    def initial_of(self, answer: AnswerValue) -> dict[str, Any]:
        """One choice stands for state and level."""
        chosen = answer.level if answer.state == AnswerState.GIVEN else answer.state
        return {"level": chosen, "decision": answer.decision, "reason": answer.reason}

    @property
    def state(self) -> str:
        """Given, awaited, or what is said instead of a level."""
        chosen = self.cleaned_data.get("level", "")
        return chosen if chosen in dict(self.special) else AnswerState.GIVEN

    def parts(self) -> dict[str, Any]:
        """The level, when there is one, and the decision."""
        level = self.cleaned_data["level"] if self.state == AnswerState.GIVEN else ""
        return {"level": level, "decision": self.cleaned_data["decision"]}


FORMS: dict[str, type[IndicatorForm]] = {
    IndicatorKind.YES_NO: YesNoForm,
    IndicatorKind.COUNT: CountForm,
    IndicatorKind.RATIO: RatioForm,
    IndicatorKind.TITLE: TitleForm,
}
