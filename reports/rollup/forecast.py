"""How many units will count as met by a coming day, from how files of the programme fared so far.

Pure: evidence and what waits in, a forecast out. The method is told in
docs/decisions/0020-how-the-forecast-is-made.md.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import prod
from statistics import NormalDist

from reports.rollup.distribution import Distribution, binomial, certainly, mixture, total
from reports.rollup.evidence import Evidence, Waiting
from reports.rollup.shares import Share
from reports.rollup.stays import MINIMUM_CASES, Stage

MINIMUM_REACHED = 5
"""Files that counted before anything is forecast: a new programme, none of whose files had the
time to get through, would otherwise be told that none ever will."""
LOWER, UPPER = 0.1, 0.9
LUCK = tuple(NormalDist().inv_cdf((place + 0.5) / 10) for place in range(10))
"""Ten equally likely strokes of luck, in standard deviations."""


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
    """The number of units expected to count; `shortages` tell why there is none.

    It rests on the `hopes`, files that may reach in time by the stage they wait at, and on so many
    `coming_rounds`.
    """

    distribution: Distribution | None = None
    shortages: tuple[Shortage, ...] = ()
    hopes: tuple[tuple[Stage, int], ...] = ()
    coming_rounds: int = 0

    @property
    def is_thin(self) -> bool:
        """Whether too little is known to say a number."""
        return self.distribution is None

    @property
    def expected(self) -> float | None:
        """The number expected."""
        return self.distribution.mean if self.distribution is not None else None

    @property
    def low(self) -> int | None:
        """The low end of the range."""
        return self.distribution.quantile(LOWER) if self.distribution is not None else None

    @property
    def high(self) -> int | None:
        """The high end of the range."""
        return self.distribution.quantile(UPPER) if self.distribution is not None else None

    def outlook(self, required: int) -> Outlook | None:
        """On track when even the low end suffices, unlikely when not even the high end does."""
        if self.low is None or self.high is None:
            return None
        if self.low >= required:
            return Outlook.ON_TRACK
        return Outlook.AT_RISK if self.high >= required else Outlook.UNLIKELY


def forecast(
    evidence: Evidence,
    waiting: Mapping[uuid.UUID, Sequence[Waiting]],
    units: Iterable[uuid.UUID],
    certain: Collection[uuid.UUID],
    *,
    by: date,
) -> Forecast:
    """How many of these units will count at the end of `by`; the `certain` ones do for sure.

    `waiting` are the files of each unit that still may reach.
    """
    everyone = set(units)
    open_units = everyone.difference(certain)
    sure = certainly(len(everyone) - len(open_units))
    if not open_units:
        return Forecast(sure)
    counting = {
        unit: [one for one in waiting.get(unit, ()) if _lasts(evidence, one.year, by)]
        for unit in open_units
    }
    stages = {one.state.stage for files in counting.values() for one in files} | {Stage.OPENED}
    if shortages := _shortages(evidence, stages):
        return Forecast(shortages=shortages)
    # Units whose files wait alike have the same chance, which is worked out once.
    as_of, left = evidence.as_of, (by - evidence.as_of).days
    alike = Counter(
        tuple(
            sorted(one for one in files if evidence.has_hope(one.state, (as_of - one.since).days))
        )
        for files in counting.values()
    )
    later = [
        evidence.opening_share((by - opening).days).further(rounds)
        for rounds, opening in enumerate(_coming_rounds(evidence, by), start=2)
    ]
    hopes: Counter[Stage] = Counter()
    shares = []
    for files, number in alike.items():
        own = [evidence.share(one.state, (as_of - one.since).days, left) for one in files]
        shares.append(([*own, *later], number))
        for one, share in zip(files, own, strict=True):
            if share.chance > 0:
                hopes[one.state.stage] += number
    return Forecast(
        sure.plus(mixture([_count(shares, luck) for luck in LUCK])),
        hopes=tuple((stage, hopes[stage]) for stage in reversed(Stage) if hopes[stage]),
        coming_rounds=sum(share.chance > 0 for share in later),
    )


def _count(shares: Iterable[tuple[Sequence[Share], int]], luck: float) -> Distribution:
    """How many units will count where so much luck is with all files alike.

    Given that, units are independent; one counts unless all of its files miss.
    """
    chances: Counter[float] = Counter()
    for files, number in shares:
        chances[1 - prod(1 - share.at(luck) for share in files)] += number
    return total(binomial(number, chance) for chance, number in chances.items())


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
    found = [Shortage("hồ sơ đã được tính là đạt", evidence.reached, MINIMUM_REACHED)]
    found += [
        Shortage(f"hồ sơ từng ở bước “{stage}”", evidence.seen(stage), MINIMUM_CASES)
        for stage in Stage
        if stage in stages
    ]
    return tuple(one for one in found if one.have < one.need)
