"""The roadmap: what is required by when, restated on the units of today, and what is reached."""

from collections.abc import Hashable
from datetime import date
from fractions import Fraction

from criteria.models import Counting, Measure, Programme, Target, TargetScope
from reports.rollup.achievements import Achievements, known_achievements
from reports.rollup.marks import Marks, load_marks
from reports.rollup.plan import Plan
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.roster import load_field, unit_word
from reports.rollup.targets import TargetFact
from wards.models import Edition
from wards.shelf import Shelf

PLANS: Shelf[Plan] = Shelf(64)
"""The plans of one province each, and a few of the whole country."""
ACHIEVEMENTS: Shelf[Achievements] = Shelf(6)
"""Few: those of a country name thousands of units."""
ROWS: Shelf[tuple[RoadmapRow, ...]] = Shelf(128)
"""The roadmaps of programmes and of parts of them on the days asked about lately."""


def load_plan(programme: Programme) -> Plan:
    """A programme's targets and units, kept until any of them changes; one query mostly."""
    edition = Edition.objects.current()
    return PLANS.get(programme.pk, edition, lambda: _read_plan(programme, edition))


def _read_plan(programme: Programme, edition: Hashable | None) -> Plan:
    """A programme's targets and units, in a fixed number of queries."""
    stored = list(
        Target.objects.filter(programme=programme)
        .select_related("revision__document")
        .prefetch_related("units__district", "units__province")
    )
    revisions = programme.revisions.order_by("on").values_list("on", flat=True)
    rounds = tuple(programme.rounds.select_related("criteria_set").order_by("year"))
    for one in rounds:
        one.programme = programme
    field = load_field(programme, (unit for target in stored for unit in target.units.all()))
    return Plan(
        targets=tuple(_fact(target, programme) for target in stored),
        revisions=tuple(revisions),
        field=field,
        counting=Counting(programme.counts_as_met),
        unit_word=unit_word(programme),
        stated_size=programme.stated_size,
        stated_size_text=programme.stated_size_text,
        rounds=rounds,
        edition=edition,
        ids={text: pk for pk in field.lineage.units for text in (pk.hex, str(pk))},
        provinces={one.province_id: one.province for one in field.lineage.units.values()},
    )


def _fact(target: Target, programme: Programme) -> TargetFact:
    revision = target.revision
    document = revision.document if revision is not None else programme.document
    return TargetFact(
        measure=Measure(target.measure),
        value=Fraction(target.value),
        by=target.by,
        scope=TargetScope(target.scope),
        scope_code=target.scope_code,
        units=frozenset(unit.pk for unit in target.units.all()),
        text=target.text,
        position=target.position,
        revised_on=revision.on if revision is not None else None,
        decided_on=document.issued_on,
        document=document.code,
        document_number=document.number,
    )


def roadmap_rows(
    programme: Programme,
    *,
    as_of: date,
    plan: Plan | None = None,
    scope: str | None = None,
    marks: Marks | None = None,
) -> tuple[RoadmapRow, ...]:
    """The roadmap of a programme as it stood at the end of `as_of`, or its rows of one scope.

    Overall rows first in date order, then narrower scopes, then one row per year in which units
    were established after the programme's document. `plan` and `marks` spare asking whether they
    changed.
    """
    known = plan or load_plan(programme)
    seen = marks or load_marks(known)
    return ROWS.get(
        (programme.pk, as_of, scope),
        seen.reached,
        lambda: tuple(
            known.rows(
                achievements_of(programme, as_of=as_of, plan=known, marks=seen),
                as_of=as_of,
                scope=scope,
            )
        ),
    )


def achievements_of(programme: Programme, *, as_of: date, plan: Plan, marks: Marks) -> Achievements:
    """What the units of a programme have reached by the end of `as_of`, kept until that changes."""
    return ACHIEVEMENTS.get(
        (programme.pk, as_of),
        marks.reached,
        lambda: known_achievements(programme, as_of=as_of, ids=plan.ids),
    )
