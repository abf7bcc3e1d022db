"""What lies on each role's desk today, each in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from assessments.inheritances import OpenDecision, waiting_for
from assessments.models import Assessment, Selection
from assessments.workflow import Status
from criteria.models import Duty, Programme, Round
from reports.models import AnnualReport

QUEUE_SHOWN = 6
REPORTS_SHOWN = 3
ROUNDS_SHOWN = 4
PROPOSALS_SHOWN = 5
HANDED_IN = ~Q(status__in=[Status.NOT_STARTED, Status.IN_PROGRESS])


@dataclass(frozen=True, slots=True)
class Due:
    """How far a day is, in words and colour."""

    day: date
    days: int

    @property
    def words(self) -> str:
        """ "Còn 10 ngày", "Hạn hôm nay", "Quá hạn 3 ngày"."""
        if self.days > 0:
            return f"Còn {self.days} ngày"
        return "Hạn là hôm nay" if self.days == 0 else f"Quá hạn {-self.days} ngày"

    @property
    def state(self) -> str:
        """Colour: red once past, amber in the last week."""
        if self.days < 0:
            return "not-met"
        return "awaiting" if self.days <= 7 else "working"


def due_of(deadline: datetime, today: date) -> Due:
    """The last day on which handing in is in time."""
    last = timezone.localdate(deadline - timedelta(microseconds=1))
    return Due(last, (last - today).days)


@dataclass(frozen=True, slots=True)
class ReviewDesk:
    """The reviewer's queue in numbers, and what comes next."""

    waiting: int
    mine: int
    resubmitted: int
    oldest_days: int
    first: list[Assessment]


def review_desk(user: User, today: date) -> ReviewDesk:
    """What waits for this reviewer: resubmissions first, then the oldest."""
    queue = (
        Assessment.objects.awaiting(user)
        .filter(unit__province_id__in=user.scope.provinces)
        .in_review_queue()
    )
    counts = queue.order_by().aggregate(
        waiting=Count("pk", filter=Q(status=Status.SUBMITTED)),
        mine=Count("pk", filter=Q(status=Status.UNDER_REVIEW)),
        resubmitted=Count("pk", filter=Q(status=Status.SUBMITTED, submissions_made__gt=1)),
    )
    oldest = (
        queue.filter(status=Status.SUBMITTED)
        .order_by("submitted_at")
        .values_list("submitted_at", flat=True)
        .first()
    )
    return ReviewDesk(
        **counts,
        oldest_days=(today - timezone.localdate(oldest)).days if oldest else 0,
        first=list(queue.with_places()[:QUEUE_SHOWN]),
    )


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A round whose files are still on their way."""

    round: Round
    due: Due
    handed_in: int
    units: int


@dataclass(frozen=True, slots=True)
class CoordinationDesk:
    """What waits for the coordinator's decision, and how the rounds go."""

    verified: int
    proposed: int
    in_review: int
    rounds: list[OpenRound]
    reports: list[AnnualReport]
    inheritances: list[OpenDecision]


def coordination_desk(user: User, today: date) -> CoordinationDesk:
    """Decisions to take or record, rounds with files on the road, the latest reports."""
    files = Assessment.objects.filter(unit__province_id__in=user.scope.provinces)
    counts = files.order_by().aggregate(
        verified=Count("pk", filter=Q(status=Status.VERIFIED)),
        proposed=Count("pk", filter=Q(status=Status.PROPOSED)),
        in_review=Count("pk", filter=Q(status__in=[Status.SUBMITTED, Status.UNDER_REVIEW])),
    )
    rounds = list(
        Round.objects.filter(programme__province_id__in=user.scope.provinces)
        .select_related("programme")
        .newest_first()[:ROUNDS_SHOWN]
    )
    numbers = {
        pk: (handed_in, units)
        for pk, handed_in, units in Assessment.objects.filter(round__in=rounds)
        .order_by()
        .values_list("round")
        .annotate(handed_in=Count("pk", filter=HANDED_IN), units=Count("pk"))
    }
    reports = (
        AnnualReport.objects.filter(programme__province_id__in=user.scope.provinces)
        .select_related("programme")
        .defer("figures")
        .order_by("-requested_at")[:REPORTS_SHOWN]
    )
    open_rounds = [
        OpenRound(round_, due_of(round_.deadline, today), *numbers.get(round_.pk, (0, 0)))
        for round_ in rounds
    ]
    return CoordinationDesk(
        **counts,
        rounds=open_rounds,
        reports=list(reports),
        inheritances=waiting_for(user, today),
    )


def waiting_proposals(user: User) -> list[Selection]:
    """Lists of a year that wait for this leader, the oldest first."""
    found = Selection.objects.awaiting(user).with_counts()
    return list(
        found.select_related("programme", "proposed_by").order_by("proposed_at")[:PROPOSALS_SHOWN]
    )


@dataclass(frozen=True, slots=True)
class AgencyDuties:
    """What a programme asks of one's agency, and the next day by which its report is due."""

    programme: Programme
    due: Due | None
    duties: list[Duty]


def duty_desk(user: User, today: date) -> list[AgencyDuties]:
    """One's agency's duties by programme."""
    rows = (
        Duty.objects.visible_to(user)
        .filter(agency_id__in=user.scope.agencies)
        .select_related("programme", "agency__province")
    )
    by_programme: dict[int, list[Duty]] = defaultdict(list)
    for row in rows:
        by_programme[row.programme_id].append(row)
    return [
        AgencyDuties(duties[0].programme, _next_report(duties[0], today), duties)
        for duties in by_programme.values()
    ]


def _next_report(duty: Duty, today: date) -> Due | None:
    """The next last day in time: "trước ngày 15/11" is the eve; None when none is to come.

    Nothing is asked of an agency after the end of its province.
    """
    programme, province = duty.programme, duty.agency.province
    end = province.valid_to if province is not None else None
    for year in range(max(programme.starts, today.year), programme.ends + 1):
        due = programme.due_day(year)
        if due is not None and due > today and (end is None or due <= end):
            last = due - timedelta(days=1)
            return Due(last, (last - today).days)
    return None
