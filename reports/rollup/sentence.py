"""The one sentence a leader can read aloud."""

from collections.abc import Sequence
from datetime import date

from criteria.models import Counting, TargetScope
from reports.rollup.numbers import number_text, of_text
from reports.rollup.roadmap_row import RoadmapRow

REACHED = {
    Counting.RECOGNISED: "được công nhận",
    Counting.VERIFIED: "được tỉnh xác nhận đạt",
    Counting.SELF_ASSESSED: "tự đánh giá đạt",
}


def day_text(day: date) -> str:
    """A day as it is said: 1/7/2025."""
    return f"{day.day}/{day.month}/{day.year}"


def headline(
    rows: Sequence[RoadmapRow],
    *,
    as_of: date,
    counting: str,
    unit_word: str = "đơn vị",
    round_year: int | None = None,
    scope: str = TargetScope.ALL,
) -> str:
    """How the round stands against its own target, and what the next target asks for.

    Only targets of one scope are spoken of, mostly the whole programme. `round_year` is the year
    of the round that is being looked at; None when no round has been opened.
    """
    overall = [row for row in rows if row.scope == scope]
    parts = []
    own = _highest([row for row in overall if row.year == round_year])
    ahead = [row for row in overall if row.by >= as_of]
    following = _highest([row for row in ahead if row.by == ahead[0].by])
    if round_year is None:
        parts.append("chưa mở kỳ đánh giá")
    elif own is not None:
        first = own.by == overall[0].by
        parts.append(_of_round(own, as_of, Counting(counting), unit_word, is_first=first))
    if not overall:
        whose = "chương trình" if scope == TargetScope.ALL else "tỉnh"
        parts.append(f"{whose} chưa có chỉ tiêu lộ trình")
    elif following is None:
        last = overall[-1]
        ended = f"lộ trình đã kết thúc năm {last.year}"
        if last is not own and last.roster_then:
            ended += (
                f", có {of_text(last.achieved, last.roster_then)} {unit_word} "
                f"{REACHED[Counting(counting)]}, {_against(last)}"
            )
        parts.append(ended)
    elif following is not own:
        parts.append(_of_target(following, unit_word))
    return f"Đến {day_text(as_of)}: {'; '.join(parts)}."


def _highest(rows: Sequence[RoadmapRow]) -> RoadmapRow | None:
    return max(rows, key=lambda row: (row.by, row.required_then), default=None)


def _of_round(
    row: RoadmapRow, as_of: date, counting: Counting, unit_word: str, *, is_first: bool
) -> str:
    if not row.roster_then:
        return f"kỳ {row.year} không có {unit_word} nào để tính"
    # Later rounds add to earlier ones: the count is of all units so far.
    so_far = "" if is_first else "tính đến "
    still = "còn " if row.by >= as_of and row.difference < 0 else ""
    return (
        f"{so_far}kỳ {row.year} có {of_text(row.achieved, row.roster_then)} {unit_word} "
        f"{REACHED[counting]}, {still}{_against(row)}"
    )


def _against(row: RoadmapRow) -> str:
    level = f"lộ trình năm {row.year} ({of_text(row.required_then, row.roster_then)})"
    if row.difference == 0:
        return f"đạt {level}"
    verb = "vượt" if row.difference > 0 else "thiếu"
    return f"{verb} {number_text(abs(row.difference))} so với {level}"


def _of_target(row: RoadmapRow, unit_word: str) -> str:
    if not row.roster_then:
        return f"lộ trình năm {row.year} chưa có {unit_word} nào để tính"
    if row.difference < 0:
        result = f"thiếu {number_text(-row.difference)}"
    else:
        result = "đã đủ" if row.difference == 0 else f"vượt {number_text(row.difference)}"
    return (
        f"lộ trình năm {row.year} cần {of_text(row.required_then, row.roster_then)} {unit_word}, "
        f"hiện có {number_text(row.achieved)}, {result}"
    )
