"""The ranking of candidates and what a choice comes to: pure, for any units."""

import uuid
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rollup.picking import Balance, Basis, Candidate, Goal, Unmet, rank
from wards.models import Unit
from wards.names import sort_key

searching = settings(database=None, deadline=None, max_examples=80)


def ward(number: int, name: str = "") -> Unit:
    name = name or f"Phường {number}"
    return Unit(
        id=uuid.UUID(int=number), code=str(number), name=name, kind="ward", sort_key=sort_key(name)
    )


def lacking(*kinds: str) -> tuple[Unmet, ...]:
    """`alone`, `others` or `land` for each thing that is missing."""
    return tuple(
        Unmet(
            f"C{place:02d}",
            kind,
            ward_alone=kind == "alone",
            needs_building=kind == "land",
        )
        for place, kind in enumerate(kinds, start=1)
    )


def candidate(number: int, *kinds: str, basis: Basis = Basis.CRITERIA) -> Candidate:
    return Candidate(ward(number), basis, "QĐ 5764, kỳ 2023", of=22, unmet=lacking(*kinds))


KINDS = st.lists(st.sampled_from(["alone", "others", "land"]), max_size=6)
CANDIDATES = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(list(Basis)), KINDS),
    unique_by=lambda one: one[0],
    max_size=12,
).map(
    lambda rows: [
        candidate(number, *([] if basis == Basis.NOTHING else kinds), basis=basis)
        for number, basis, kinds in rows
    ]
)


def names(candidates: list[Candidate]) -> list[str]:
    return [one.unit.name for one in rank(candidates)]


def test_fewest_unmet_then_the_wards_own_then_building_last_then_names() -> None:
    assert names(
        [
            candidate(1, "alone", "alone"),
            candidate(2, "land"),
            candidate(3, "others"),
            candidate(4, "alone"),
            candidate(10),
            candidate(9),
        ]
    ) == ["Phường 9", "Phường 10", "Phường 4", "Phường 3", "Phường 2", "Phường 1"]


def test_groups_of_a_survey_are_never_compared_with_criteria() -> None:
    assert names(
        [
            candidate(1, basis=Basis.NOTHING),
            candidate(2, "alone", basis=Basis.SURVEY),
            candidate(3, *["others"] * 20),
        ]
    ) == ["Phường 3", "Phường 2", "Phường 1"]


def test_why_in_one_sentence() -> None:
    assert candidate(1).why == "Không còn tiêu chí nào chưa đạt."
    assert candidate(1, "alone").why == (
        "Còn 1 tiêu chí chưa đạt, đều do Công an phường tự làm được."
    )
    assert candidate(1, "alone", "land").why == (
        "Còn 2 tiêu chí chưa đạt, 1 do Công an phường tự làm được, trong đó có đất, trụ sở."
    )
    assert candidate(1, "others", basis=Basis.SURVEY).why == ("Còn 1 nhóm chưa đạt theo khảo sát.")
    assert "xếp cuối" in candidate(1, basis=Basis.NOTHING).why


def test_what_is_missing_lists_land_and_building_last() -> None:
    missing = candidate(1, "land", "others", "alone").missing
    assert [one.title for one in missing] == ["alone", "others", "land"]


@searching
@given(CANDIDATES, st.randoms(use_true_random=False))
def test_the_ranking_is_a_total_order_whatever_the_input_order(
    candidates: list[Candidate], chance: st.DataObject
) -> None:
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    first, second = rank(candidates), rank(shuffled)
    assert first == second
    keys = [one.rank_key for one in first]
    assert all(one < other for one, other in pairwise(keys))


@searching
@given(CANDIDATES, st.integers(0, 11), st.sampled_from(["alone", "others", "land"]))
def test_one_more_unmet_criterion_never_improves_the_rank(
    candidates: list[Candidate], which: int, kind: str
) -> None:
    known = [one for one in candidates if one.is_known]
    if not known:
        return
    chosen = known[which % len(known)]
    worse = replace(chosen, unmet=(*chosen.unmet, *lacking(kind)))
    before = [one.unit.pk for one in rank(candidates)].index(chosen.unit.pk)
    others = [worse if one is chosen else one for one in candidates]
    after = [one.unit.pk for one in rank(others)].index(chosen.unit.pk)
    assert after >= before


IDS = st.frozensets(st.integers(1, 12).map(lambda number: uuid.UUID(int=number)), max_size=12)


@searching
@given(IDS, IDS, IDS, IDS, st.integers(0, 12))
def test_choosing_more_never_turns_the_target_from_met_to_unmet(
    roster: frozenset[uuid.UUID],
    reached: frozenset[uuid.UUID],
    some: frozenset[uuid.UUID],
    more: frozenset[uuid.UUID],
    required: int,
) -> None:
    goal = Goal(required, roster, reached & roster)
    assert goal.reached_with(some) <= goal.reached_with(some | more) <= len(roster)
    assert not goal.met_with(some) or goal.met_with(some | more)
    fewer = Balance(some, frozenset(), 2, goal)
    greater = Balance(some | more, frozenset(), 2, goal)
    assert fewer.files <= greater.files
    assert not fewer.meets or greater.meets


def test_the_load_is_shared_among_the_reviewers_and_rounded_up() -> None:
    one, two, three = (uuid.UUID(int=number) for number in (1, 2, 3))
    balance = Balance(frozenset({one, two}), frozenset({two, three}), 2, None)
    assert (balance.added, balance.files, balance.files_each) == (1, 3, 2)
    assert replace(balance, reviewers=0).files_each is None
    assert (balance.meets, balance.would_reach, balance.short_of) == (None, None, 0)


def test_units_outside_the_target_add_nothing_to_it() -> None:
    one, outside = uuid.UUID(int=1), uuid.UUID(int=2)
    goal = Goal(2, frozenset({one}), frozenset())
    assert goal.reached_with({one, outside}) == 1
    balance = Balance(frozenset({one, outside}), frozenset(), 1, goal)
    assert (balance.meets, balance.short_of) == (False, 1)
