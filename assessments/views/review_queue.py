"""The queue of the province's review: who waits, how long, and taking or putting back a file."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import READERS, NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions import reviewing
from assessments.models import Assessment, Submission
from assessments.views.review_page import fetch
from assessments.workflow import CONCLUDED, Status
from criteria.scale import COUNTS_AS_MET

PER_PAGE = 20
RECENT = 10


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One file in the queue, with its latest submission."""

    assessment: Assessment
    submission: Submission | None
    waiting_days: int
    times_returned: int
    may_claim: bool
    is_mine: bool


def _filters(request: PortalRequest) -> dict[str, tuple[str, Q]]:
    mine = {"mine": ("Của tôi", Q(reviewer=request.user))}
    return {
        "all": ("Tất cả", Q()),
        "waiting": ("Chờ nhận", Q(status=Status.SUBMITTED)),
        **(mine if Role.REVIEWER in request.roles else {}),
        "under_review": ("Đang thẩm định", Q(status=Status.UNDER_REVIEW)),
        "resubmitted": ("Nộp lại", Q(submissions_made__gt=1)),
    }


def _with_latest_submission(
    assessments: QuerySet[Assessment],
) -> QuerySet[Assessment]:
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
    return QueueRow(
        assessment=assessment,
        submission=_latest(assessment),
        waiting_days=_waiting_days(assessment.submitted_at, today),
        times_returned=assessment.times_returned,  # type: ignore[attr-defined]
        may_claim=assessment.status == Status.SUBMITTED
        and Role.REVIEWER in request.roles
        and assessment.unit.province_id in user.scope.provinces
        and assessment.unit_id not in user.scope.units,
        is_mine=assessment.reviewer_id == user.pk,
    )


def _page(request: PortalRequest) -> HttpResponse:
    filters = _filters(request)
    chosen = request.GET.get("loc", "all")
    if chosen not in filters:
        raise BadRequest(f"Unknown filter {chosen!r}")
    visible = Assessment.objects.visible_to(request.user)
    queue = visible.in_review_queue()
    counts = queue.order_by().aggregate(
        **{f"in_{name}": Count("pk", filter=wanted) for name, (_, wanted) in filters.items()}
    )
    shown = _with_latest_submission(queue.filter(filters[chosen][1]).with_places()).annotate(
        times_returned=Count("transitions", filter=Q(transitions__target="returned"))
    )
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    concluded = _with_latest_submission(
        visible.filter(status__in=CONCLUDED)
        .with_places()
        .select_related("verified_by")
        .order_by("-verified_at", "pk")
    )[:RECENT]
    return render(
        request,
        "assessments/review/queue.html",
        {
            "rows": [_row(one, request, today) for one in page.object_list],
            "page_obj": page,
            "chips": [
                (name, label, counts[f"in_{name}"], name == chosen)
                for name, (label, _) in filters.items()
            ],
            "chosen": chosen,
            "total": counts["in_all"],
            "concluded": [(one, _latest(one)) for one in concluded],
        },
    )


@allow(*READERS)
@require_safe
def review_queue(request: PortalRequest) -> HttpResponse:
    """Files waiting for review: resubmissions first, then the oldest."""
    return _page(request)


@allow(Role.REVIEWER)
@require_POST
def review_claim(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a file for review and open it."""
    assessment = fetch(request, pk)
    # A second press of the same person finds what the first one did.
    if not (assessment.status == Status.UNDER_REVIEW and assessment.reviewer_id == request.user.pk):
        try:
            reviewing.claim(assessment, by=request.user, now=timezone.now())
        except NotReady as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(
                request, f"Đồng chí đã nhận thẩm định phiếu của {assessment.unit.full_name}."
            )
    return redirect("review", pk)


@allow(Role.REVIEWER, Role.COORDINATOR)
@require_POST
def review_release(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a file back into the queue; verdicts given so far stay."""
    assessment = fetch(request, pk)
    try:
        reviewing.release(assessment, by=request.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
        return redirect("review", pk)
    messages.success(
        request,
        f"Phiếu của {assessment.unit.full_name} đã về hàng chờ; "
        "kết quả thẩm định đã ghi vẫn được giữ.",
    )
    return redirect("review_queue")
