"""Two versions of a criterion: side by side, and what the person keeps of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.actions.answering import Stored
from assessments.forms.answers import CriterionForm
from assessments.models import CriterionResult
from assessments.outcome import AnswerValue
from assessments.views.station_words import Line, lines_of
from criteria.models import Criterion

NOTE = "note"
EXPLANATION = "explanation"


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be saved of a criterion."""

    values: Mapping[int, AnswerValue]
    note: str
    explanation: str | None
    confirmed: bool

    def is_stored(self, stored: Stored) -> bool:
        """Whether saving it would change nothing."""
        return stored.says(
            self.values,
            note=self.note,
            explanation=self.explanation,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of two versions side by side."""

    key: str
    """Names the choice in the form: `keep-<key>`."""
    title: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of a criterion: what was typed here, and what was saved elsewhere."""

    sentence: str
    current: CriterionResult
    lines: list[Compared]


def chosen(form: CriterionForm, stored: Stored, choices: Mapping[str, str]) -> Said:
    """What to save: the form as far as it is valid, or the stored version where that was kept."""
    values = form.savable_values()

    def keeps_stored(key: str) -> bool:
        return choices.get(f"keep-{key}") == "stored"

    for part in form.indicators:
        if keeps_stored(part.indicator.code):
            values.pop(part.indicator.pk, None)
            if part.indicator.pk in stored.values:
                values[part.indicator.pk] = stored.values[part.indicator.pk]
    return Said(
        values,
        stored.result.note if keeps_stored(NOTE) else form.note,
        None if keeps_stored(EXPLANATION) else form.explanation,
        form.confirmed,
    )


def compare(criterion: Criterion, mine: Said, theirs: Stored) -> list[Compared]:
    """Both versions in words, indicator by indicator, and their texts."""

    def words(line: Line) -> str:
        return "\n".join(part for part in (line.answer, line.detail) if part)

    found = [
        Compared(
            one.indicator.code,
            f"{one.indicator.code}. {one.indicator.title}",
            words(one),
            words(other),
        )
        for one, other in zip(
            lines_of(criterion, mine.values), lines_of(criterion, theirs.values), strict=True
        )
    ]
    found.append(Compared(NOTE, "Thuyết minh", mine.note or "–", theirs.result.note or "–"))
    stored = theirs.result.explanation
    typed = stored if mine.explanation is None else mine.explanation
    if typed or stored:
        found.append(Compared(EXPLANATION, "Giải trình", typed or "–", stored or "–"))
    return found
