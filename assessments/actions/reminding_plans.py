"""Reminders of what was planned: acts of improvement plans, and visits without a result.

Acts due on one day are one notice: of the station's own to its commander, of agencies' acts to the
province's coordinators. Each is sent once, 7 days before and again when the day has passed; when
nobody asked on that day it is sent late, as long as it still says something.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, Role, User
from assessments.actions.audience import short
from assessments.models import OPEN_STATES, Inspection, Remedy, RemedyOwner
from wards.lineage import Lineage
from wards.models import Posting

DAYS_BEFORE = 7
DAYS_AFTER = 14
"""So long after the day a reminder that was missed is still sent."""
LISTED = 20

Told = TypeVar("Told")
Place = tuple[str, object]
People = Mapping[Place, list[User]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Acts due on one day whose reminder goes to one place: a unit, or a province."""

    place: Place
    due_on: date
    is_late: bool
    remedies: list[Remedy]

    @property
    def key(self) -> str:
        """Names the reminder: the same place, day and slot are told once."""
        slot = "late" if self.is_late else "near"
        return f"remedy-{slot}:{self.place[0]}:{self.place[1]}:{self.due_on.isoformat()}"


def remind(*, now: datetime) -> int:
    """Send what has come due and was not sent; how many reminders were written."""
    today = timezone.localdate(now)
    return _remind_remedies(today, now) + _remind_inspections(today, now)


def _remind_remedies(today: date, now: datetime) -> int:
    batches = _fresh({one.key: one for one in _batches(today)})
    serving = _serving(today, [batch.place for batch in batches])
    with transaction.atomic():
        told = [
            _tell_remedies(batch, serving.get(batch.place, []), today, now) for batch in batches
        ]
    return sum(told)


def _batches(today: date) -> list[Batch]:
    """Open acts by who is reminded, and whether their day is near or has passed."""
    rows = (
        Remedy.objects.filter(
            state__in=OPEN_STATES,
            due_on__gte=today - timedelta(days=DAYS_AFTER),
            due_on__lte=today + timedelta(days=DAYS_BEFORE),
        )
        .select_related("unit__district", "unit__province", "criterion", "agency")
        .order_by("due_on", "unit__sort_key", "criterion__position", "pk")
    )
    found: dict[tuple[Place, date], list[Remedy]] = defaultdict(list)
    lineage = Lineage.load(one.unit for one in rows) if rows else None
    for remedy in rows:
        for place in _places(remedy, lineage, today) if lineage else ():
            found[place, remedy.due_on].append(remedy)
    return [
        Batch(place, due_on, due_on < today, remedies)
        for (place, due_on), remedies in found.items()
    ]


def _places(remedy: Remedy, lineage: Lineage, today: date) -> Iterable[Place]:
    """The units that the remedy's unit is by now, or for an agency's act their provinces."""
    units = [lineage.units[pk] for pk in sorted(lineage.on(remedy.unit, today))]
    if remedy.owner == RemedyOwner.STATION:
        return [("unit", unit.pk) for unit in units]
    return dict.fromkeys(("province", unit.province_id) for unit in units)


def _tell_remedies(batch: Batch, people: list[User], today: date, now: datetime) -> bool:
    first = batch.remedies[0]
    whose = "của cơ quan " if first.owner == RemedyOwner.AGENCY else ""
    days = (batch.due_on - today).days
    left = f"còn {days} ngày" if days else "hạn là hôm nay"
    when = f"đã quá hạn {-days} ngày" if batch.is_late else left
    lines = [_line(one) for one in batch.remedies[:LISTED]]
    if len(batch.remedies) > LISTED:
        lines.append(f"… và {len(batch.remedies) - LISTED} việc khác.")
    notices.tell(
        people,
        key=batch.key,
        event="remedy_overdue" if batch.is_late else "remedy_due",
        title=f"{len(batch.remedies)} việc khắc phục {whose}{when} (hạn {batch.due_on:%d/%m/%Y})",
        body="\n".join(lines),
        path=_plan_address(batch),
        now=now,
    )
    return bool(people)


def _plan_address(batch: Batch) -> str:
    """Where the acts are; a unit that came from another reads its own pages only."""
    first = batch.remedies[0]
    if batch.place[0] == "province":
        return reverse("remedy_list")
    own = batch.place == ("unit", first.unit_id)
    return reverse("remedies", args=[first.assessment_id]) if own else reverse("home")


def _line(remedy: Remedy) -> str:
    who = f" ({remedy.agency})" if remedy.agency else ""
    return f"- {remedy.unit.heading_name}, {remedy.criterion.code}: {short(remedy.action)}{who}"


def _remind_inspections(today: date, now: datetime) -> int:
    late = (
        Inspection.objects.filter(
            done_on__isnull=True,
            cancelled_on__isnull=True,
            planned_for__gte=today - timedelta(days=DAYS_AFTER),
            planned_for__lt=today,
        )
        .with_places()
        .order_by("planned_for", "pk")
    )
    fresh = _fresh({_overdue_key(one): one for one in late})
    places: list[Place] = [("province", one.unit.province_id) for one in fresh]
    serving = _serving(today, places)
    with transaction.atomic():
        for one, place in zip(fresh, places, strict=True):
            notices.tell(
                serving.get(place, []),
                key=_overdue_key(one),
                event="inspection_overdue",
                title=f"{one.unit.heading_name}: cuộc {one.get_kind_display().lower()} ngày "
                f"{one.planned_for:%d/%m/%Y} chưa có kết quả",
                body=f"Cơ quan, đoàn tiến hành: {one.team}.\n"
                "Đồng chí ghi kết quả, đổi ngày hoặc hủy cuộc này.",
                path=reverse("inspection", args=[one.pk]),
                now=now,
            )
    return sum(bool(serving.get(place)) for place in places)


def _overdue_key(inspection: Inspection) -> str:
    return f"inspection-overdue:{inspection.pk}:{inspection.planned_for.isoformat()}"


def _fresh(by_key: Mapping[str, Told]) -> list[Told]:
    """Those whose reminder nobody has got yet."""
    sent = set(Notice.objects.filter(key__in=list(by_key)).order_by().values_list("key", flat=True))
    return [one for key, one in by_key.items() if key not in sent]


def _serving(day: date, places: Iterable[Place]) -> People:
    """Commanders by their unit and coordinators by their province, in one query."""
    wanted = set(places)
    units = [pk for kind, pk in wanted if kind == "unit"]
    provinces = [pk for kind, pk in wanted if kind == "province"]
    postings = (
        Posting.objects.active_on(day)
        .filter(
            Q(role=Role.COMMANDER, unit__in=units)
            | Q(role=Role.COORDINATOR, province__in=provinces),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )
    found: dict[Place, list[User]] = defaultdict(list)
    for posting in postings if wanted else ():
        unit = posting.role == Role.COMMANDER
        place: Place = ("unit", posting.unit_id) if unit else ("province", posting.province_id)
        found[place].append(posting.user)
    return found
