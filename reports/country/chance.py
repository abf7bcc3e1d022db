"""Chance that comes out the same every time: by the seed and by what it is about."""

import uuid
from datetime import date, datetime, time, timedelta
from random import Random

from assessments.deriving.days import VIETNAM

SPACE = uuid.UUID("6f1d3f0a-6f53-4a57-9c3b-52d6a1c7e0aa")
"""The name space of the keys of all generated rows."""

FRIDAY = 4


def dice(seed: int, *about: object) -> Random:
    """Dice of their own for one subject, so that more of the one does not change the other."""
    return Random(_named(seed, about))  # noqa: S311 -- sample data, nothing is kept secret by it


def key_of(seed: int, *about: object) -> uuid.UUID:
    """The primary key of one subject, the same for the same seed."""
    return uuid.uuid5(SPACE, _named(seed, about))


def moment_after(random: Random, moment: datetime, least: int, most: int) -> datetime:
    """A moment in office hours, so many days later or on the Monday after."""
    day = moment.astimezone(VIETNAM).date() + timedelta(days=random.randint(least, most))
    weekend = 7 - day.weekday() if day.weekday() > FRIDAY else 0
    return _in_office_hours(random, day + timedelta(days=weekend))


def moment_before(random: Random, moment: datetime, most: int) -> datetime:
    """A moment in office hours on one of the days before, or on the Friday before that."""
    day = moment.astimezone(VIETNAM).date() - timedelta(days=random.randint(1, most))
    return _in_office_hours(random, day - timedelta(days=max(0, day.weekday() - FRIDAY)))


def _in_office_hours(random: Random, day: date) -> datetime:
    minutes = random.randrange(8 * 60)
    return datetime.combine(day, time(8), tzinfo=VIETNAM) + timedelta(minutes=minutes)


def _named(seed: int, about: tuple[object, ...]) -> str:
    return ":".join(str(one) for one in (seed, *about))
