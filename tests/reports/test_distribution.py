"""Sums of independent events: exact, whether they are taken one by one or together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rollup.distribution import Distribution, binomial, certainly, mixture, total

chances = st.floats(0, 1)
sizes = st.integers(0, 40)


def one_by_one(happening: list[float]) -> list[float]:
    """The distribution of how many of these events happen, without any shortcut."""
    found = [1.0]
    for chance in happening:
        stays = [weight * (1 - chance) for weight in found] + [0.0]
        grows = [0.0] + [weight * chance for weight in found]
        found = [one + other for one, other in zip(stays, grows, strict=True)]
    return found


def weight_of(found: Distribution, number: int) -> float:
    place = number - found.least
    return found.weights[place] if 0 <= place < len(found.weights) else 0.0


@given(st.lists(st.tuples(sizes, chances), max_size=4))
def test_groups_of_alike_are_what_their_members_are(groups: list[tuple[int, float]]) -> None:
    together = total(binomial(number, chance) for number, chance in groups)
    apart = one_by_one([chance for number, chance in groups for _ in range(number)])
    assert sum(together.weights) == pytest.approx(1)
    for number, weight in enumerate(apart):
        assert weight_of(together, number) == pytest.approx(weight, abs=1e-9)
    assert together.mean == pytest.approx(sum(number * chance for number, chance in groups))


@given(sizes, chances)
def test_quantiles_do_not_fall_and_stay_among_the_numbers(number: int, chance: float) -> None:
    found = binomial(number, chance)
    numbers = [found.quantile(share / 10) for share in range(11)]
    assert all(lower <= higher for lower, higher in pairwise(numbers))
    assert 0 <= numbers[0] <= numbers[-1] <= number


@given(st.lists(st.tuples(sizes, chances), min_size=1, max_size=5))
def test_a_mixture_expects_the_average(groups: list[tuple[int, float]]) -> None:
    parts = [binomial(number, chance) for number, chance in groups]
    mixed = mixture(parts)
    assert sum(mixed.weights) == pytest.approx(1)
    assert mixed.mean == pytest.approx(sum(one.mean for one in parts) / len(parts), abs=1e-6)


def test_many_are_counted_without_loss() -> None:
    found = binomial(3321, 0.3).plus(certainly(100))
    assert sum(found.weights) == pytest.approx(1)
    assert found.mean == pytest.approx(100 + 3321 * 0.3)
    assert len(found.weights) < 500, "what weighs nothing is left out"
    assert certainly(7).quantile(0.1) == certainly(7).quantile(0.9) == 7
