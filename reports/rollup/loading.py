"""Reads how the units of a round, or of a programme without one, stood at the end of a day."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from assessments.deriving.days import end_of
from assessments.deriving.words import MET
from assessments.models import Assessment, FileState, Recognition
from criteria.models import Programme, Round
from criteria.roster import units_in_scope
from reports.rollup.board import Board
from reports.rollup.deadlines import days_late, days_left, extended_deadlines
from reports.rollup.findings import load_blockers
from reports.rollup.frame import Frame
from reports.rollup.marks import Marks
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.rows import StateRow, load_rows
from reports.rollup.shelf import Shelf
from reports.rollup.standing import Count, Standing
from wards.models import Province, Unit

BOARDS: Shelf[Board] = Shelf(64)
"""The units of single provinces on the days asked about lately."""
FILES: Shelf[tuple[tuple[Unit, StateRow], ...]] = Shelf(12)
"""The files of whole rounds, or of single provinces: few, for a country has thousands."""


def board_of(
    programme: Programme,
    round_: Round | None,
    *,
    as_of: date,
    plan: Plan,
    province: Province | None,
    marks: Marks,
) -> Board:
    """How the units of a province's part, or of a programme, stood, kept until that changes.

    Without a word about what is in their way. Without a round, the units one would be for.
    """
    place = province and province.pk
    if round_ is None:
        return BOARDS.get(
            (programme.pk, place, as_of),
            plan.edition,
            lambda: Board(tuple(roster_standings(programme, as_of=as_of, province=province))),
        )
    return BOARDS.get(
        (round_.pk, place, as_of),
        marks.here,
        lambda: Board(
            tuple(standings(round_, as_of=as_of, province=province, plan=plan, with_blockers=False))
        ),
    )


def files_of_place(
    round_: Round, *, as_of: date, plan: Plan, province: Province | None, marks: Marks
) -> tuple[tuple[Unit, StateRow], ...]:
    """The files of a round or of its part, with their units in the order of lists, likewise."""

    def read() -> tuple[tuple[Unit, StateRow], ...]:
        states = FileState.objects.on(as_of).filter(round=round_)
        if province is not None:
            states = states.filter(unit__province=province)
        rows = load_rows(states, as_of)
        units = units_of(rows, plan)
        found = [(units[row.unit], row) for row in rows]
        return tuple(sorted(found, key=lambda one: one[0].list_key))

    return FILES.get((round_.pk, province and province.pk, as_of), marks.here, read)


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
    verdict, so who has no use for it leaves it out; `plan` spares asking whether it changed.
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
    recognitions = _recognitions(programme, as_of.year, as_of, province)
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
