"""What is known of inspections: criteria they speak of, open findings, who was not visited."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Window

from assessments.models import Assessment, Inspection, InspectionFinding
from criteria.models import CriteriaSet, Criterion, Programme
from criteria.roster import units_in_scope
from wards.lineage import with_ancestors
from wards.models import Unit

UNIT_SHOWN = 5
"""Inspections that the page of a unit names; the others are on the list."""


def plan_for(inspection: Inspection) -> Assessment | None:
    """The file in whose improvement plan findings are answered: the unit's latest one."""
    return (
        Assessment.objects.filter(unit=inspection.unit_id, round__programme=inspection.programme_id)
        .with_places()
        .order_by("-round__year")
        .first()
    )


def criteria_set_of(inspection: Inspection) -> CriteriaSet | None:
    """The unit's current criteria: of its latest file, or of the programme before the first."""
    latest = plan_for(inspection)
    return latest.round.criteria_set if latest else inspection.programme.criteria_set


def criteria_of(inspection: Inspection) -> list[Criterion]:
    """The criteria a finding may speak of, in order."""
    criteria_set = criteria_set_of(inspection)
    return list(criteria_set.criteria.order_by("position")) if criteria_set else []


def findings_of(inspection: Inspection) -> list[InspectionFinding]:
    """What was found, each with its criterion and with what is planned against it."""
    return list(inspection.findings.with_plans())


@dataclass(frozen=True, slots=True)
class UnitInspections:
    """What the page of a unit tells."""

    latest: list[Inspection]
    total: int
    open_findings: list[InspectionFinding]

    @property
    def further(self) -> int:
        """How many there are besides those shown."""
        return self.total - len(self.latest)


def inspections_of(unit: Unit) -> UnitInspections:
    """The last inspections of a unit and of those it comes from, and what is still open.

    In two queries, or one where there was none.
    """
    family = with_ancestors(unit.pk)
    found = Inspection.objects.filter(unit__in=family).annotate(total=Window(Count("pk")))
    latest = list(found.with_places().order_by("-planned_for", "pk")[:UNIT_SHOWN])
    if not latest:
        return UnitInspections([], 0, [])
    still = InspectionFinding.objects.filter(inspection__unit__in=family, remedy__isnull=True)
    return UnitInspections(
        latest,
        getattr(latest[0], "total", 0),
        list(still.with_plans().order_by("inspection__done_on", "position", "pk")),
    )


def coming_for(units: Collection[uuid.UUID]) -> list[Inspection]:
    """Visits these stations have to expect, the next one first."""
    return list(
        Inspection.objects.filter(unit__in=units)
        .still_planned()
        .with_places()
        .order_by("planned_for", "pk")[:UNIT_SHOWN]
    )


@dataclass(frozen=True, slots=True)
class Unvisited:
    """A unit no inspection took place in this year; `planned` is the next one, if any."""

    unit: Unit
    planned: Inspection | None


def unvisited(programme: Programme, year: int, units: list[Unit]) -> list[Unvisited]:
    """Which of these units have had no inspection of the programme in a year."""
    keys = {unit.pk for unit in units}
    rows = Inspection.objects.filter(
        programme=programme, unit__in=keys, cancelled_on__isnull=True
    ).filter(Q(done_on__year=year) | Q(done_on__isnull=True, planned_for__year=year))
    visited: set[uuid.UUID] = set()
    planned: dict[uuid.UUID, Inspection] = {}
    for one in rows.order_by("planned_for", "pk"):
        if one.is_done:
            visited.add(one.unit_id)
        else:
            planned.setdefault(one.unit_id, one)
    return [Unvisited(unit, planned.get(unit.pk)) for unit in units if unit.pk not in visited]


def units_of(programme: Programme, year: int, today: date) -> list[Unit]:
    """The units the programme concerns in a year: today, or on the last day of another year."""
    day = today if year == today.year else date(year, 12, 31)
    return units_in_scope(programme, day)
