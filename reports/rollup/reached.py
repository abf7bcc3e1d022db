"""The three counts of a year. Pure."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from criteria.models import Counting
from reports.rollup.achievements import Achievements
from reports.rollup.roadmap_row import RoadmapRow


@dataclass(frozen=True, slots=True)
class Reached:
    """How many units have reached the standard, in each of its three kinds, and out of how many."""

    recognised: int
    verified: int
    self_assessed: int
    of: int
    required: int | None = None


def reached_by_target(rows: Iterable[RoadmapRow], year: int) -> Reached | None:
    """The counts of the year's own target; None without one."""
    row = next((row for row in rows if row.year == year), None)
    if row is None:
        return None
    return Reached(
        row.recognised, row.verified, row.self_assessed, row.roster_then, row.required_then
    )


def reached_by(
    units: frozenset[uuid.UUID], achievements: Achievements, *, year: int, on: date
) -> Reached:
    """The same facts counted over these units, of a year that has no target of its own."""
    recognised, verified, self_assessed = (
        len(units & achievements.reaching(kind, by_year=year, on=on))
        for kind in (Counting.RECOGNISED, Counting.VERIFIED, Counting.SELF_ASSESSED)
    )
    return Reached(recognised, verified, self_assessed, len(units))
