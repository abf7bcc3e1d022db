"""One unit's story: how it stands on the day asked for, and what is planned against it today."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from accounts.models import User
from assessments.improvement import SourceCost, costs_among, open_remedies
from assessments.inheritances import OpenDecision, around, recognitions_of_family
from assessments.models import Remedy
from criteria.scale import Outcome
from reports.rollup import Standing
from reports.rollup.blockers import Blocker
from reports.rollup.frame import FrameCriterion
from reports.views.unit_now import UnitNow
from wards.lineage import successions_around
from wards.models import Unit


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion of the latest round, the station's outcome beside the province's."""

    criterion: FrameCriterion
    own: Outcome
    verified: Outcome | None
    sentence: str


@dataclass(frozen=True, slots=True)
class OpenRemedy:
    """One act still to be done for the unit."""

    remedy: Remedy
    former_unit: Unit | None
    """Whose it was, when that is a unit this one comes from."""
    days_overdue: int

    @property
    def year(self) -> int:
        """The round in which it was planned."""
        return self.remedy.assessment.round.year


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing in the way: how many days it has waited, and what is planned against it."""

    blocker: Blocker
    days: int | None
    remedies: list[OpenRemedy]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What one party must act on."""

    name: str
    things: int
    lines: list[Hindrance]


@dataclass
class Story:
    """What the page of one unit tells; its past and its people have a page of their own."""

    unit: Unit
    now: UnitNow
    criteria: list[CriterionLine] = field(default_factory=list)
    undecided: list[tuple[OpenDecision, bool]] = field(default_factory=list)
    remedies: list[OpenRemedy] = field(default_factory=list)
    remedy_costs: list[SourceCost] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day of everything but `now`."""
        return self.now.asked.today

    @property
    def standing(self) -> Standing | None:
        """How the unit stands on the day asked for."""
        return self.now.standing

    @cached_property
    def obstacles(self) -> list[Obstacles]:
        """What is in the way, by who must act."""
        return [
            Obstacles(
                str(waiting.party),
                sum(one.party == waiting.party for one in self.now.blockers),
                [self._hindrance(one) for one in waiting.blockers],
            )
            for waiting in self.now.waiting
        ]

    def _hindrance(self, blocker: Blocker) -> Hindrance:
        days = blocker.days(self.now.waits_until)
        return Hindrance(blocker, days, self._planned.get(blocker.criterion, []))

    @cached_property
    def _planned(self) -> dict[str, list[OpenRemedy]]:
        """What is planned today in the programme shown; nothing of it is known of another day."""
        planned: dict[str, list[OpenRemedy]] = defaultdict(list)
        if self.now.round is not None and self.now.asked.is_today:
            for one in self.remedies:
                if one.remedy.programme_id == self.now.round.programme_id:
                    planned[one.remedy.criterion.code].append(one)
        return planned

    @property
    def is_former(self) -> bool:
        """Whether the unit has become others."""
        return self.unit.valid_to is not None and self.unit.valid_to < self.today


def load_story(now: UnitNow, user: User) -> Story:
    """The story of a unit as this person may read it."""
    story = Story(now.unit, now)
    story.criteria = _criteria(story.standing)
    story.remedies = _remedies(now.unit, story.today)
    story.remedy_costs = costs_among(one.remedy for one in story.remedies)
    story.undecided = _undecided(now.unit, user, story.today)
    return story


def _undecided(unit: Unit, user: User, today: date) -> list[tuple[OpenDecision, bool]]:
    successions = list(successions_around(unit.pk))
    if not successions:
        return []
    return around(unit, recognitions_of_family(unit, user), successions, user, today)


def _criteria(standing: Standing | None) -> list[CriterionLine]:
    if standing is None or standing.status is None:
        return []
    why = {blocker.criterion: blocker.sentence for blocker in standing.blockers}
    return [
        CriterionLine(
            criterion,
            standing.self_outcomes.get(criterion.code, Outcome.UNANSWERED),
            standing.verified_outcomes.get(criterion.code) if standing.is_concluded else None,
            why.get(criterion.code, ""),
        )
        for criterion in standing.frame.criteria
    ]


def _remedies(unit: Unit, today: date) -> list[OpenRemedy]:
    rows = open_remedies(unit).select_related(
        "criterion", "agency", "unit__district", "assessment__round"
    )
    return [
        OpenRemedy(one, one.unit if one.unit_id != unit.pk else None, one.days_overdue(today))
        for one in rows.order_by("due_on", "criterion__position", "pk")
    ]
