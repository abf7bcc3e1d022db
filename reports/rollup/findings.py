"""What the station found and what the reviewer ruled, as known at the end of a day."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, JSONField, OuterRef, Q, Subquery, When

from assessments.deriving.days import day_of, end_of
from assessments.models import CriterionResult, Submission, Transition
from assessments.querysets import FileStateQuerySet
from assessments.workflow import CONCLUDED, Status
from criteria.scale import settled
from reports.rollup.blockers import Blocker, Finding, Ruling, find_blockers
from reports.rollup.contested import verdicts_on
from reports.rollup.frame import Frame
from reports.rollup.rows import StateRow

TOLD = (CONCLUDED | {Status.RETURNED}) - {Status.RECOGNISED}
"""Where the station knows what the reviewer ruled; nothing is ahead of a recognised file."""
SAID = {Status.RETURNED, Status.NOT_RECOGNISED}
"""Where the words of the last step tell what is in the way of the file as a whole."""
BASIS = ("assessment__opened_at", "said", "submission", "submitted_at", "snapshot")
"""The columns of a `Basis` beside its row."""

ByCode = dict[str, Finding]


@dataclass(frozen=True, slots=True)
class Basis:
    """One file at the end of a day: what its answers and verdicts have to be read with.

    The last submission is told where it matters: where the station knows the rulings on it, and
    where an answer was given later than the day, so that what was handed in is read instead of it.
    """

    row: StateRow
    opened_at: datetime
    said: str | None
    submission: int | None
    submitted_at: datetime | None
    snapshot: Mapping[str, Any] | None


def with_bases(states: FileStateQuerySet, *, as_of: date) -> FileStateQuerySet:
    """With the columns of a `Basis`."""
    of_file = {"assessment": OuterRef("assessment")}
    last = Submission.objects.filter(submitted_at__lte=end_of(as_of), **of_file).order_by("-number")
    step = Transition.objects.filter(made_at__lte=end_of(as_of), **of_file).order_by(
        "-made_at", "-pk"
    )
    changed_later = Q(assessment__draft_changed_on__gt=as_of) & ~Q(handed_in_outcomes="")
    matters = Q(status__in=TOLD) | changed_later
    return states.annotate(
        said=Case(When(status__in=SAID, then=Subquery(step.values("comment")[:1]))),
        submission=Case(When(matters, then=Subquery(last.values("pk")[:1]))),
        submitted_at=Case(When(matters, then=Subquery(last.values("submitted_at")[:1]))),
        snapshot=Case(
            When(changed_later, then=Subquery(last.values("snapshot")[:1])),
            output_field=JSONField(),
        ),
    )


def load_findings(
    bases: Mapping[uuid.UUID, Basis], frame: Frame, *, as_of: date
) -> dict[uuid.UUID, ByCode]:
    """The station's outcome and reason per file and criterion, in one query.

    A file unchanged since `as_of` is read as it is. One that changed later is read from what was
    handed in last by `as_of`; of a draft never handed in, a criterion changed later is not known.
    """
    found: dict[uuid.UUID, ByCode] = {pk: {} for pk in bases}
    codes = {criterion.pk: criterion.code for criterion in frame.criteria}
    live = []
    for pk, basis in bases.items():
        if basis.snapshot is not None and basis.submitted_at is not None:
            found[pk] = from_snapshot(basis.snapshot, day_of(basis.submitted_at))
        elif basis.row.status not in {Status.NOT_STARTED, Status.RECOGNISED}:
            live.append(pk)
    rows = CriterionResult.objects.filter(assessment__in=live, criterion__in=codes)
    for pk, criterion, outcome, reason, updated_at in rows.order_by().values_list(
        "assessment", "criterion", "outcome", "reason", "updated_at"
    ):
        since = day_of(updated_at) if updated_at is not None else day_of(bases[pk].opened_at)
        if since <= as_of:
            found[pk][codes[criterion]] = Finding(settled(outcome), reason, since)
    return found


def from_snapshot(snapshot: Mapping[str, Any], since: date) -> ByCode:
    """The findings a submission froze."""
    return {
        code: Finding(settled(entry["outcome"]), entry.get("reason", ""), since)
        for code, entry in snapshot["criteria"].items()
    }


def load_rulings(
    bases: Mapping[uuid.UUID, Basis], *, as_of: date
) -> dict[uuid.UUID, dict[str, Ruling]]:
    """The reviewer's rulings that the station has been told by `as_of`, in one query.

    Those are the ones on what was handed in last, once the file is returned or concluded.
    """
    told = {
        basis.submission: pk
        for pk, basis in bases.items()
        if basis.row.status in TOLD and basis.submission is not None
    }
    found: dict[uuid.UUID, dict[str, Ruling]] = defaultdict(dict)
    for one in verdicts_on(told, as_of=as_of):
        found[told[one.submission]][one.criterion] = Ruling(
            one.decision, settled(one.outcome), one.comment, day_of(one.at)
        )
    return found


def load_blockers(
    bases: Mapping[uuid.UUID, Basis],
    frame: Frame,
    stations: Mapping[uuid.UUID, str],
    *,
    as_of: date,
) -> dict[uuid.UUID, tuple[Blocker, ...]]:
    """What is in the way of each of these files at the end of `as_of`, in two queries.

    `stations` are the names of their stations.
    """
    findings = load_findings(bases, frame, as_of=as_of)
    rulings = load_rulings(bases, as_of=as_of)
    return {
        pk: find_blockers(
            frame,
            basis.row.status,
            findings[pk],
            rulings.get(pk, {}),
            station=stations[pk],
            since=basis.row.status_since,
            comment=basis.said or "",
        )
        for pk, basis in bases.items()
    }
