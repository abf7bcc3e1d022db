"""What every page about one assessment starts from: the file in scope, and what is known of it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts.access import PortalRequest
from accounts.events import EVENTS
from accounts.models import Role, User
from assessments.actions.appealing import Window, window
from assessments.actions.audience import coordinators
from assessments.deadlines import Deadline, late_sentence, time_left
from assessments.forms.submission import Caution
from assessments.models import (
    Assessment,
    Attachment,
    DeadlineExtension,
    Submission,
    Transition,
    Verdict,
)
from assessments.readiness import Gap, RoundClosed, gaps_among, round_lock
from assessments.views.blindness import require_sighted
from assessments.views.station_rows import Row, build_rows
from assessments.workflow import COLOUR, EDITABLE, Status
from criteria.models import Criterion
from wards.models import ProvinceKind


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the file's history, in words."""

    what: str
    when: datetime
    who: User
    comment: str
    state: str


class StationPage:
    """One assessment as one person may see it.

    Raises:
        Http404: no such assessment within the person's reach.
        NotAllowed: the person may still review it a second time, blindly.
    """

    def __init__(self, request: PortalRequest, pk: uuid.UUID) -> None:
        self.user: User = request.user
        self.assessment: Assessment = self.find(pk)
        require_sighted(self.assessment, self.user)

    def find(self, pk: uuid.UUID) -> Assessment:
        """The file, if it lies within the person's reach."""
        return get_object_or_404(Assessment.objects.visible_to(self.user).with_places(), pk=pk)

    def criteria_named(self, codes: Iterable[str]) -> list[Criterion]:
        """Criteria of the file's own set; a code that is none of theirs names nothing."""
        named = frozenset(codes)
        # Compared here: a database does not take every string that a request can carry.
        return [
            one for one in self.assessment.round.criteria_set.criteria.all() if one.code in named
        ]

    @property
    def belongs(self) -> bool:
        """Whether the person serves at this station."""
        return self.assessment.unit_id in self.user.scope.units

    @property
    def may_edit(self) -> bool:
        """Whether the person may change answers now."""
        return self.belongs and self.assessment.is_editable and not self.closed

    @property
    def commands(self) -> bool:
        """Whether the person commands this station."""
        return self.assessment.unit_id in self.user.scope.commands

    @property
    def awaits_review_by_reader(self) -> bool:
        """Whether it is the reader's turn, as one of the province's reviewers."""
        return (
            self.user.scope.serves(Role.REVIEWER, self.assessment.unit.province_id)
            and not self.belongs
            and self.assessment.status in {Status.SUBMITTED, Status.UNDER_REVIEW}
        )

    @cached_property
    def submissions(self) -> list[Submission]:
        """Everything handed in, the latest first; without the bulky snapshots."""
        return list(
            self.assessment.submissions.select_related("submitted_by")
            .defer("snapshot")
            .order_by("-number")
        )

    @property
    def latest(self) -> Submission | None:
        """What was handed in last."""
        return self.submissions[0] if self.submissions else None

    @cached_property
    def transitions(self) -> list[Transition]:
        """Every change of status, the first one first."""
        return list(self.assessment.transitions.select_related("made_by"))

    @property
    def history(self) -> list[Step]:
        """Every change of status in words, the latest first."""
        return [
            Step(
                EVENTS[step.event],
                step.made_at,
                step.made_by,
                step.comment,
                COLOUR[Status(step.target)].removeprefix("state-"),
            )
            for step in reversed(self.transitions)
        ]

    @property
    def return_comment(self) -> str:
        """What the reviewer said of the whole file when it last came back."""
        told = [step.comment for step in self.transitions if step.target == Status.RETURNED]
        return told[-1] if told else ""

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """The reviewer's latest word on each criterion, by criterion id.

        Only what was handed back or concluded: what a reviewer is still writing is not shown.
        """
        # By the sequence of what happened: clocks jump, and an appeal dates a verdict anew.
        handed_in, told, last = 0, 0, None
        for step in self.transitions:
            if step.target == Status.SUBMITTED and step.source in EDITABLE:
                handed_in += 1
            elif step.target in {Status.RETURNED, Status.VERIFIED}:
                told, last = handed_in, step.made_at
        if last is None:
            return {}
        found = (
            Verdict.objects.filter(submission__assessment=self.assessment)
            .filter(submission__number__lte=told)
            .select_related("decided_by")
            .order_by("submission__number")
        )
        if self.assessment.status == Status.UNDER_REVIEW and handed_in == told:
            # Opened again: what is being written anew is not told yet.
            found = found.filter(decided_at__lte=last)
        return {verdict.criterion_id: verdict for verdict in found}

    @cached_property
    def appeal_period(self) -> Window | None:
        """Until when verdicts may be contested; None while there is no conclusion to contest."""
        verified_at = self.assessment.verified_at
        if verified_at is None or self.assessment.status != Status.VERIFIED:
            return None
        return window(verified_at, now=timezone.now())

    @cached_property
    def rows(self) -> list[Row]:
        """Every criterion with its result, in order."""
        return build_rows(self.assessment, self.verdicts)

    def row(self, code: str) -> Row:
        """The row of one criterion.

        Raises:
            Http404: this round's set has no criterion of this code.
        """
        for row in self.rows:
            if row.criterion.code == code:
                return row
        raise Http404

    def next_unfinished(self, after: str = "") -> Row | None:
        """The next criterion that needs work, from `after` on and round to the beginning."""
        codes = [row.criterion.code for row in self.rows]
        start = codes.index(after) + 1 if after in codes else 0
        turned = self.rows[start:] + self.rows[:start]
        return next((row for row in turned if row.unfinished and row.criterion.code != after), None)

    def address(self, name: str, *more: Any) -> str:
        """The address of another page of this assessment."""
        return reverse(name, args=[self.assessment.pk, *more])

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way to this assessment."""
        return [(f"{self.title}, {self.assessment.unit.full_name}", self.address("assessment"))]

    @property
    def title(self) -> str:
        """What the file is called."""
        return f"Phiếu tự đánh giá năm {self.assessment.round.year}"

    @cached_property
    def due(self) -> Deadline:
        """The file's deadline against the moment the page was asked for."""
        latest = None if self.assessment.is_editable else self.latest
        return deadline_of(self.assessment, latest, timezone.now())

    @property
    def past_due(self) -> bool:
        """Whether the time in which the file is taken is over."""
        return timezone.now() > self.assessment.due_at

    @property
    def late(self) -> str:
        """Why the draft cannot be handed in any more (MLATE); empty while it can."""
        if self.assessment.is_editable and self.past_due:
            return late_sentence(self.assessment.due_at)
        return ""

    @property
    def may_be_handed_in(self) -> bool:
        """Whether nothing but the commander's ticks is missing."""
        return self.may_edit and not (self.blocking or self.late or self.closed)

    @cached_property
    def closed(self) -> str:
        """Why nothing of the file changes any more (MLOCK); empty while the round is open."""
        lock = round_lock(self.assessment.round)
        return RoundClosed(self.assessment.round, lock).sentence if lock else ""

    @cached_property
    def extensions(self) -> list[DeadlineExtension]:
        """Every extension of this file, the latest first."""
        return list(self.assessment.extensions.select_related("granted_by").order_by("-pk"))

    @property
    def whom_to_ask(self) -> str:
        """Who may give more time: the coordinators of the province, by name."""
        found = coordinators(self.assessment, timezone.now())
        names = ", ".join(f"đồng chí {one}" for one in found)
        province = self.assessment.unit.province
        kind = "thành phố" if province.kind == ProvinceKind.CITY else "tỉnh"
        who = f"cán bộ tổng hợp Công an {kind} {province.name}"
        return f"{who} ({names})" if names else who

    def cautions(self) -> list[Caution]:
        """What to look at again before handing in, though it does not stop the file."""
        found = [
            Caution(f"{gap.criterion.code}-{gap.kind}", gap.criterion, gap.sentence)
            for gap in self.found_gaps
            if not gap.blocks
        ]
        found += [
            Caution(
                f"{row.criterion.code}-chua-sua",
                row.criterion,
                "Cán bộ thẩm định yêu cầu bổ sung nhưng tiêu chí chưa được sửa.",
            )
            for row in self.rows
            if row.to_fix
        ]
        return sorted(found, key=lambda caution: caution.criterion.position)

    @cached_property
    def found_gaps(self) -> list[Gap]:
        """What the submission itself asks about."""
        results = (row.result for row in self.rows)
        return gaps_among(self.assessment.round, results, self.in_use)

    @cached_property
    def in_use(self) -> list[Attachment]:
        """All evidence in use."""
        return list(self.attachments())

    @property
    def blocking(self) -> list[Gap]:
        """What stops the file from being handed in."""
        return [gap for gap in self.found_gaps if gap.blocks]

    def attachments(self, criterion: Criterion | None = None) -> QuerySet[Attachment]:
        """Evidence in use, for one criterion or all."""
        found = self.assessment.attachments.filter(removed_at__isnull=True).select_related(
            "evidence", "added_by"
        )
        return found.filter(criterion=criterion) if criterion else found

    @property
    def asked(self) -> list[Row]:
        """Criteria the reviewer sent back, while the station may still change them."""
        if not self.assessment.is_editable:
            return []
        return [row for row in self.rows if row.asked]


def deadline_of(assessment: Assessment, latest: Submission | None, now: datetime) -> Deadline:
    """The deadline in words."""
    if latest is not None and not assessment.is_editable:
        words, state = handed_in_words(latest)
        return Deadline(assessment.due_at, words, state)
    return time_left(assessment.due_at, now)


def handed_in_words(submission: Submission) -> tuple[str, str]:
    """Whether a submission came by the round's deadline, with the state that draws it."""
    if submission.is_late:
        return "Đã nộp theo gia hạn", "awaiting"
    return "Đã nộp đúng hạn", "met"
