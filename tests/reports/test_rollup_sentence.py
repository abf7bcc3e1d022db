"""The one sentence, in every case it has to be right in."""

from datetime import date

import pytest

from criteria.models import Counting, Target
from reports.rollup import RoadmapRow, RowState, headline, latest_round, roadmap_rows, unit_word
from tests.reports.conftest import TraVinh

TODAY = date(2026, 11, 22)


def said(tra_vinh: TraVinh, as_of: date, round_year: int | None = None) -> str:
    programme = tra_vinh.programme
    round_ = latest_round(programme, as_of=as_of)
    if round_year is None and round_ is not None:
        round_year = round_.year
    return headline(
        roadmap_rows(programme, as_of=as_of),
        as_of=as_of,
        counting=programme.counts_as_met,
        unit_word=unit_word(programme),
        round_year=round_year,
    )


def row(year: int, *, required: int, of: int, achieved: int, scope: str = "all") -> RoadmapRow:
    return RoadmapRow(
        by=date(year, 12, 31),
        scope=scope,
        scope_label="",
        as_approved="",
        additional=None,
        required=required,
        of=of,
        roster_now=of,
        required_now=required,
        roster_then=of,
        required_then=required,
        self_assessed=achieved,
        verified=achieved,
        recognised=achieved,
        achieved=achieved,
        state=RowState.FUTURE,
        document="",
        document_number="",
        text="",
    )


def test_a_past_round_and_the_next_target(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    for name in ("P3", "P8"):
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    assert said(tra_vinh, TODAY) == (
        "Đến 22/11/2026: kỳ 2023 có 2/11 phường được công nhận, đạt lộ trình năm 2023 (2/11); "
        "lộ trình năm 2026 cần 3/6 phường, hiện có 0, thiếu 3."
    )


def test_the_round_of_the_next_target_is_said_once(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    assert said(tra_vinh, date(2023, 11, 10)) == (
        "Đến 10/11/2023: kỳ 2023 có 0/11 phường được công nhận, "
        "còn thiếu 2 so với lộ trình năm 2023 (2/11)."
    )


def test_later_rounds_count_with_earlier_ones(tra_vinh: TraVinh) -> None:
    for name in ("P1", "P3", "P4", "P8"):
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    tra_vinh.open(2024, date(2024, 2, 1))
    assert said(tra_vinh, date(2024, 5, 1)) == (
        "Đến 1/5/2024: tính đến kỳ 2024 có 4/11 phường được công nhận, "
        "vượt 1 so với lộ trình năm 2024 (3/11)."
    )


def test_before_any_round(tra_vinh: TraVinh) -> None:
    assert said(tra_vinh, date(2023, 10, 21)) == (
        "Đến 21/10/2023: chưa mở kỳ đánh giá; "
        "lộ trình năm 2023 cần 2/11 phường, hiện có 0, thiếu 2."
    )


def test_without_targets(tra_vinh: TraVinh) -> None:
    Target.objects.all().delete()
    assert said(tra_vinh, TODAY) == (
        "Đến 22/11/2026: chưa mở kỳ đánh giá; chương trình chưa có chỉ tiêu lộ trình."
    )
    tra_vinh.open(2023, date(2023, 10, 25))
    assert said(tra_vinh, TODAY) == "Đến 22/11/2026: chương trình chưa có chỉ tiêu lộ trình."


def test_after_the_last_target(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    assert said(tra_vinh, date(2031, 2, 3)) == (
        "Đến 3/2/2031: kỳ 2023 có 0/11 phường được công nhận, thiếu 2 so với lộ trình năm 2023 "
        "(2/11); lộ trình đã kết thúc năm 2030, có 0/6 phường được công nhận, "
        "thiếu 6 so với lộ trình năm 2030 (6/6)."
    )


@pytest.mark.parametrize(
    ("counting", "words"),
    [
        (Counting.VERIFIED, "được tỉnh xác nhận đạt"),
        (Counting.SELF_ASSESSED, "tự đánh giá đạt"),
    ],
)
def test_it_says_what_is_counted(tra_vinh: TraVinh, counting: Counting, words: str) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.programme.counts_as_met = counting
    for name in ("P3", "P8"):
        tra_vinh.hand_in(name, 2023, date(2023, 11, 1))
        tra_vinh.verify(name, 2023, date(2023, 11, 9))
    assert said(tra_vinh, date(2023, 11, 10)) == (
        f"Đến 10/11/2023: kỳ 2023 có 2/11 phường {words}, đạt lộ trình năm 2023 (2/11)."
    )


@pytest.mark.parametrize(
    ("achieved", "end"),
    [(1, "hiện có 1, thiếu 2"), (3, "hiện có 3, đã đủ"), (5, "hiện có 5, vượt 2")],
)
def test_missing_exact_surplus(achieved: int, end: str) -> None:
    rows = [
        row(2025, required=2, of=9, achieved=0),
        row(2026, required=3, of=6, achieved=achieved),
        row(2026, required=2, of=2, achieved=0, scope="district:851"),
    ]
    sentence = headline(rows, as_of=TODAY, counting="recognised", unit_word="xã")
    assert sentence == (
        f"Đến 22/11/2026: chưa mở kỳ đánh giá; lộ trình năm 2026 cần 3/6 xã, {end}."
    )


def test_of_two_targets_of_one_day_the_higher_one_is_said() -> None:
    rows = [
        row(2026, required=4, of=11, achieved=1),
        row(2026, required=3, of=11, achieved=1),
    ]
    sentence = headline(rows, as_of=TODAY, counting="recognised", round_year=2026)
    assert sentence == (
        "Đến 22/11/2026: kỳ 2026 có 1/11 đơn vị được công nhận, "
        "còn thiếu 3 so với lộ trình năm 2026 (4/11)."
    )


def test_nobody_to_count() -> None:
    rows = [row(2026, required=0, of=0, achieved=0)]
    assert headline(rows, as_of=TODAY, counting="recognised", unit_word="phường") == (
        "Đến 22/11/2026: chưa mở kỳ đánh giá; lộ trình năm 2026 chưa có phường nào để tính."
    )
    assert headline(
        rows, as_of=TODAY, counting="recognised", unit_word="phường", round_year=2026
    ) == ("Đến 22/11/2026: kỳ 2026 không có phường nào để tính.")
