"""Where a file stood on a day, told by its changes of status and its submissions."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assessments.deriving.days import day_of
from assessments.models import Assessment, Submission, Transition
from assessments.workflow import CONCLUDED, EDITABLE, Status


@dataclass(frozen=True, slots=True)
class Step:
    """One change of status."""

    source: str
    target: str
    on: date

    @property
    def is_withdrawal(self) -> bool:
        """Whether the station took its file back."""
        return self.source == Status.SUBMITTED and self.target == Status.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One submission: the day, and what the station counted as met."""

    pk: int
    on: date
    met: int
    of: int


@dataclass(frozen=True, slots=True)
class FileHistory:
    """All that is known of one file, now; its methods answer for any day."""

    status: Status
    opened_on: date
    verified_on: date | None = None
    steps: tuple[Step, ...] = ()
    submissions: tuple[HandedIn, ...] = ()

    def last_step(self, day: date) -> Step | None:
        """The last change of status by this day."""
        return next((step for step in reversed(self.steps) if step.on <= day), None)

    def status_on(self, day: date) -> Status:
        """The status at the end of a day."""
        later = next((step for step in self.steps if step.on > day), None)
        if later is None:
            return self.status
        before = self.last_step(day)
        return Status(before.target if before else later.source)

    def since(self, day: date) -> date:
        """The day from which the status of `day` has held."""
        before = self.last_step(day)
        return before.on if before else self.opened_on

    def submission_on(self, day: date) -> HandedIn | None:
        """The latest submission by this day; None when nothing stands, or it was withdrawn."""
        before = self.last_step(day)
        if before is not None and before.is_withdrawal:
            return None
        return next((one for one in reversed(self.submissions) if one.on <= day), None)

    def handed_in_on(self, day: date) -> date | None:
        """The first day from which the file has been out of the station's hands, or was once."""
        handed_in: date | None = None
        for step in self.steps:
            if step.on > day:
                break
            if step.is_withdrawal:
                handed_in = None
            elif step.target == Status.SUBMITTED and step.source in EDITABLE:
                handed_in = handed_in or step.on
        if self.steps:
            return handed_in
        return next((one.on for one in self.submissions if one.on <= day), None)

    def verified_since(self, day: date) -> date | None:
        """The day of the province's conclusion that stands on `day`; None when none does."""
        if self.status_on(day) not in CONCLUDED:
            return None
        conclusions = [
            step.on
            for step in self.steps
            if step.on <= day
            and step.source == Status.UNDER_REVIEW
            and step.target == Status.VERIFIED
        ]
        concluded = conclusions[-1] if conclusions else self.verified_on
        return concluded if concluded is not None and concluded <= day else None


def load_histories(assessments: QuerySet[Assessment]) -> dict[uuid.UUID, FileHistory]:
    """The history of each of these files, in three queries."""
    chosen = list(assessments.values_list("pk", "status", "opened_at", "verified_at"))
    inside = assessments.order_by().values("pk")
    steps: dict[uuid.UUID, list[Step]] = defaultdict(list)
    made = Transition.objects.filter(assessment__in=inside).order_by("made_at", "pk")
    for pk, source, target, made_at in made.values_list(
        "assessment", "source", "target", "made_at"
    ):
        steps[pk].append(Step(source, target, day_of(made_at)))
    submissions: dict[uuid.UUID, list[HandedIn]] = defaultdict(list)
    for one in (
        Submission.objects.filter(assessment__in=inside).defer("snapshot").order_by("number")
    ):
        submissions[one.assessment_id].append(
            HandedIn(one.pk, day_of(one.submitted_at), one.met, one.of)
        )
    return {
        pk: FileHistory(
            status=Status(status),
            opened_on=day_of(opened_at),
            verified_on=day_of(verified_at) if verified_at else None,
            steps=tuple(steps[pk]),
            submissions=tuple(submissions[pk]),
        )
        for pk, status, opened_at, verified_at in chosen
    }
