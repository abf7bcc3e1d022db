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
from itertools import accumulate

from reports.rollup.stays import MINIMUM_CASES, Stage, TrackedFile, Visit

MINIMUM_REACHED = 5
"""Files that counted before anything is forecast: a new programme, none of whose files had the
time to get through, would otherwise be told that none ever will."""
LOWER, UPPER = 0.1, 0.9


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
