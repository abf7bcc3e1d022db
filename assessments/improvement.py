"""The improvement plan of a file: what is unmet, what is planned against it, what came before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from assessments.models import (
    OPEN_STATES,
    Assessment,
    FundSource,
    Remedy,
    RemedyState,
    Verdict,
)
from assessments.querysets import RemedyQuerySet
from assessments.workflow import CONCLUDED
from criteria.models import Criterion
from criteria.scale import COUNTS_AS_MET, Outcome
from wards.lineage import ancestors_of, with_ancestors
from wards.models import Unit

UNMET = frozenset({Outcome.NOT_MET, Outcome.AWAITING})
"""Outcomes that ask for a remedy."""


def in_plan_of(assessment: Assessment) -> RemedyQuerySet:
    """The remedies of a file: planned in it, or carried from the rounds before.

    Carried are those still open when the round was opened, of the same programme, of the unit and
    of the units it comes from. One that was closed since stays, so that nobody looks for it.
    """
    year = assessment.round.year
    earlier = Q(unit=assessment.unit_id, assessment__round__year__lt=year)
    if ancestors := ancestors_of(assessment.unit):
        # A unit that was merged within the year has a file of its own in the same round.
        earlier |= Q(unit__in=ancestors, assessment__round__year__lte=year)
    carried = Q(state__in=OPEN_STATES) | Q(updated_at__gte=assessment.opened_at)
    return Remedy.objects.filter(
        Q(assessment=assessment) | (Q(programme=assessment.round.programme_id) & earlier & carried)
    )


def open_remedies(unit: Unit) -> RemedyQuerySet:
    """What is still to be done for a unit in all its programmes, its predecessors' acts too."""
    return Remedy.objects.filter(unit__in=with_ancestors(unit.pk), state__in=OPEN_STATES)


@dataclass(frozen=True, slots=True)
class SourceCost:
    """What acts paid from one source come to; what no cost was stated for is counted apart."""

    source: FundSource
    total: Decimal
    stated: int
    unstated: int

    @property
    def label(self) -> str:
        """The source in words."""
        return str(self.source.label)


def costs_of(remedies: RemedyQuerySet) -> list[SourceCost]:
    """Sums of stated costs by source, in one query; acts given up are left out."""
    rows = (
        remedies.exclude(state=RemedyState.DROPPED)
        .exclude(fund_source=FundSource.NONE)
        .order_by()
        .values_list("fund_source")
        .annotate(total=Sum("cost"), stated=Count("cost"), acts=Count("pk"))
    )
    return _by_source({source: (total, *acts) for source, total, *acts in rows})


def costs_among(remedies: Iterable[Remedy]) -> list[SourceCost]:
    """The same of acts that were read already."""
    costs: dict[str, list[Decimal | None]] = defaultdict(list)
    for one in remedies:
        if one.state != RemedyState.DROPPED and one.fund_source != FundSource.NONE:
            costs[one.fund_source].append(one.cost)
    stated = {source: [one for one in all_ if one is not None] for source, all_ in costs.items()}
    return _by_source(
        {
            source: (sum(found, Decimal(0)), len(found), len(costs[source]))
            for source, found in stated.items()
        }
    )


def _by_source(sums: Mapping[str, tuple[Decimal | None, int, int]]) -> list[SourceCost]:
    """Sums, stated costs and acts of each source, in the order of sources."""
    found = ((source, *sums[source]) for source in FundSource if source in sums)
    return [
        SourceCost(source, total or Decimal(0), stated, acts - stated)
        for source, total, stated, acts in found
    ]


@dataclass(frozen=True, slots=True)
class Planned:
    """One remedy as a plan lists it."""

    remedy: Remedy
    carried_from: int
    """The year of the round it came from; 0 when it was planned in this one."""
    former_unit: Unit | None
    """Whose it was, when that is a unit this one comes from."""
    days_overdue: int


@dataclass
class PlanPart:
    """One criterion with its outcome, why, and what is planned."""

    criterion: Criterion
    outcome: Outcome
    reason: str
    planned: list[Planned] = field(default_factory=list)

    @property
    def is_unmet(self) -> bool:
        """Whether the outcome asks for a remedy."""
        return self.outcome in UNMET

    @property
    def is_met(self) -> bool:
        """Whether the criterion is met by now."""
        return self.outcome in COUNTS_AS_MET

    @property
    def lacks_remedy(self) -> bool:
        """Unmet, with nothing planned, or nothing but what was given up."""
        return self.is_unmet and all(
            one.remedy.state == RemedyState.DROPPED for one in self.planned
        )


@dataclass
class Plan:
    """The improvement plan of one file on one day."""

    assessment: Assessment
    is_verified: bool
    """Whether outcomes are those of the province's conclusion; else the station's own."""
    parts: list[PlanPart]
    """Criteria that are unmet or have remedies, in order."""
    apart: list[Planned]
    """Carried remedies whose criterion this round's set no longer has."""
    costs: list[SourceCost]

    @property
    def unmet(self) -> list[PlanPart]:
        """Criteria not met or awaiting."""
        return [part for part in self.parts if part.is_unmet]

    @property
    def others(self) -> list[PlanPart]:
        """Other criteria that have remedies."""
        return [part for part in self.parts if not part.is_unmet]

    @property
    def planned(self) -> Iterator[Planned]:
        """Every remedy of the plan."""
        for part in self.parts:
            yield from part.planned
        yield from self.apart

    @property
    def open_count(self) -> int:
        """How many are still to be done."""
        return sum(one.remedy.is_open for one in self.planned)

    @property
    def overdue_count(self) -> int:
        """How many are past their due day."""
        return sum(one.days_overdue > 0 for one in self.planned)

    @property
    def done_count(self) -> int:
        """How many are done."""
        return sum(one.remedy.state == RemedyState.DONE for one in self.planned)

    @property
    def lacking_count(self) -> int:
        """How many unmet criteria have no remedy."""
        return sum(part.lacks_remedy for part in self.parts)


def load_plan(assessment: Assessment, *, today: date) -> Plan:
    """The plan of a file, in a fixed number of queries."""
    verdicts = _verdicts(assessment)
    parts: dict[str, PlanPart] = {}
    for result in assessment.results.select_related("criterion__group").order_by(
        "criterion__position"
    ):
        verdict = verdicts.get(result.criterion_id)
        parts[result.criterion.code] = PlanPart(
            result.criterion,
            Outcome(verdict.outcome if verdict is not None else result.outcome),
            (verdict.comment if verdict is not None else "") or result.reason,
        )
    remedies = list(
        in_plan_of(assessment).select_related(
            "criterion", "agency", "unit__district", "assessment__round", "updated_by"
        )
    )
    apart: list[Planned] = []
    for remedy in remedies:
        part = parts.get(remedy.criterion.code)
        (part.planned if part is not None else apart).append(_planned(remedy, assessment, today))
    return Plan(
        assessment,
        assessment.status in CONCLUDED,
        [part for part in parts.values() if part.is_unmet or part.planned],
        apart,
        costs_among(remedies),
    )


def _verdicts(assessment: Assessment) -> Mapping[int, Verdict]:
    if assessment.status not in CONCLUDED:
        return {}
    found = Verdict.objects.filter(
        submission__assessment=assessment, submission__number=assessment.submissions_made
    )
    return {verdict.criterion_id: verdict for verdict in found}


def _planned(remedy: Remedy, assessment: Assessment, today: date) -> Planned:
    own = remedy.assessment_id == assessment.pk
    return Planned(
        remedy,
        0 if own else remedy.assessment.round.year,
        remedy.unit if remedy.unit_id != assessment.unit_id else None,
        remedy.days_overdue(today),
    )
