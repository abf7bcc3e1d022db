"""What must hold for any scenario: no database, only units, targets and places."""

import uuid
from datetime import date
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import ScenarioPoint, scenario_chart, scenario_sentence
from reports.rollup.scenario import Figures, Ground, Milestone, placed, weigh
from wards.models import Unit

# No example database: a test run leaves nothing behind.
searching = settings(database=None, deadline=None, max_examples=80)

YEARS = (2026, 2027, 2028, 2029, 2030)
NO_TERM = 9999


def ward(number: int, **columns: Any) -> Unit:
    return Unit(
        id=uuid.UUID(int=number), code=str(number), name=f"Phường {number}", kind="ward", **columns
    )


def ids(numbers: Any) -> frozenset[uuid.UUID]:
    return frozenset(uuid.UUID(int=number) for number in numbers)


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    """Some wards, some of which have reached the standard, with targets in some of the years."""
    count = draw(st.integers(1, 10))
    numbers = st.sampled_from(range(count))
    ends = draw(st.dictionaries(numbers, st.sampled_from([2027, 2029, NO_TERM])))
    due = sorted(draw(st.sets(st.sampled_from(YEARS))))
    some = draw(st.sets(numbers))
    return Ground(
        years=YEARS,
        units=tuple(ward(number) for number in range(count)),
        fixed=ids(ends),
        kept={year: ids(one for one, end in ends.items() if end > year) for year in YEARS},
        today={
            uuid.UUID(int=number): year
            for number, year in draw(st.dictionaries(numbers, st.sampled_from(YEARS))).items()
        },
        overall=tuple(
            Milestone(date(year, 12, 31), "Toàn bộ", draw(st.integers(0, count)), ids(range(count)))
            for year in due
        ),
        narrower=(Milestone(date(2028, 12, 31), "Trọng điểm", len(some), ids(some)),),
        reviewers=draw(st.integers(0, 3)),
    )


def moves(ground: Ground) -> st.SearchStrategy[dict[uuid.UUID, int | None]]:
    """Any moves: also of units that may not move, and to years that do not come."""
    unit = st.sampled_from([unit.pk for unit in ground.units] + [uuid.UUID(int=99)])
    return st.dictionaries(unit, st.sampled_from([*YEARS, None, 2020, 2031]))


@searching
@given(grounds())
def test_no_moves_are_the_lists_of_today(ground: Ground) -> None:
    assert placed(ground, {}) == ground.today
    figures = weigh(ground, placed(ground, {}))
    assert figures.moved == 0
    assert figures.unplaced == figures.unplaced_today
    for one in figures.years:
        assert (one.change, one.files) == (0, one.files_today)


@searching
@given(st.data(), grounds())
def test_sums_are_kept(data: st.DataObject, ground: Ground) -> None:
    figures = weigh(ground, placed(ground, data.draw(moves(ground))))
    fixed_files = sum(unit in ground.fixed for unit in ground.today)
    movable = len(ground.units) - len(ground.fixed)
    assert sum(one.files for one in figures.years) + figures.unplaced == movable + fixed_files
    assert sum(one.files_today for one in figures.years) + figures.unplaced_today == (
        movable + fixed_files
    )


@searching
@given(st.data(), grounds())
def test_what_reached_the_standard_stays_and_years_come(
    data: st.DataObject, ground: Ground
) -> None:
    places = placed(ground, data.draw(moves(ground)))
    assert set(places.values()) <= set(YEARS)
    for unit in ground.fixed:
        assert places.get(unit) == ground.today.get(unit)
    assert places.keys() <= {unit.pk for unit in ground.units}


@searching
@given(st.data(), grounds(), st.sampled_from(YEARS), st.sampled_from(YEARS))
def test_a_move_changes_the_line_only_between_its_years(
    data: st.DataObject, ground: Ground, start: int, end: int
) -> None:
    if not ground.movable:
        return
    unit = data.draw(st.sampled_from(ground.movable)).pk
    others = data.draw(moves(ground))
    before = weigh(ground, placed(ground, {**others, unit: start}))
    after = weigh(ground, placed(ground, {**others, unit: end}))
    step = 1 if end < start else -1
    for one, other in zip(before.years, after.years, strict=True):
        between = min(start, end) <= one.year < max(start, end)
        counted = unit in ground.counted_in(one.year)
        assert other.planned - one.planned == (step if between and counted else 0)
        assert other.files - one.files == (one.year == end) - (one.year == start)
        assert (other.required, other.today, other.kept) == (one.required, one.today, one.kept)


@searching
@given(st.data(), grounds())
def test_figures_survive_being_kept(data: st.DataObject, ground: Ground) -> None:
    figures = weigh(ground, placed(ground, data.draw(moves(ground))))
    assert Figures.read(figures.as_json()) == figures


def small(**more: Any) -> Ground:
    """Four wards, the first of which is recognised; two are required in 2026, four in 2028."""
    everyone = ids(range(4))
    facts: dict[str, Any] = {
        "years": YEARS,
        "units": tuple(ward(number) for number in range(4)),
        "fixed": ids([0]),
        "kept": dict.fromkeys(YEARS, ids([0])),
        "today": {uuid.UUID(int=1): 2026},
        "overall": (
            Milestone(date(2026, 12, 31), "Toàn bộ", 2, everyone),
            Milestone(date(2028, 12, 31), "Toàn bộ", 4, everyone),
        ),
        "narrower": (Milestone(date(2027, 12, 31), "Trọng điểm", 1, ids([2])),),
        "reviewers": 2,
        "unit_word": "phường",
    }
    return Ground(**{**facts, **more})


def test_the_result_tells_the_years_that_are_short() -> None:
    ground = small()
    today = weigh(ground, ground.today)
    assert today.result == "thiếu 2 phường năm 2028, chưa đạt 1 chỉ tiêu theo phạm vi"
    everything = {uuid.UUID(int=2): 2027, uuid.UUID(int=3): 2028}
    assert weigh(ground, placed(ground, everything)).result == "đạt mọi mốc"
    late = weigh(ground, placed(ground, {uuid.UUID(int=1): 2027}))
    assert late.result.startswith("thiếu 1 phường năm 2026, thiếu 2 phường năm 2028")
    empty = small(overall=(), narrower=())
    assert weigh(empty, empty.today).result == "không có chỉ tiêu để đối chiếu"


def test_a_year_without_target_date_keeps_the_level_and_is_never_short() -> None:
    years = {one.year: one for one in weigh(small(), {}).years}
    assert [(one.required, one.due) for one in years.values()] == [
        (2, True),
        (2, False),
        (4, True),
        (4, False),
        (4, False),
    ]
    assert [one.short for one in years.values()] == [1, 0, 3, 0, 0]
    assert weigh(small(overall=(), required_before=3), {}).years[0].required == 3


def test_a_heavy_year_and_missing_reviewers_are_told() -> None:
    ground = small(reviewers=0)
    crowded = placed(ground, dict.fromkeys(ids([1, 2, 3]), 2027))
    figures = weigh(ground, crowded)
    assert [one.year for one in figures.heavy_years] == [2027]
    assert figures.years[1].each is None
    text = " ".join(figures.warnings)
    assert "Năm 2027: 3 phiếu, nhiều hơn 2 lần mức trung bình" in text
    assert "Chưa có cán bộ thẩm định" in text
    assert weigh(small(), crowded).years[1].each == 2


def test_a_recognition_that_lapses_counts_no_longer_and_is_told() -> None:
    kept = {year: ids([0] if year < 2028 else []) for year in YEARS}
    figures = weigh(small(kept=kept), {})
    assert [one.planned for one in figures.years] == [1, 1, 0, 0, 0]
    assert "1 phường hết hạn công nhận" in " ".join(figures.warnings)


def test_units_outside_the_target_add_files_but_nothing_to_the_line() -> None:
    two = (Milestone(date(2028, 12, 31), "Toàn bộ", 1, ids([0, 1])),)
    ground = small(overall=two)
    figures = weigh(ground, placed(ground, {uuid.UUID(int=3): 2026}))
    assert figures.years[0].change == 0
    assert figures.years[0].files == 2


def test_the_chart_draws_the_three_series_and_says_them() -> None:
    points = [ScenarioPoint(2026, 2, 1, 1, 2), ScenarioPoint(2027, 3, 1, 2, 3)]
    drawing = scenario_chart(points, title="Phương án", unit_word="phường")
    figure = ElementTree.fromstring(drawing)  # noqa: S314 -- our own drawing
    classes = [one.get("class") or "" for one in figure.iter()]
    assert [classes.count(f"bar-{name}") for name in ("kept", "today", "planned")] == [2, 2, 2]
    assert "line-required" in classes
    assert "style=" not in drawing
    sentence = scenario_sentence(points, unit_word="phường")
    assert "năm 2027 cần 3, theo danh sách 2, theo phương án 3" in sentence
    assert sentence in drawing
    assert "không còn năm nào" in scenario_sentence([])
