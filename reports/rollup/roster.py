"""Whom a programme concerns: its roster, those in scope of a target, and units born since."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from criteria.models import Programme, TargetScope
from criteria.roster import approved_on, approved_roster
from reports.rollup.targets import TargetFact
from wards.lineage import Lineage, established_on, former_selves
from wards.models import Unit, UnitKind


def unit_word(programme: Programme) -> str:
    """What to call one unit of the programme: phường, xã, or đơn vị when they are mixed."""
    kinds = programme.unit_kinds
    return str(UnitKind(kinds[0]).label) if len(kinds) == 1 else "đơn vị"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A unit established after the programme's document."""

    unit: Unit
    established: date


@dataclass(frozen=True, slots=True)
class Field:
    """The units of a programme through time."""

    roster: tuple[Unit, ...]
    lineage: Lineage
    newcomers: tuple[Newcomer, ...] = ()
    _by_province: dict[str, list[Unit]] = field(default_factory=dict, compare=False, repr=False)

    def as_decided(self, target: TargetFact) -> list[Unit]:
        """The units a target means: its scope on the roster of the deciding document's day."""
        if target.scope == TargetScope.DISTRICT:
            # The roster itself names districts; those who came after no longer belong to one.
            return self._on_decision(
                target,
                [unit for unit in self.roster if _district_code(unit) == target.scope_code],
            )
        if target.scope == TargetScope.UNITS:
            known = [self.lineage.units[pk] for pk in target.units if pk in self.lineage.units]
            # A set has no order of its own, and figures must come out the same every time.
            known.sort(key=lambda unit: unit.list_key)
            # The list names units as of the day the revision takes effect, which its document may
            # precede.
            return known if target.revised_on is None else self.on(known, target.revised_on)
        if target.scope == TargetScope.EACH_PROVINCE and target.scope_code:
            if target.revised_on is None:
                return list(self._approved_in(target.scope_code))
            everyone = self._on_decision(target, self.roster)
            return [unit for unit in everyone if unit.province.code == target.scope_code]
        everyone = self._on_decision(target, self.roster)
        if target.scope == TargetScope.KEY_AREA:
            return [unit for unit in everyone if unit.key_area]
        return everyone

    def _approved_in(self, province: str) -> list[Unit]:
        # Asked for every province and year: the roster of the country is gone through once.
        if not self._by_province:
            for unit in self.roster:
                self._by_province.setdefault(unit.province.code, []).append(unit)
        return self._by_province.get(province, [])

    def by_province(self, target: TargetFact) -> list[TargetFact]:
        """A target of each province as one target for each, the provinces in name order.

        A unit belongs to the province it lay in when the target was decided, so what provinces
        merge into later neither adds a row nor moves a unit from one row to another.
        """
        provinces = {unit.province.code: unit.province for unit in self.as_decided(target)}
        ordered = sorted(provinces.values(), key=lambda one: (one.sort_key, one.code))
        return [replace(target, scope_code=one.code) for one in ordered]

    def _on_decision(self, target: TargetFact, units: Sequence[Unit]) -> list[Unit]:
        if target.revised_on is None:
            return list(units)
        return self.lineage.roster_on(units, target.decided_on or target.revised_on)

    def on(self, units: Iterable[Unit], day: date) -> list[Unit]:
        """The units in force on `day` that are, or succeed, these."""
        return self.lineage.roster_on(units, day)

    def concerned_on(self, day: date) -> list[Unit]:
        """The units in force on a day that the programme concerns (`criteria.roster`), in order."""
        found = {unit.pk: unit for unit in self.on(self.roster, day)}
        for one in self.newcomers:
            if one.unit.pk in self.lineage.on(one.unit, day):
                found[one.unit.pk] = one.unit
        return sorted(found.values(), key=lambda unit: unit.list_key)

    def established_in(self, year: int, *, in_force_on: date) -> list[Unit]:
        """The newcomers of a year that are in force on a day."""
        return [
            one.unit
            for one in self.newcomers
            if one.established.year == year
            and one.established <= in_force_on
            and one.unit.pk in self.lineage.on(one.unit, in_force_on)
        ]


def _district_code(unit: Unit) -> str | None:
    return unit.district.code if unit.district is not None else None


def load_field(programme: Programme, listed: Iterable[Unit] = ()) -> Field:
    """The units of a programme through time, in a fixed number of queries.

    `listed` are units that targets name, which need not be on the roster.
    """
    roster = approved_roster(programme)
    since = approved_on(programme)
    born = Unit.objects.of_kinds(programme.unit_kinds).filter(valid_from__gt=since).with_places()
    if programme.province_id is not None:
        born = born.filter(province=programme.province_id)
    born_here = list(born)
    lineage = Lineage.load([*roster, *listed, *born_here])
    candidates = {unit.pk: unit for unit in born_here}
    for pk in _descendants(lineage, roster):
        unit = lineage.units[pk]
        if unit.kind in programme.unit_kinds:
            candidates[pk] = unit
    before = former_selves()
    newcomers = []
    for unit in candidates.values():
        established = established_on(unit, before)
        if established is not None and established > since:
            newcomers.append(Newcomer(unit, established))
    newcomers.sort(key=lambda one: (one.established, one.unit.list_key))
    return Field(tuple(roster), lineage, tuple(newcomers))


def _descendants(lineage: Lineage, roster: Iterable[Unit]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    waiting = [unit.pk for unit in roster]
    while waiting:
        for _, successor in lineage.successors.get(waiting.pop(), ()):
            if successor not in found:
                found.add(successor)
                waiting.append(successor)
    return found
