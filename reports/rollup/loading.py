"""Reads how the units of a round, or of a programme without one, stood at the end of a day."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from assessments.deriving.days import end_of
from assessments.deriving.words import MET
from assessments.models import FileState, Recognition
from assessments.querysets import RecognitionQuerySet
from criteria.models import Programme, Round
from criteria.roster import units_in_scope
from reports.rollup.board import Board
from reports.rollup.deadlines import days_late, days_left, with_extensions
from reports.rollup.findings import BASIS, Basis, load_blockers, with_bases
from reports.rollup.frame import Frame
from reports.rollup.marks import Marks
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from reports.rollup.rows import StateRow, load_rows, rows_with
from reports.rollup.standing import Count, Standing
from wards.models import Province, Unit
from wards.shelf import Shelf

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
    known: Iterable[Unit] = (),
    recognitions: Mapping[uuid.UUID, Recognition] | None = None,
    with_blockers: bool = True,
) -> list[Standing]:
    """How the units of a round stood at the end of `as_of`, in the order of lists.

    `units` and `province` narrow the list. Files opened after `as_of` are not in it. The number of
    queries does not depend on the number of units. What is in the way is read from every answer and
    verdict, so who has no use for it leaves it out; `plan` spares asking whether it changed, and
    `known` and `recognitions` spare reading units, and what is in force of them by unit, again.
    """
    plan = plan or load_plan(round_.programme)
    states = FileState.objects.on(as_of).filter(round=round_)
    recognised = Recognition.objects.filter(programme=round_.programme)
    if units is not None:
        states, recognised = states.filter(unit__in=units), recognised.filter(unit__in=units)
    if province is not None:
        states = states.filter(unit__province=province)
        recognised = recognised.filter(unit__province=province)
    frame = Frame.kept(round_.criteria_set, plan.edition)
    states = with_extensions(states, as_of)
    if with_blockers:
        states = with_bases(states, as_of=as_of)
    files = list(rows_with(states, as_of, "extended_until", *(BASIS if with_blockers else ())))
    if recognitions is None:
        recognitions = _latest(recognised, round_.year, as_of)
    places = units_of((row for row, _ in files), plan, known)
    found = [
        _standing(
            row,
            round_,
            places[row.unit],
            frame,
            recognitions.get(row.unit),
            extended_until or round_.deadline,
            as_of,
        )
        for row, (extended_until, *_) in files
    ]
    # Sorted here: databases disagree on where units without a district go.
    found.sort(key=lambda one: one.unit.list_key)
    if not with_blockers:
        return found
    stations = {one.assessment: one.unit.station_name for one in found if one.assessment}
    bases = {row.assessment: Basis(row, *more) for row, (_, *more) in files}
    blockers = load_blockers(bases, frame, stations, as_of=as_of)
    return [
        replace(one, blockers=blockers[one.assessment]) if one.assessment else one for one in found
    ]


def latest_round(programme: Programme, *, as_of: date) -> Round | None:
    """The round of the latest year reached by `as_of` among those opened by then.

    A round opened ahead of its year is taken only when there is none other.
    """
    return latest_of(programme.rounds.select_related("criteria_set", "programme"), as_of=as_of)


def latest_of(rounds: Iterable[Round], *, as_of: date) -> Round | None:
    """The same among the rounds of a programme that were read already."""
    opened = [one for one in rounds if one.opened_at <= end_of(as_of)]
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
    recognised = Recognition.objects.filter(programme=programme)
    if province is not None:
        recognised = recognised.filter(unit__province=province)
    recognitions = _latest(recognised, as_of.year, as_of)
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


def _latest(
    recognised: RecognitionQuerySet, year: int, as_of: date
) -> dict[uuid.UUID, Recognition]:
    """Per unit, the latest of these in force among those for this year or before."""
    rows = (
        recognised.filter(for_year__lte=year)
        .in_force_on(as_of)
        .select_related("document")
        .order_by("for_year", "decided_on")
    )
    return {row.unit_id: row for row in rows}


def units_of(
    rows: Iterable[StateRow], plan: Plan, read: Iterable[Unit] = ()
) -> Mapping[uuid.UUID, Unit]:
    """The units of these files, mostly known from the plan; those `read` already are not again."""
    known = plan.field.lineage.units
    further = {unit.pk: unit for unit in read if unit.pk not in known}
    missing = {row.unit for row in rows if row.unit not in known and row.unit not in further}
    if missing:
        further |= Unit.objects.with_places().in_bulk(missing)
    return {**known, **further} if further else known


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
