"""The working calendar of Vietnam: which days are worked, and how many lie between two days.

Saturdays and Sundays are free; `Holiday` rows add the public holidays and the Saturdays worked in
exchange, as they were announced. A year nothing is known of has only its weekends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from wards.models import Holiday

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that depart from the ordinary week; loaded once, asked any number of times."""

    free: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def of(cls, holidays: Iterable[tuple[date, bool]]) -> Self:
        """From days, each with whether it is worked."""
        known = list(holidays)
        return cls(
            frozenset(on for on, is_worked in known if not is_worked),
            frozenset(on for on, is_worked in known if is_worked),
        )

    @classmethod
    def load(cls, first: date | None = None, last: date | None = None) -> Self:
        """What is known of the days from `first` to `last`, in one query."""
        holidays = Holiday.objects.order_by()
        if first is not None:
            holidays = holidays.filter(on__gte=first)
        if last is not None:
            holidays = holidays.filter(on__lte=last)
        return cls.of(holidays.values_list("on", "is_working_day"))

    @property
    def years(self) -> frozenset[int]:
        """The years anything is known of."""
        return frozenset(on.year for on in self.free | self.worked)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.free

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that is the `count`-th after `day`; `day` itself is not counted.

        Raises:
            ValueError: `count` is less than one.
        """
        if count < 1:
            raise ValueError(f"not a number of working days: {count}")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` up to and with `last`; 0 when it is not later."""
        span = max(0, (last - first).days)
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range(1, span + 1))


def is_working_day(day: date) -> bool:
    """Whether `day` is worked, in one query."""
    return WorkingCalendar.load(day, day).is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """The working day that is the `count`-th after `day` (not counting it), in one query.

    Raises:
        ValueError: `count` is less than one.
    """
    return WorkingCalendar.load(day).add_working_days(day, count)


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and with `last`, in one query."""
    return WorkingCalendar.load(first, last).working_days_between(first, last)
