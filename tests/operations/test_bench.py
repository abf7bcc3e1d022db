"""The pure parts of `make bench`: percentiles, budgets and the lines that are printed."""

import math
from dataclasses import dataclass

import pytest

from tests.bench import table
from tests.bench.ground import Size
from tests.bench.table import Budget, Failure, Measured, Readings, percentile


def test_a_percentile_is_one_of_the_values() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0, 0.5, 0.95, 1)] == [1, 3, 5, 5]
    assert percentile(range(1, 101), 0.95) == 95
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@pytest.mark.parametrize(
    ("budget", "kept"),
    [
        (table.times_floor(6), True),
        (table.times_floor(6.1), False),
        (table.beyond_floor(21, 10), True),
        (table.beyond_floor(21.1, 10), False),
        (table.times_today(15, 10), True),
        (table.times_today(16, 10), False),
    ],
)
def test_a_budget_is_kept_up_to_its_limit(budget: Budget, kept: bool) -> None:
    assert budget.is_kept is kept
    assert str(budget).startswith("✓" if kept else "✗")


def test_a_page_is_one_line_with_its_budgets() -> None:
    page = Measured("home", 12.34, 16, 4.4, table.for_every_page(16, 4.4))
    line = page.line(6.17)
    assert line.split() == [
        *("home", "12.3", "ms", "2.0", "×", "A", "16", "q", "4", "kB"),
        *("✗", "≤", "15", "queries", "✓", "≤", "250", "kB"),
    ]
    assert Measured("rows by hand", 50).line(10).endswith("5.0 × A")
    assert Failure("home: 404").line(1) == "✗ home: 404"


def test_readers_are_judged_by_the_slowest_of_twenty_and_by_failures() -> None:
    taken = [0.1] * 95 + [0.9] * 5
    seen = Readings("4 readers", taken, [], 10)
    assert [one.is_kept for one in seen.budgets] == [True, True]
    assert "p50 0.10 s  p95 0.10 s  max 0.90 s  10.0/s  0 errors" in seen.line()
    failed = Readings("4 readers", [0.7] * 20, ["/: 500"], 10)
    assert [one.is_kept for one in failed.budgets] == [False, False]
    assert failed.failures == 1
    nothing = Readings("4 readers", [], ["/: TimeoutError"], 10)
    assert nothing.budgets[0].found == math.inf
    assert "no answer, 1 errors" in nothing.line()


@dataclass(frozen=True)
class Score:
    tried: int
    thin: int
    coverage: float | None = None
    mean_error: float | None = None


def test_back_tests_count_as_often_as_they_tried() -> None:
    line = table.summary("all", [Score(3, 1, 1, 2), Score(1, 0, 0, -2), Score(0, 4)])
    assert line.endswith("4 tried, 5 too thin: the 10–90 % range held 75%, mean error +1.00 units")
    assert table.summary("none", [Score(0, 4)]).endswith("0 tried, 4 too thin")


def test_a_database_is_kept_for_the_same_country_only() -> None:
    size = Size(3, 60, 8, 1)
    assert size.arguments == ["--provinces=3", "--units=60", "--years=8", "--seed=1"]
    assert size.name == Size(3, 60, 8, 1).name != Size(3, 60, 8, 2).name
    assert size.name.startswith("bench-3-60-8-1-")
