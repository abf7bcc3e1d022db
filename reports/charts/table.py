"""A table drawn: for lists and for figures that need their numbers in cells.

Names break into lines instead of being cut; a cell may have a tint, and a sign besides it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.charts import svg
from reports.charts.outcomes import draw_signs

SIZE, LINE, EDGE = 12.0, 15.0, 7.0
HEADING_TINT = "#eef2f0"
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Column:
    """What stands above, how wide it is, and to which side its cells keep."""

    heading: str
    width: float
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, the tint behind it, and the outcome whose sign stands before the text."""

    text: str = ""
    tint: str = ""
    sign: str = ""


def table_figure(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    description: str,
    with_total: bool = False,
) -> svg.Figure:
    """Return the table; the last row is set off where it is the total.

    Raises ``ValueError`` when a row has not one cell per column: a shifted row would say something
    false without anybody noticing.
    """
    headings = [Cell(one.heading, HEADING_TINT) for one in columns]
    last = len(rows) - 1 if with_total else len(rows)
    drawn, top = [], 0.0
    for place, row in enumerate([headings, *rows], start=-1):
        if len(row) != len(columns):
            raise ValueError(f"{len(columns)} cells expected, got {len(row)}")
        bold = place == -1 or place == last
        part, height = _row(columns, row, top, bold=bold)
        drawn.append(part)
        top += height
    width = sum(one.width for one in columns)
    return svg.Figure("".join(drawn), width, top + 1, description)


def _row(
    columns: Sequence[Column], cells: Sequence[Cell], top: float, *, bold: bool
) -> tuple[str, float]:
    # Bold letters are wider.
    size = SIZE * 1.12 if bold else SIZE
    lines = [
        svg.wrap(cell.text, size, column.width - 2 * EDGE - (18 if cell.sign else 0))
        for column, cell in zip(columns, cells, strict=True)
    ]
    height = max(1, *(len(one) for one in lines)) * LINE + 8
    parts, left = [], 0.0
    for column, cell, texts in zip(columns, cells, lines, strict=True):
        if cell.tint:
            parts.append(svg.box(left + 1, top + 1, column.width - 2, height - 1, fill=cell.tint))
        shift = 18 if cell.sign else 0
        if cell.sign:
            parts.append(draw_signs(cell.sign, [(left + EDGE + 6, top + height / 2)]))
        x = {
            "start": left + EDGE + shift,
            "middle": left + column.width / 2,
            "end": left + column.width - EDGE,
        }[column.anchor]
        for number, text in enumerate(texts):
            y = top + LINE * (number + 1) + 1
            parts.append(
                svg.label(
                    x, y, text, size=SIZE, anchor=column.anchor, weight="600" if bold else None
                )
            )
        left += column.width
    rule = f"M0 {svg.number(top + height)}H{svg.number(left)}"
    return "".join([*parts, svg.path(rule, stroke=svg.RULE if bold else svg.GRID)]), height


def legend_figure(entries: Sequence[tuple[str, str]], *, lead: str = "") -> svg.Figure:
    """Return what tints mean: each a swatch and its words, in one line."""
    parts, x = [], 0.0
    if lead:
        parts.append(svg.label(0, 12, lead, size=SIZE))
        x = svg.width_of(lead, SIZE) + 14
    for tint, words in entries:
        parts.append(svg.box(x, 0, 16, 16, fill=tint, stroke=svg.RULE))
        parts.append(svg.label(x + 22, 12, words, size=SIZE))
        x += 44 + svg.width_of(words, SIZE)
    told = ", ".join(words for _, words in entries)
    return svg.Figure("".join(parts), x, 17, f"{lead} {told}.".strip())
