"""Which files are still to come, and which reminder of each has come due.

A file has slots: 30, 14, 7, 3 and 1 days before it is due, the day after, then every week. When
nobody asked on a slot's day it is sent late, but only the latest of those missed. A slot that lay
behind already when the file got its due time (opened, extended, returned) is not sent: the person
was told the due time that very day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import timezone

from assessments.models import Assessment, DeadlineExtension, RoundLock, Transition
from assessments.workflow import EDITABLE, Status

DAYS_BEFORE = (30, 14, 7, 3, 1)
WEEK = 7
WEEKS_LATE = 8
"""After so many weeks a file that never came is the coordinator's to settle, not a reminder's."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One occasion to remind: its day and its name within the file's due time."""

    day: date
    name: str


def slot_on(today: date, due: date) -> Slot | None:
    """The latest slot that has come by `today`, or None before the first and after the last."""
    left = (due - today).days
    if left < 0:
        week = (-left - 1) // WEEK
        if week > WEEKS_LATE:
            return None
        late = 1 + week * WEEK
        return Slot(due + timedelta(days=late), f"late-{late}")
    reached = [days for days in DAYS_BEFORE if days >= left]
    if not reached:
        return None
    return Slot(due - timedelta(days=min(reached)), str(min(reached)))


@dataclass(frozen=True)
class Due:
    """A file that is still to be handed in, as it stands on a day."""

    assessment: Assessment
    today: date
    told_on: date
    """When the station last learnt the due time from the portal itself."""

    @cached_property
    def on(self) -> date:
        """The last day on which the file is in time."""
        return timezone.localdate(self.assessment.due_at - timedelta(microseconds=1))

    @property
    def days_left(self) -> int:
        """Days to the due day; negative once it has passed."""
        return (self.on - self.today).days

    @cached_property
    def slot(self) -> Slot | None:
        """The slot to be sent by today, unless the station was told on that day or later."""
        found = slot_on(self.today, self.on)
        return found if found is not None and found.day > self.told_on else None

    @property
    def key(self) -> str:
        """Names the slot: the same file, due time and slot are told once."""
        slot = self.slot.name if self.slot else ""
        return f"reminder:{self.assessment.pk}:{self.on.isoformat()}:{slot}"

    @property
    def words(self) -> str:
        """How long is left, or how late it is."""
        if self.days_left < 0:
            return f"đã quá hạn {-self.days_left} ngày"
        return f"còn {self.days_left} ngày" if self.days_left else "hạn là hôm nay"


def plan(*, now: datetime) -> list[Due]:
    """Every file still to be handed in, by province; those with a slot are to be reminded."""
    today = timezone.localdate(now)
    locked = RoundLock.objects.filter(round=OuterRef("round"), unlocked_at__isnull=True)
    extended = (
        DeadlineExtension.objects.filter(assessment=OuterRef("pk"))
        .order_by()
        .values("assessment")
        .annotate(last=Max("granted_at"))
        .values("last")
    )
    returned = (
        Transition.objects.filter(assessment=OuterRef("pk"), target=Status.RETURNED)
        .order_by()
        .values("assessment")
        .annotate(last=Max("made_at"))
        .values("last")
    )
    files = (
        Assessment.objects.filter(
            ~Exists(locked),
            status__in=EDITABLE,
            due_at__gte=now - timedelta(weeks=WEEKS_LATE + 2),
            due_at__lte=now + timedelta(days=max(DAYS_BEFORE) + 1),
        )
        .with_places()
        .annotate(extended=Subquery(extended), returned=Subquery(returned))
        .order_by("unit__province_id", "due_at", "unit__sort_key", "unit__code")
    )
    return [
        Due(
            file,
            today,
            max(timezone.localdate(at) for at in _told(file) if at is not None),
        )
        for file in files
    ]


def _told(file: Assessment) -> tuple[datetime | None, ...]:
    """When the due time was set: on opening, by an extension, by the return."""
    return (file.opened_at, file.extended, file.returned)  # type: ignore[attr-defined]
