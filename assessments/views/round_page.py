"""One round with all of its files: who is where, who is late, what may be done about it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import Role, User
from assessments.deadlines import Deadline, full_words, time_left, weekend_note
from assessments.models import (
    Assessment,
    CriterionResult,
    DeadlineExtension,
    RoundLock,
    Submission,
    Transition,
)
from assessments.permissions import takes_care_of
from assessments.querysets import AssessmentQuerySet
from assessments.readiness import round_lock
from assessments.views.station_page import handed_in_words
from assessments.workflow import COLOUR, CONCLUDED, EDITABLE, Status
from criteria.models import Round

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class FileRow:
    """One unit's file as the coordinator follows it."""

    assessment: Assessment
    due: Deadline
    extended: bool
    active_at: datetime | None
    may_extend: bool


@dataclass(frozen=True, slots=True)
class StatusChip:
    """A filter with its count."""

    label: str
    count: int
    url: str
    state: str
    active: bool


class RoundPage:
    """One round as one person may see it.

    Raises:
        Http404: no such round within the person's reach.
    """

    def __init__(self, request: PortalRequest, pk: uuid.UUID) -> None:
        self.user: User = request.user
        reach = Round.objects.visible_to(self.user)
        self.round: Round = get_object_or_404(
            Round.objects.filter(pk__in=reach.values("pk")).select_related(
                "programme__province", "criteria_set", "opened_by"
            ),
            pk=pk,
        )

    @property
    def files(self) -> AssessmentQuerySet:
        """The files of the round that the person sees."""
        return Assessment.objects.visible_to(self.user).filter(round=self.round)

    @cached_property
    def lock(self) -> RoundLock | None:
        """What closes the round now."""
        return round_lock(self.round)

    @cached_property
    def coordinates(self) -> bool:
        """Whether the person looks after this round."""
        return takes_care_of(self.round, self.user, Role.COORDINATOR)

    @cached_property
    def may_confirm(self) -> bool:
        """Whether the person may be the second one who opens the figures again."""
        return (
            self.lock is not None
            and self.lock.requested_by is not None
            and self.lock.requested_by != self.user
            and takes_care_of(self.round, self.user, Role.COORDINATOR, Role.LEADER)
        )

    @property
    def may_withdraw_request(self) -> bool:
        """Whether the person asked for the figures to be opened again and may take that back."""
        return self.lock is not None and self.lock.requested_by == self.user and self.coordinates

    @property
    def deadline_words(self) -> str:
        """The round's own deadline in full."""
        return full_words(self.round.deadline)

    @property
    def weekend(self) -> str:
        """What to know when it falls on a weekend."""
        return weekend_note(self.round.deadline)

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"Kỳ đánh giá năm {self.round.year}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way to this round's pages."""
        return [(self.title, self.address("round"))]

    def address(self, name: str) -> str:
        """The address of a page of this round."""
        return reverse(name, args=[self.round.pk])

    def counts(self) -> dict[Status, int]:
        """How many files stand where, in the order of the road."""
        found = dict(self.files.order_by().values_list("status").annotate(number=Count("pk")))
        return {status: found[status] for status in Status if status in found}


@allow(*READERS)
@require_safe
def round_files(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """All files of the round, filtered by `?loc=`: a status, or those that are late."""
    page = RoundPage(request, pk)
    now = timezone.now()
    counts = page.counts()
    late = Q(status__in=EDITABLE, due_at__lt=now)
    chosen = request.GET.get("loc", "")
    if chosen not in {"", "qua-han", *Status.values}:
        raise BadRequest(f"Unknown filter {chosen!r}")
    files = page.files
    number_late = files.filter(late).count()
    if chosen == "qua-han":
        files = files.filter(late)
    elif chosen:
        files = files.filter(status=chosen)
    page_obj = Paginator(_with_activity(files), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page_obj.object_list)
    submissions = _latest_submissions(shown)
    may_extend = page.coordinates and page.lock is None
    return render(
        request,
        "assessments/rounds/round.html",
        {
            "page": page,
            "round": page.round,
            "rows": [
                _row(file, submissions.get(file.pk), now, may_extend=may_extend) for file in shown
            ],
            "page_obj": page_obj,
            "chips": _chips(page, counts, number_late, chosen),
            "total": sum(counts.values()),
            "handed_in": sum(number for status, number in counts.items() if status not in EDITABLE),
            "concluded": sum(number for status, number in counts.items() if status in CONCLUDED),
            "late": number_late,
            "may_extend": may_extend,
        },
    )


def _with_activity(files: AssessmentQuerySet) -> AssessmentQuerySet:
    """With the last change of status, the last change of an answer, and whether extended."""
    moved = (
        Transition.objects.filter(assessment=OuterRef("pk")).order_by("-pk").values("made_at")[:1]
    )
    edited = (
        CriterionResult.objects.filter(assessment=OuterRef("pk"))
        .order_by()
        .values("assessment")
        .annotate(latest=Max("updated_at"))
        .values("latest")
    )
    return files.with_places().annotate(
        moved_at=Subquery(moved),
        edited_at=Subquery(edited),
        extended=Exists(DeadlineExtension.objects.filter(assessment=OuterRef("pk"))),
    )


def _latest_submissions(files: list[Assessment]) -> dict[uuid.UUID, Submission]:
    found = Submission.objects.filter(assessment__in=files).defer("snapshot").order_by("number")
    return {one.assessment_id: one for one in found}


def _row(
    file: Assessment, latest: Submission | None, now: datetime, *, may_extend: bool
) -> FileRow:
    if latest is not None and not file.is_editable:
        due = Deadline(file.due_at, *handed_in_words(latest))
    else:
        due = time_left(file.due_at, now)
    moments = (file.moved_at, file.edited_at)  # type: ignore[attr-defined]
    return FileRow(
        assessment=file,
        due=due,
        extended=file.extended,  # type: ignore[attr-defined]
        active_at=max((one for one in moments if one is not None), default=None),
        may_extend=may_extend and file.status not in CONCLUDED,
    )


def _chips(page: RoundPage, counts: dict[Status, int], late: int, chosen: str) -> list[StatusChip]:
    here = page.address("round")
    found = [StatusChip("Tất cả", sum(counts.values()), here, "", not chosen)]
    if late or chosen == "qua-han":
        url = f"{here}?{urlencode({'loc': 'qua-han'})}"
        found.append(StatusChip("Quá hạn chưa nộp", late, url, "not-met", chosen == "qua-han"))
    for status in Status:
        if status in counts or status == chosen:
            url = f"{here}?{urlencode({'loc': status.value})}"
            state = COLOUR[status].removeprefix("state-")
            number = counts.get(status, 0)
            found.append(StatusChip(str(status.label), number, url, state, status == chosen))
    return found
