"""What must hold for any programme: no database, only units, targets and achievements."""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.deriving.history import FileHistory, HandedIn, Step
from assessments.deriving.states import FileFacts, Ruled, State, states_of
from assessments.workflow import MOVES, Status
from criteria.models import Counting, Measure, TargetScope
from reports.rollup.achievements import Achievement, Achievements
from reports.rollup.plan import Plan
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.roster import Field
from reports.rollup.targets import TargetFact, level_of, restated
from wards.lineage import Lineage
from wards.models import Province, Unit

# No example database: a test run leaves nothing behind.
searching = settings(database=None, deadline=None, max_examples=60)

MERGED = date(2025, 7, 1)
DAYS = st.dates(date(2023, 1, 1), date(2031, 12, 31))
YEARS = range(2023, 2031)


def ward(number: int, **columns: Any) -> Unit:
    return Unit(
        id=uuid.UUID(int=number), code=str(number), name=f"Phường {number}", kind="ward", **columns
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Some wards, some of which merge on one day, with one overall target a year."""
    before = draw(st.integers(0, 12))
    old = [ward(number, valid_to=date(2025, 6, 30)) for number in range(before)]
    into = [draw(st.integers(0, 5)) for _ in old]
    new = {number: ward(100 + number, valid_from=MERGED) for number in set(into)}
    successors = {
        unit.pk: [(MERGED, new[number].pk)] for unit, number in zip(old, into, strict=True)
    }
    lineage = Lineage(successors, {unit.pk: unit for unit in [*old, *new.values()]})
    measures = st.sampled_from([Measure.LEVEL, Measure.ADDITIONAL, Measure.PERCENT])
    targets = []
    for position, year in enumerate(YEARS):
        measure = draw(measures)
        most = 100 if measure == Measure.PERCENT else 4
        value = Fraction(draw(st.integers(0, most)))
        targets.append(TargetFact(measure, value, date(year, 12, 31), position=position))
    return Plan(tuple(targets), (), Field(tuple(old), lineage), Counting.RECOGNISED, "phường")


Facts = list[tuple[Achievement, date]]
"""Achievements, each with the day on which it became one."""


@st.composite
def achieved(draw: st.DrawFn) -> Facts:
    numbers = st.sampled_from([*range(12), *range(100, 106)])
    achievement = st.builds(
        Achievement,
        unit=numbers.map(lambda number: uuid.UUID(int=number)),
        year=st.sampled_from(list(YEARS)),
        kind=st.sampled_from(list(Counting)),
        until=st.none() | DAYS,
    )
    return draw(st.lists(st.tuples(achievement, DAYS), max_size=20))


def known(facts: Facts, as_of: date) -> Achievements:
    return gathered(one for one, on in facts if on <= as_of)


def gathered(found: Iterable[Achievement]) -> Achievements:
    """These achievements, sorted as the database gives them."""
    listed = list(found)
    lasting: dict[Counting, dict[int, set[uuid.UUID]]] = {
        kind: defaultdict(set) for kind in Counting
    }
    for one in listed:
        if one.until is None:
            lasting[one.kind][one.year].add(one.unit)
    return Achievements(lasting, tuple(one for one in listed if one.until is not None))


def figures(row: RoadmapRow) -> tuple[int, int, int, int]:
    return row.self_assessed, row.verified, row.recognised, row.achieved


@searching
@given(plans(), achieved(), achieved(), DAYS)
def test_more_achievements_never_lower_a_count(
    plan: Plan, some: Facts, more: Facts, as_of: date
) -> None:
    fewer = plan.rows(known(some, as_of), as_of=as_of)
    greater = plan.rows(known(some + more, as_of), as_of=as_of)
    for low, high in zip(fewer, greater, strict=True):
        assert all(one <= other for one, other in zip(figures(low), figures(high), strict=True))
        assert (low.required, low.required_now) == (high.required, high.required_now)


@searching
@given(plans(), achieved(), DAYS)
def test_no_row_asks_for_or_counts_more_than_there_is(
    plan: Plan, found: Facts, as_of: date
) -> None:
    for row in plan.rows(gathered(one for one, _ in found), as_of=as_of):
        assert 0 <= row.required <= row.of
        assert 0 <= row.required_now <= row.roster_now
        assert 0 <= row.required_then <= row.roster_then
        assert max(figures(row)) <= row.roster_then
        if row.required == row.of:
            assert row.required_now == row.roster_now, "all stays all"
        if row.of:
            assert Fraction(row.required, row.of) * row.roster_now <= row.required_now


@searching
@given(plans(), DAYS)
def test_additional_is_the_difference_of_running_levels(plan: Plan, as_of: date) -> None:
    rows = plan.rows(Achievements(), as_of=as_of)
    level = 0
    for row in rows:
        assert row.additional == row.required - level
        level = row.required


@searching
@given(plans(), DAYS)
def test_states_follow_the_calendar(plan: Plan, as_of: date) -> None:
    rows = plan.rows(Achievements(), as_of=as_of)
    for row in rows:
        if row.by < as_of:
            assert row.state in {"met", "missed"}
        else:
            assert row.state != "missed"
    waiting = [row for row in rows if row.state in {"behind", "on_track"}]
    assert len({row.by for row in waiting}) <= 1, "only the next target is urgent"


@searching
@given(st.integers(0, 400), st.fractions(0, 100))
def test_a_percentage_is_exact(of: int, percent: Fraction) -> None:
    target = TargetFact(Measure.PERCENT, percent, date(2030, 12, 31))
    level = level_of(target, of=of, before=0)
    assert level == math.ceil(percent * of / 100)
    assert 100 * level >= percent * of
    if level:
        assert 100 * (level - 1) < percent * of


@searching
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_restating_keeps_order_and_bounds(required: int, of: int, roster: int) -> None:
    now = restated(min(required, of), of, roster)
    assert 0 <= now <= roster
    assert now <= restated(of, of, roster)
    if of == roster:
        assert now == min(required, of)


@st.composite
def histories(draw: st.DrawFn) -> FileHistory:
    """A walk through the table of moves, one move on each of some days."""
    days = sorted(draw(st.lists(DAYS, max_size=14)))
    status, steps, submissions = Status.NOT_STARTED, [], []
    for number, day in enumerate(days):
        moves = [move for move in MOVES if move.source == status]
        if not moves:
            break
        move = draw(st.sampled_from(moves))
        steps.append(Step(move.source, move.target, day))
        if move.event in {"assessment_submitted", "assessment_resubmitted"}:
            met = draw(st.integers(0, 3))
            submissions.append(HandedIn(number, day, met, 3))
        status = move.target
    return FileHistory(status, date(2023, 1, 1), None, tuple(steps), tuple(submissions))


@searching
@given(histories(), DAYS)
def test_later_facts_do_not_change_an_earlier_day(history: FileHistory, as_of: date) -> None:
    steps = tuple(step for step in history.steps if step.on <= as_of)
    then = FileHistory(
        Status(steps[-1].target) if steps else Status.NOT_STARTED,
        history.opened_on,
        None,
        steps,
        tuple(one for one in history.submissions if one.on <= as_of),
    )
    assert history.status_on(as_of) == then.status_on(as_of) == then.status
    assert history.since(as_of) == then.since(as_of)
    assert history.submission_on(as_of) == then.submission_on(as_of)
    assert history.handed_in_on(as_of) == then.handed_in_on(as_of)
    assert state_on(history, as_of) == state_on(then, as_of)


def state_on(history: FileHistory, as_of: date) -> State | None:
    """How a file of three criteria stood, every criterion accepted on the day it was handed in."""
    words = {one.pk: "m" * one.met + "n" * (one.of - one.met) for one in history.submissions}
    ruled = {
        one.pk: tuple(Ruled(place, letter, one.on) for place, letter in enumerate(words[one.pk]))
        for one in history.submissions
    }
    states = states_of(FileFacts(history, 3, handed_in=words, verdicts=ruled))
    assert all(one.until == other.since for one, other in pairwise(states))
    found = [one for one in states if one.since <= as_of]
    return replace(found[-1], until=None) if found else None


@st.composite
def plans_of_provinces(draw: st.DrawFn) -> Plan:
    """Wards of some provinces that later merge, under targets of every province and of all."""
    provinces = [
        Province(id=uuid.UUID(int=900 + number), code=f"{number:02d}", name=f"Tỉnh {number}")
        for number in range(draw(st.integers(1, 5)))
    ]
    old = [
        ward(number, valid_to=date(2025, 6, 30), province=draw(st.sampled_from(provinces)))
        for number in range(draw(st.integers(0, 12)))
    ]
    into = [draw(st.integers(0, 4)) for _ in old]
    new = {
        number: ward(100 + number, valid_from=MERGED, province=provinces[0]) for number in set(into)
    }
    successors = {
        unit.pk: [(MERGED, new[number].pk)] for unit, number in zip(old, into, strict=True)
    }
    lineage = Lineage(successors, {unit.pk: unit for unit in [*old, *new.values()]})
    measure = draw(st.sampled_from([Measure.LEVEL, Measure.ADDITIONAL, Measure.PERCENT]))
    each = TargetScope.EACH_PROVINCE
    targets = [
        TargetFact(
            measure, Fraction(draw(st.integers(0, 100))), date(2025, 12, 31), each, position=1
        ),
        TargetFact(Measure.PERCENT, Fraction(100), date(2028, 12, 31), each, position=2),
        TargetFact(Measure.PERCENT, Fraction(100), date(2030, 12, 31), position=3),
    ]
    return Plan(tuple(targets), (), Field(tuple(old), lineage), Counting.RECOGNISED, "phường")


@searching
@given(plans_of_provinces(), achieved(), DAYS)
def test_rows_of_provinces_add_up_to_the_whole(plan: Plan, found: Facts, as_of: date) -> None:
    whole, *parts = plan.rows(known(found, as_of), as_of=as_of)
    for year in (2025, 2028):
        rows = [row for row in parts if row.year == year]
        assert sum(row.of for row in rows) == whole.of
        assert len({row.scope for row in rows}) == len(rows) <= 5
        assert all(row.of > 0 for row in rows), "no row for a province without units"
        if as_of < MERGED:
            assert sum(row.roster_now for row in rows) == whole.roster_now
        else:
            # Wards of two provinces that became one ward are in both rows.
            assert sum(row.roster_now for row in rows) >= whole.roster_now
    for row in parts:
        assert row.is_of_province
        assert row.required <= row.of
        assert row.required_now <= row.roster_now
        assert row.scope_label.startswith("Tỉnh")


@searching
@given(plans_of_provinces(), DAYS)
def test_a_hundred_percent_asks_for_every_unit(plan: Plan, as_of: date) -> None:
    for row in plan.rows(Achievements(), as_of=as_of):
        if row.as_approved == "100%":
            assert (row.required, row.required_now) == (row.of, row.roster_now)


@searching
@given(st.sampled_from(list(Measure)), st.integers(0, 100), DAYS)
def test_a_target_of_nobody_is_no_error(measure: Measure, value: int, as_of: date) -> None:
    scopes = (TargetScope.ALL, TargetScope.KEY_AREA, TargetScope.EACH_PROVINCE)
    by = None if measure == Measure.NEW_UNITS else date(2028, 12, 31)
    targets = tuple(
        TargetFact(measure, Fraction(value), by, scope, position=position)
        for position, scope in enumerate(scopes)
    )
    plan = Plan(targets, (), Field((), Lineage({}, {})), Counting.RECOGNISED, "đơn vị")
    rows = plan.rows(Achievements(), as_of=as_of)
    assert [row.scope for row in rows] == ([] if by is None else ["all", "key_area"])
    assert {(row.required, row.of, row.required_now) for row in rows} <= {(0, 0, 0)}


@searching
@given(plans(), achieved(), DAYS, DAYS)
def test_rows_of_a_day_do_not_know_what_came_later(
    plan: Plan, found: Facts, as_of: date, until: date
) -> None:
    then = plan.rows(known(found, as_of), as_of=as_of)
    # Nor does a decision of a later day, whatever it replaces.
    decided = max(until, as_of + timedelta(days=1))
    revised = TargetFact(
        Measure.PERCENT,
        Fraction(100),
        date(2031, 12, 31),
        position=99,
        revised_on=decided,
    )
    with_revision = replace(plan, targets=(*plan.targets, revised), revisions=(decided,))
    assert then == with_revision.rows(known(found, as_of), as_of=as_of)


@searching
@given(plans(), st.integers(1, 400))
def test_a_stated_number_never_enters_a_percentage(plan: Plan, stated: int) -> None:
    as_of = date(2024, 6, 30)
    told = replace(plan, stated_size=stated, stated_size_text=f"gần {stated}")
    for row, beside in zip(
        plan.rows(Achievements(), as_of=as_of), told.rows(Achievements(), as_of=as_of), strict=True
    ):
        assert (row.of, row.roster_now) == (beside.of, beside.roster_now)
        assert beside.required_now <= beside.roster_now
        assert beside.list_is_short == (stated > len(plan.field.roster))
        if not beside.list_is_short:
            assert (row.required, row.as_approved) == (beside.required, beside.as_approved)
        assert beside.required <= max(stated, row.of)
