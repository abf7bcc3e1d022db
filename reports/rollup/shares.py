"""The share of files that reached within so many days, and how sure it is: pure."""

from bisect import bisect_right
from collections import Counter
from math import asin, pi, sin, sqrt
from typing import NamedTuple


def angle_of(reached: float, files: int) -> float:
    """A share on the scale of the arc sine, where its error does not depend on the share.

    Half a file is added on either side: ten of ten are no promise that all will.
    """
    return asin(sqrt((reached + 0.5) / (files + 1)))


def noise_of(files: int) -> float:
    """The variance on that scale of a share told by so many files."""
    return 1 / (4 * files)


class Share(NamedTuple):
    """A share that reached, how many files tell it, how much it changes from round to round.

    `change` is a variance on the scale of the arc sine.
    """

    chance: float
    told_by: int = 1
    change: float = 0.0

    def further(self, rounds: int) -> "Share":
        """The share so many rounds later: changes add up."""
        return self._replace(change=self.change * rounds)

    def at(self, luck: float) -> float:
        """The share with so much luck, in standard deviations; what never reached never does."""
        if self.chance <= 0:
            return 0.0
        spread = sqrt(noise_of(self.told_by) + self.change)
        angle = angle_of(self.chance * self.told_by, self.told_by) + luck * spread
        return sin(min(max(angle, 0.0), pi / 2)) ** 2


NEVER = Share(0.0)


class Curve:
    """The share by days, by Kaplan–Meier: who has not reached yet is neither failed nor left out.

    It is told by the files known to have reached, or followed until the last one that did.
    """

    def __init__(
        self, lengths: Counter[int], reached: Counter[int], *, passed: int = 0, change: float = 0.0
    ) -> None:
        """`lengths` are files by the days they were followed, `reached` those that reached then.

        Of days that have `passed` nothing counts.
        """
        self.days = sorted(day for day in reached if day > passed)
        last = self.days[-1] if self.days else 0
        told = sum(reached[day] for day in self.days)
        told += sum(files - reached[day] for day, files in lengths.items() if day >= last)
        chances, missed, at_risk = [], 1.0, sum(lengths.values())
        for day in sorted(lengths):
            if day > passed and reached[day]:
                missed *= 1 - reached[day] / at_risk
                chances.append(1 - missed)
            at_risk -= lengths[day]
        self.days = [day - passed for day in self.days]
        self.shares = [NEVER, *(Share(chance, told, change) for chance in chances)]

    def within(self, days: int) -> Share:
        """The share within so many days."""
        return self.shares[bisect_right(self.days, days)]
