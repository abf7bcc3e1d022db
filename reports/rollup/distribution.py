"""How likely each number of units is: binomials, their sums, their quantiles. Pure.

Floats, not fractions: the denominators of a product over hundreds of files would grow without end,
and a forecast is rounded when shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log

NEGLIGIBLE = 1e-13
"""Numbers less likely than that are left out: thousands of them are of no weight together."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """How likely `least` is, and each number after it."""

    least: int
    weights: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The number that is expected."""
        return sum((self.least + place) * weight for place, weight in enumerate(self.weights))

    def quantile(self, share: float) -> int:
        """The smallest number that so large a share of outcomes does not exceed."""
        # The slack keeps a rounding error in the sum from moving the answer by one.
        below = sum(total < share - 1e-9 for total in accumulate(self.weights))
        return self.least + min(below, len(self.weights) - 1)

    def plus(self, other: "Distribution") -> "Distribution":
        """The sum of two independent numbers, by convolution."""
        short, long = sorted((self.weights, other.weights), key=len)
        found = [0.0] * (len(short) + len(long) - 1)
        for place, weight in enumerate(short):
            for further, other_weight in enumerate(long, start=place):
                found[further] += weight * other_weight
        return _trimmed(self.least + other.least, found)


def certainly(number: int) -> Distribution:
    """A number that is known."""
    return Distribution(number, (1.0,))


def binomial(number: int, chance: float) -> Distribution:
    """How many of so many independent events of the same chance happen."""
    if number == 0 or chance <= 0:
        return certainly(0)
    if chance >= 1:
        return certainly(number)
    likely, unlikely = log(chance), log(1 - chance)
    ways = lgamma(number + 1)
    return _trimmed(
        0,
        [
            exp(
                ways
                - lgamma(happens + 1)
                - lgamma(number - happens + 1)
                + happens * likely
                + (number - happens) * unlikely
            )
            for happens in range(number + 1)
        ],
    )


def total(parts: Iterable[Distribution]) -> Distribution:
    """The sum of independent numbers, the narrow ones first, which is the least work."""
    found = certainly(0)
    for part in sorted(parts, key=lambda one: len(one.weights)):
        found = found.plus(part)
    return found


def mixture(parts: Sequence[Distribution]) -> Distribution:
    """The number when each of these is equally likely to be the one that tells it."""
    least = min(one.least for one in parts)
    found = [0.0] * (max(one.least + len(one.weights) for one in parts) - least)
    for one in parts:
        for place, weight in enumerate(one.weights, start=one.least - least):
            found[place] += weight
    return _trimmed(least, [weight / len(parts) for weight in found])


def _trimmed(least: int, weights: Sequence[float]) -> Distribution:
    kept = [place for place, weight in enumerate(weights) if weight > NEGLIGIBLE]
    return Distribution(least + kept[0], tuple(weights[kept[0] : kept[-1] + 1]))
