"""The target dates of a roadmap as it is drawn, and the same in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.rollup.numbers import number_text, of_text

# Dark, middle and white: told apart by lightness alone, hence also in a black-and-white print.
SERIES = (
    ("recognised", "Bộ công nhận", "#0b5d3b"),
    ("verified", "Tỉnh xác nhận", "#8cc3a5"),
    ("self_assessed", "Tự đánh giá đạt", "#ffffff"),
)


@dataclass(frozen=True)
class RoadmapPoint:
    """One target date. The three achievements are ``None`` while the date lies ahead."""

    year: int
    required: int
    of: int
    recognised: int | None = None
    verified: int | None = None
    self_assessed: int | None = None


def roadmap_points(
    rows: Sequence[Mapping[str, Any]], *, as_of: date, scope: str = "all"
) -> list[RoadmapPoint]:
    """Return the points of one scope from roadmap rows, achievements up to ``as_of``.

    Rows of other scopes (one district, new units) are left out: they are other targets with other
    denominators and do not belong on the same line.
    """
    points = []
    for row in rows:
        if row.get("scope", "all") != scope:
            continue
        year = int(str(row["by"])[:4])
        reached = year <= as_of.year
        achieved = {name: row.get(name) if reached else None for name, _, _ in SERIES}
        points.append(
            RoadmapPoint(year=year, required=row["required"], of=row.get("of") or 0, **achieved)
        )
    return points


def chart_sentence(points: Sequence[RoadmapPoint], *, unit_word: str = "phường") -> str:
    """Return the roadmap chart in words: the last year reached, then what is still required."""
    if not points:
        return "Chưa có chỉ tiêu lộ trình."
    reached = [point for point in points if point.recognised is not None]
    ahead = [point for point in points if point.recognised is None]
    sentences = []
    if reached:
        last = reached[-1]
        sentences.append(
            f"Năm {last.year}: chỉ tiêu lũy kế {of_text(last.required, last.of)} {unit_word}; "
            f"Bộ công nhận {count_text(last.recognised)}, "
            f"tỉnh xác nhận {count_text(last.verified)}, "
            f"tự đánh giá đạt {count_text(last.self_assessed)}."
        )
    if ahead:
        coming = ", ".join(
            f"năm {point.year} là {of_text(point.required, point.of)}" for point in ahead
        )
        sentences.append(f"Chỉ tiêu lũy kế các năm tiếp theo: {coming}.")
    return " ".join(sentences)


def count_text(count: int | None) -> str:
    """A count as it is written; a dash for what is not known yet."""
    return "–" if count is None else number_text(count)
