"""What the unit said in the round before, beside what it says now."""

from dataclasses import dataclass

from django.db.models import Count, Q

from assessments.actions.answering import Stored
from assessments.actions.carrying import earlier_file, fits
from assessments.judging import values_by_indicator
from assessments.models import Answer, Assessment, CriterionResult
from assessments.views.station_words import Line, lines_of
from criteria.models import Criterion, Round
from criteria.scale import COUNTS_AS_MET


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """One criterion as it stood in the latest earlier round."""

    round: Round
    result: CriterionResult
    lines: list[Line]
    may_be_carried: bool
    """Whether some answer fits this round's criterion."""

    @property
    def is_answered(self) -> bool:
        """Whether anything was said at all."""
        return any(line.is_answered for line in self.lines) or bool(self.result.note)


@dataclass(frozen=True, slots=True)
class LastRound:
    """A whole file of the latest earlier round, in figures."""

    file: Assessment
    met: int
    total: int


def last_answer(assessment: Assessment, criterion: Criterion) -> LastAnswer | None:
    """The same criterion, by code, in the latest earlier round of this unit and programme."""
    result = (
        CriterionResult.objects.filter(
            assessment__unit=assessment.unit_id,
            assessment__round__programme=assessment.round.programme_id,
            assessment__round__year__lt=assessment.round.year,
        )
        .select_related("assessment__round", "criterion")
        .order_by("-assessment__round__year", "criterion__position")
        .filter(criterion__code=criterion.code)
        .first()
    )
    if result is None:
        return None
    answers = list(
        Answer.objects.filter(
            assessment=result.assessment_id, indicator__criterion=result.criterion_id
        ).select_related("indicator")
    )
    now = {indicator.code: indicator for indicator in criterion.indicators.all()}
    return LastAnswer(
        result.assessment.round,
        result,
        lines_of(result.criterion, values_by_indicator(answers)),
        any(one.indicator.code in now and fits(now[one.indicator.code], one) for one in answers),
    )


def last_round(assessment: Assessment) -> LastRound | None:
    """How the latest earlier round ended for this unit."""
    file = earlier_file(assessment)
    if file is None:
        return None
    counts = file.results.aggregate(
        met=Count("pk", filter=Q(outcome__in=COUNTS_AS_MET)), total=Count("pk")
    )
    return LastRound(file, counts["met"], counts["total"])


def is_blank(stored: Stored) -> bool:
    """Whether nothing was written into the criterion yet."""
    return not (stored.values or stored.result.note or stored.result.explanation)
