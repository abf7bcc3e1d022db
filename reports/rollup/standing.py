"""How each unit of a round stood at the end of a day: counts, outcomes, what is in the way."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from assessments.models import Assessment, DeadlineExtension, Recognition
from assessments.workflow import CONCLUDED, NEXT_STEP, Status
from criteria.models import Programme, Round
from criteria.roster import units_in_scope
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, Finding, Ruling, find_blockers, owner_of
from reports.rollup.days import day_of, end_of
from reports.rollup.findings import load_findings, load_rulings
from reports.rollup.frame import Frame
from reports.rollup.history import FileHistory, load_histories
from wards.models import Unit

NO_ROUND = "Chưa mở kỳ đánh giá"
ENDED = "Công nhận đã hết hiệu lực"
ENDED_BADGE = "recognition_ended"
"""The badge of a file that ended in a recognition which no longer holds; no status of a file."""
ENDED_NEXT_STEP = "Đăng ký kỳ sau để được xét lại."


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    met: int = 0
    of: int = 0

    def as_json(self) -> dict[str, int]:
        """`{met, of}`."""
        return {"met": self.met, "of": self.of}


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit in one round, at the end of a day.

    Outcomes are by criterion code, in the four words of a criterion. Those of the province are
    empty, and its count is none of all, until its conclusion stands: what a reviewer has noted so
    far is not a finding yet.
    """

    unit: Unit
    round: Round | None
    assessment: Assessment | None
    frame: Frame
    status: Status | None
    since: date | None
    self_assessed: Count
    verified: Count
    recognition: Recognition | None
    self_outcomes: Mapping[str, Outcome]
    verified_outcomes: Mapping[str, Outcome]
    blockers: tuple[Blocker, ...]
    submitted_on: date | None
    days_late: int

    @property
    def recognition_ended(self) -> bool:
        """Whether the file was recognised and no recognition of the unit is in force."""
        return self.status == Status.RECOGNISED and self.recognition is None

    @property
    def badge(self) -> str:
        """The code under which components/status_badge.html shows the status."""
        return ENDED_BADGE if self.recognition_ended else str(self.status or "")

    @property
    def status_label(self) -> str:
        """The status in words; a recognition that was revoked or has lapsed is said to be over."""
        if self.recognition_ended:
            return ENDED
        return str(self.status.label) if self.status is not None else NO_ROUND

    @property
    def is_concluded(self) -> bool:
        """Whether the province's conclusion stands."""
        return self.status in CONCLUDED

    @property
    def is_missing(self) -> bool:
        """Whether the unit has a file and has not handed it in."""
        return self.status is not None and self.submitted_on is None

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The province's outcomes once it has concluded, the station's own until then."""
        return self.verified_outcomes if self.is_concluded else self.self_outcomes

    @property
    def group_outcomes(self) -> dict[str, Outcome]:
        """The outcome of each group, from `outcomes`."""
        return self.frame.group_outcomes(self.outcomes)

    @property
    def recognised(self) -> Count:
        """One of one when a recognition is in force."""
        return Count(1 if self.recognition is not None else 0, 1)

    @property
    def owner_label(self) -> str:
        """Whose turn it is."""
        return owner_of(self.status, self.unit.station_name) if self.status is not None else ""

    @property
    def next_step(self) -> str:
        """What happens next."""
        if self.recognition_ended:
            return ENDED_NEXT_STEP
        return NEXT_STEP[self.status] if self.status is not None else "Mở kỳ đánh giá."

    def as_json(self) -> dict[str, object]:
        """The unit as the `standing` command prints it."""
        return {
            "code": self.unit.code,
            "name": self.unit.heading_name,
            "self": self.self_assessed.as_json(),
            "verified": self.verified.as_json(),
            "recognised": self.recognised.as_json(),
            "status": str(self.status) if self.status is not None else None,
            "blockers": [blocker.text for blocker in self.blockers],
        }


def standings(
    round_: Round, *, as_of: date, units: Collection[uuid.UUID] | None = None
) -> list[Standing]:
    """How the units of a round stood at the end of `as_of`, in the order of lists.

    `units` narrows the list. Files opened after `as_of` are not in it. The number of queries does
    not depend on the number of units.
    """
    files = Assessment.objects.filter(round=round_, opened_at__lte=end_of(as_of))
    if units is not None:
        files = files.filter(unit__in=units)
    frame = Frame.load(round_.criteria_set)
    histories = load_histories(files)
    findings = load_findings(files, frame, histories, as_of=as_of)
    rulings = load_rulings(files, histories, as_of=as_of)
    recognitions = _recognitions(round_.programme, round_.year, as_of)
    extended = _extended(files, as_of)
    # A file opened between two of these queries is left for the next look.
    opened = [
        one
        for one in files.select_related("unit__district", "unit__province", "reviewer")
        if one.pk in histories
    ]
    for one in opened:
        one.round = round_
    return [
        _standing(
            one,
            frame,
            histories[one.pk],
            findings[one.pk],
            rulings.get(one.pk, {}),
            recognitions.get(one.unit_id),
            extended.get(one.pk, round_.deadline),
            as_of,
        )
        # Sorted here: databases disagree on where units without a district go.
        for one in sorted(opened, key=lambda one: one.unit.list_key)
    ]


def latest_round(programme: Programme, *, as_of: date) -> Round | None:
    """The round of the latest year reached by `as_of` among those opened by then.

    A round opened ahead of its year is taken only when there is none other.
    """
    opened = programme.rounds.filter(opened_at__lte=end_of(as_of)).select_related(
        "criteria_set", "programme"
    )
    rounds = sorted(opened, key=lambda one: one.year)
    reached = [one for one in rounds if one.year <= as_of.year]
    if reached:
        return reached[-1]
    return rounds[0] if rounds else None


def programme_standings(programme: Programme, *, as_of: date) -> list[Standing]:
    """The standings of the latest round; without one, the units in scope, nothing counted."""
    round_ = latest_round(programme, as_of=as_of)
    if round_ is not None:
        return standings(round_, as_of=as_of)
    return roster_standings(programme, as_of=as_of)


def roster_standings(programme: Programme, *, as_of: date) -> list[Standing]:
    """The units a round opened on `as_of` would be for, with nothing counted."""
    recognitions = _recognitions(programme, as_of.year, as_of)
    frame = Frame.load(programme.criteria_set)
    return [
        Standing(
            unit=unit,
            round=None,
            assessment=None,
            frame=frame,
            status=None,
            since=None,
            self_assessed=Count(),
            verified=Count(),
            recognition=recognitions.get(unit.pk),
            self_outcomes={},
            verified_outcomes={},
            blockers=(),
            submitted_on=None,
            days_late=0,
        )
        for unit in units_in_scope(programme, as_of)
    ]


def _recognitions(programme: Programme, year: int, as_of: date) -> dict[uuid.UUID, Recognition]:
    """Per unit, the latest recognition in force among those for this year or before."""
    rows = (
        Recognition.objects.filter(programme=programme, for_year__lte=year)
        .in_force_on(as_of)
        .select_related("document")
        .order_by("for_year", "decided_on")
    )
    return {row.unit_id: row for row in rows}


def _extended(files: QuerySet[Assessment], as_of: date) -> dict[uuid.UUID, datetime]:
    """Per file, until when its first submission was taken by what was granted up to `as_of`."""
    granted = DeadlineExtension.objects.filter(
        assessment__in=files.order_by().values("pk"), granted_at__lte=end_of(as_of)
    ).order_by("pk")
    return dict(granted.values_list("assessment", "until"))


def _standing(
    assessment: Assessment,
    frame: Frame,
    history: FileHistory,
    findings: Mapping[str, Finding],
    rulings: Mapping[str, Ruling],
    recognition: Recognition | None,
    due_at: datetime,
    as_of: date,
) -> Standing:
    status = history.status_on(as_of)
    last = history.last_step(as_of)
    own = {code: finding.outcome for code, finding in findings.items()}
    verified: dict[str, Outcome] = {}
    if status in CONCLUDED:
        verified = {
            criterion.code: (
                rulings[criterion.code].outcome if criterion.code in rulings else Outcome.UNANSWERED
            )
            for criterion in frame.criteria
        }
    submitted_on = history.handed_in_on(as_of)
    return Standing(
        unit=assessment.unit,
        round=assessment.round,
        assessment=assessment,
        frame=frame,
        status=status,
        since=history.since(as_of),
        self_assessed=_count(own, frame),
        verified=_count(verified, frame),
        recognition=recognition,
        self_outcomes=own,
        verified_outcomes=verified,
        blockers=find_blockers(
            frame,
            status,
            findings,
            rulings,
            station=assessment.unit.station_name,
            since=history.since(as_of),
            comment=last.comment if last is not None else "",
        ),
        submitted_on=submitted_on,
        days_late=days_late(due_at, submitted_on or as_of),
    )


def _count(outcomes: Mapping[str, Outcome], frame: Frame) -> Count:
    met = sum(outcome == Outcome.MET for outcome in outcomes.values())
    return Count(met, len(frame.criteria))


def days_late(due_at: datetime, day: date) -> int:
    """How many days `day` is past the last day in time; 0 when it is not.

    A deadline at midnight closes with the day before it: "trước ngày 15/11" means by 14/11.
    """
    last_day = day_of(due_at - timedelta(microseconds=1))
    return max(0, (day - last_day).days)
