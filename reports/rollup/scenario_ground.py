"""What a scenario of a province starts from, loaded in a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from assessments.deriving.days import end_of
from assessments.models import Registration
from criteria.models import Programme
from reports.rollup.achievements import known_achievements
from reports.rollup.plan import Level, Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.scenario import Ground, Milestone
from reports.rollup.shortlist import is_for, reviewers_serving
from wards.models import Province


def coming_years(programme: Programme, *, as_of: date) -> tuple[int, ...]:
    """The years of the programme that a scenario may fill, the running one first."""
    return tuple(range(max(as_of.year, programme.starts), programme.ends + 1))


def load_ground(programme: Programme, province: Province, *, as_of: date) -> Ground:
    """The units of a province with their places on the lists, and the targets ahead."""
    years = coming_years(programme, as_of=as_of)
    plan = load_plan(programme)
    units = plan.field.concerned_on(max(as_of, date(programme.starts, 1, 1)))
    if programme.province_id is None:
        units = [unit for unit in units if unit.province_id == province.pk]
    here = frozenset(unit.pk for unit in units)
    facts = known_achievements(programme, as_of=as_of, ids=plan.ids)
    reached = {
        year: here & facts.reaching(plan.counting, by_year=year, on=date(year, 12, 31))
        for year in years
    }
    fixed = here & facts.reaching(plan.counting, by_year=programme.ends, on=as_of)
    listed = _listed(programme, years, as_of, here)
    rows = list(zip(plan.levels(as_of), plan.rows(facts, as_of=as_of), strict=True))
    overall = [pair for pair in rows if is_for(pair[0], programme, province)]
    others = [pair for pair in rows if not is_for(pair[0], programme, province)]
    if programme.province_id is None:
        others = [(level, row) for level, row in others if _lies_in(plan, level, here, as_of)]
    return Ground(
        years=years,
        units=tuple(units),
        fixed=fixed,
        kept=reached,
        today={unit: min(found) for unit, found in listed.items()},
        overall=_ahead(plan, overall, years, as_of),
        narrower=_ahead(plan, others, years, as_of),
        reviewers=reviewers_serving(province, units, as_of),
        required_before=_before(overall, as_of),
        listed_twice=frozenset(unit for unit, found in listed.items() if len(found) > 1),
        unit_word=plan.unit_word,
    )


def _listed(
    programme: Programme, years: Iterable[int], as_of: date, here: frozenset[uuid.UUID]
) -> dict[uuid.UUID, set[int]]:
    found: dict[uuid.UUID, set[int]] = defaultdict(set)
    rows = Registration.objects.filter(programme=programme, year__in=years)
    for unit, year in rows.known_at(end_of(as_of)).values_list("unit", "year"):
        if unit in here:
            found[unit].add(year)
    return dict(found)


Row = tuple[Level, RoadmapRow]


def _ahead(
    plan: Plan, rows: Iterable[Row], years: tuple[int, ...], as_of: date
) -> tuple[Milestone, ...]:
    """The rows due in the coming years, in date order.

    `required_then` of a day ahead is the level restated on today's units (`required_now`), or the
    document's own number where that is more than the units that can be listed.
    """
    found = [
        Milestone(
            level.by,
            row.scope_label,
            row.required_then,
            frozenset(unit.pk for unit in plan.field.on(level.units, as_of)),
        )
        for level, row in rows
        if level.by >= as_of and level.by.year in years
    ]
    return tuple(sorted(found, key=lambda one: one.by))


def _before(rows: Iterable[Row], as_of: date) -> int | None:
    """What the last date past asks for, on the units of today."""
    past = [row for level, row in rows if level.by < as_of]
    return max(past, key=lambda row: row.by).required_now if past else None


def _lies_in(plan: Plan, level: Level, here: frozenset[uuid.UUID], as_of: date) -> bool:
    """Whether a target of a national programme can be judged from one province's units."""
    now = {unit.pk for unit in plan.field.on(level.units, as_of)}
    return bool(now) and now <= here
