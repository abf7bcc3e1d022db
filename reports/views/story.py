"""One unit's story: how it stands on the day asked for, and what is known of it today."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Count, Q
from django.utils.safestring import SafeString

from accounts.events import EVENTS
from accounts.models import AuditEntry, Role, User
from assessments.improvement import SourceCost, costs_of, open_remedies
from assessments.inheritances import OpenDecision, around
from assessments.inspections import UnitInspections, inspections_of
from assessments.models import Assessment, BaselineFinding, Recognition, Remedy, Submission
from assessments.permissions import inspects, plans_for
from assessments.workflow import CONCLUDED
from criteria.scale import COUNTS_AS_MET, Outcome
from reports.rollup import Standing
from reports.rollup.blockers import Blocker
from reports.rollup.frame import FrameCriterion
from reports.views.lineage import Change, family_of
from reports.views.recognised import Recognised, recognition_of
from reports.views.unit_now import UnitNow
from wards.models import Posting, Unit

AUDIT_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Chapter:
    """One round of the unit: what it handed in, what the province found."""

    assessment: Assessment
    submission: Submission | None
    verified_met: int | None
    recognition: Recognition | None


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion of the latest round, the station's outcome beside the province's."""

    criterion: FrameCriterion
    own: Outcome
    verified: Outcome | None
    sentence: str


@dataclass(frozen=True, slots=True)
class BaselinePart:
    """What one survey found failing."""

    on: date
    document: str
    findings: list[str]


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
    """Everything the page of one unit tells."""

    unit: Unit
    now: UnitNow
    chapters: list[Chapter] = field(default_factory=list)
    criteria: list[CriterionLine] = field(default_factory=list)
    recognitions: list[Recognition] = field(default_factory=list)
    recognised: Recognised | None = None
    inherited: list[Recognition] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    lineage: SafeString | None = None
    undecided: list[tuple[OpenDecision, bool]] = field(default_factory=list)
    baseline: list[BaselinePart] = field(default_factory=list)
    officers: list[Posting] = field(default_factory=list)
    remedies: list[OpenRemedy] = field(default_factory=list)
    remedy_costs: list[SourceCost] = field(default_factory=list)
    inspections: UnitInspections | None = None
    may_inspect: bool = False
    may_mend: bool = False
    audit: list[tuple[AuditEntry, str]] = field(default_factory=list)
    shows_audit: bool = False
    may_reorganise: bool = False

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
    unit, today = now.unit, now.asked.today
    story = Story(unit, now)
    family = family_of(unit, user)
    story.changes, story.lineage = family.changes, family.figure
    decided = (
        Recognition.objects.visible_to(user)
        .filter(unit__in={unit.pk, *family.ancestors})
        .select_related("document", "unit__district", "unit__province")
        .select_related("assessment__round__criteria_set")
        .order_by("-decided_on")
    )
    for one in decided:
        (story.recognitions if one.unit_id == unit.pk else story.inherited).append(one)
    recognised = {one.unit_id for one in decided}
    story.undecided = around(unit, recognised, user, today)
    story.recognised = recognition_of(unit, decided, user, day=today)
    story.chapters = _chapters(now.files, story.recognitions)
    story.criteria = _criteria(story.standing)
    story.baseline = _baseline(unit)
    story.remedies, story.remedy_costs = _remedies(unit, family.ancestors, today)
    story.inspections = inspections_of({unit.pk, *family.ancestors})
    story.may_inspect, story.may_mend = inspects(unit, user), plans_for(unit, user)
    story.officers = list(
        Posting.objects.visible_to(user)
        .filter(unit=unit)
        .active_on(today)
        .select_related("user", "unit__district")
        .order_by("role", "-starts")
    )
    story.may_reorganise = unit.valid_to is None and user.scope.serves(
        Role.COORDINATOR, unit.province_id
    )
    if _reads_audit(user, unit):
        story.shows_audit = True
        entries = AuditEntry.objects.filter(unit_id=str(unit.pk))[:AUDIT_SHOWN]
        story.audit = [(entry, EVENTS.get(entry.event, entry.event)) for entry in entries]
    return story


def _reads_audit(user: User, unit: Unit) -> bool:
    return unit.province_id in user.scope.provinces_as(Role.COORDINATOR, Role.LEADER)


def _chapters(files: Sequence[Assessment], recognitions: list[Recognition]) -> list[Chapter]:
    latest: dict[uuid.UUID, Submission] = {}
    for submission in (
        Submission.objects.filter(assessment__in=files)
        .defer("snapshot")
        .annotate(
            found_met=Count("verdicts", filter=Q(verdicts__outcome__in=COUNTS_AS_MET)),
        )
        .order_by("number")
    ):
        latest[submission.assessment_id] = submission
    by_year = {(one.programme_id, one.for_year): one for one in recognitions}
    return [
        Chapter(
            file,
            latest.get(file.pk),
            getattr(latest.get(file.pk), "found_met", None) if file.status in CONCLUDED else None,
            by_year.get((file.round.programme_id, file.round.year)),
        )
        for file in files
    ]


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


def _remedies(
    unit: Unit, ancestors: frozenset[uuid.UUID], today: date
) -> tuple[list[OpenRemedy], list[SourceCost]]:
    found = open_remedies(unit, ancestors=ancestors)
    rows = found.select_related("criterion", "agency", "unit__district", "assessment__round")
    remedies = [
        OpenRemedy(one, one.unit if one.unit_id != unit.pk else None, one.days_overdue(today))
        for one in rows.order_by("due_on", "criterion__position", "pk")
    ]
    return remedies, costs_of(found) if remedies else []


def _baseline(unit: Unit) -> list[BaselinePart]:
    """Only failures are known; what a survey does not name it did not find met."""
    rows = BaselineFinding.objects.filter(unit=unit).select_related(
        "baseline__document", "group", "criterion", "indicator"
    )
    by_survey: dict[tuple[date, str], list[str]] = defaultdict(list)
    for row in rows.order_by("baseline__on", "pk"):
        if row.group is not None:
            text = f"Nhóm {row.group.code}. {row.group.name}"
        elif row.criterion is not None:
            text = f"Tiêu chí {row.criterion.code}. {row.criterion.title}"
        else:
            text = f"Chỉ số {row.indicator}"
        by_survey[row.baseline.on, row.baseline.document.number].append(text)
    return [BaselinePart(on, number, texts) for (on, number), texts in by_survey.items()]
