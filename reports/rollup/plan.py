"""Targets and units of a programme as loaded, and the roadmap rows that follow: pure."""

import uuid
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date

from criteria.models import Counting, Measure, Round, TargetScope
from reports.rollup.achievements import Achievements
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.roster import Field
from reports.rollup.targets import (
    TargetFact,
    as_approved,
    holds,
    level_of,
    restated,
    state_of,
)
from wards.models import Province, Unit

Track = tuple[str, frozenset[uuid.UUID]]


@dataclass(frozen=True, slots=True)
class Level:
    """One row before anything is counted: a target, its units and its running level."""

    target: TargetFact
    by: date
    scope: str
    scope_label: str
    units: tuple[Unit, ...]
    required: int
    additional: int | None

    @property
    def track(self) -> Track:
        """Rows of the same units follow one another; a list of units is a track of its own."""
        return self.scope, self.target.units


@dataclass(frozen=True, slots=True)
class PlacedLevel:
    """A level on a day: what it is called, the day that decides, the units it is about then."""

    level: Level
    label: str
    decides: date
    now: int
    then: frozenset[uuid.UUID]


DAYS_KEPT = 16
"""For how many days a plan remembers where its levels are placed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme's targets and units as loaded; `rows` is pure from here."""

    targets: tuple[TargetFact, ...]
    revisions: tuple[date, ...]
    field: Field
    counting: Counting
    unit_word: str
    stated_size: int | None = None
    stated_size_text: str = ""
    provinces: Mapping[int, Province] = attribute(default_factory=dict, repr=False, compare=False)
    """The provinces of all its units, of any time, by id."""
    ids: Mapping[str, uuid.UUID] = attribute(default_factory=dict, repr=False, compare=False)
    """The ids of its units by each way of writing them."""
    rounds: tuple[Round, ...] = attribute(default=(), repr=False, compare=False)
    """Its rounds by year, with their criteria sets."""
    edition: Hashable | None = attribute(default=None, repr=False, compare=False)
    """The edition of places, programmes, criteria and recognitions it was read from."""
    _placed: dict[date, tuple[PlacedLevel, ...]] = attribute(
        default_factory=dict, repr=False, compare=False
    )
    _everyone: dict[date, frozenset[uuid.UUID]] = attribute(
        default_factory=dict, repr=False, compare=False
    )

    def denominator(self, target: TargetFact, *, of: int) -> int | None:
        """What a level is out of: the `of` units known, or None when the list is short of them."""
        return None if target.scope == TargetScope.ALL and self.is_short else of

    @property
    def is_short(self) -> bool:
        """Whether fewer units are loaded than the document tells."""
        return (self.stated_size or 0) > len(self.field.roster)

    def levels(self, as_of: date) -> list[Level]:
        """The rows that hold at `as_of`, in the order they are shown."""
        known = [on for on in self.revisions if on <= as_of]
        targets = [one for one in self.targets if one.revised_on is None or one.revised_on in known]
        dated: dict[Track, list[TargetFact]] = defaultdict(list)
        for target in targets:
            if target.by is None or not holds(target.by, target.revised_on, known):
                continue
            for one in self._parts(target):
                dated[one.scope_key, one.units].append(one)
        tracks = [list(self._running(scope, track)) for (scope, _), track in dated.items()]
        overall = [level for track in tracks for level in track if level.scope == TargetScope.ALL]
        scoped = [level for track in tracks for level in track if level.scope != TargetScope.ALL]
        scoped.sort(key=lambda level: (level.by, level.target.position))
        return [*overall, *scoped, *self._newcomers(targets, known, as_of)]

    def _parts(self, target: TargetFact) -> list[TargetFact]:
        if target.scope == TargetScope.EACH_PROVINCE:
            return self.field.by_province(target)
        return [target]

    def _running(self, scope: str, track: list[TargetFact]) -> Iterable[Level]:
        """Targets of one scope in date order; additional ones are carried to a running level."""
        before, before_of = 0, 0
        for target in sorted(track, key=lambda one: (one.by or date.max, one.position)):
            units = tuple(self.field.as_decided(target))
            of = len(units)
            # A revision may count on other units than the level before it did.
            so_far = restated(before, before_of, of) if before_of != of else before
            required = level_of(target, of=of, before=so_far)
            if self.denominator(target, of=of) is None and target.measure != Measure.PERCENT:
                # Of units that cannot all be listed the document's own number stands.
                required = level_of(target, of=self.stated_size or of, before=so_far)
            yield Level(
                target,
                target.by or date.max,
                scope,
                self._label(target, units),
                units,
                required,
                required - so_far if scope == TargetScope.ALL else None,
            )
            before, before_of = required, of

    def _newcomers(
        self, targets: list[TargetFact], known: list[date], as_of: date
    ) -> Iterable[Level]:
        """One row per year in which units were established, by the rule for new units."""
        for rule in (one for one in targets if one.measure == Measure.NEW_UNITS):
            years = {
                one.established.year for one in self.field.newcomers if one.established <= as_of
            }
            for year in sorted(years):
                by = date(year + int(rule.value), 12, 31)
                units = tuple(self.field.established_in(year, in_force_on=min(by, as_of)))
                if units and holds(by, rule.revised_on, known):
                    label = f"{self.unit_word} thành lập năm {year}"
                    yield Level(
                        rule,
                        by,
                        f"new_units:{year}",
                        label[:1].upper() + label[1:],
                        units,
                        len(units),
                        None,
                    )

    def _label(self, target: TargetFact, units: Sequence[Unit]) -> str:
        if target.scope == TargetScope.EACH_PROVINCE:
            return units[0].province.name
        if target.scope == TargetScope.DISTRICT:
            for unit in self.field.roster:
                district = unit.district
                if district is not None and district.code == target.scope_code:
                    kind = district.get_kind_display()
                    return f"{kind[:1].upper()}{kind[1:]} {district.name}"
            return f"Địa bàn cấp huyện {target.scope_code}"
        if target.scope == TargetScope.UNITS and len(units) <= 3:
            return "; ".join(unit.heading_name for unit in units) or str(target.scope.label)
        return str(target.scope.label)

    def everyone(self, as_of: date) -> frozenset[uuid.UUID]:
        """The units in force on a day that are, or succeed, the approved roster."""
        if as_of not in self._everyone:
            if len(self._everyone) >= DAYS_KEPT:
                self._everyone.clear()
            found = self.field.on(self.field.roster, as_of)
            self._everyone[as_of] = frozenset(unit.pk for unit in found)
        return self._everyone[as_of]

    def placed(self, as_of: date) -> tuple[PlacedLevel, ...]:
        """The levels that hold at `as_of` with the units they are about; worked out once a day."""
        if as_of not in self._placed:
            if len(self._placed) >= DAYS_KEPT:
                self._placed.clear()
            self._placed[as_of] = tuple(self._place(level, as_of) for level in self.levels(as_of))
        return self._placed[as_of]

    def _place(self, level: Level, as_of: date) -> PlacedLevel:
        decides = min(level.by, as_of)
        now = self.field.on(level.units, as_of)
        then = now if decides == as_of else self.field.on(level.units, decides)
        return PlacedLevel(
            level=level,
            label=_with_place_of_today(level, now),
            decides=decides,
            now=len(now),
            then=frozenset(unit.pk for unit in then),
        )

    def rows(
        self, achievements: Achievements, *, as_of: date, scope: str | None = None
    ) -> list[RoadmapRow]:
        """The rows at `as_of`, or those of one scope, counted from these achievements."""
        placed = self.placed(as_of)
        levels = [one.level for one in placed]
        ahead = [
            level.by for level in levels if level.scope == TargetScope.ALL and level.by >= as_of
        ]
        next_overall = min(ahead, default=None)
        following: dict[Track, date] = {}
        for level in levels:
            if level.by >= as_of:
                following.setdefault(level.track, level.by)
        return [
            self._row(
                one,
                achievements,
                as_of=as_of,
                # A narrower target is not urgent before the next one of the whole programme is.
                is_next=following.get(one.level.track) == one.level.by
                and (next_overall is None or one.level.by <= next_overall),
            )
            for one in placed
            if scope in (None, one.level.scope)
        ]

    def _row(
        self, placed: PlacedLevel, achievements: Achievements, *, as_of: date, is_next: bool
    ) -> RoadmapRow:
        level, here = placed.level, placed.then
        of = len(level.units)
        counts = {
            kind: len(here & achievements.reaching(kind, by_year=level.by.year, on=placed.decides))
            for kind in Counting
        }
        # More than there are units on the list cannot be restated: it stays what was approved.
        beyond = level.required > of
        required_then = level.required if beyond else restated(level.required, of, len(here))
        overall = level.scope == TargetScope.ALL
        achieved = counts[self.counting]
        return RoadmapRow(
            by=level.by,
            scope=level.scope,
            scope_label=placed.label,
            as_approved=as_approved(level.target, of=self.denominator(level.target, of=of)),
            additional=level.additional,
            required=level.required,
            of=of,
            roster_now=placed.now,
            required_now=restated(level.required, of, placed.now),
            roster_then=len(here),
            required_then=required_then,
            self_assessed=counts[Counting.SELF_ASSESSED],
            verified=counts[Counting.VERIFIED],
            recognised=counts[Counting.RECOGNISED],
            achieved=achieved,
            state=state_of(
                by=level.by,
                as_of=as_of,
                is_next=is_next,
                achieved=achieved,
                in_sight=max(counts[Counting.SELF_ASSESSED], counts[Counting.VERIFIED]),
                required=required_then,
                of=of,
            ),
            document=level.target.document,
            document_number=level.target.document_number,
            text=level.target.text,
            stated_size=self.stated_size if overall else None,
            stated_size_text=self.stated_size_text if overall else "",
            list_is_short=overall and self.is_short,
        )


def _with_place_of_today(level: Level, now: Sequence[Unit]) -> str:
    """The label of a row; a province as it was decided for, with the one its units lie in today."""
    if level.target.scope != TargetScope.EACH_PROVINCE:
        return level.scope_label
    today = sorted({unit.province.name for unit in now} - {level.scope_label})
    return f"{level.scope_label} (nay thuộc {', '.join(today)})" if today else level.scope_label
