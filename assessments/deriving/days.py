"""Moments and days: facts are dated by the calendar of Vietnam, wherever the server stands."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: datetime) -> date:
    """The Vietnamese day on which a moment falls."""
    return moment.astimezone(VIETNAM).date()


def end_of(day: date) -> datetime:
    """The last moment of a Vietnamese day, to compare with `<=`."""
    return datetime.combine(day, time.max, tzinfo=VIETNAM)
