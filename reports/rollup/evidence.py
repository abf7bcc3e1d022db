"""How files of a programme fared from where they waited: pure, runs of days in, shares out.

The method is told in docs/decisions/0020-how-the-forecast-is-made.md.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from assessments.workflow import Status
from reports.rollup.shares import NEVER, Curve, Share, angle_of, noise_of
from reports.rollup.stays import MINIMUM_CASES, STAGE_OF, Stage


class State(NamedTuple):
    """How a file stands while it waits; `is_met` is whether all criteria were met so far."""

    status: Status
    is_met: bool = False

    @property
    def stage(self) -> Stage:
        """Where on its road it waits."""
        return STAGE_OF[self.status]


class Run(NamedTuple):
    """So many files that stood alike from one day until the day before another (None: today)."""

    year: int
    state: State
    since: date
    until: date | None
    reached: date | None = None
    files: int = 1


class Waiting(NamedTuple):
    """Where a file for a year waits, and since when."""

    year: int
    state: State
    since: date


class Watched(NamedTuple):
    """A run in numbers of days: when it began, when it was over, until when it is followed."""

    year: int
    since: int
    until: int
    end: int
    reached: bool
    files: int


OPENING = "mở kỳ"
Place = State | Status | Stage | str
"""Where files are compared: alike in all, at the same status, at the same stage; at `OPENING`."""


@dataclass
class Evidence:
    """Everything a forecast is made from, as known at the end of `as_of`.

    `runs` are those of files whose unit did not count already for an earlier year. `rounds` gives
    the opening day by year. `term` is after how many years a count lapses.
    """

    as_of: date
    runs: Sequence[Run]
    rounds: Mapping[int, date]
    term: int | None = None

    def __post_init__(self) -> None:
        self._curves: dict[tuple[Place, int], Curve] = {}
        self._changes: dict[Place, float] = {}
        self._places: dict[State, tuple[Place, int]] = {}

    @cached_property
    def _watched(self) -> Mapping[Place, list[Watched]]:
        today = self.as_of.toordinal()
        found: dict[Place, list[Watched]] = defaultdict(list)
        for run in self.runs:
            until = run.until.toordinal() if run.until is not None else today + 1
            end = run.reached.toordinal() if run.reached is not None else today
            one = Watched(
                run.year, run.since.toordinal(), until, end, run.reached is not None, run.files
            )
            for place in (run.state, run.state.status, run.state.stage):
                found[place].append(one)
            if self._begins(run):
                found[OPENING].append(one)
        return found

    def _begins(self, run: Run) -> bool:
        """Whether it is the first run of its files; one begun on the first day shows no other."""
        if run.state.status == Status.IN_PROGRESS:
            return run.since == self.rounds.get(run.year)
        return run.state.status == Status.NOT_STARTED

    @cached_property
    def reached(self) -> int:
        """How many files made their unit count."""
        return sum(one.files for one in self._watched.get(OPENING, ()) if one.reached)

    def seen(self, place: Place) -> int:
        """How often a file was seen at a place and followed for a day at least."""
        return sum(self._followed(place, 0)[0].values())

    def share(self, state: State, waited: int, days: int) -> Share:
        """Of files that waited so long already, the share that reached within so many days."""
        if not self.has_hope(state, waited):
            return NEVER
        place, _ = self._place(state)
        return self._curve(place, waited).within(days)

    def opening_share(self, days: int) -> Share:
        """The share that reached within so many days of the opening."""
        return self._curve(OPENING, 0).within(days)

    def has_hope(self, state: State, waited: int) -> bool:
        """Whether any file that reached had waited there longer before it left."""
        _, longest = self._place(state)
        return waited < longest

    def _place(self, state: State) -> tuple[Place, int]:
        """Files alike in all; where too few were, those of the same status, or else stage.

        With them the longest wait there of one that reached.
        """
        if state not in self._places:
            places: tuple[Place, ...] = (state, state.status, state.stage)
            place = next((one for one in places if self.seen(one) >= MINIMUM_CASES), state.stage)
            waits = [
                min(one.until, one.end) - one.since
                for one in self._watched.get(place, ())
                if one.reached
            ]
            self._places[state] = place, max(waits, default=0)
        return self._places[state]

    def _curve(self, place: Place, waited: int) -> Curve:
        """Where too few waited as long, files are followed from a shorter wait on.

        Only what reached after the whole wait counts then.
        """
        if (place, waited) not in self._curves:
            since = waited
            lengths, reached = self._followed(place, since)
            while sum(lengths.values()) < MINIMUM_CASES and since > 0:
                since = since * 3 // 4
                lengths, reached = self._followed(place, since)
            change = self._change(place)
            curve = Curve(lengths, reached, passed=waited - since, change=change)
            self._curves[place, waited] = curve
        return self._curves[place, waited]

    def _followed(self, place: Place, waited: int) -> tuple[Counter[int], Counter[int]]:
        """Files that were there for so many days, by the days they were followed from then.

        Those that reached by then apart. A file that has not is followed until `as_of`, also when
        its road has ended.
        """
        today = self.as_of.toordinal()
        lengths: Counter[int] = Counter()
        reached: Counter[int] = Counter()
        for one in self._watched.get(place, ()):
            start = one.since + waited
            if start <= today and start < one.until and one.end > start:
                lengths[one.end - start] += one.files
                if one.reached:
                    reached[one.end - start] += one.files
        return lengths, reached

    def _change(self, place: Place) -> float:
        """How much the share that reached changes from round to round beyond what chance explains.

        The mean square of the steps between rounds that had their time; zero while there is none.
        """
        if place not in self._changes:
            steps = [
                (after - before) ** 2 - noise_before - noise_after
                for (before, noise_before), (after, noise_after) in pairwise(self._by_round(place))
            ]
            self._changes[place] = max(0.0, fmean(steps)) if steps else 0.0
        return self._changes[place]

    def _by_round(self, place: Place) -> list[tuple[float, float]]:
        """The share of each round that had its time and enough files, with its noise.

        Its time is how long nine in ten of those that reached took at most.
        """
        today = self.as_of.toordinal()
        rounds: dict[int, list[Watched]] = defaultdict(list)
        for one in self._watched.get(place, ()):
            rounds[one.year].append(one)
        took = sorted(
            one.end - one.since for listed in rounds.values() for one in listed if one.reached
        )
        usual = took[len(took) * 9 // 10] if took else 0
        found = []
        for _, listed in sorted(rounds.items()):
            files = sum(one.files for one in listed)
            if files >= MINIMUM_CASES and max(one.since for one in listed) + usual <= today:
                reached = sum(one.files for one in listed if one.reached)
                found.append((angle_of(reached, files), noise_of(files)))
        return found
