"""A saved scenario on the units of a later day: who merged, who is gone, who came. Pure.

Nothing of it is silent: whatever became of a unit is said in a sentence.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from reports.rollup.scenario import Ground
from wards.lineage import Lineage
from wards.models import Unit


class Placed(Protocol):
    """One unit of a saved scenario and its year, None for none yet."""

    @property
    def unit(self) -> Unit:
        """The unit as it was."""

    @property
    def year(self) -> int | None:
        """The year it was given."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The places of a saved scenario on today's units, and what changed on the way."""

    places: dict[uuid.UUID, int]
    changes: tuple[str, ...]
    now: dict[uuid.UUID, str]
    """Per saved unit that is not what it was: what it is now, in a few words."""


def carry(saved: Sequence[Placed], ground: Ground, lineage: Lineage, *, day: date) -> Carried:
    """A saved scenario as it counts on `day`.

    A unit that came of several takes the latest of their years, and none when one of them had
    none: it reaches the standard as a whole. What has reached it meanwhile stays as it is.
    """
    changes: list[str] = []
    now: dict[uuid.UUID, str] = {}
    origins: dict[uuid.UUID, list[Placed]] = defaultdict(list)
    for one in saved:
        heirs = lineage.on(one.unit, day)
        for heir in heirs:
            origins[heir].append(one)
        if not heirs:
            now[one.unit.pk] = "không còn"
            changes.append(f"{one.unit.heading_name}: không còn, không tính.")
        elif heirs != {one.unit.pk}:
            names = [lineage.units[pk] for pk in heirs]
            names.sort(key=lambda unit: unit.list_key)
            now[one.unit.pk] = f"nay là {'; '.join(unit.heading_name for unit in names)}"
    here = {unit.pk for unit in ground.units}
    places = {unit: year for unit, year in ground.today.items() if unit in ground.fixed}
    for heir, found in sorted(origins.items(), key=lambda pair: lineage.units[pair[0]].list_key):
        unit, year = lineage.units[heir], _year_of(found)
        lead = _came_of(unit, found)
        if heir not in here:
            changes.append(f"{lead}: không còn thuộc phạm vi, không tính.")
            now.setdefault(heir, "không còn thuộc phạm vi")
        elif heir in ground.fixed:
            changes.append(f"{lead}: đã đạt từ khi lưu phương án.")
            now.setdefault(heir, "đã đạt")
        elif year is not None and year not in ground.years:
            changes.append(f"{lead}: năm {year} đã qua mà chưa đạt, tính là chưa xếp năm.")
            now.setdefault(heir, f"năm {year} đã qua, chưa đạt")
        else:
            if year is not None:
                places[heir] = year
            if len(found) > 1 or found[0].unit.pk != heir:
                when = f"tính năm {year}" if year is not None else "tính là chưa xếp năm"
                changes.append(f"{lead}: {when}.")
    newcomers = [unit for unit in ground.movable if unit.pk not in origins]
    if newcomers:
        names_of = "; ".join(unit.heading_name for unit in newcomers)
        changes.append(f"Không có trong phương án khi lưu, tính là chưa xếp năm: {names_of}.")
    return Carried(places, tuple(changes), now)


def _year_of(found: Sequence[Placed]) -> int | None:
    """The latest year; None when one of them is in none."""
    years = [one.year for one in found if one.year is not None]
    return max(years) if len(years) == len(found) else None


def _came_of(unit: Unit, found: Sequence[Placed]) -> str:
    """ "Phường 1, Phường 2 nay là Phường A", or only the name of a unit that stayed."""
    if len(found) == 1 and found[0].unit.pk == unit.pk:
        return unit.heading_name
    return f"{'; '.join(one.unit.heading_name for one in found)} nay là {unit.heading_name}"
