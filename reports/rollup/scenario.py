"""A plan of the coming years tried on a copy: who reaches the standard when. Pure.

The copy starts from the lists of today. A unit that has reached the standard stays where it is; any
other may be moved to a coming year, or to none. What follows is the line of the roadmap and the
files that each year brings, with the copy and with the lists as they are.
"""

import math
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from wards.models import Unit

Places = Mapping[uuid.UUID, int]
"""The year in which each unit is to reach the standard; a unit in no year yet is absent."""

RESULT_YEARS = 2
"""So many years that are short stand in the one line of a result; the others are counted."""
HEAVY = 2
"""A year is heavy from more than this many times the mean of the years."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """One target date ahead, on the units in force now."""

    by: date
    label: str
    required: int
    units: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a scenario is worked out on: the units of a province and the targets ahead."""

    years: tuple[int, ...]
    units: tuple[Unit, ...]
    fixed: frozenset[uuid.UUID]
    """Those that have reached the standard."""
    kept: Mapping[int, frozenset[uuid.UUID]]
    """Of these, those that count still at the end of each year: a term may be over by then."""
    today: Places
    overall: tuple[Milestone, ...] = ()
    narrower: tuple[Milestone, ...] = ()
    reviewers: int = 0
    required_before: int | None = None
    """What the last target date before the coming years asked for."""
    listed_twice: frozenset[uuid.UUID] = frozenset()
    """On the lists of several coming years; the first one stands in the copy."""
    unit_word: str = "đơn vị"

    @property
    def movable(self) -> list[Unit]:
        """The units that a scenario may move, in name order."""
        return [unit for unit in self.units if unit.pk not in self.fixed]

    def counted_in(self, year: int) -> frozenset[uuid.UUID]:
        """Whom the line counts: the units of the next target date, or else of the last one."""
        if not self.overall:
            return frozenset(unit.pk for unit in self.units)
        ahead = [one for one in self.overall if one.by.year >= year]
        return (ahead or self.overall[-1:])[0].units

    def due_in(self, year: int) -> Milestone | None:
        """The last target date of the year."""
        return next((one for one in reversed(self.overall) if one.by.year == year), None)

    def required_in(self, year: int) -> int | None:
        """What the last target date up to the year asks for."""
        past = [one for one in self.overall if one.by.year <= year]
        return past[-1].required if past else self.required_before


def placed(ground: Ground, moves: Mapping[uuid.UUID, int | None]) -> dict[uuid.UUID, int]:
    """The lists of today with these moves.

    What has reached the standard, or is no unit of the ground, is not moved; nothing moves to a
    year that does not come.
    """
    found = dict(ground.today)
    may_move = {unit.pk for unit in ground.movable}
    for unit, year in moves.items():
        if unit not in may_move:
            continue
        if year is None:
            found.pop(unit, None)
        elif year in ground.years:
            found[unit] = year
    return found


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One coming year: what is required, what is reached with and without the moves, the load."""

    year: int
    required: int | None
    due: bool
    """Whether a target date falls into the year; otherwise the level before it holds on."""
    kept: int
    today: int
    planned: int
    files_today: int
    files: int
    each_today: int | None
    each: int | None

    @property
    def change(self) -> int:
        """How many more than by the lists of today."""
        return self.planned - self.today

    @property
    def short(self) -> int:
        """How many are missing of a target date of the year; 0 in a year without one."""
        return max(0, (self.required or 0) - self.planned) if self.due else 0

    @property
    def short_words(self) -> str:
        """What is missing, in words."""
        return f"Thiếu {self.short}"


@dataclass(frozen=True, slots=True)
class PartFigures:
    """A target of some of the units: a district, key areas, new units."""

    label: str
    year: int
    required: int
    of: int
    today: int
    planned: int

    @property
    def short(self) -> int:
        """How many are missing."""
        return max(0, self.required - self.planned)

    @property
    def short_words(self) -> str:
        """What is missing, in words."""
        return f"Thiếu {self.short}"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scenario comes to, beside the lists of today; kept as JSON when it is saved."""

    years: tuple[YearFigures, ...]
    parts: tuple[PartFigures, ...]
    reviewers: int
    units: int
    fixed: int
    unplaced_today: int
    unplaced: int
    moved: int
    lapsing: int
    has_targets: bool
    unit_word: str

    def as_json(self) -> dict[str, Any]:
        """As a saved scenario keeps it."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Figures":
        """What `as_json` wrote."""
        return cls(
            **{
                **kept,
                "years": tuple(YearFigures(**one) for one in kept["years"]),
                "parts": tuple(PartFigures(**one) for one in kept["parts"]),
            }
        )

    @property
    def short_years(self) -> list[YearFigures]:
        """Years whose target the scenario misses."""
        return [one for one in self.years if one.short]

    @property
    def short_parts(self) -> list[PartFigures]:
        """Targets of some units that the scenario misses."""
        return [one for one in self.parts if one.short]

    @property
    def heavy_years(self) -> list[YearFigures]:
        """Years with more than twice the files of a mean year."""
        total = sum(one.files for one in self.years)
        return [one for one in self.years if one.files * len(self.years) > HEAVY * total]

    @property
    def meets_all(self) -> bool:
        """Whether no target of a coming year is missed."""
        return not self.short_years and not self.short_parts

    @property
    def result(self) -> str:
        """The scenario in one line."""
        if not self.has_targets:
            return "không có chỉ tiêu để đối chiếu"
        if self.meets_all:
            return "đạt mọi mốc"
        said = [
            f"thiếu {one.short} {self.unit_word} năm {one.year}"
            for one in self.short_years[:RESULT_YEARS]
        ]
        if (more := len(self.short_years) - RESULT_YEARS) > 0:
            said.append(f"thiếu ở {more} năm khác")
        if self.short_parts:
            said.append(f"chưa đạt {len(self.short_parts)} chỉ tiêu theo phạm vi")
        return ", ".join(said)

    @property
    def warnings(self) -> list[str]:
        """What whoever decides should know, each in a sentence."""
        word = self.unit_word
        said = []
        if self.short_years:
            years = "; ".join(
                f"năm {one.year} thiếu {one.short} ({one.planned}/{one.required})"
                for one in self.short_years
            )
            said.append(f"Số {word} chưa đủ theo lộ trình: {years}.")
        said += [
            f"{one.label}, đến hết năm {one.year}: thiếu {one.short} {word} "
            f"({one.planned}/{one.required})."
            for one in self.short_parts
        ]
        said += [
            f"Năm {one.year}: {one.files} phiếu, nhiều hơn {HEAVY} lần mức trung bình các năm."
            for one in self.heavy_years
        ]
        if not self.reviewers:
            said.append("Chưa có cán bộ thẩm định nào được phân công.")
        if self.lapsing:
            said.append(
                f"{self.lapsing} {word} hết hạn công nhận trong các năm này và từ đó không tính "
                "là đạt, nếu chưa có tên trong danh sách đăng ký lại."
            )
        return said


def weigh(ground: Ground, places: Places) -> Figures:
    """What these places come to, beside the lists of today."""
    may_move = {unit.pk for unit in ground.movable}
    last = ground.kept[ground.years[-1]] if ground.years else ground.fixed
    return Figures(
        years=tuple(_years(ground, places)),
        parts=tuple(
            PartFigures(
                one.label,
                one.by.year,
                one.required,
                len(one.units),
                _reached(ground, ground.today, one.by.year, one.units),
                _reached(ground, places, one.by.year, one.units),
            )
            for one in ground.narrower
        ),
        reviewers=ground.reviewers,
        units=len(ground.units),
        fixed=len(ground.fixed),
        unplaced_today=len(may_move - ground.today.keys()),
        unplaced=len(may_move - places.keys()),
        moved=sum(places.get(unit) != ground.today.get(unit) for unit in may_move),
        lapsing=len(ground.fixed - last - ground.today.keys()),
        has_targets=bool(ground.overall or ground.narrower),
        unit_word=ground.unit_word,
    )


def _years(ground: Ground, places: Places) -> Sequence[YearFigures]:
    before, after = Counter(ground.today.values()), Counter(places.values())
    found = []
    for year in ground.years:
        counted = ground.counted_in(year)
        found.append(
            YearFigures(
                year=year,
                required=ground.required_in(year),
                due=ground.due_in(year) is not None,
                kept=len(counted & ground.kept[year]),
                today=_reached(ground, ground.today, year, counted),
                planned=_reached(ground, places, year, counted),
                files_today=before[year],
                files=after[year],
                each_today=_each(before[year], ground.reviewers),
                each=_each(after[year], ground.reviewers),
            )
        )
    return found


def _reached(ground: Ground, places: Places, year: int, counted: frozenset[uuid.UUID]) -> int:
    """How many of some units have reached the standard by the end of a year."""
    return sum(unit in ground.kept[year] or places.get(unit, math.inf) <= year for unit in counted)


def _each(files: int, reviewers: int) -> int | None:
    """Files for one reviewer, rounded up as a year's choice counts them; None without reviewers."""
    return math.ceil(files / reviewers) if reviewers else None
