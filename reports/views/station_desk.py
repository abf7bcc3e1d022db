"""The files of a station as its people find them on the home page."""

import uuid
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.deadlines import full_words, late_sentence
from assessments.models import Assessment, CriterionResult, Decision, Transition, Verdict
from assessments.workflow import EDITABLE, Status
from criteria.scale import COUNTS_AS_MET, Outcome
from reports.views.desk import Due, due_of


@dataclass
class StationFile:
    """One file of the station: how far it is, what the reviewer said, the one main button."""

    assessment: Assessment
    due: Due
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    comment: str = ""
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def due_words(self) -> str:
        """The file's own deadline in full."""
        return full_words(self.assessment.due_at)

    @property
    def late(self) -> str:
        """Why the draft cannot be handed in any more (MLATE); empty while it can."""
        if self.is_editable and timezone.now() > self.assessment.due_at:
            return late_sentence(self.assessment.due_at)
        return ""

    @property
    def total(self) -> int:
        """How many criteria there are."""
        return sum(self.outcomes.values())

    @property
    def answered(self) -> int:
        """How many criteria have a result."""
        return self.total - self.outcomes.get(Outcome.UNANSWERED, 0)

    @property
    def tally(self) -> list[tuple[Outcome, int]]:
        """How many criteria have come to each of the four words."""
        met = sum(self.outcomes.get(outcome, 0) for outcome in COUNTS_AS_MET)
        others = (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED)
        return [(Outcome.MET, met), *((one, self.outcomes.get(one, 0)) for one in others)]

    @property
    def is_returned(self) -> bool:
        """Whether the reviewer sent it back."""
        return self.assessment.status == Status.RETURNED

    @property
    def is_editable(self) -> bool:
        """Whether the next act is the station's."""
        return self.assessment.status in EDITABLE

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has a result."""
        return bool(self.total) and self.answered == self.total

    @property
    def action(self) -> str:
        """The words of the main button."""
        match self.assessment.status:
            case Status.NOT_STARTED:
                return "Bắt đầu tự đánh giá"
            case Status.RETURNED:
                return "Sửa theo ý kiến"
            case Status.IN_PROGRESS:
                return "Kiểm tra và nộp" if self.is_complete else "Tiếp tục tự đánh giá"
            case Status.SUBMITTED:
                return "Xem biên nhận"
            case _:
                return "Xem phiếu"

    @property
    def url(self) -> str:
        """Where the main button leads."""
        status = self.assessment.status
        name = "assessment"
        if status == Status.IN_PROGRESS and self.is_complete:
            name = "check"
        elif status == Status.SUBMITTED:
            name = "receipt"
        return reverse(name, args=[self.assessment.pk])


@dataclass(frozen=True, slots=True)
class StationDesk:
    """Files that wait for the station, and the others."""

    waiting: list[StationFile]
    others: list[StationFile]


def station_desk(user: User, today: date) -> StationDesk:
    """The station's files: returned ones first, then what is due soonest, then the rest."""
    returns = Transition.objects.filter(assessment=OuterRef("pk"), target=Status.RETURNED)
    rows = list(
        Assessment.objects.filter(unit_id__in=user.scope.units)
        .with_places()
        .annotate(returned_with=Subquery(returns.order_by("-pk").values("comment")[:1]))
        .order_by("-round__year", "unit__sort_key")
    )
    files = {
        row.pk: StationFile(row, due_of(row.due_at, today), comment=said_of(row)) for row in rows
    }
    _count_answers(files)
    _quote_reviewers(files)
    waiting = [one for one in files.values() if one.is_editable]
    waiting.sort(key=lambda one: (not one.is_returned, one.due.day))
    return StationDesk(waiting, [one for one in files.values() if not one.is_editable])


def said_of(row: Assessment) -> str:
    """The reviewer's words of the last return of a file that is returned."""
    said = getattr(row, "returned_with", None)
    return said or "" if row.status == Status.RETURNED else ""


def _count_answers(files: dict[uuid.UUID, StationFile]) -> None:
    counts = (
        CriterionResult.objects.filter(assessment__in=list(files))
        .order_by()
        .values_list("assessment", "outcome")
        .annotate(number=Count("pk"))
    )
    for pk, outcome, number in counts:
        files[pk].outcomes[Outcome(outcome)] = number


def _quote_reviewers(files: dict[uuid.UUID, StationFile]) -> None:
    """Put the reviewer's words on each criterion on returned files."""
    returned = [pk for pk, one in files.items() if one.is_returned]
    asked = Verdict.objects.filter(
        submission__assessment__in=returned,
        submission__number=F("submission__assessment__submissions_made"),
        decision=Decision.MORE,
    )
    for pk, code, comment in asked.values_list(
        "submission__assessment", "criterion__code", "comment"
    ):
        files[pk].reasons.append((code, comment))
