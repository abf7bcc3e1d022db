"""What a person sends with a workbook: the file, the words in its cells, and the confirmation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from assessments.actions.importing import Filled
from assessments.forms.answers import NOTE_LIMIT
from assessments.forms.fields import TEXT_LIMIT, TextField
from assessments.forms.indicators import FORMS
from assessments.models import AnswerState
from assessments.outcome import AnswerValue
from assessments.uploads import display_name
from assessments.workbook import limits
from assessments.workbook.checking import Checked, FilledRow, plain
from assessments.workbook.comparing import Current, Difference, Kind
from assessments.workbook.faults import Fault
from assessments.workbook.layout import (
    NO,
    TOO_LONG,
    YES,
    Identity,
    Texts,
    entries_of,
    place_of,
    states_of,
)
from criteria.models import Indicator

NO_FILE = "Chưa chọn tệp. Hãy chọn bảng tính đã điền (.xlsx)."
LIMITS = {"note": NOTE_LIMIT, "explanation": TEXT_LIMIT}
KEEP, TAKE = "keep", "take"


class UploadForm(forms.Form):
    """The filled workbook."""

    workbook = forms.FileField(
        label="Bảng tính đã điền",
        error_messages={
            "required": NO_FILE,
            "invalid": NO_FILE,
            "missing": NO_FILE,
            "empty": "Tệp rỗng. Hãy chọn lại bảng tính đã điền (.xlsx).",
        },
    )

    @property
    def content(self) -> bytes:
        """The bytes sent, at most one more than allowed; call on a valid form."""
        found: UploadedFile[bytes] = self.cleaned_data["workbook"]
        return bytes(found.read(limits.MAX_BYTES + 1))

    @property
    def name(self) -> str:
        """The sender's name for it."""
        return display_name(self.cleaned_data["workbook"].name or "")


def sha256_of(content: bytes) -> str:
    """SHA-256 (hex) of what was sent."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class Understood:
    """Every criterion as the workbook says it, and what could not be understood."""

    filled: list[Filled]
    faults: list[Fault]


def understand(checked: Checked, identity: Identity, found: Sequence[Current]) -> Understood:
    """Read the words of every row by the rules of the page's own forms."""
    filled: list[Filled] = []
    faults: list[Fault] = []
    for current in found:
        criterion = current.criterion
        values: dict[str, AnswerValue] = {}
        for indicator in criterion.indicators.all():
            row = checked.rows[criterion.code, indicator.code]
            value = _answer(indicator, row, faults)
            if value is not None:
                values[indicator.code] = value
        notes = checked.rows[criterion.code,]
        filled.append(
            Filled(
                code=criterion.code,
                version=identity.origins[criterion.code].version,
                values=values,
                note=_text(notes, "note", current.result.note, faults),
                explanation=_text(notes, "explanation", current.result.explanation, faults),
                confirmed=_confirmed(notes, faults),
            )
        )
    return Understood(filled, faults)


def _fault(row: FilledRow, key: str, what: str) -> Fault:
    sentence = what.strip().removesuffix(".")
    return Fault(row.sheet, row.row, place_of(row.sheet, key), sentence, row.texts.get(key, ""))


def _answer(indicator: Indicator, row: FilledRow, faults: list[Fault]) -> AnswerValue | None:
    data, wrong = _as_typed(indicator, row.texts)
    form = FORMS[indicator.kind](indicator, None, data)
    form.is_valid()
    for name, errors in form.errors.items():
        if name not in wrong:
            wrong[name] = " ".join(str(error) for error in errors)
    # A state that could not be read makes errors elsewhere that mean nothing.
    told = {"state": wrong["state"]} if "state" in wrong else wrong
    faults += [_fault(row, key, what) for key, what in told.items()]
    return None if told else form.value()


def _as_typed(indicator: Indicator, texts: Texts) -> tuple[dict[str, str], dict[str, str]]:
    """The row as the page's form would send it, and what is wrong with its words, by column."""
    wrong: dict[str, str] = {}
    open_keys = entries_of(indicator)
    typed = {key: texts.get(key, "") for key in open_keys}

    def chosen(key: str, offered: dict[str, str]) -> str:
        word = plain(typed.get(key, ""))
        if not word:
            return ""
        found = {plain(label): code for label, code in offered.items()}.get(word)
        if found is None:
            labels = ", ".join(f"“{label}”" for label in offered)
            wrong[key] = f"không có lựa chọn “{typed[key].strip()[:60]}”. Hãy chọn {labels}"
        return found or ""

    states = {str(state.label): str(state) for state in states_of(indicator)}
    state = chosen("state", states)
    special = state not in {"", AnswerState.GIVEN}
    scale = indicator.scale
    levels = {label: code for code, label in scale.levels} if scale else {}
    choices = {
        "answer": chosen("answer", {YES: "yes", NO: "no"}) if "answer" in open_keys else "",
        "level": chosen("level", levels) if "level" in open_keys else "",
    }
    for key, choice in choices.items():
        if special and choice:
            label = AnswerState(state).label
            wrong[key] = f"đã chọn tình trạng “{label}” nên phải để trống ô này"
        elif special:
            choices[key] = state
    typed |= {key: choice for key, choice in choices.items() if key in open_keys}
    if "state" in typed:
        typed["state"] = state
    return {f"{indicator.code}-{key}": text for key, text in typed.items()}, wrong


def _text(row: FilledRow, key: str, stored: str, faults: list[Fault]) -> str:
    text = row.texts.get(key, "")
    if text == TOO_LONG:
        return stored
    try:
        return str(TextField(lines=4, limit=LIMITS[key]).clean(text))
    except ValidationError as refusal:
        faults.append(_fault(row, key, " ".join(refusal.messages)))
        return ""


def _confirmed(row: FilledRow, faults: list[Fault]) -> bool:
    word = plain(row.texts.get("confirmed", ""))
    if word not in {"", plain(YES)}:
        faults.append(_fault(row, "confirmed", f"chỉ chọn “{YES}” hoặc để trống"))
    return word == plain(YES)


class ConfirmForm(forms.Form):
    """The sender's word: what was seen, and which version stays where two people wrote."""

    def __init__(self, found: Sequence[Difference], data: Any = None) -> None:
        super().__init__(data)
        self.found = found
        for one in found:
            self.fields[f"v-{one.criterion.code}"] = forms.IntegerField(
                min_value=0,
                max_value=2**31 - 1,
                required=False,
                initial=one.current.result.version,
                widget=forms.HiddenInput,
            )
            if one.kind == Kind.CONFLICT:
                self.fields[f"c-{one.criterion.code}"] = forms.ChoiceField(
                    choices=[(KEEP, "Giữ bản trên hệ thống"), (TAKE, "Lấy bản trong tệp")],
                    required=False,
                    initial=KEEP,
                    widget=forms.RadioSelect,
                )

    @property
    def is_stale(self) -> bool:
        """Whether something was saved on the system since the preview was shown."""
        return any(
            self.cleaned_data.get(f"v-{one.criterion.code}") != one.current.result.version
            for one in self.found
        )

    def chosen(self, one: Difference) -> str:
        """Which version of a conflict stays; the system's unless the file's was chosen."""
        return str(self.cleaned_data.get(f"c-{one.criterion.code}") or KEEP)

    @property
    def taken(self) -> list[Difference]:
        """What is to be imported; call on a valid form."""
        return [
            one
            for one in self.found
            if one.kind == Kind.CHANGE or (one.kind == Kind.CONFLICT and self.chosen(one) == TAKE)
        ]

    @property
    def kept(self) -> list[str]:
        """Codes of conflicts in which the system's version stays; call on a valid form."""
        return [
            one.criterion.code
            for one in self.found
            if one.kind == Kind.CONFLICT and self.chosen(one) == KEEP
        ]
