"""How many units will count as met by a coming day, from how files of the programme fared so far.

Pure: files, achievements and rounds in, a forecast out. The method is told in
docs/decisions/0020-how-the-forecast-is-made.md. Floats, not fractions: the denominators of a
product over hundreds of files would grow without end, and a forecast is rounded when shown.
"""

import sys
import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise

from assessments.deriving.history import FileHistory
from assessments.workflow import Status

MINIMUM_CASES = 10
"""Files seen at a stage before it is forecast from: below that, one file moves a share by more
than ten points, and an empirical 10–90 % range has no tenth to leave out."""
MINIMUM_REACHED = 5
"""Files that counted before anything is forecast: a new programme, none of whose files had the
time to get through, would otherwise be told that none ever will."""
LOWER, UPPER = 0.1, 0.9


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


class Outlook(StrEnum):
    """Where the required number lies against the range."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    UNLIKELY = "unlikely"


OUTLOOK_LABELS = {
    Outlook.ON_TRACK: "Đúng tiến độ",
    Outlook.AT_RISK: "Có nguy cơ",
    Outlook.UNLIKELY: "Khó đạt",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay at one stage, from a day to a day; `left` is None while it lasts."""

    stage: Stage
    entered: date
    left: date | None


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """One file as known at the end of a day; `reached` is when it made its unit count."""

    unit: uuid.UUID
    year: int
    visits: tuple[Visit, ...]
    reached: date | None = None

    @property
    def waiting(self) -> Visit | None:
        """Where it waits; None when its road has ended."""
        last = self.visits[-1] if self.visits else None
        return last if last is not None and last.left is None and self.reached is None else None


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


def usual_stay(files: Iterable[TrackedFile], stage: Stage, *, as_of: date) -> UsualStay | None:
    """The median stay at a stage by Kaplan–Meier: a stay that lasts counts for what it has lasted.

    None when fewer than `MINIMUM_CASES` files were there, or half of them have not left.
    """
    stays = [
        [((visit.left or as_of) - visit.entered, visit.left is not None) for visit in here]
        for file in files
        if (here := [visit for visit in file.visits if visit.stage == stage])
    ]
    if len(stays) < MINIMUM_CASES:
        return None
    watched = [(lasted.days, left) for here in stays for lasted, left in here]
    still_there = 1.0
    for day in sorted({length for length, left in watched if left}):
        at_risk = sum(length >= day for length, _ in watched)
        still_there *= 1 - sum(left and length == day for length, left in watched) / at_risk
        # The slack keeps a rounding error in the product from moving the answer by a file.
        if still_there <= 0.5 + 1e-12:
            return UsualStay(day, len(stays))
    return None


@dataclass(frozen=True, slots=True)
class Shortage:
    """What there is too little of."""

    what: str
    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """The number of units expected to count; `shortages` tell why there is none."""

    expected: float | None = None
    low: int | None = None
    high: int | None = None
    distribution: tuple[float, ...] = ()
    shortages: tuple[Shortage, ...] = ()

    @property
    def is_thin(self) -> bool:
        """Whether too little is known to say a number."""
        return bool(self.shortages)

    def outlook(self, required: int) -> Outlook | None:
        """On track when even the low end suffices, unlikely when not even the high end does."""
        if self.low is None or self.high is None:
            return None
        if self.low >= required:
            return Outlook.ON_TRACK
        return Outlook.AT_RISK if self.high >= required else Outlook.UNLIKELY


Followed = tuple[list[tuple[int, int]], int, bool]
"""Stays of one file from a day to a day; until when it is watched, and whether it reached then."""


def _numbers(visit: Visit) -> tuple[int, int]:
    left = visit.left.toordinal() if visit.left is not None else sys.maxsize
    return visit.entered.toordinal(), left


@dataclass
class Evidence:
    """Everything a forecast is made from, as known at the end of `as_of`.

    `rounds` gives the opening day by year. `term` is after how many years a count lapses.
    """

    as_of: date
    files: Sequence[TrackedFile]
    rounds: Mapping[int, date]
    term: int | None = None
    chances: dict[tuple[Stage, int, int], float] = field(default_factory=dict)
    _stays: dict[Stage, list[Followed]] = field(default_factory=dict, repr=False, compare=False)

    def followed(self, stage: Stage, waited: int) -> list[tuple[int, bool]]:
        """Files that were at this stage for so many days: days watched from then, and whether they
        reached. A file that has not is watched until `as_of`, also when its road has ended."""
        today, found = self.as_of.toordinal(), []
        for stays, end, reached in self._at(stage):
            for entered, left in stays:
                start = entered + waited
                if start <= today and start < left and end > start:
                    found.append((end - start, reached))
                    break
        return found

    def _at(self, stage: Stage) -> list[Followed]:
        """The files that were at a stage; days as numbers, for this is gone through very often."""
        if stage not in self._stays:
            self._stays[stage] = [
                (stays, (file.reached or self.as_of).toordinal(), file.reached is not None)
                for file in self.files
                if (stays := [_numbers(one) for one in file.visits if one.stage == stage])
            ]
        return self._stays[stage]

    def chance(self, stage: Stage, waited: int, days: int) -> float:
        """The probability that a file waiting at a stage reaches within so many days.

        By Kaplan–Meier over the files followed. Where too few waited as long, files are followed
        from a shorter wait, and only what reached after the whole wait counts.
        """
        key = stage, waited, max(days, 0)
        if key not in self.chances:
            self.chances[key] = self._chance(*key)
        return self.chances[key]

    def _chance(self, stage: Stage, waited: int, days: int) -> float:
        since = waited
        watched = self.followed(stage, since)
        while len(watched) < MINIMUM_CASES and since > 0:
            since = since * 3 // 4
            watched = self.followed(stage, since)
        passed = waited - since
        missed = 1.0
        lengths = sorted(length for length, _ in watched)
        ends = Counter(length for length, reached in watched if reached)
        for day in sorted(end for end in ends if passed < end <= passed + days):
            at_risk = len(lengths) - bisect_left(lengths, day)
            missed *= 1 - ends[day] / at_risk
        return 1 - missed


def forecast(
    evidence: Evidence, units: Iterable[uuid.UUID], certain: Collection[uuid.UUID], *, by: date
) -> Forecast:
    """How many of these units will count at the end of `by`; the `certain` ones do for sure."""
    everyone = set(units)
    # In one order always, so that sums of floats come out the same every time.
    open_units = sorted(everyone.difference(certain))
    sure = len(everyone.intersection(certain))
    if not open_units:
        return Forecast(float(sure), sure, sure, (0.0,) * sure + (1.0,))
    waiting: dict[uuid.UUID, list[tuple[int, Visit]]] = {unit: [] for unit in open_units}
    for file in evidence.files:
        if file.unit in waiting and file.waiting is not None and _lasts(evidence, file.year, by):
            waiting[file.unit].append((file.year, file.waiting))
    stages = {visit.stage for found in waiting.values() for _, visit in found} | {Stage.OPENED}
    if shortages := _shortages(evidence, stages):
        return Forecast(shortages=shortages)
    later = 1.0
    for opening in _coming_rounds(evidence, by):
        later *= 1 - evidence.chance(Stage.OPENED, 0, (by - opening).days)
    left = (by - evidence.as_of).days
    chances = []
    for unit in open_units:
        missed = later
        for _, visit in waiting[unit]:
            waited = (evidence.as_of - visit.entered).days
            missed *= 1 - evidence.chance(visit.stage, waited, left)
        chances.append(1 - missed)
    distribution = (0.0,) * sure + tuple(poisson_binomial(chances))
    return Forecast(
        sure + sum(chances),
        _quantile(distribution, LOWER),
        _quantile(distribution, UPPER),
        distribution,
    )


def _lasts(evidence: Evidence, year: int, by: date) -> bool:
    """Whether what is reached for a year counts for a target of `by`."""
    return year <= by.year and (evidence.term is None or year + evidence.term >= by.year)


def _coming_rounds(evidence: Evidence, by: date) -> list[date]:
    """When rounds not opened yet will open: as far into their year as the latest one did."""
    latest = max(evidence.rounds)
    into_year = evidence.rounds[latest] - date(latest, 1, 1)
    return [
        max(date(year, 1, 1) + into_year, evidence.as_of)
        for year in range(max(latest + 1, evidence.as_of.year), by.year + 1)
        if _lasts(evidence, year, by)
    ]


def _shortages(evidence: Evidence, stages: set[Stage]) -> tuple[Shortage, ...]:
    reached = sum(file.reached is not None for file in evidence.files)
    found = [Shortage("hồ sơ đã được tính là đạt", reached, MINIMUM_REACHED)]
    found += [
        Shortage(f"hồ sơ từng ở bước “{stage}”", len(evidence.followed(stage, 0)), MINIMUM_CASES)
        for stage in Stage
        if stage in stages
    ]
    return tuple(one for one in found if one.have < one.need)


def poisson_binomial(chances: Iterable[float]) -> list[float]:
    """The distribution of how many of independent events happen, by convolution."""
    found = [1.0]
    for chance in chances:
        stays = [weight * (1 - chance) for weight in found] + [0.0]
        grows = [0.0] + [weight * chance for weight in found]
        found = [one + other for one, other in zip(stays, grows, strict=True)]
    return found


def _quantile(distribution: Sequence[float], share: float) -> int:
    """The smallest number that so large a share of outcomes does not exceed."""
    # The slack keeps a rounding error in the sum from moving the answer by one.
    below = sum(total < share - 1e-12 for total in accumulate(distribution))
    return min(below, len(distribution) - 1)
