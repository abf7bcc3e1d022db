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
from criteria.succession import kept_from


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
    """The same criterion in the latest earlier round of this unit and programme.

    Where that round had another version of the criteria, it is the one that was kept as this one.
    """
    file = earlier_file(assessment)
    if file is None:
        return None
    kept = kept_from(file.round.criteria_set, assessment.round.criteria_set)
    former = criterion.pk if kept is None else kept.get(criterion.pk)
    result = (
        CriterionResult.objects.filter(assessment=file, criterion=former)
        .select_related("assessment__round__criteria_set", "criterion")
        .first()
        if former is not None
        else None
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
