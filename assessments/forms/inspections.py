"""What people type of inspections: the plan, what came of it, and what the list is asked."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from django import forms
from django.db.models import Q

from assessments.actions.inspecting import (
    MOST_FINDINGS,
    FindingDraft,
    PlanDraft,
    ResultDraft,
    plan_problems,
    result_problems,
)
from assessments.forms.fields import TextField
from assessments.forms.recognition import DayInput
from assessments.forms.remedies import RemedyForm
from assessments.markings import marking_in
from assessments.models import Assessment, Inspection, InspectionFinding, InspectionKind
from criteria.models import Criterion, Programme
from wards.models import Unit
from wards.querysets import UnitQuerySet

NO_NAMES = "Không ghi họ tên, địa chỉ của người dân; không ghi nội dung mật."
CLAIM_UNMARKED = "Nội dung có chữ “Mật” nhưng không chứa bí mật nhà nước; tôi đã kiểm tra"
MARKED = (
    "Nội dung có chữ “{mark}”. Nội dung thuộc bí mật nhà nước không được đưa lên hệ thống. Nếu "
    "không phải, hãy tích ô xác nhận ở cuối trang rồi lưu lại; nội dung vừa nhập vẫn còn nguyên."
)
BAD_DAY = "Ngày chưa đúng; hãy nhập ngày/tháng/năm, ví dụ 20/11/2026."
FIRST_ROWS, MORE_ROWS = 5, 5
TITLE_SHOWN = 90


def version_field(*, required: bool = True) -> forms.IntegerField:
    """The version that was shown."""
    return forms.IntegerField(
        widget=forms.HiddenInput, required=required, min_value=0, max_value=2**31 - 1
    )


class Unmarked(forms.Form):
    """Refuses texts with a mark of secrecy until the person says that it is none."""

    unmarked = forms.BooleanField(label=CLAIM_UNMARKED, required=False)

    def require_unmarked(self, *texts: str) -> None:
        """Put the refusal on the form when one of the texts is marked and nobody vouched."""
        mark = marking_in(*texts)
        if mark and not self.cleaned_data.get("unmarked"):
            self.add_error(None, MARKED.format(mark=mark))

    @property
    def asks_unmarked(self) -> bool:
        """Whether the tick is asked for."""
        return self.is_bound and bool(
            marking_in(*(str(value) for value in self.data.values() if isinstance(value, str)))
        )


class PlanForm(Unmarked):
    """The plan of a visit. With `inspection` it is changed; without, it is new."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = version_field(required=False)
    programme = forms.ChoiceField(
        label="Chương trình",
        error_messages={
            "required": "Cần chọn chương trình.",
            "invalid_choice": "Chương trình được chọn không có trong danh sách. Hãy chọn lại.",
        },
    )
    unit = forms.ChoiceField(
        label="Đơn vị được kiểm tra, giám sát",
        error_messages={
            "required": "Cần chọn đơn vị.",
            "invalid_choice": "Đơn vị được chọn không có trong danh sách. Hãy chọn lại.",
        },
    )
    kind = forms.ChoiceField(
        label="Hình thức",
        choices=InspectionKind.choices,
        error_messages={
            "required": "Cần chọn hình thức.",
            "invalid_choice": "Hình thức không hợp lệ; hãy chọn lại.",
        },
    )
    planned_for = forms.DateField(
        label="Dự kiến ngày",
        widget=DayInput(),
        help_text="Cuộc đã tiến hành trước đây cũng lập ở đây, rồi ghi kết quả.",
        error_messages={"required": "Cần nhập ngày dự kiến.", "invalid": BAD_DAY},
    )
    team = TextField(
        label="Cơ quan, đoàn tiến hành",
        limit=200,
        required=True,
        help_text="Ví dụ: Đoàn kiểm tra của Ban Chỉ đạo tỉnh. Không cần ghi tên từng thành viên.",
        error_messages={"required": "Cần nêu cơ quan, đoàn tiến hành."},
    )
    plan_number = TextField(
        label="Số, ký hiệu kế hoạch", limit=80, help_text="Nếu có, ví dụ 15/KH-BCĐ."
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        programmes: Iterable[Programme] = (),
        units: UnitQuerySet | None = None,
        today: date,
        inspection: Inspection | None = None,
        start: Mapping[str, Any] | None = None,
    ) -> None:
        """`start` is what a new plan begins with: a unit and a programme chosen elsewhere."""
        super().__init__(data, initial=_plan_initial(inspection) | dict(start or {}))
        self.inspection = inspection
        if inspection is not None:
            del self.fields["programme"], self.fields["unit"]
            return
        self.programmes = {str(one.pk): one for one in programmes}
        self.units = {str(one.pk): one for one in units or ()}
        offered = [(pk, one.name) for pk, one in self.programmes.items()]
        self.fields["programme"].choices = [  # type: ignore[attr-defined]
            *([("", "Chọn chương trình")] if len(offered) != 1 else []),
            *offered,
        ]
        self.fields["unit"].choices = _by_validity(self.units, today)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[Programme, Unit]:
        """Programme and unit; of a form without errors at them."""
        if self.inspection is not None:
            return self.inspection.programme, self.inspection.unit
        return (
            self.programmes[self.cleaned_data["programme"]],
            self.units[self.cleaned_data["unit"]],
        )

    def draft(self) -> PlanDraft:
        """What was typed; of a valid form."""
        return PlanDraft(
            **{name: self.cleaned_data[name] for name in ("kind", "planned_for", "team")},
            plan_number=self.cleaned_data["plan_number"],
        )

    def clean(self) -> dict[str, Any]:
        """What the fields say together; the same rules that the action keeps."""
        cleaned = super().clean() or {}
        self.require_unmarked(cleaned.get("team", ""), cleaned.get("plan_number", ""))
        if not self.errors:
            for name, sentence in plan_problems(*self.chosen, self.draft()).items():
                self.add_error(name if name in self.fields else "planned_for", sentence)
        return cleaned


def _plan_initial(inspection: Inspection | None) -> dict[str, Any]:
    if inspection is None:
        return {"key": uuid.uuid4(), "kind": InspectionKind.INSPECTION}
    draft = PlanDraft.of(inspection)
    return {"version": inspection.version} | {
        name: getattr(draft, name) for name in PlanDraft.__dataclass_fields__
    }


def _by_validity(units: Mapping[str, Unit], today: date) -> list[tuple[str, Any]]:
    """Units in force first; those that are no more stay, for visits of before."""
    current, former = [], []
    for pk, unit in units.items():
        if unit.valid_to is not None and unit.valid_to < today:
            former.append((pk, f"{unit.heading_name} (đến {unit.valid_to:%d/%m/%Y})"))
        else:
            current.append((pk, unit.heading_name))
    groups = [("Đang hoạt động", current), ("Đã sắp xếp lại", former)]
    return [("", "Chọn đơn vị"), *((label, some) for label, some in groups if some)]


class CancelForm(forms.Form):
    """Why a visit is called off."""

    version = version_field()
    reason = TextField(
        label="Lý do hủy",
        limit=1_000,
        lines=2,
        required=True,
        help_text=NO_NAMES,
        error_messages={"required": "Cần nêu lý do hủy."},
    )


class ResultForm(Unmarked):
    """When the visit took place and what it concluded; findings are rows of their own."""

    version = version_field()
    done_on = forms.DateField(
        label="Đã tiến hành ngày",
        widget=DayInput(),
        error_messages={"required": "Cần nhập ngày tiến hành.", "invalid": BAD_DAY},
    )
    conclusion_number = TextField(
        label="Số, ký hiệu kết luận", limit=80, help_text="Nếu có, ví dụ 21/KL-ĐKT."
    )
    conclusion = TextField(
        label="Kết luận",
        limit=5_000,
        lines=5,
        required=True,
        help_text=NO_NAMES,
        error_messages={"required": "Cần nêu kết luận; nếu không có tồn tại thì ghi rõ như vậy."},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        inspection: Inspection,
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`today` is the last day on which the visit can have taken place."""
        stored = {
            "version": inspection.version,
            "done_on": inspection.done_on,
            "conclusion_number": inspection.conclusion_number,
            "conclusion": inspection.conclusion,
        }
        super().__init__(data, initial=stored | dict(initial or {}))
        self.inspection = inspection
        self.today = today
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()

    def draft(self, findings: tuple[FindingDraft, ...] = ()) -> ResultDraft:
        """What was typed; of a valid form."""
        typed = self.cleaned_data
        return ResultDraft(
            done_on=typed["done_on"],
            conclusion=typed["conclusion"],
            conclusion_number=typed["conclusion_number"],
            findings=findings,
        )

    def clean(self) -> dict[str, Any]:
        """What the fields say together; the same rules that the action keeps."""
        cleaned = super().clean() or {}
        if not self.errors:
            found = result_problems(self.inspection, self.draft(), today=self.today)
            for name, sentence in found.items():
                self.add_error(name, sentence)
        return cleaned


class FindingForm(forms.Form):
    """One row: which criterion, and what was found; a row without text is no finding."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    criterion = forms.ChoiceField(
        label="Tiêu chí",
        required=False,
        error_messages={"invalid_choice": "Tiêu chí không hợp lệ; hãy chọn lại."},
    )
    text = TextField(label="Nội dung tồn tại", limit=2_000, lines=2)

    def __init__(self, *args: Any, criteria: Mapping[str, Criterion], **kwargs: Any) -> None:
        """`criteria` are those that may be chosen, by id."""
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            ("", "Chung, không riêng tiêu chí nào"),
            *criterion_choices(criteria),
        ]

    def clean(self) -> dict[str, Any]:
        """A criterion alone says nothing.

        Raises:
            ValidationError: a criterion was chosen and nothing said about it.
        """
        cleaned = super().clean() or {}
        blank = "text" in cleaned and not cleaned["text"].strip()
        if blank and cleaned.get("criterion") and not cleaned.get("key"):
            self.add_error(
                "text", "Đã chọn tiêu chí thì cần nêu tồn tại; nếu không có thì chọn lại “Chung”."
            )
        return cleaned

    @property
    def draft(self) -> FindingDraft | None:
        """The finding typed, of a valid row; None when the row is left or made empty."""
        typed = self.cleaned_data
        text = typed.get("text", "").strip()
        if not text:
            return None
        return FindingDraft(text, self.criteria.get(typed.get("criterion", "")), typed.get("key"))


def criterion_choices(criteria: Mapping[str, Criterion]) -> list[tuple[str, str]]:
    """Criteria as a list offers them."""
    return [
        (
            pk,
            f"{one.code}. {one.title[:TITLE_SHOWN]}{'…' if len(one.title) > TITLE_SHOWN else ''}",
        )
        for pk, one in criteria.items()
    ]


Rows: TypeAlias = "forms.BaseFormSet[FindingForm]"

FindingRows = forms.formset_factory(
    FindingForm,
    extra=0,
    max_num=MOST_FINDINGS,
    absolute_max=MOST_FINDINGS + 1,
    validate_max=True,
)


def stored_rows(findings: Iterable[InspectionFinding]) -> list[dict[str, Any]]:
    """Recorded findings as rows begin with them; those that have a remedy stand apart."""
    return [
        {"key": one.pk, "criterion": str(one.criterion_id or ""), "text": one.text}
        for one in findings
        if one.remedy_id is None
    ]


def typed_rows(rows: Rows) -> list[dict[str, Any]]:
    """What was typed into the rows, right or wrong."""
    return [
        {name: row[name].value() or "" for name in ("key", "criterion", "text")}
        for row in rows.forms
    ]


def rows_of(start: list[dict[str, Any]], criteria: Mapping[str, Criterion], *, blank: int) -> Rows:
    """Rows that begin with these, and so many empty ones, within the bound."""
    filled = [*start, *({} for _ in range(blank))][:MOST_FINDINGS]
    return FindingRows(initial=filled, prefix="f", form_kwargs={"criteria": criteria})


class FindingRemedyForm(RemedyForm):
    """A remedy that begins with what was found, and needs a criterion of the round's set."""

    criterion = forms.ChoiceField(
        label="Tiêu chí",
        error_messages={
            "required": "Cần chọn tiêu chí mà việc khắc phục nhằm vào.",
            "invalid_choice": "Tiêu chí không thuộc bộ tiêu chí của kỳ. Hãy chọn lại.",
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        finding: InspectionFinding,
        assessment: Assessment,
        criteria: Iterable[Criterion],
        today: date,
    ) -> None:
        """`criteria` are those of the round in whose plan the remedy comes."""
        super().__init__(data, assessment=assessment, today=today)
        self.criteria = {str(one.pk): one for one in criteria}
        known = str(finding.criterion_id)
        self.initial = {
            **self.initial,
            "action": f"Khắc phục: {finding.text}",
            "criterion": known if known in self.criteria else "",
        }
        self.fields["criterion"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn tiêu chí"),
            *criterion_choices(self.criteria),
        ]

    @property
    def chosen(self) -> Criterion:
        """The criterion chosen; of a valid form."""
        return self.criteria[self.cleaned_data["criterion"]]


COMING, OVERDUE, DONE, CANCELLED, ALL = (
    "sap-toi",
    "qua-ngay",
    "da-tien-hanh",
    "da-huy",
    "tat-ca",
)
STATES = {
    COMING: "Sắp tới",
    OVERDUE: "Quá ngày chưa có kết quả",
    DONE: "Đã tiến hành",
    CANCELLED: "Đã hủy",
    ALL: "Tất cả",
}


def in_state(code: str, today: date) -> Q:
    """The inspections of one chip."""
    waiting = Q(done_on__isnull=True, cancelled_on__isnull=True)
    return {
        COMING: waiting & Q(planned_for__gte=today),
        OVERDUE: waiting & Q(planned_for__lt=today),
        DONE: Q(done_on__isnull=False),
        CANCELLED: Q(cancelled_on__isnull=False),
        ALL: Q(pk__isnull=False),
    }[code]


class FilterForm(forms.Form):
    """What the lists are asked; a value that is not offered is refused."""

    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=list(STATES.items()))
    chuong_trinh = forms.ChoiceField(label="Chương trình", required=False)
    nam = forms.ChoiceField(label="Năm", required=False)
    q = forms.CharField(label="Đơn vị", required=False, max_length=120)

    def __init__(
        self, data: Mapping[str, Any], *, programmes: Iterable[Programme], years: Iterable[int]
    ) -> None:
        """Offered are the programmes and years that have inspections in reach."""
        super().__init__(data)
        choices = {
            "chuong_trinh": [(one.code, one.name) for one in programmes],
            "nam": [(str(year), str(year)) for year in years],
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", "Tất cả"), *offered]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Không có lựa chọn này trong danh sách."
        self.fields["q"].widget.attrs |= {
            "type": "search",
            "placeholder": "Tên phường, xã",
            "autocomplete": "off",
        }
