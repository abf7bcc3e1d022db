"""How each unit of a round stood at the end of a day: counts, outcomes, what is in the way."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments.deriving.days import end_of
from assessments.deriving.words import MET
from assessments.models import Assessment, FileState, Recognition
from assessments.workflow import CONCLUDED, NEXT_STEP, Status
from criteria.models import Programme, Round
from criteria.roster import units_in_scope
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, owner_of
from reports.rollup.deadlines import days_late, days_left, extended_deadlines
from reports.rollup.findings import load_blockers
from reports.rollup.frame import Frame
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.rows import StateRow, load_rows
from wards.models import Province, Unit

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
    assessment: uuid.UUID | None
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
    days_left: int = 0
    """Days to the last one in time, of the unit's own deadline; 0 once it has handed in."""

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
    round_: Round,
    *,
    as_of: date,
    units: Collection[uuid.UUID] | None = None,
    province: Province | None = None,
    plan: Plan | None = None,
    with_blockers: bool = True,
) -> list[Standing]:
    """How the units of a round stood at the end of `as_of`, in the order of lists.

    `units` and `province` narrow the list. Files opened after `as_of` are not in it. The number of
    queries does not depend on the number of units. What is in the way is read from every answer and
    verdict, so
    who has no use for it leaves it out; `plan` spares asking whether it changed.
    """
    states = FileState.objects.on(as_of).filter(round=round_)
    files = Assessment.objects.filter(round=round_, opened_at__lte=end_of(as_of))
    if units is not None:
        states, files = states.filter(unit__in=units), files.filter(unit__in=units)
    if province is not None:
        states, files = (
            states.filter(unit__province=province),
            files.filter(unit__province=province),
        )
    frame = Frame.load(round_.criteria_set)
    rows = load_rows(states, as_of)
    recognitions = _recognitions(round_.programme, round_.year, as_of, province)
    extended = extended_deadlines(files, as_of)
    known = units_of(rows, plan or load_plan(round_.programme))
    found = [
        _standing(
            row,
            round_,
            known[row.unit],
            frame,
            recognitions.get(row.unit),
            extended.get(row.assessment, round_.deadline),
            as_of,
        )
        for row in rows
    ]
    # Sorted here: databases disagree on where units without a district go.
    found.sort(key=lambda one: one.unit.list_key)
    if not with_blockers:
        return found
    stations = {one.assessment: one.unit.station_name for one in found if one.assessment}
    blockers = load_blockers(files, frame, stations, as_of=as_of)
    # A file opened between two of these queries is left for the next look.
    return [
        replace(one, blockers=blockers.get(one.assessment, ())) if one.assessment else one
        for one in found
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


def roster_standings(
    programme: Programme, *, as_of: date, province: Province | None = None
) -> list[Standing]:
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
        if province is None or unit.province_id == province.pk
    ]


def _recognitions(
    programme: Programme, year: int, as_of: date, province: Province | None = None
) -> dict[uuid.UUID, Recognition]:
    """Per unit, the latest recognition in force among those for this year or before."""
    rows = (
        Recognition.objects.filter(programme=programme, for_year__lte=year)
        .in_force_on(as_of)
        .select_related("document")
        .order_by("for_year", "decided_on")
    )
    if province is not None:
        rows = rows.filter(unit__province=province)
    return {row.unit_id: row for row in rows}


def units_of(rows: Iterable[StateRow], plan: Plan) -> Mapping[uuid.UUID, Unit]:
    """The units of these files, mostly known from the plan."""
    known = plan.field.lineage.units
    missing = {row.unit for row in rows if row.unit not in known}
    if not missing:
        return known
    return {**known, **Unit.objects.with_places().in_bulk(missing)}


def _standing(
    row: StateRow,
    round_: Round,
    unit: Unit,
    frame: Frame,
    recognition: Recognition | None,
    due_at: datetime,
    as_of: date,
) -> Standing:
    own = frame.outcomes_of(row.own_outcomes)
    verified = frame.outcomes_of(row.verified_outcomes)
    return Standing(
        unit=unit,
        round=round_,
        assessment=row.assessment,
        frame=frame,
        status=row.status,
        since=row.status_since,
        self_assessed=Count(row.own_outcomes.count(MET), len(frame.criteria)),
        verified=Count(row.verified_outcomes.count(MET), len(frame.criteria)),
        recognition=recognition,
        self_outcomes=own,
        verified_outcomes=verified,
        blockers=(),
        submitted_on=row.submitted_on,
        days_late=days_late(due_at, row.submitted_on or as_of),
        days_left=days_left(due_at, as_of) if row.submitted_on is None else 0,
    )
