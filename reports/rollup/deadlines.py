"""Until when each file was taken, and how far a day is from that."""

import uuid
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.deriving.days import day_of, end_of
from assessments.models import Assessment, DeadlineExtension
from assessments.querysets import FileStateQuerySet


def extended_deadlines(files: QuerySet[Assessment], as_of: date) -> dict[uuid.UUID, datetime]:
    """Per file, until when its first submission was taken by what was granted up to `as_of`."""
    granted = DeadlineExtension.objects.filter(
        assessment__in=files.order_by().values("pk"), granted_at__lte=end_of(as_of)
    ).order_by("pk")
    return dict(granted.values_list("assessment", "until"))


def with_extensions(states: FileStateQuerySet, as_of: date) -> FileStateQuerySet:
    """With the day until which a first submission was taken by what was granted up to `as_of`."""
    granted = DeadlineExtension.objects.filter(
        assessment=OuterRef("assessment"), granted_at__lte=end_of(as_of)
    )
    latest = granted.order_by("-pk").values("until")[:1]
    return states.annotate(extended_until=Subquery(latest))


def days_late(due_at: datetime, day: date) -> int:
    """How many days `day` is past the last day in time; 0 when it is not."""
    return max(0, (day - last_day_of(due_at)).days)


def days_left(due_at: datetime, day: date) -> int:
    """How many days there are from `day` to the last one in time; 0 when it is past."""
    return max(0, (last_day_of(due_at) - day).days)


def last_day_of(due_at: datetime) -> date:
    """The last day in time: a deadline at midnight closes with the day before it."""
    return day_of(due_at - timedelta(microseconds=1))
