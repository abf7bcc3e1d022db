"""Until when each file was taken, and how far a day is from that."""

import uuid
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from assessments.deriving.days import day_of, end_of
from assessments.models import Assessment, DeadlineExtension


def extended_deadlines(files: QuerySet[Assessment], as_of: date) -> dict[uuid.UUID, datetime]:
    """Per file, until when its first submission was taken by what was granted up to `as_of`."""
    granted = DeadlineExtension.objects.filter(
        assessment__in=files.order_by().values("pk"), granted_at__lte=end_of(as_of)
    ).order_by("pk")
    return dict(granted.values_list("assessment", "until"))


def days_late(due_at: datetime, day: date) -> int:
    """How many days `day` is past the last day in time; 0 when it is not."""
    return max(0, (day - last_day_of(due_at)).days)


def days_left(due_at: datetime, day: date) -> int:
    """How many days there are from `day` to the last one in time; 0 when it is past."""
    return max(0, (last_day_of(due_at) - day).days)


def last_day_of(due_at: datetime) -> date:
    """The last day in time: a deadline at midnight closes with the day before it."""
    return day_of(due_at - timedelta(microseconds=1))
