"""From rows to the engine: what a criterion's stored answers come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.models import Answer
from assessments.outcome import (
    AnswerValue,
    IndicatorSpec,
    Judgement,
    judge_criterion,
    judge_indicator,
)
from criteria.models import Criterion, Indicator
from criteria.scale import IndicatorKind


@dataclass(frozen=True, slots=True)
class CriterionJudgement:
    """A criterion's judgement with those of its indicators, by indicator id."""

    total: Judgement
    indicators: dict[int, Judgement]


def spec_of(indicator: Indicator) -> IndicatorSpec:
    """What the engine needs to know of an indicator."""
    return IndicatorSpec(
        code=indicator.code,
        kind=IndicatorKind(indicator.kind),
        at_least=indicator.at_least,
        at_most=indicator.at_most,
        at_least_level=indicator.at_least_level,
        scale=indicator.scale,
        unit_label=indicator.unit_label,
        exemptible=indicator.exemptible,
        no_case_possible=indicator.no_case_possible,
        may_exceed=indicator.may_exceed,
    )


def value_of(answer: Answer) -> AnswerValue:
    """What the engine needs to know of a stored answer."""
    return AnswerValue(
        state=answer.state,
        yes=answer.yes,
        number=answer.number,
        numerator=answer.numerator,
        denominator=answer.denominator,
        level=answer.level,
        decision=answer.decision,
        reason=answer.reason,
    )


def values_by_indicator(answers: Iterable[Answer]) -> dict[int, AnswerValue]:
    """Stored answers as values, by indicator id."""
    return {answer.indicator_id: value_of(answer) for answer in answers}


def judge(criterion: Criterion, values: Mapping[int, AnswerValue]) -> CriterionJudgement:
    """Judge a criterion (indicators prefetched) on values by indicator id."""
    indicators = list(criterion.indicators.all())
    found = {
        indicator.pk: judge_indicator(spec_of(indicator), values.get(indicator.pk))
        for indicator in indicators
    }
    total = judge_criterion([(indicator.code, found[indicator.pk]) for indicator in indicators])
    return CriterionJudgement(total, found)
