"""How large the country is and which days its rounds have. Pure: the day of today is passed in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assessments.deriving.days import VIETNAM

PROVINCES, UNITS, WARDS, SPECIAL_ZONES, LARGEST = 34, 3321, 687, 13, 168
EARLY_ROUNDS = 2
"""Rounds that pin the first set of criteria; the later ones pin the second."""
EARLY_SIZE, LATE_SIZE = 22, 20
OPEN_DAYS = 45
SINCE_DEADLINE = 12
"""Days between the last deadline and today: some are reviewed, some wait, some are late."""
MOST_YEARS = 30


class OutOfScale(Exception):
    """A country that cannot be made, with the one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Scale:
    """What is to be made. The same scale is the same country."""

    seed: int
    today: date
    years: int = 8
    provinces: int = PROVINCES
    units: int = UNITS

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises:
            OutOfScale: says which figure is wrong.
        """
        if not 1 <= self.years <= MOST_YEARS:
            raise OutOfScale(f"--years phải từ 1 đến {MOST_YEARS}, không phải {self.years}.")
        if not 1 <= self.provinces <= PROVINCES:
            raise OutOfScale(f"--provinces phải từ 1 đến {PROVINCES}, không phải {self.provinces}.")
        if not self.provinces <= self.units <= UNITS:
            raise OutOfScale(
                f"--units phải từ số tỉnh ({self.provinces}) đến {UNITS}, không phải {self.units}."
            )


@dataclass(frozen=True, slots=True)
class RoundDays:
    """The days of one round; `place` counts the years since the first."""

    place: int
    year: int
    size: int
    opened: datetime
    deadline: datetime
    window_starts: date

    @property
    def window_ends(self) -> date:
        """The last day of the data, which is the day of the deadline."""
        return self.deadline.date()


def rounds_of(scale: Scale) -> tuple[RoundDays, ...]:
    """The rounds, the first one first; the last one is in mid-course today."""
    last = scale.today - timedelta(days=SINCE_DEADLINE)
    found = []
    for place in range(scale.years):
        year = last.year - scale.years + 1 + place
        deadline = _same_day(last, year)
        opened = datetime.combine(deadline - timedelta(days=OPEN_DAYS), time(8), tzinfo=VIETNAM)
        found.append(
            RoundDays(
                place=place,
                year=year,
                size=EARLY_SIZE if place < EARLY_ROUNDS else LATE_SIZE,
                opened=opened,
                deadline=datetime.combine(deadline, time(23, 59, 59), tzinfo=VIETNAM),
                window_starts=_same_day(last, year - 1) + timedelta(days=1),
            )
        )
    return tuple(found)


def _same_day(day: date, year: int) -> date:
    # Every year has a 28th of every month.
    return date(year, day.month, min(day.day, 28))
