"""Which units a programme concerns: as approved, and as they became."""

import uuid
from dataclasses import dataclass, field
from datetime import date

from criteria.models import Programme
from wards.lineage import Lineage, established_on, former_selves
from wards.models import Edition, Unit
from wards.querysets import UnitQuerySet
from wards.shelf import Shelf


def approved_roster(programme: Programme) -> list[Unit]:
    """The units the programme was approved for.

    The list in the programme, or without one every unit of its kinds (and province) in force on the
    day of its document, or on the first day of its first year when that day is unknown.
    """
    listed = list(programme.roster.with_places())
    if listed:
        return listed
    return list(_of_kinds(programme, approved_on(programme)))


def approved_on(programme: Programme) -> date:
    """The day of the programme's document; the start of its first year when it has no date."""
    return programme.document.issued_on or date(programme.starts, 1, 1)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a programme concerns through time: its roster, what that became, and who came later."""

    roster: tuple[Unit, ...]
    lineage: Lineage
    later: tuple[Unit, ...]
    """The units of its kinds established in its province after its approval."""

    def on(self, day: date) -> list[Unit]:
        """The units in force on a day, in name order."""
        found = {unit.pk: unit for unit in self.lineage.roster_on(self.roster, day)}
        for unit in self.later:
            if unit.pk not in found and unit.existed_on(day):
                found[unit.pk] = unit
        return sorted(found.values(), key=lambda unit: unit.list_key)


SCOPES: Shelf[Scope] = Shelf(64)
"""Those of the programmes of one province each, and of a few of the whole country."""


def scope_of(programme: Programme) -> Scope:
    """Whom a programme concerns, kept until places or programmes change; one query mostly."""
    return SCOPES.get(programme.pk, Edition.objects.current(), lambda: _read_scope(programme))


def _read_scope(programme: Programme) -> Scope:
    roster, since = approved_roster(programme), approved_on(programme)
    later = Unit.objects.of_kinds(programme.unit_kinds).filter(valid_from__gt=since).with_places()
    if programme.province_id is not None:
        later = later.filter(province=programme.province_id)
    born = list(later)
    before = former_selves() if born else {}
    return Scope(
        tuple(roster),
        Lineage.load(roster),
        tuple(unit for unit in born if (established_on(unit, before) or since) > since),
    )


def units_in_scope(programme: Programme, day: date) -> list[Unit]:
    """The units in force on `day` that the programme concerns, in name order.

    Those that the approved roster became, and the units of its kinds established in its province
    since. A unit outside the roster does not come in by another name or province.
    """
    return scope_of(programme).on(day)


@dataclass
class Reach:
    """Whom programmes concern, for many facts at once: each day is looked up only once."""

    _found: dict[tuple[int, date], frozenset[uuid.UUID]] = field(default_factory=dict)

    def covers(self, programme: Programme, unit: Unit, day: date) -> bool:
        """Whether a fact of `day` about this unit can be one of the programme.

        The unit is one of those in scope on a day of its life, the nearest to `day`; or it was
        gone before the programme was approved, and became one of the approved roster.
        """
        approved = approved_on(programme)
        if unit.valid_to is not None and unit.valid_to < approved:
            became = Lineage.load([unit]).on(unit, approved)
            return any(one.pk in became for one in approved_roster(programme))
        # A fact of the year of approval may be dated earlier in it.
        alive = max(day, approved, unit.valid_from or approved)
        alive = min(alive, unit.valid_to) if unit.valid_to is not None else alive
        key = programme.pk, alive
        if key not in self._found:
            self._found[key] = frozenset(one.pk for one in units_in_scope(programme, alive))
        return unit.pk in self._found[key]


def _of_kinds(programme: Programme, day: date) -> UnitQuerySet:
    units = Unit.objects.existing_on(day).of_kinds(programme.unit_kinds).with_places()
    return units.filter(province=programme.province) if programme.province_id else units
