"""The figures of the report, drawn for the width of its page, each with its text twin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from reports import charts
from reports.pdf import words

FONT_FAMILY = "Report Serif"

# The text is 165 mm wide; the renderer counts 96 units to the inch.
TEXT_WIDTH = 623
ROW_HEIGHT = 22

# Rows that fit on one page of an appendix together with its heading and the legend.
ROWS_PER_PAGE = 30


@dataclass(frozen=True)
class Drawing:
    """A figure and the same in words."""

    image: SafeString
    sentence: str


def roadmap_drawing(rows: Sequence[Mapping[str, Any]], *, as_of: date, unit_word: str) -> Drawing:
    """Return the roadmap chart of the report."""
    points = charts.roadmap_points(rows, as_of=as_of)
    image = charts.roadmap_chart(
        points,
        title="Biểu đồ tiến độ thực hiện so với lộ trình",
        width=TEXT_WIDTH,
        font_family=FONT_FAMILY,
        unit_word=unit_word,
    )
    return Drawing(image, charts.chart_sentence(points, unit_word=unit_word))


def matrix_drawings(
    matrix: Mapping[str, Any], columns: str, *, unit_word: str, column_word: str
) -> list[Drawing]:
    """Return a matrix in as many parts as it needs pages; none when it has no rows.

    Only the last part has the line of totals, and the sentence of every part speaks of the whole.
    """
    codes = [str(code) for code in matrix.get(columns) or []]
    rows = [
        charts.MatrixRow(
            label=words.raised(words.unit_name(str(row["unit"]))),
            cells=list(row["cells"]),
            section=words.raised(words.district_name(str(row.get("district") or ""))),
        )
        for row in matrix.get("rows") or []
    ]
    if not rows or not codes:
        return []
    parts = _balanced(rows)
    title = f"Ma trận {unit_word} theo {column_word}"
    return [
        Drawing(
            charts.heat_matrix(
                codes,
                part,
                title=f"{title}, phần {place}" if len(parts) > 1 else title,
                width=TEXT_WIDTH,
                row_height=ROW_HEIGHT,
                totals_of=rows if place == len(parts) else [],
                font_family=FONT_FAMILY,
            ),
            charts.matrix_sentence(codes, rows, column_word=column_word),
        )
        for place, part in enumerate(parts, start=1)
    ]


def _balanced(rows: list[charts.MatrixRow]) -> list[list[charts.MatrixRow]]:
    """Cut the rows into pages, counting the line that names each district."""
    pages: list[list[charts.MatrixRow]] = [[]]
    lines = 0
    section = ""
    for row in rows:
        needed = 2 if row.section and row.section != section else 1
        if pages[-1] and lines + needed > ROWS_PER_PAGE:
            pages.append([])
            lines = 0
            needed = 2 if row.section else 1
        pages[-1].append(row)
        lines += needed
        section = row.section
    return pages
