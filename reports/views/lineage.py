"""What a unit was and what it became, change by change, for its page."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from accounts.models import User
from reports.charts import Node, Step, lineage_chart
from reports.views.reach import reaches
from wards.lineage import successions_around
from wards.models import Reorganisation, Succession, Unit


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
    """The changes around a unit, and who became whom in them."""

    changes: list[Change]
    successions: list[Succession]

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
    """Every reorganisation among the unit's ancestors and descendants, in date order; one query."""
    successions = list(successions_around(unit.pk))
    changes: dict[int, Change] = {}
    for row in successions:
        change = changes.setdefault(row.reorganisation_id, Change(row.reorganisation))
        _add(change.before, row.predecessor, unit, user)
        _add(change.after, row.successor, unit, user)
    for change in changes.values():
        for side in (change.before, change.after):
            side.sort(key=lambda kin: (kin.unit.sort_key, kin.unit.code))
    return Family(list(changes.values()), successions)


def kin_of(units: Iterable[Unit], user: User) -> list[Kin]:
    """Units of a change in the order of lists, each with whether its page opens."""
    ordered = sorted(units, key=lambda unit: (unit.sort_key, unit.code))
    return [Kin(unit, is_self=False, opens=reaches(user, unit)) for unit in ordered]


def _add(side: list[Kin], one: Unit, unit: Unit, user: User) -> None:
    if all(kin.pk != one.pk for kin in side):
        side.append(Kin(one, one.pk == unit.pk, reaches(user, one)))
