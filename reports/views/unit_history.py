"""What is known of a unit beside where it stands: its rounds, decisions, changes and people."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from accounts.events import EVENTS
from accounts.models import AuditEntry, Role, User
from assessments.inheritances import OpenDecision, around, recognitions_of_family
from assessments.inspections import UnitInspections, inspections_of
from assessments.models import Assessment, BaselineFinding, Recognition, Submission
from assessments.permissions import inspects, plans_for
from assessments.workflow import CONCLUDED
from criteria.scale import COUNTS_AS_MET
from reports.views.lineage import Change, family_of
from reports.views.recognised import Recognised, recognition_of
from reports.views.unit_now import unit_and_files
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
class BaselinePart:
    """What one survey found failing."""

    on: date
    document: str
    findings: list[str]


@dataclass(frozen=True, slots=True)
class History:
    """Everything the page tells, as of today."""

    unit: Unit
    today: date
    chapters: list[Chapter]
    recognised: Recognised
    changes: list[Change]
    lineage: SafeString
    undecided: list[tuple[OpenDecision, bool]]
    baseline: list[BaselinePart]
    officers: list[Posting]
    inspections: UnitInspections
    audit: list[tuple[AuditEntry, str]] | None
    """The latest acts; None for those who do not read the trail."""
    may_inspect: bool
    may_mend: bool
    may_reorganise: bool

    @property
    def is_former(self) -> bool:
        """Whether the unit has become others."""
        return self.unit.valid_to is not None and self.unit.valid_to < self.today


@allow(*READERS, *STATION)
@require_safe
def unit_history(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One unit's past rounds, recognitions, inspections, reorganisations, people and trail."""
    unit, files = unit_and_files(request.user, pk)
    history = load_history(unit, files, request.user, timezone.localdate())
    return render(request, "reports/unit_history.html", {"history": history, "unit": unit})


def load_history(unit: Unit, files: Sequence[Assessment], user: User, today: date) -> History:
    """The history of a unit as this person may read it."""
    family = family_of(unit, user)
    known = recognitions_of_family(unit, user)
    return History(
        unit,
        today,
        chapters=_chapters(files, known.recognitions),
        recognised=recognition_of(unit, known.recognitions, user, day=today),
        changes=family.changes,
        lineage=family.figure,
        undecided=around(unit, known, family.successions, user, today),
        baseline=_baseline(unit),
        officers=_officers(unit, user, today),
        inspections=inspections_of(unit),
        audit=_audit(unit, user),
        may_inspect=inspects(unit, user),
        may_mend=plans_for(unit, user),
        may_reorganise=unit.valid_to is None
        and user.scope.serves(Role.COORDINATOR, unit.province_id),
    )


def _chapters(files: Sequence[Assessment], recognitions: Iterable[Recognition]) -> list[Chapter]:
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
    by_round = {(one.unit_id, one.programme_id, one.for_year): one for one in recognitions}
    return [
        Chapter(
            file,
            latest.get(file.pk),
            getattr(latest.get(file.pk), "found_met", None) if file.status in CONCLUDED else None,
            by_round.get((file.unit_id, file.round.programme_id, file.round.year)),
        )
        for file in files
    ]


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


def _officers(unit: Unit, user: User, today: date) -> list[Posting]:
    return list(
        Posting.objects.visible_to(user)
        .filter(unit=unit)
        .active_on(today)
        .select_related("user", "unit__district")
        .order_by("role", "-starts")
    )


def _audit(unit: Unit, user: User) -> list[tuple[AuditEntry, str]] | None:
    if unit.province_id not in user.scope.provinces_as(Role.COORDINATOR, Role.LEADER):
        return None
    entries = AuditEntry.objects.filter(unit_id=str(unit.pk))[:AUDIT_SHOWN]
    return [(entry, EVENTS.get(entry.event, entry.event)) for entry in entries]
