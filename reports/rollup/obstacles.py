"""The criteria that are in the way of several units: how many, whose they are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from criteria.scale import Outcome
from reports.rollup.frame import Frame, FrameCriterion
from reports.rollup.gathering import Gathering
from reports.rollup.standing import Standing

NAMED = 30
"""So many units are named at a criterion; the list behind it has them all."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One criterion that is in the way of several units; names are those of the first few."""

    code: str
    title: str
    owner: str
    not_met: int
    awaiting: int
    names_not_met: tuple[str, ...] = ()
    names_awaiting: tuple[str, ...] = ()

    @property
    def units(self) -> int:
        """How many units it stops."""
        return self.not_met + self.awaiting


def obstacles_of(
    frame: Frame, gathering: Gathering, standings: Sequence[Standing] = ()
) -> list[Obstacle]:
    """Criteria not met or awaited somewhere, those that stop most units first.

    Units are named from the `standings`.
    """
    found = [
        _obstacle(one, gathering, standings)
        for one in frame.criteria
        if gathering.criteria[one.code].not_met or gathering.criteria[one.code].awaiting
    ]
    return sorted(found, key=lambda one: (-one.not_met, -one.awaiting, one.code))


def _obstacle(
    criterion: FrameCriterion, gathering: Gathering, standings: Sequence[Standing]
) -> Obstacle:
    tally, code = gathering.criteria[criterion.code], criterion.code
    return Obstacle(
        code,
        criterion.title,
        "Công an phường" if criterion.ward_alone or not criterion.owner else criterion.owner,
        tally.not_met,
        tally.awaiting,
        _named(standings, code, Outcome.NOT_MET),
        _named(standings, code, Outcome.AWAITING),
    )


def _named(standings: Sequence[Standing], code: str, outcome: Outcome) -> tuple[str, ...]:
    found = [one for one in standings if one.outcomes.get(code) == outcome]
    return tuple(one.unit.heading_name for one in found[:NAMED])
