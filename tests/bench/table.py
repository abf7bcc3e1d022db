"""Percentiles, budgets and the lines that are printed. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

TIMES_FLOOR, TIMES_ROWS, TIMES_TODAY = 6, 2, 1.5
MOST_QUERIES = 15
MOST_KILOBYTES = 250
READER_SECONDS = 0.6
LABEL_WIDTH = 46


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("There is nothing to take a percentile of.")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, slots=True)
class Budget:
    """What was found beside the most that is wanted, in the words of the limit."""

    words: str
    found: float
    most: float

    @property
    def is_kept(self) -> bool:
        """Whether what was found is no more than that."""
        return self.found <= self.most

    def __str__(self) -> str:
        return f"{'✓' if self.is_kept else '✗'} {self.words}"


@dataclass(frozen=True, slots=True)
class Measured:
    """One page, or the floor: median milliseconds, queries, compressed kilobytes."""

    label: str
    ms: float
    queries: int | None = None
    kilobytes: float | None = None
    budgets: tuple[Budget, ...] = ()
    failures: int = 0

    def line(self, floor: float) -> str:
        """One line of the table; `floor` is the milliseconds of an empty page."""
        queries = "" if self.queries is None else f"{self.queries} q"
        size = "" if self.kilobytes is None else f"{self.kilobytes:.0f} kB"
        budgets = "  ".join(str(one) for one in self.budgets)
        return (
            f"{self.label:<{LABEL_WIDTH}} {self.ms:9.1f} ms {self.ms / floor:8.1f} × A"
            f" {queries:>6} {size:>7}  {budgets}"
        ).rstrip()


def for_every_page(queries: int, kilobytes: float) -> tuple[Budget, ...]:
    """What every page has to keep to, whatever the number of units."""
    return (
        Budget(f"≤ {MOST_QUERIES} queries", queries, MOST_QUERIES),
        Budget(f"≤ {MOST_KILOBYTES} kB", kilobytes, MOST_KILOBYTES),
    )


def times_floor(ratio: float) -> Budget:
    """No more than six empty pages; all of these are multiples of one."""
    return Budget(f"≤ {TIMES_FLOOR} × A", ratio, TIMES_FLOOR)


def beyond_floor(ratio: float, by_hand: float) -> Budget:
    """No more than an empty page and twice the aggregates by hand."""
    return Budget(f"≤ A + {TIMES_ROWS} × B", ratio, 1 + TIMES_ROWS * by_hand)


def times_today(ratio: float, today: float) -> Budget:
    """A day of the past costs no more than half as much again as today."""
    return Budget(f"≤ {TIMES_TODAY} × today", ratio, TIMES_TODAY * today)


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be opened, in words."""

    words: str
    budgets: tuple[Budget, ...] = ()
    failures: int = 1

    def line(self, _floor: float) -> str:
        """One line of the table."""
        return f"✗ {self.words}"


@dataclass(frozen=True, slots=True)
class Readings:
    """What concurrent readers saw: seconds of every answer, and what failed."""

    label: str
    taken: Sequence[float]
    errors: Sequence[str]
    seconds: float

    @property
    def failures(self) -> int:
        """How many requests got no page."""
        return len(self.errors)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """The wait of nearly all readers, and no failure."""
        slow = percentile(self.taken, 0.95) if self.taken else math.inf
        return (
            Budget(f"p95 ≤ {READER_SECONDS} s", slow, READER_SECONDS),
            Budget("no error", len(self.errors), 0),
        )

    def line(self) -> str:
        """One line of the table."""
        budgets = "  ".join(str(one) for one in self.budgets)
        if not self.taken:
            return f"{self.label:<{LABEL_WIDTH}} no answer, {len(self.errors)} errors  {budgets}"
        half, most, worst = (percentile(self.taken, share) for share in (0.5, 0.95, 1))
        return (
            f"{self.label:<{LABEL_WIDTH}} p50 {half:.2f} s  p95 {most:.2f} s  max {worst:.2f} s  "
            f"{len(self.taken) / self.seconds:.1f}/s  {len(self.errors)} errors  {budgets}"
        )


class Score(Protocol):
    """What a back-test of forecasts gives."""

    tried: int
    thin: int
    coverage: float | None
    mean_error: float | None


def summary(label: str, scores: Iterable[Score]) -> str:
    """Several back-tests in one line, each counting as often as it tried."""
    listed = list(scores)
    tried = sum(one.tried for one in listed)
    thin = sum(one.thin for one in listed)
    start = f"{label:<{LABEL_WIDTH}} {tried} tried, {thin} too thin"
    if not tried:
        return start
    held = sum((one.coverage or 0) * one.tried for one in listed) / tried
    error = sum((one.mean_error or 0) * one.tried for one in listed) / tried
    return f"{start}: the 10–90 % range held {held:.0%}, mean error {error:+.2f} units"


Result = Measured | Failure | Readings
