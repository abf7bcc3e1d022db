"""Who became whom: following units through reorganisations. Pure over a loaded table."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from wards.models import ReorganisationKind, Succession, Unit

Key = TypeVar("Key")

GENERATIONS = 4
"""How far back and forth the pages of a unit look."""


@dataclass(slots=True)
class Heirs(Generic[Key]):
    """Who became whom, by whatever names units: enough to tell a circle before it is written."""

    edges: dict[Key, set[Key]] = field(default_factory=lambda: defaultdict(set))

    def add(self, old: Key, new: Key) -> None:
        """One became the other."""
        self.edges[old].add(new)

    def leads(self, start: Key, goal: Key) -> bool:
        """Whether one became the other, at once or in several steps."""
        seen: set[Key] = set()
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one == goal:
                return True
            if one not in seen:
                seen.add(one)
                waiting += self.edges.get(one, ())
        return False


@dataclass(frozen=True, slots=True)
class Lineage:
    """Successors of every unit, with the day on which they took over."""

    successors: dict[uuid.UUID, list[tuple[date, uuid.UUID]]]
    units: dict[uuid.UUID, Unit]

    @classmethod
    def load(cls, units: Iterable[Unit]) -> "Lineage":
        """The lineage of these units and of all they became, in a fixed number of queries."""
        rows = list(
            Succession.objects.select_related(
                "reorganisation",
                "successor__district",
                "successor__province",
            )
        )
        successors: dict[uuid.UUID, list[tuple[date, uuid.UUID]]] = defaultdict(list)
        known = {unit.pk: unit for unit in units}
        for row in rows:
            successors[row.predecessor_id].append((row.reorganisation.on, row.successor_id))
            known.setdefault(row.successor_id, row.successor)
        return cls(dict(successors), known)

    def on(self, unit: Unit, day: date) -> set[uuid.UUID]:
        """The units in force on `day` that this unit is or became; empty before it existed."""
        if unit.valid_from is not None and unit.valid_from > day:
            return set()
        if unit.valid_to is None or unit.valid_to >= day:
            return {unit.pk}
        found: set[uuid.UUID] = set()
        for since, successor in self.successors.get(unit.pk, ()):
            if since <= day:
                found |= self.on(self.units[successor], day)
        return found

    def roster_on(self, roster: Iterable[Unit], day: date) -> list[Unit]:
        """The units in force on `day` that succeed a roster, each once, in name order."""
        found: set[uuid.UUID] = set()
        for unit in roster:
            found |= self.on(unit, day)
        return sorted((self.units[pk] for pk in found), key=lambda unit: unit.list_key)


def ancestors_of(unit: Unit) -> frozenset[uuid.UUID]:
    """Every unit this one comes from; one query for each generation, and one that finds no more."""
    return frozenset(families_of([unit])[unit.pk] - {unit.pk})


def families_of(units: Iterable[Unit]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Each of these units with every unit it comes from; as many queries as for one of them."""
    found = {unit.pk: {unit.pk} for unit in units}
    # Whose family what is at the edge belongs to.
    edge = {pk: {pk} for pk in found}
    while edge:
        further: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        rows = Succession.objects.filter(successor__in=edge).values_list("successor", "predecessor")
        for successor, predecessor in rows:
            for pk in edge[successor]:
                if predecessor not in found[pk]:
                    found[pk].add(predecessor)
                    further[predecessor].add(pk)
        edge = dict(further)
    return found


def with_ancestors(unit: uuid.UUID) -> QuerySet[Unit, Any]:
    """The unit and those it comes from, by id, for use inside another query."""
    itself = Unit.objects.filter(pk=unit).order_by().values("pk")
    return itself.union(*(rows.values("predecessor") for rows in _back(unit)))


def successions_around(unit: uuid.UUID) -> QuerySet[Succession]:
    """Every change in which the unit, one it comes from or one it became took part, in date order.

    Whoever else went into such a change, or came out of it, belongs to it.
    """
    first, *others = (rows.values("reorganisation") for rows in (*_back(unit), *_forth(unit)))
    return (
        Succession.objects.filter(reorganisation__in=first.union(*others))
        .select_related(
            "reorganisation__document",
            "predecessor__district",
            "predecessor__province",
            "successor__district",
            "successor__province",
        )
        .order_by("reorganisation__on", "pk")
    )


def _back(unit: uuid.UUID) -> Iterator[QuerySet[Succession]]:
    """What the unit came from, one generation after the other; nothing is asked yet."""
    rows = Succession.objects.filter(successor=unit).order_by()
    for _ in range(GENERATIONS):
        yield rows
        rows = Succession.objects.filter(successor__in=rows.values("predecessor")).order_by()


def _forth(unit: uuid.UUID) -> Iterator[QuerySet[Succession]]:
    """What became of the unit, one generation after the other."""
    rows = Succession.objects.filter(predecessor=unit).order_by()
    for _ in range(GENERATIONS):
        yield rows
        rows = Succession.objects.filter(predecessor__in=rows.values("successor")).order_by()


def former_selves() -> dict[uuid.UUID, tuple[uuid.UUID, date | None]]:
    """Units that only took another name or province: what they were before, and since when."""
    same = (ReorganisationKind.RENAME, ReorganisationKind.PROVINCE_CHANGE)
    rows = Succession.objects.filter(reorganisation__kind__in=same)
    return {
        successor: (predecessor, since)
        for successor, predecessor, since in rows.values_list(
            "successor", "predecessor", "predecessor__valid_from"
        )
    }


def established_on(
    unit: Unit, before: dict[uuid.UUID, tuple[uuid.UUID, date | None]]
) -> date | None:
    """The day a unit was established; None since before records begin.

    A new name or province is a new row but not a new unit: it is as old as the one it was.
    """
    pk, since = unit.pk, unit.valid_from
    while pk in before:
        pk, since = before[pk]
    return since
