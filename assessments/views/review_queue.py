"""The queue of the province's review: who waits, how long, for whom; narrowed by the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import Role, User
from assessments.actions.assigning_reviews import reviewers_of
from assessments.forms.review_queue import MINE, NOBODY, AssignForm, QueueFilterForm
from assessments.models import Assessment, Submission, Transition
from assessments.workflow import Status
from criteria.models import Round
from criteria.scale import COUNTS_AS_MET
from wards.names import search_key

PER_PAGE = 20
RECENT = 10
PARAMETERS = frozenset({"tt", "ai", "lai", "q", "ky", "page"})
TITLES_OF_DISTRICTS = frozenset({"tp", "tx"})
"""Short words before the name of a district, which stand in no name."""

TIMES_RETURNED = Coalesce(
    Subquery(
        Transition.objects.filter(assessment=OuterRef("pk"), target=Status.RETURNED)
        .order_by()
        .values("assessment")
        .annotate(times=Count("pk"))
        .values("times")
    ),
    0,
)
"""How often a file was returned: counted for the rows of a page alone, not for the whole queue."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One file in the queue, with its latest submission."""

    assessment: Assessment
    submission: Submission | None
    waiting_days: int
    times_returned: int
    may_claim: bool
    may_assign: bool
    is_mine: bool

    @property
    def is_for_me(self) -> bool:
        """Assigned to the one who looks, who has not taken it up yet."""
        return self.is_mine and self.assessment.status == Status.SUBMITTED


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with its count; pressing it again takes it away."""

    label: str
    count: int
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How much lies with one reviewer."""

    reviewer: User
    waiting: int
    under_review: int
    resubmitted: int
    oldest_days: int
    url: str

    @property
    def total(self) -> int:
        """All files of this reviewer in the queue."""
        return self.waiting + self.under_review


def _named(text: str) -> Q:
    """Units whose own name or district holds every word, whatever the diacritics."""
    wanted = Q()
    for word in search_key(text).split():
        if word not in TITLES_OF_DISTRICTS:
            wanted &= Q(unit__search_key__contains=word) | Q(
                unit__district__search_key__contains=word
            )
    return wanted


def _whose(value: str, user: User) -> Q:
    if value == NOBODY:
        return Q(reviewer__isnull=True)
    return Q(reviewer=user) if value == MINE else Q(reviewer_id=int(value))


def _facets(chosen: dict[str, str], user: User) -> dict[str, Q]:
    """What each filter of the address asks for."""
    found = {}
    if chosen["tt"]:
        found["tt"] = Q(status=chosen["tt"])
    if chosen["ai"]:
        found["ai"] = _whose(chosen["ai"], user)
    if chosen["lai"]:
        found["lai"] = Q(submissions_made__gt=1)
    if chosen["q"]:
        found["q"] = _named(chosen["q"])
    if chosen["ky"]:
        found["ky"] = Q(round_id=chosen["ky"])
    return found


def _all_but(facets: dict[str, Q], name: str) -> Q:
    wanted = Q()
    for other, asked in facets.items():
        if other != name:
            wanted &= asked
    return wanted


def with_latest_submission(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """Each with its latest submission as `latest`, without the frozen content, in one query."""
    latest = (
        Submission.objects.filter(number=F("assessment__submissions_made"))
        .defer("snapshot")
        .annotate(
            reviewed=Count("verdicts"),
            found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)),
        )
    )
    return assessments.prefetch_related(Prefetch("submissions", latest, to_attr="latest"))


def _latest(assessment: Assessment) -> Submission | None:
    found: list[Submission] = assessment.latest  # type: ignore[attr-defined]
    return found[0] if found else None


def _waiting_days(submitted_at: datetime | None, today: date) -> int:
    return (today - timezone.localdate(submitted_at)).days if submitted_at else 0


def _row(assessment: Assessment, request: PortalRequest, today: date) -> QueueRow:
    user = request.user
    province = assessment.unit.province_id
    is_free = assessment.reviewer_id in {None, user.pk}
    return QueueRow(
        assessment=assessment,
        submission=_latest(assessment),
        waiting_days=_waiting_days(assessment.submitted_at, today),
        times_returned=assessment.times_returned,  # type: ignore[attr-defined]
        may_claim=assessment.status == Status.SUBMITTED
        and is_free
        and user.scope.serves(Role.REVIEWER, province)
        and assessment.unit_id not in user.scope.units,
        may_assign=user.scope.serves(Role.COORDINATOR, province),
        is_mine=assessment.reviewer_id == user.pk,
    )


def _address(params: QueryDict, **changed: str) -> str:
    """The address with some filters changed; an empty one is left out, and so is the page."""
    copy = params.copy()
    copy.pop("page", None)
    for name, value in changed.items():
        if value:
            copy[name] = value
        else:
            copy.pop(name, None)
    return f"{reverse('review_queue')}?{copy.urlencode()}"


def _chips(
    request: PortalRequest, queue: QuerySet[Assessment], chosen: dict[str, str]
) -> tuple[list[Chip], int]:
    """The filters to press with their counts, and how many files there are at all; one query.

    A count is that of the list one would get: under all other filters chosen.
    """
    offered = [
        ("tt", Status.SUBMITTED.value, "Chờ nhận"),
        ("tt", Status.UNDER_REVIEW.value, "Đang thẩm định"),
        *([("ai", MINE, "Của tôi")] if Role.REVIEWER in request.roles else []),
        ("ai", NOBODY, "Chưa giao ai"),
        ("lai", "1", "Nộp lại"),
    ]
    user = request.user
    facets = _facets(chosen, user)
    wanted = [
        _all_but(facets, name) & _facets({**dict.fromkeys(chosen, ""), name: value}, user)[name]
        for name, value, _ in offered
    ]
    counts = queue.order_by().aggregate(
        total=Count("pk"),
        **{f"chip_{n}": Count("pk", filter=asked) for n, asked in enumerate(wanted)},
    )
    chips = [Chip("Tất cả", counts["total"], reverse("review_queue"), not facets)]
    for n, (name, value, label) in enumerate(offered):
        active = chosen[name] == value
        url = _address(request.GET, **{name: "" if active else value})
        chips.append(Chip(label, counts[f"chip_{n}"], url, active))
    return chips, counts["total"]


def _loads(queue: QuerySet[Assessment], reviewers: list[User], today: date) -> list[Load]:
    """How much lies with each reviewer, the least burdened first; one query."""
    counted = {
        row["reviewer"]: row
        for row in queue.filter(reviewer__isnull=False)
        .order_by()
        .values("reviewer")
        .annotate(
            waiting=Count("pk", filter=Q(status=Status.SUBMITTED)),
            under_review=Count("pk", filter=Q(status=Status.UNDER_REVIEW)),
            resubmitted=Count("pk", filter=Q(submissions_made__gt=1)),
            oldest=Min("submitted_at"),
        )
    }
    nothing: dict[str, Any] = {"waiting": 0, "under_review": 0, "resubmitted": 0, "oldest": None}
    loads = []
    for one in reviewers:
        row: Mapping[str, Any] = counted.get(one.pk, nothing)
        loads.append(
            Load(
                one,
                row["waiting"],
                row["under_review"],
                row["resubmitted"],
                _waiting_days(row["oldest"], today),
                f"{reverse('review_queue')}?ai={one.pk}",
            )
        )
    return sorted(loads, key=lambda load: load.total)


def queue_page(
    request: PortalRequest,
    *,
    assigning: AssignForm | None = None,
    refusals: list[str] | None = None,
    ticked: set[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The queue, also shown again with why something was not done and what was ticked.

    Raises:
        BadRequest: the address holds a filter or a value that is not offered.
    """
    user, today = request.user, timezone.localdate()
    if not request.GET.keys() <= PARAMETERS:
        raise BadRequest("Unknown parameter")
    visible = Assessment.objects.visible_to(user)
    queue = visible.in_review_queue()
    reviewers = list(reviewers_of(user.scope.provinces, now=timezone.now()))
    rounds = Round.objects.filter(pk__in=queue.order_by().values("round")).select_related(
        "programme"
    )
    form = QueueFilterForm(
        request.GET,
        reviewers=reviewers,
        rounds=[(str(one.pk), str(one)) for one in rounds],
        me=user if Role.REVIEWER in request.roles else None,
    )
    if not form.is_valid():
        raise BadRequest(f"Unknown filter: {form.errors.as_json()}")
    chosen: dict[str, str] = form.cleaned_data
    chips, total = _chips(request, queue, chosen)
    mine_first = Case(When(status=Status.SUBMITTED, reviewer=user, then=0), default=1)
    shown = with_latest_submission(
        queue.filter(_all_but(_facets(chosen, user), ""))
        .with_places()
        .order_by(mine_first, *queue.query.order_by)
    ).annotate(times_returned=TIMES_RETURNED)
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    coordinates = Role.COORDINATOR in request.roles
    rows = [_row(one, request, today) for one in page.object_list]
    concluded = with_latest_submission(
        visible.filter(verified_at__isnull=False)
        .with_places()
        .select_related("verified_by")
        .order_by("-verified_at", "pk")
    )[:RECENT]
    context: dict[str, Any] = {
        "rows": rows,
        "page_obj": page,
        "chips": chips,
        "filter": form,
        "selects": [form["ai"], *([form["ky"]] if len(rounds) > 1 else [])],
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "total": total,
        "loads": _loads(queue, reviewers, today) if coordinates else [],
        "assigning": (assigning or AssignForm(reviewers=reviewers)) if coordinates else None,
        "may_claim_many": any(row.may_claim for row in rows),
        "refusals": refusals or [],
        "ticked": ticked or set(),
        "address": request.GET.urlencode(),
        "concluded": [(one, _latest(one)) for one in concluded],
    }
    return render(request, "assessments/review/queue.html", context, status=status)


@allow(*READERS)
@require_safe
def review_queue(request: PortalRequest) -> HttpResponse:
    """Files waiting for review: one's own first, then resubmissions, then the oldest."""
    return queue_page(request)
