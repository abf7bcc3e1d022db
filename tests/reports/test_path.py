"""The shortest path: how often criteria are closed, in which order, how long each step takes."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role, User
from assessments.models import Decision
from assessments.workflow import Status
from criteria.models import Programme
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, Party
from reports.rollup.closing import closing_cases
from reports.rollup.path import (
    MINIMUM_CLOSINGS,
    REMAINING,
    Closing,
    ClosingCase,
    Found,
    case_of,
    count_closings,
    in_order,
    shortest_path,
)
from reports.rollup.stays import (
    MINIMUM_CASES,
    Stage,
    UsualStay,
    Visit,
    usual_stay,
    usual_stays,
)
from tests import cast
from tests.reports.conftest import TraVinh

NOT_MET, MET = Outcome.NOT_MET, Outcome.MET
OPENED = date(2023, 2, 1)


def blocker(code: str, party: Party = Party.STATION, outcome: Outcome = NOT_MET) -> Blocker:
    return Blocker(code, f"Tiêu chí {code}", "Chưa.", str(party), OPENED, "Làm.", party, outcome)


def found(first: Outcome, last: Outcome, *, concluded: bool = False, again: bool = False) -> Found:
    return Found(first, last, concluded, again)


@pytest.mark.parametrize(
    ("file", "following", "expected"),
    [
        (found(MET, MET, concluded=True), None, (False, None)),
        # Nobody has looked again: it is known to be unmet, not whether it is closed.
        (found(NOT_MET, NOT_MET), None, (True, None)),
        (found(NOT_MET, NOT_MET, concluded=True), None, (True, None)),
        # A later submission of the round.
        (found(NOT_MET, MET, again=True), None, (True, True)),
        (found(NOT_MET, NOT_MET, again=True), None, (True, False)),
        (found(NOT_MET, NOT_MET, concluded=True, again=True), None, (True, False)),
        # The province's conclusion found it, the following round closed it, or did not.
        (found(MET, NOT_MET, concluded=True), found(MET, MET), (True, True)),
        (found(MET, NOT_MET, concluded=True), found(NOT_MET, NOT_MET), (True, False)),
        (found(NOT_MET, NOT_MET, again=True), found(NOT_MET, MET, again=True), (True, True)),
        (found(NOT_MET, MET, again=True), found(NOT_MET, NOT_MET), (True, True)),
        # Waiting for a title is not "not met", and no later "met" either.
        (found(Outcome.AWAITING, MET, again=True), None, (False, None)),
        (found(NOT_MET, Outcome.AWAITING, again=True), None, (True, False)),
    ],
)
def test_what_counts_as_closed(
    file: Found, following: Found | None, expected: tuple[bool, bool | None]
) -> None:
    case = case_of("C09", file, following)
    assert (case.found_unmet, case.closed_later) == expected


CASES = st.lists(
    st.builds(
        ClosingCase,
        st.sampled_from(["C01", "C02", "C03"]),
        st.booleans(),
        st.none() | st.booleans(),
    )
)


@given(CASES)
def test_shares_are_of_the_cases_looked_at_again(cases: list[ClosingCase]) -> None:
    closings = count_closings(cases)
    counted = [one for one in cases if one.found_unmet and one.closed_later is not None]
    assert sum(one.of for one in closings.values()) == len(counted)
    assert sum(one.closed for one in closings.values()) == sum(
        bool(one.closed_later) for one in counted
    )
    for closing in closings.values():
        assert 0 <= closing.closed <= closing.of
        assert closing.share == Fraction(closing.closed, closing.of)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from(Party)), max_size=22)
)
def test_what_is_closed_most_often_comes_first(drawn: list[tuple[int, int, Party]]) -> None:
    blockers = [blocker(f"C{place:02d}", party) for place, (*_, party) in enumerate(drawn)]
    closings = {
        f"C{place:02d}": Closing(min(one, two), max(one, two))
        for place, (one, two, _) in enumerate(drawn)
    }
    ordered = in_order(blockers, closings)
    assert {one.blocker for one in ordered} == set(blockers)
    known = [one for one in ordered if one.closing.is_known]
    assert list(ordered[: len(known)]) == known, "too little known goes last"
    shares = [one.closing.share for one in known]
    assert shares == sorted(shares, reverse=True)
    rest = [one.blocker.criterion for one in ordered[len(known) :]]
    assert rest == sorted(rest), "and in the order of criteria"


def test_of_equal_shares_the_station_comes_first() -> None:
    blockers = [blocker("C01", Party.MINISTRY), blocker("C02", Party.AGENCY), blocker("C03")]
    many, few = Closing(10, 20), Closing(5, 10)
    closings = {"C01": many, "C02": few, "C03": few}
    assert [one.blocker.criterion for one in in_order(blockers, closings)] == ["C03", "C02", "C01"]


def test_below_the_minimum_nothing_is_said() -> None:
    assert not Closing(MINIMUM_CLOSINGS - 1, MINIMUM_CLOSINGS - 1).is_known
    assert Closing(0, MINIMUM_CLOSINGS).is_known
    assert Closing().share == 0


def test_the_steps_of_the_file_follow_the_criteria() -> None:
    blockers = [
        blocker("C01"),
        blocker("C02", outcome=Outcome.UNANSWERED),
        blocker("C03", outcome=Outcome.AWAITING),
    ]
    stays = {Stage.SUBMITTED: UsualStay(12, 30), Stage.PROPOSED: UsualStay(90, 20)}
    path = shortest_path(Status.RETURNED, blockers, {}, stays)
    assert [one.blocker.criterion for one in path.mendings] == ["C01", "C03"]
    assert (path.unanswered, path.remaining) == (1, 3)
    assert [(step.name, step.stay and step.stay.days) for step in path.steps] == [
        ("Bổ sung rồi nộp lại", None),
        ("Thẩm định và kết luận", 12),
        ("Đề nghị công nhận", None),
        ("Quyết định của Bộ trưởng Bộ Công an", 90),
    ]
    assert set(REMAINING) == set(Status)
    # Nobody proposes a file that the province found short.
    names = [step.name for step in shortest_path(Status.VERIFIED, blockers, {}, {}).steps]
    assert names[0] == "Mở lại thẩm định khi các tiêu chí đã đạt"
    assert len(shortest_path(Status.VERIFIED, (), {}, {}).steps) == 2


def stayed(*lengths: int | None, as_of: date) -> list[tuple[Visit, ...]]:
    """Files that left the review after so many days; None: it lasts, entered 100 days ago."""
    start = as_of - timedelta(days=100)
    return [
        (
            Visit(
                Stage.SUBMITTED,
                start,
                start + timedelta(days=length) if length is not None else None,
            ),
        )
        for length in lengths
    ]


def test_the_usual_stay_is_the_median_and_waits_count() -> None:
    today = date(2024, 6, 1)

    def usual(*lengths: int | None) -> UsualStay | None:
        return usual_stay(stayed(*lengths, as_of=today), Stage.SUBMITTED, as_of=today)

    assert usual(*range(1, MINIMUM_CASES)) is None, "too few"
    assert usual(*range(1, 12)) == UsualStay(6, 11)
    assert usual(*[5] * 6, *[None] * 5) == UsualStay(5, 11)
    assert usual(*[5] * 5, *[None] * 6) is None, "half of them still wait"


@given(st.lists(st.integers(0, 100), min_size=MINIMUM_CASES, max_size=40))
def test_half_of_the_files_have_left_by_then(lengths: list[int]) -> None:
    today = date(2024, 6, 1)
    usual = usual_stay(stayed(*lengths, as_of=today), Stage.SUBMITTED, as_of=today)
    assert usual is not None
    assert 2 * sum(length <= usual.days for length in lengths) >= len(lengths)
    assert 2 * sum(length < usual.days for length in lengths) < len(lengths)


def counted(tra_vinh: TraVinh, as_of: date) -> dict[str, tuple[int, int]]:
    cases = closing_cases(
        tra_vinh.programme,
        tra_vinh.province,
        as_of=as_of,
        criteria_set=tra_vinh.criteria_set,
        codes=tra_vinh.codes,
    )
    return {code: (one.closed, one.of) for code, one in count_closings(cases).items()}


def test_cases_are_read_from_what_was_handed_in_and_concluded(tra_vinh: TraVinh) -> None:
    failing = {"C02": (NOT_MET, "2 vụ.")}
    tra_vinh.open(2023, OPENED)
    # Handed in again with it met; and once more not met.
    tra_vinh.hand_in("P1", 2023, date(2023, 3, 1), failing)
    tra_vinh.review("P1", 2023, date(2023, 3, 10), Status.RETURNED)
    assert counted(tra_vinh, date(2023, 3, 31)) == {}, "nobody has looked again"
    tra_vinh.hand_in("P1", 2023, date(2023, 4, 1))
    assert counted(tra_vinh, date(2023, 3, 31)) == {}
    assert counted(tra_vinh, date(2023, 4, 1)) == {"C02": (1, 1)}
    # The province concludes otherwise; the following round is what tells.
    tra_vinh.hand_in("P4", 2023, date(2023, 4, 1))
    lowered = {"C03": (Decision.ADJUST, NOT_MET, "9/10.")}
    tra_vinh.review("P4", 2023, date(2023, 5, 1), Status.VERIFIED, lowered)
    tra_vinh.open(2024, date(2024, 2, 1))
    assert counted(tra_vinh, date(2024, 2, 28)) == {"C02": (1, 1)}
    tra_vinh.hand_in("P4", 2024, date(2024, 3, 1), {"C01": (Outcome.AWAITING, "Chờ.")})
    assert counted(tra_vinh, date(2024, 3, 1)) == {"C02": (1, 1), "C03": (1, 1)}
    tra_vinh.hand_in("P5", 2023, date(2023, 4, 1), failing)
    tra_vinh.hand_in("P5", 2024, date(2024, 3, 1), failing)
    assert counted(tra_vinh, date(2024, 3, 1)) == {"C02": (1, 2), "C03": (1, 1)}


def test_a_national_programme_is_read_within_the_province(tra_vinh: TraVinh) -> None:
    failing = {"C02": (NOT_MET, "2 vụ.")}
    tra_vinh.open(2023, OPENED)
    tra_vinh.open(2024, date(2024, 2, 1), ["P1", "Long Đức"])
    tra_vinh.hand_in("P1", 2023, date(2023, 3, 1), failing)
    tra_vinh.hand_in("P1", 2024, date(2024, 3, 1))
    Programme.objects.update(province=None)
    tra_vinh.programme.refresh_from_db()
    day = date(2024, 4, 1)
    assert counted(tra_vinh, day) == {"C02": (1, 1)}
    tra_vinh.province = tra_vinh.new_province
    assert counted(tra_vinh, day) == {}


def test_the_reading_takes_two_queries(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, OPENED)
    names = [name for name in tra_vinh.wards if name != "P9"]
    for days, name in enumerate(names):
        tra_vinh.hand_in(name, 2023, date(2023, 3, 1), {"C02": (NOT_MET, "2 vụ.")})
        tra_vinh.verify(name, 2023, date(2023, 3, 11) + timedelta(days=days))
    with CaptureQueriesContext(connection) as asked:
        assert counted(tra_vinh, date(2023, 12, 31)) == {}
        stays = usual_stays(tra_vinh.programme, tra_vinh.province, as_of=date(2023, 12, 31))
    assert len(asked) == 2 + 1, "the codes of the criteria are read by the test"
    assert stays[Stage.SUBMITTED] == UsualStay(14, 10)
    assert stays[Stage.OPENED] == UsualStay(28, 11), "the one that nobody began counts, too"
    assert Stage.VERIFIED not in stays, "no decision has been made yet"


def test_the_page_says_how_often_and_how_long(
    tra_vinh: TraVinh, sign_in: Callable[[User], Client]
) -> None:
    tra_vinh.open(2023, OPENED)
    failing = {"C02": (NOT_MET, "2 vụ."), "C03": (NOT_MET, "9/10.")}
    names = [name for name in tra_vinh.wards if name != "P9"]
    for days, name in enumerate(names):
        tra_vinh.hand_in(name, 2023, date(2023, 3, 1), failing)
        tra_vinh.review(name, 2023, date(2023, 3, 11) + timedelta(days=days), Status.RETURNED)
    for name in names[:6]:
        still = {"C02": failing["C02"]} if name in names[:4] else {}
        tra_vinh.hand_in(name, 2023, date(2023, 4, 1), still)
    leader = cast.person("quang", "Bùi Minh Quang", Role.LEADER, province=tra_vinh.province)
    client = sign_in(leader)
    answer = client.get(f"/don-vi/{tra_vinh.unit('P8').pk}/", {"ngay": "2023-04-10"})
    page = " ".join(answer.content.decode().split())
    path = page[page.index("Đường ngắn nhất đến công nhận") :]
    # C03 was closed by all six that looked again, C02 by two of them.
    assert path.index("6/6 lần") < path.index("2/6 lần")
    assert path.index("C03") < path.index("C02")
    assert "14 ngày</strong>" in path[path.index("Thẩm định và kết luận") :]
