"""The units of one place on one day, and all that follows from how they stand. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assessments.deriving.words import LETTERS
from assessments.workflow import Status
from criteria.scale import Outcome
from reports.rollup.frame import Frame
from reports.rollup.gathering import Alike, File, Gathering, gather
from reports.rollup.heat import Heat, by_criterion, by_group
from reports.rollup.obstacles import Obstacle, obstacles_of
from reports.rollup.standing import Standing


@dataclass(frozen=True)
class Board:
    """How each unit stands, in the order of lists; each part is worked out once, when asked for.

    Boards are kept for all who look: nobody may change one.
    """

    standings: tuple[Standing, ...]

    @cached_property
    def frame(self) -> Frame:
        """The criteria they are judged by."""
        return self.standings[0].frame if self.standings else Frame()

    @cached_property
    def gathering(self) -> Gathering:
        """All of them together."""
        files: dict[File, Alike] = defaultdict(Alike)
        for one in self.standings:
            alike = files[_file(one)]
            alike.files += 1
            alike.handed_in += one.submitted_on is not None
        return gather(self.frame, files)

    @cached_property
    def groups(self) -> Heat:
        """Units × groups."""
        return by_group(self.standings)

    @cached_property
    def criteria(self) -> Heat:
        """Units × criteria."""
        return by_criterion(self.standings)

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """Criteria not met or awaited somewhere, those that stop most units first."""
        return obstacles_of(self.frame, self.gathering, self.standings)

    @cached_property
    def missing(self) -> list[Standing]:
        """Units that have not handed in, the latest first."""
        found = [one for one in self.standings if one.is_missing]
        return sorted(found, key=lambda one: (-one.days_late, one.unit.sort_key, one.unit.code))


def _file(standing: Standing) -> File:
    found = standing.outcomes
    word = _word(found.get(one.code, Outcome.UNANSWERED) for one in standing.frame.criteria)
    return File(standing.status or Status.NOT_STARTED, word)


def _word(outcomes: Iterable[Outcome]) -> str:
    return "".join(LETTERS[outcome] for outcome in outcomes)
