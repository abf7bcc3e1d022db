"""The roadmap: what is required by when, restated on the units of today, and what is reached."""

from datetime import date
from fractions import Fraction

from criteria.models import Counting, Measure, Programme, Target, TargetScope
from reports.rollup.achievements import known_achievements
from reports.rollup.plan import Plan, RoadmapRow
from reports.rollup.roster import load_field, unit_word
from reports.rollup.shelf import Shelf
from reports.rollup.targets import TargetFact

PLANS: Shelf[Plan] = Shelf(64)
"""The plans of one province each, and a few of the whole country."""


def load_plan(programme: Programme) -> Plan:
    """A programme's targets and units, kept until any of them changes; one query mostly."""
    return PLANS.get(programme.pk, lambda: _read_plan(programme))


def _read_plan(programme: Programme) -> Plan:
    """A programme's targets and units, in a fixed number of queries."""
    stored = list(
        Target.objects.filter(programme=programme)
        .select_related("revision__document")
        .prefetch_related("units__district", "units__province")
    )
    revisions = programme.revisions.order_by("on").values_list("on", flat=True)
    field = load_field(programme, (unit for target in stored for unit in target.units.all()))
    return Plan(
        targets=tuple(_fact(target, programme) for target in stored),
        revisions=tuple(revisions),
        field=field,
        counting=Counting(programme.counts_as_met),
        unit_word=unit_word(programme),
        stated_size=programme.stated_size,
        stated_size_text=programme.stated_size_text,
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


def roadmap_rows(programme: Programme, *, as_of: date) -> list[RoadmapRow]:
    """The roadmap of a programme as it stood at the end of `as_of`.

    Overall rows first in date order, then narrower scopes, then one row per year in which units
    were established after the programme's document.
    """
    plan = load_plan(programme)
    return plan.rows(known_achievements(programme, as_of=as_of, ids=plan.ids), as_of=as_of)
