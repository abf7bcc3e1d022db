"""How long files stay at each stage of their road: half of them, by Kaplan–Meier."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise

from django.db.models import CharField
from django.db.models.functions import Cast

from assessments.deriving.days import day_of, end_of
from assessments.deriving.history import FileHistory, Step
from assessments.models import Assessment
from assessments.workflow import Status
from criteria.models import Programme
from reports.rollup.marks import marks_of_files
from reports.rollup.plan import Plan
from wards.models import Province
from wards.shelf import Shelf

MINIMUM_CASES = 10
"""Files seen at a stage before it is forecast from: below that, one file moves a share by more
than ten points, and an empirical 10–90 % range has no tenth to leave out."""
RECENT_YEARS = 3
"""How far back the usual stays look."""


class Stage(StrEnum):
    """Where a file waits on its road."""

    OPENED = "mở hồ sơ"
    SUBMITTED = "đã nộp"
    RETURNED = "bị trả lại"
    VERIFIED = "đã thẩm định"
    PROPOSED = "đã đề nghị"


STAGE_OF: dict[Status, Stage] = {
    Status.NOT_STARTED: Stage.OPENED,
    Status.IN_PROGRESS: Stage.OPENED,
    Status.SUBMITTED: Stage.SUBMITTED,
    Status.UNDER_REVIEW: Stage.SUBMITTED,
    Status.RETURNED: Stage.RETURNED,
    Status.VERIFIED: Stage.VERIFIED,
    Status.PROPOSED: Stage.PROPOSED,
}
"""The stage of each status; a file whose road has ended waits nowhere."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at one stage, from a day to a day; `left` is None while it lasts."""

    stage: Stage
    entered: date
    left: date | None


def visits_of(history: FileHistory, *, as_of: date) -> tuple[Visit, ...]:
    """The stages a file passed through, as known at the end of `as_of`."""
    if history.opened_on > as_of:
        return ()
    start = Status(history.steps[0].source) if history.steps else history.status
    moves = [(STAGE_OF.get(start), history.opened_on)]
    for step in history.steps:
        stage = STAGE_OF.get(Status(step.target))
        if step.on <= as_of and stage != moves[-1][0]:
            moves.append((stage, step.on))
    ended: list[tuple[Stage | None, date | None]] = [*moves, (None, None)]
    return tuple(
        Visit(stage, entered, left)
        for (stage, entered), (_, left) in pairwise(ended)
        if stage is not None and entered is not None
    )


@dataclass(frozen=True, slots=True)
class UsualStay:
    """Within how many days half of the files left a stage, and how many files tell it."""

    days: int
    files: int


def usual_stay(files: Iterable[Sequence[Visit]], stage: Stage, *, as_of: date) -> UsualStay | None:
    """The median stay at a stage by Kaplan–Meier: a stay that lasts counts for what it has lasted.

    `files` are the visits of each file. None when fewer than `MINIMUM_CASES` files were there, or
    half of them have not left.
    """
    stays = [
        [((visit.left or as_of) - visit.entered, visit.left is not None) for visit in here]
        for visits in files
        if (here := [visit for visit in visits if visit.stage == stage])
    ]
    if len(stays) < MINIMUM_CASES:
        return None
    lengths = sorted(lasted.days for here in stays for lasted, _ in here)
    leaving = Counter(lasted.days for here in stays for lasted, left in here if left)
    still_there = 1.0
    for day in sorted(leaving):
        at_risk = len(lengths) - bisect_left(lengths, day)
        still_there *= 1 - leaving[day] / at_risk
        # The slack keeps a rounding error in the product from moving the answer by a file.
        if still_there <= 0.5 + 1e-12:
            return UsualStay(day, len(stays))
    return None


STAYS: Shelf[dict[Stage, UsualStay]] = Shelf(64)
"""Those of single provinces on the days asked about lately."""


def kept_stays(
    programme: Programme, province: Province, plan: Plan, *, as_of: date
) -> dict[Stage, UsualStay]:
    """How long files stay at each stage, kept until one of those that tell it changes."""
    part = province if programme.province_id is None else None
    return STAYS.get(
        (programme.pk, part and part.pk, as_of),
        marks_of_files(plan, part),
        lambda: usual_stays(programme, province, as_of=as_of),
    )


def usual_stays(programme: Programme, province: Province, *, as_of: date) -> dict[Stage, UsualStay]:
    """How long files of a programme stay at each stage where enough is known, in one query.

    Of a national programme only the files of the province are read, and only those of the last
    `RECENT_YEARS` years: habits change, and pages are waited for.
    """
    opened = Assessment.objects.filter(
        round__programme=programme,
        round__year__gt=as_of.year - RECENT_YEARS,
        round__opened_at__lte=end_of(as_of),
        opened_at__lte=end_of(as_of),
    )
    if programme.province_id is None:
        opened = opened.filter(unit__province=province)
    rows = opened.order_by("pk", "transitions__made_at", "transitions__pk").values_list(
        # Ids of thousands of rows are only told apart, which their text does as well.
        Cast("pk", CharField()),
        "status",
        "opened_at",
        "transitions__source",
        "transitions__target",
        "transitions__made_at",
    )
    files = []
    for _, of_file in groupby(rows, key=lambda row: row[0]):
        listed = list(of_file)
        _, status, opened_at, *_ = listed[0]
        # A file nobody has begun is one row without a change of status.
        steps = tuple(
            Step(source, target, day_of(made_at))
            for *_, source, target, made_at in listed
            if made_at is not None
        )
        history = FileHistory(Status(status), day_of(opened_at), steps=steps)
        files.append(visits_of(history, as_of=as_of))
    found = {stage: usual_stay(files, stage, as_of=as_of) for stage in Stage}
    return {stage: stay for stage, stay in found.items() if stay is not None}
