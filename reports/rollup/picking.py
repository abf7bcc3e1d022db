"""Which units to choose for a year: ranked by what each still misses. Pure.

First those whose state is known by criteria, then those known by a survey only, then those of whom
nothing is known: counts of different things are never compared. Among the same kind: fewest unmet;
of these, the more depend on the ward alone the better; land and building last; then name order.
"""

import math
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from criteria.scale import Outcome
from wards.models import Unit


class Basis(IntEnum):
    """What is known of a unit, the surest first."""

    CRITERIA = 1
    SURVEY = 2
    NOTHING = 3


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing still missing."""

    code: str
    title: str
    outcome: Outcome = Outcome.NOT_MET
    owner: str = ""
    ward_alone: bool = True
    needs_building: bool = False

    def as_json(self) -> dict[str, Any]:
        """As a saved proposal keeps it."""
        return {
            "code": self.code,
            "title": self.title,
            "outcome": str(self.outcome),
            "owner": self.owner,
            "ward_alone": self.ward_alone,
            "needs_building": self.needs_building,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be chosen, with what is known of it."""

    unit: Unit
    basis: Basis = Basis.NOTHING
    label: str = ""
    """By which version and year, or which survey."""
    said_by: str = ""
    """Whose findings: the station's own, or the province's."""
    of: int = 0
    unmet: tuple[Unmet, ...] = ()
    due: str = ""
    """The rule for new units by which it is due; empty when none is."""
    registered: tuple[str, ...] = ()
    """Who put it on the year's list already."""

    @property
    def met(self) -> int:
        """How many criteria are met; of a survey nothing is known to be met."""
        return self.of - len(self.unmet)

    @property
    def by_criteria(self) -> bool:
        """Whether the count is of criteria; otherwise only failures of groups are known."""
        return self.basis == Basis.CRITERIA

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.basis != Basis.NOTHING

    @property
    def alone(self) -> int:
        """How many of the missing depend on the ward alone."""
        return sum(one.ward_alone for one in self.unmet)

    @property
    def with_others(self) -> int:
        """How many of the missing need others to act or decide."""
        return len(self.unmet) - self.alone

    @property
    def needs_building(self) -> bool:
        """Whether land or a building is missing."""
        return any(one.needs_building for one in self.unmet)

    @property
    def missing(self) -> list[Unmet]:
        """What is missing, what is easiest first, land and building last."""
        return sorted(self.unmet, key=lambda one: (one.needs_building, not one.ward_alone))

    @property
    def rank_key(self) -> tuple[Any, ...]:
        """The order of the ranking; no two units share it."""
        return (
            self.basis,
            len(self.unmet),
            self.with_others,
            self.needs_building,
            self.unit.list_key,
            self.unit.pk,
        )

    @property
    def why(self) -> str:
        """Why it stands where it does, in one sentence."""
        if not self.is_known:
            return "Chưa có kết quả đánh giá hay khảo sát nên xếp cuối."
        if not self.unmet:
            return "Không còn tiêu chí nào chưa đạt."
        what = "tiêu chí chưa đạt" if self.by_criteria else "nhóm chưa đạt theo khảo sát"
        parts = [f"Còn {len(self.unmet)} {what}"]
        if self.by_criteria:
            if not self.with_others:
                parts.append("đều do Công an phường tự làm được")
            elif self.alone:
                parts.append(f"{self.alone} do Công an phường tự làm được")
            else:
                parts.append("đều phụ thuộc cơ quan khác")
        if self.needs_building:
            parts.append("trong đó có đất, trụ sở")
        return ", ".join(parts) + "."


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, the nearest to the standard first; the same whatever their order was."""
    return sorted(candidates, key=lambda one: one.rank_key)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the year asks of the programme, and who has reached it."""

    required: int
    roster: frozenset[uuid.UUID]
    reached: frozenset[uuid.UUID]
    text: str = ""

    @property
    def achieved(self) -> int:
        """How many have reached the standard."""
        return len(self.reached)

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.required - self.achieved)

    def reached_with(self, chosen: Collection[uuid.UUID]) -> int:
        """How many will have, if all of these do; units the target does not count add nothing."""
        return len(self.reached | (self.roster & frozenset(chosen)))

    def met_with(self, chosen: Collection[uuid.UUID]) -> bool:
        """Whether the target is met if all of these reach the standard."""
        return self.reached_with(chosen) >= self.required


@dataclass(frozen=True, slots=True)
class Balance:
    """What a choice comes to: the load it makes, and the target."""

    chosen: frozenset[uuid.UUID]
    listed: frozenset[uuid.UUID]
    """On the year's list already."""
    reviewers: int
    goal: Goal | None

    @property
    def added(self) -> int:
        """How many units the choice adds to the list."""
        return len(self.chosen - self.listed)

    @property
    def files(self) -> int:
        """How many units will be on the list: as many files to review."""
        return len(self.chosen | self.listed)

    @property
    def files_each(self) -> int | None:
        """Files for one reviewer, rounded up; None when there is no reviewer."""
        return math.ceil(self.files / self.reviewers) if self.reviewers else None

    @property
    def would_reach(self) -> int | None:
        """How many will have reached the standard if the whole list does."""
        return self.goal.reached_with(self.chosen | self.listed) if self.goal else None

    @property
    def meets(self) -> bool | None:
        """Whether the year's target is met if the whole list reaches the standard."""
        return self.goal.met_with(self.chosen | self.listed) if self.goal else None

    @property
    def short_of(self) -> int:
        """How many are missing still if the whole list reaches the standard."""
        return max(0, self.goal.required - (self.would_reach or 0)) if self.goal else 0

    def as_json(self) -> Mapping[str, Any]:
        """As a saved proposal keeps it."""
        return {
            "listed": len(self.listed),
            "files": self.files,
            "reviewers": self.reviewers,
            "files_each": self.files_each,
            "required": self.goal.required if self.goal else None,
            "achieved": self.goal.achieved if self.goal else None,
            "would_reach": self.would_reach,
            "meets": self.meets,
            "target": self.goal.text if self.goal else "",
        }
