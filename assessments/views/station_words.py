"""Answers and requirements in words, for every page that shows them without inputs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.judging import judge, spec_of
from assessments.models import AnswerState
from assessments.outcome import AnswerValue, Judgement, number_text, requirement_text
from assessments.views.station_rows import STATE
from criteria.models import Criterion, Indicator
from criteria.scale import IndicatorKind

NOTHING = "Chưa có kết quả"

QUOTED = re.compile(r'\A"(?P<words>.+)"\s*(?:\((?P<source>.+)\))?\Z', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with what is required, what was answered, and what that comes to."""

    indicator: Indicator
    requirement: str
    answer: str
    detail: str
    judgement: Judgement

    @property
    def state(self) -> str:
        """Which of the five states draws the line."""
        return STATE[self.judgement.outcome]

    @property
    def is_answered(self) -> bool:
        """Whether anything was said."""
        return self.answer != NOTHING


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a document and where they stand."""

    words: str
    source: str


def lines_of(criterion: Criterion, values: Mapping[int, AnswerValue]) -> list[Line]:
    """Every indicator of a criterion (prefetched) in words."""
    judged = judge(criterion, values).indicators
    return [
        Line(
            indicator,
            requirement_words(indicator),
            answer_words(indicator, values.get(indicator.pk)),
            detail_words(values.get(indicator.pk)),
            judged[indicator.pk],
        )
        for indicator in criterion.indicators.all()
    ]


def requirement_words(indicator: Indicator) -> str:
    """What is required, as it stands after "Yêu cầu:"."""
    return requirement_text(spec_of(indicator))


def answer_words(indicator: Indicator, answer: AnswerValue | None) -> str:
    """What was answered, without what it comes to."""
    if answer is None:
        return NOTHING
    found = _given_words(indicator, answer)
    if answer.state == AnswerState.GIVEN:
        return found or NOTHING
    state = str(AnswerState(answer.state).label)
    return f"{state} ({found})" if found else state


def detail_words(answer: AnswerValue | None) -> str:
    """What goes with an answer: the decision cited, the reason of an exemption."""
    if answer is None:
        return ""
    parts = []
    if answer.decision:
        parts.append(f"Quyết định: {answer.decision}")
    if answer.reason:
        parts.append(f"Lý do: {answer.reason}")
    return "\n".join(parts)


def quotations(text: str) -> list[Quotation]:
    """The passages of a legal basis; each paragraph is `"words" (source)`, or plain words."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if quoted := QUOTED.match(paragraph.strip()):
            found.append(Quotation(quoted["words"], quoted["source"] or ""))
        elif paragraph.strip():
            found.append(Quotation(paragraph.strip(), ""))
    return found


def _given_words(indicator: Indicator, answer: AnswerValue) -> str:
    if answer.yes is not None:
        return "Có" if answer.yes else "Không"
    if answer.level and indicator.scale is not None:
        return indicator.scale.label(answer.level)
    if indicator.kind == IndicatorKind.COUNT and answer.number is not None:
        return f"{number_text(answer.number)} {indicator.unit_label}".rstrip()
    if answer.numerator is not None or answer.denominator is not None:
        above, below = (
            "…" if part is None else number_text(part)
            for part in (answer.numerator, answer.denominator)
        )
        return f"{above}/{below} {indicator.unit_label}".rstrip()
    return ""
