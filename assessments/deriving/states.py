"""How one file stood at the end of every day, from what is stored of it: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from assessments.deriving.history import FileHistory
from assessments.deriving.words import (
    MET,
    OPENING,
    day_sign,
    spread,
)
from assessments.workflow import CONCLUDED, Status


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What the station says of one criterion now, and the day on which it said so, if it did."""

    place: int
    letter: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """One verdict, by the day of its decision; `replaced_on` is when an appeal changed it."""

    place: int
    letter: str
    on: date
    replaced_on: date | None = None

    def stood_on(self, day: date) -> bool:
        """Whether it was in force at the end of a day."""
        return self.on <= day and (self.replaced_on is None or day < self.replaced_on)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file as stored; `places` is how many criteria its set has, submissions are by id."""

    history: FileHistory
    places: int
    results: tuple[OwnResult, ...] = ()
    handed_in: Mapping[int, str] = field(default_factory=dict)
    verdicts: Mapping[int, tuple[Ruled, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the station says now: outcomes, days of the answers, the last of those days."""

    outcomes: str
    days: str
    changed_on: date | None


@dataclass(frozen=True, slots=True)
class State:
    """How a file stood from `since` until the day before `until`; None: until today."""

    since: date
    until: date | None
    status: Status
    status_since: date
    submitted_on: date | None
    handed_in_outcomes: str
    verified_outcomes: str
    self_reached_on: date | None
    verified_reached_on: date | None


def draft_of(facts: FileFacts) -> Draft:
    """The station's own results in words."""
    given = [(one.place, one.on) for one in facts.results if one.on is not None]
    return Draft(
        spread(facts.places, ((one.place, one.letter) for one in facts.results)),
        spread(
            facts.places,
            ((place, day_sign(facts.history.opened_on, on)) for place, on in given),
            blank=OPENING,
        ),
        max((on for _, on in given), default=None),
    )


def states_of(facts: FileFacts) -> list[State]:
    """The states of a file in order, from the day it was opened; neighbours differ."""
    found: list[State] = []
    for state in (_on(facts, day) for day in _days(facts)):
        if found and replace(found[-1], since=state.since) == state:
            continue
        if found:
            found[-1] = replace(found[-1], until=state.since)
        found.append(state)
    return found


def _days(facts: FileFacts) -> list[date]:
    """The days on which something happened, the opening first."""
    history = facts.history
    days = {history.opened_on}
    days.update(step.on for step in history.steps)
    days.update(one.on for one in history.submissions)
    for ruled in (one for listed in facts.verdicts.values() for one in listed):
        days.add(ruled.on)
        if ruled.replaced_on is not None:
            days.add(ruled.replaced_on)
    if history.verified_on is not None:
        days.add(history.verified_on)
    return sorted(day for day in days if day >= history.opened_on)


def _on(facts: FileFacts, day: date) -> State:
    history = facts.history
    status = history.status_on(day)
    handed_in = history.submission_on(day)
    verified = ""
    if status in CONCLUDED:
        ruled = facts.verdicts.get(handed_in.pk, ()) if handed_in is not None else ()
        verified = spread(
            facts.places, ((one.place, one.letter) for one in ruled if one.stood_on(day))
        )
    complete = handed_in is not None and handed_in.of > 0
    return State(
        since=day,
        until=None,
        status=status,
        status_since=history.since(day),
        submitted_on=history.handed_in_on(day),
        handed_in_outcomes=facts.handed_in[handed_in.pk] if handed_in is not None else "",
        verified_outcomes=verified,
        self_reached_on=(
            handed_in.on
            if handed_in is not None and complete and handed_in.met == handed_in.of
            else None
        ),
        # A criterion without a verdict is not found met, so every one handed in needs one.
        verified_reached_on=(
            history.verified_since(day)
            if handed_in is not None and complete and verified.count(MET) == handed_in.of
            else None
        ),
    )
