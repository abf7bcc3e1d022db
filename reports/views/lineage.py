"""What a unit was and what it became, change by change, for its page."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.safestring import SafeString

from accounts.models import User
from reports.charts import Node, Step, lineage_chart
from reports.views.reach import reaches
from wards.models import Reorganisation, Succession, Unit

GENERATIONS = 4
"""How far back and forth the page looks; each generation is one query."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A unit in a change: whether it is the one of the page, and whether its page opens."""

    unit: Unit
    is_self: bool
    opens: bool

    @property
    def pk(self) -> uuid.UUID:
        """The unit's id."""
        return self.unit.pk


@dataclass
class Change:
    """One reorganisation: who went in, who came out."""

    reorganisation: Reorganisation
    before: list[Kin] = field(default_factory=list)
    after: list[Kin] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Family:
    """The changes around a unit, and the units it comes from."""

    changes: list[Change]
    ancestors: frozenset[uuid.UUID]

    @property
    def figure(self) -> SafeString:
        """The changes drawn; empty when there is none."""
        kin = {one.pk: one for change in self.changes for one in (*change.before, *change.after)}
        return lineage_chart(
            [
                Node(one.pk, one.unit.heading_name, _period(one.unit), one.is_self)
                for one in kin.values()
            ],
            [
                Step(
                    change.reorganisation.on,
                    change.reorganisation.document.number,
                    tuple(one.pk for one in change.before),
                    tuple(one.pk for one in change.after),
                )
                for change in self.changes
            ],
            title="Đơn vị trước và sau sắp xếp",
        )


def _period(unit: Unit) -> str:
    """From when to when, as short as can be."""
    since = f"từ {unit.valid_from:%d/%m/%Y}" if unit.valid_from else ""
    until = f"đến {unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""
    # Both days do not fit beside each other; the end is what tells a former unit.
    return f"mã {unit.code} · {until or since}" if until or since else f"mã {unit.code}"


def family_of(unit: Unit, user: User) -> Family:
    """Every reorganisation among the unit's ancestors and descendants, in date order."""
    near = list(Succession.objects.filter(Q(predecessor=unit) | Q(successor=unit)))
    ancestors = _walk([one for one in near if one.successor_id == unit.pk], forwards=False)
    descendants = _walk([one for one in near if one.predecessor_id == unit.pk], forwards=True)
    concerned = {row.reorganisation_id for row in (*ancestors, *descendants)}
    # Whoever else went into, or came out of, the same change belongs to its story.
    rows = Succession.objects.filter(reorganisation__in=concerned).select_related(
        "reorganisation__document",
        "predecessor__district",
        "predecessor__province",
        "successor__district",
        "successor__province",
    )
    changes: dict[int, Change] = {}
    for row in rows.order_by("reorganisation__on", "pk"):
        change = changes.setdefault(row.reorganisation_id, Change(row.reorganisation))
        _add(change.before, row.predecessor, unit, user)
        _add(change.after, row.successor, unit, user)
    for change in changes.values():
        for side in (change.before, change.after):
            side.sort(key=lambda kin: (kin.unit.sort_key, kin.unit.code))
    return Family(list(changes.values()), frozenset(row.predecessor_id for row in ancestors))


def _walk(near: Iterable[Succession], *, forwards: bool) -> list[Succession]:
    """The successions along one direction, generation by generation from the nearest on."""
    found = {row.pk: row for row in near}
    fresh = list(found.values())
    for _ in range(GENERATIONS - 1):
        edge = {row.successor_id if forwards else row.predecessor_id for row in fresh}
        if not edge:
            break
        step = (
            Succession.objects.filter(predecessor__in=edge)
            if forwards
            else Succession.objects.filter(successor__in=edge)
        )
        fresh = [row for row in step if row.pk not in found]
        found.update({row.pk: row for row in fresh})
    return list(found.values())


def kin_of(units: Iterable[Unit], user: User) -> list[Kin]:
    """Units of a change in the order of lists, each with whether its page opens."""
    ordered = sorted(units, key=lambda unit: (unit.sort_key, unit.code))
    return [Kin(unit, is_self=False, opens=reaches(user, unit)) for unit in ordered]


def _add(side: list[Kin], one: Unit, unit: Unit, user: User) -> None:
    if all(kin.pk != one.pk for kin in side):
        side.append(Kin(one, one.pk == unit.pk, reaches(user, one)))
