"""The file as it is stored, beside what a workbook says of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessments.actions.answering import unconfirmed
from assessments.actions.importing import Filled
from assessments.judging import judge, values_by_indicator
from assessments.models import Answer, Assessment, CriterionResult
from assessments.outcome import AnswerValue, Judgement
from assessments.workbook.layout import LONGEST, TOO_LONG, Content, Identity, Origin, texts_of
from assessments.workbook.writing import Filling
from criteria.models import Criterion


@dataclass(frozen=True, slots=True)
class Current:
    """One criterion as it is stored."""

    criterion: Criterion
    result: CriterionResult
    values: dict[int, AnswerValue]
    """Answers by indicator id."""

    @property
    def content(self) -> Content:
        """What is said of it."""
        codes = {indicator.pk: indicator.code for indicator in self.criterion.indicators.all()}
        return Content(
            {codes[pk]: value for pk, value in self.values.items()},
            self.result.note,
            self.result.explanation,
        )


def read_current(assessment: Assessment) -> list[Current]:
    """Every criterion of the file in order, in a fixed number of queries."""
    results = {
        result.criterion_id: result
        for result in assessment.results.select_related("carried_from", "updated_by")
    }
    answers: dict[int, list[Answer]] = {}
    for answer in assessment.answers.select_related("indicator"):
        answers.setdefault(answer.indicator.criterion_id, []).append(answer)
    return [
        Current(
            criterion,
            results[criterion.pk],
            values_by_indicator(answers.get(criterion.pk, [])),
        )
        for criterion in assessment.round.criteria_set.criteria.with_indicators()
    ]


def identity_of(assessment: Assessment, found: Sequence[Current], now: datetime) -> Identity:
    """What a workbook made now carries with it."""
    return Identity(
        assessment=str(assessment.pk),
        criteria_set=assessment.round.criteria_set.code,
        year=assessment.round.year,
        unit=assessment.unit.code,
        downloaded_at=now.isoformat(),
        origins={
            one.criterion.code: Origin(one.result.version, one.content.digest()) for one in found
        },
    )


def filling_of(found: Iterable[Current]) -> Filling:
    """What a workbook shows of what is stored."""
    found = list(found)
    return Filling(
        answers={
            (one.criterion.code, indicator.code): texts_of(indicator, one.values.get(indicator.pk))
            for one in found
            for indicator in one.criterion.indicators.all()
        },
        notes={
            one.criterion.code: {
                key: text if len(text) <= LONGEST else TOO_LONG
                for key, text in (
                    ("note", one.result.note),
                    ("explanation", one.result.explanation),
                )
                if text
            }
            for one in found
        },
        outcomes={one.criterion.code: one.result.get_outcome_display() for one in found},
        carried=frozenset(
            one.criterion.code for one in found if one.result.carried_from_id is not None
        ),
    )


class Kind(StrEnum):
    """What importing a criterion would do."""

    SAME = "same"
    CHANGE = "change"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion that was filled in, beside what is stored now."""

    kind: Kind
    current: Current
    filled: Filled
    judgement: Judgement
    """What the criterion would come to."""

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.current.criterion

    @property
    def values(self) -> dict[int, AnswerValue]:
        """The answers of the workbook by indicator id."""
        return _by_indicator(self.criterion, self.filled)


def edited(found: Iterable[Filled], identity: Identity) -> list[Filled]:
    """Those that say something else than the workbook did when it was downloaded."""
    return [
        one for one in found if one.confirmed or _digest(one) != identity.origins[one.code].digest
    ]


def differences(found: Sequence[Current], filled: Iterable[Filled]) -> list[Difference]:
    """Each criterion that was filled in, and what importing it would do now."""
    by_code = {one.criterion.code: one for one in found}
    return [_difference(by_code[one.code], one) for one in filled if one.code in by_code]


def _difference(current: Current, filled: Filled) -> Difference:
    result = current.result
    confirms = filled.confirmed and result.carried_from_id is not None
    if _digest(filled) == current.content.digest() and not confirms:
        kind = Kind.SAME
    elif result.version == filled.version:
        kind = Kind.CHANGE
    else:
        kind = Kind.CONFLICT
    source = result.carried_from
    values = _by_indicator(current.criterion, filled)
    if source is not None and values and not filled.confirmed:
        judgement = unconfirmed(source)
    else:
        judgement = judge(current.criterion, values).total
    return Difference(kind, current, filled, judgement)


def _by_indicator(criterion: Criterion, filled: Filled) -> dict[int, AnswerValue]:
    return {
        indicator.pk: filled.values[indicator.code]
        for indicator in criterion.indicators.all()
        if indicator.code in filled.values
    }


def _digest(filled: Filled) -> str:
    return Content(filled.values, filled.note, filled.explanation).digest()
