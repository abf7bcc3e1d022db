"""The matrix of units by criteria or groups: one figure instead of hundreds of table cells.

Each cell carries a drawn sign besides its tint, so that it is read in greyscale and by those who
do not tell red from green. Signs are drawn, not written: no font has to contain them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.charts import svg
from reports.charts.outcomes import OUTCOMES, draw_signs
from reports.rollup.numbers import number_text

HEADING_TINT = "#eef2f0"
BAND_TINT = "#f7f9f8"


@dataclass(frozen=True)
class MatrixRow:
    """One unit: its name, its outcomes in the order of the columns, and its district if any."""

    label: str
    cells: Sequence[str]
    section: str = ""


def matrix_sentence(
    columns: Sequence[str], rows: Sequence[MatrixRow], *, column_word: str = "nội dung"
) -> str:
    """Return the matrix in words: how many results of each outcome, and the weakest columns.

    ``column_word`` says what a column is: "tiêu chí", "nhóm".
    """
    cells = [cell for row in rows for cell in row.cells]
    if not cells:
        return "Chưa có số liệu."
    counts = ", ".join(
        f"{outcome.word.lower()} {number_text(cells.count(code))}"
        for code, outcome in OUTCOMES.items()
        if cells.count(code)
    )
    sentence = (
        f"{number_text(len(rows))} đơn vị, {len(columns)} {column_word}, "
        f"{number_text(len(cells))} kết quả: {counts}."
    )
    failing = {
        column: sum(row.cells[index] == "not_met" for row in rows)
        for index, column in enumerate(columns)
    }
    most = max(failing.values())
    if most:
        weakest = ", ".join(column for column, count in failing.items() if count == most)
        sentence += (
            f" Nhiều đơn vị chưa đạt nhất: {column_word} {weakest} ({number_text(most)} đơn vị)."
        )
    return sentence


def heat_matrix(
    columns: Sequence[str],
    rows: Sequence[MatrixRow],
    *,
    title: str,
    width: int = 760,
    row_height: int = 22,
    unit_heading: str = "Đơn vị",
    totals_of: Sequence[MatrixRow] | None = None,
    font_family: str | None = None,
) -> SafeString:
    """Return the matrix as SVG, with the number met at the end of every row and column.

    A matrix longer than a page is drawn in parts: ``totals_of`` then names the rows which the
    last line counts (default: those drawn), and an empty list leaves the last line out. Raises
    ``ValueError`` when a row has not exactly one known outcome per column: a shifted row would
    say something false about a unit without anybody noticing.
    """
    for row in rows:
        if len(row.cells) != len(columns) or not set(row.cells) <= OUTCOMES.keys():
            raise ValueError(
                f"{row.label}: one outcome for each of {len(columns)} columns expected, "
                f"got {list(row.cells)}"
            )
    counted = rows if totals_of is None else totals_of
    drawing = _MatrixDrawing(columns, rows, counted, width, row_height)
    found = drawing.figure(unit_heading, matrix_sentence(columns, rows))
    return svg.frame(
        [found.body, *_legend(found.height + 18, drawing.SIZE)],
        width=found.width,
        height=found.height + 32,
        title=title,
        description=found.description,
        class_="chart-svg chart-matrix",
        font_family=font_family,
    )


def matrix_figure(
    columns: Sequence[str], rows: Sequence[MatrixRow], *, column_word: str, width: int = 760
) -> svg.Figure:
    """Return the matrix as a part of a drawing, what its signs mean above it: it may be long."""
    sentence = matrix_sentence(columns, rows, column_word=column_word)
    drawing = _MatrixDrawing(columns, rows, rows, width, 22)
    found = drawing.figure("Đơn vị", sentence)
    body = f'<g transform="translate(0 28)">{found.body}</g>'
    legend = "".join(_legend(9, drawing.SIZE))
    return svg.Figure(legend + body, found.width, found.height + 28, sentence)


class _MatrixDrawing:
    """Places everything; one instance draws one figure.

    Tints, rules and signs are gathered while the rows are laid out and written as one path each.
    """

    SIZE = 12.0
    LABEL_SHARE = (0.16, 0.3)
    TOTAL = 46.0
    EDGE = 1.0

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[MatrixRow],
        counted: Sequence[MatrixRow],
        width: float,
        row_height: float,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.counted = counted
        self.width = width
        self.row = row_height
        self.right = width - self.EDGE
        self.label_end = self.EDGE + self._label_width()
        self.total_start = self.right - self.TOTAL
        self.cell = (self.total_start - self.label_end) / max(1, len(columns))
        self.head_size = min(self.SIZE, max(8.5, self.cell * 0.46))
        longest = max((svg.width_of(column, self.head_size) for column in columns), default=0.0)
        self.turned = longest > self.cell - 3
        self.head = max(26.0, min(longest, 160.0) + 12 if self.turned else 26.0)
        self.texts: list[str] = []
        self.tints: dict[str, list[str]] = {}
        self.rules: list[str] = []
        self.centres: dict[str, list[tuple[float, float]]] = {code: [] for code in OUTCOMES}

    def figure(self, unit_heading: str, sentence: str) -> svg.Figure:
        """The table, without frame and legend."""
        bottom = self._lay_out(unit_heading)
        tinted = (
            svg.path("".join(data), stroke=None, fill=fill) for fill, data in self.tints.items()
        )
        signs = (draw_signs(code, centres) for code, centres in self.centres.items())
        parts = [
            *tinted,
            svg.path("".join(self.rules), stroke=svg.RULE),
            *signs,
            *self.texts,
        ]
        return svg.Figure("".join(parts), self.width, bottom, sentence)

    def _label_width(self) -> float:
        """Return room for the longest name, within limits that leave the cells legible."""
        least, most = (share * self.width for share in self.LABEL_SHARE)
        names = [row.label for row in self.rows]
        return min(most, max([least, *(svg.width_of(name, self.SIZE) + 14 for name in names)]))

    def _x(self, index: int) -> float:
        return self.label_end + self.cell * index

    def _centre(self, index: int) -> float:
        return self._x(index) + self.cell / 2

    def _tint(self, fill: str, x: float, y: float, width: float, height: float) -> None:
        data = (
            f"M{svg.number(x)} {svg.number(y)}h{svg.number(width)}v{svg.number(height)}"
            f"h-{svg.number(width)}Z"
        )
        self.tints.setdefault(fill, []).append(data)

    def _rule_across(self, y: float) -> None:
        self.rules.append(f"M{svg.number(self.EDGE)} {svg.number(y)}H{svg.number(self.right)}")

    def _rules_down(self, top: float, bottom: float) -> None:
        for x in (self.label_end, *(self._x(index + 1) for index in range(len(self.columns)))):
            self.rules.append(f"M{svg.number(x)} {svg.number(top)}V{svg.number(bottom)}")

    def _write(
        self, x: float, top: float, text: str, *, anchor: str = "start", bold: bool = False
    ) -> None:
        self.texts.append(
            svg.label(
                x,
                top + self.row / 2 + 4,
                text,
                size=self.SIZE,
                anchor=anchor,
                weight="bold" if bold else None,
            )
        )

    def _lay_out(self, unit_heading: str) -> float:
        """Gather every part of the table; return where it ends."""
        self._heading(unit_heading)
        top = run_top = self.head
        section = ""
        for row in self.rows:
            self._rule_across(top)
            if row.section and row.section != section:
                self._rules_down(run_top, top)
                self._tint(BAND_TINT, self.EDGE, top, self.right - self.EDGE, self.row)
                name = svg.shorten(row.section, self.SIZE, self.right - 14)
                self._write(7, top, name, bold=True)
                top += self.row
                run_top = top
                self._rule_across(top)
            section = row.section
            self._line(row, top)
            top += self.row
        if self.counted:
            self._rule_across(top)
            self._totals(top)
            top += self.row
        self._rules_down(run_top, top)
        self._rule_across(top)
        for x in (self.EDGE, self.right):
            self.rules.append(f"M{svg.number(x)} {svg.number(self.EDGE)}V{svg.number(top)}")
        return top

    def _heading(self, unit_heading: str) -> None:
        self._tint(HEADING_TINT, self.EDGE, self.EDGE, self.right - self.EDGE, self.head)
        self._rule_across(self.EDGE)
        top = self.head - self.row - 2
        self._write(7, top, unit_heading, bold=True)
        self._write(self.right - self.TOTAL / 2, top, "Đạt", anchor="middle", bold=True)
        for index, column in enumerate(self.columns):
            x = self._centre(index)
            y = self.head - 9
            if self.turned:
                column = svg.shorten(column, self.head_size, self.head - 10)
                x += self.head_size * 0.35
                y = self.head - 6
            self.texts.append(
                svg.label(
                    x,
                    y,
                    column,
                    size=self.head_size,
                    anchor="start" if self.turned else "middle",
                    weight="bold",
                    turned=self.turned,
                )
            )

    def _line(self, row: MatrixRow, top: float) -> None:
        self._write(7, top, svg.shorten(row.label, self.SIZE, self.label_end - 10))
        for index, code in enumerate(row.cells):
            self._tint(OUTCOMES[code].tint, self._x(index), top, self.cell, self.row)
            self.centres[code].append((self._centre(index), top + self.row / 2))
        met = sum(code == "met" for code in row.cells)
        self._write(self.right - self.TOTAL / 2, top, f"{met}/{len(row.cells)}", anchor="middle")

    def _totals(self, top: float) -> None:
        self._tint(HEADING_TINT, self.EDGE, top, self.right - self.EDGE, self.row)
        self._write(7, top, "Số đơn vị đạt", bold=True)
        whole = 0
        for index in range(len(self.columns)):
            met = sum(row.cells[index] == "met" for row in self.counted)
            whole += met
            self._write(self._centre(index), top, number_text(met), anchor="middle", bold=True)
        self._write(
            self.right - self.TOTAL / 2, top, number_text(whole), anchor="middle", bold=True
        )


def _legend(y: float, size: float) -> list[str]:
    """What the signs mean, in one line."""
    parts = []
    x = 9.0
    for code, outcome in OUTCOMES.items():
        parts.append(svg.box(x - 8, y - 8, 16, 16, fill=outcome.tint, stroke=svg.RULE))
        parts.append(draw_signs(code, [(x, y)]))
        parts.append(svg.label(x + 14, y + 4, outcome.word, size=size))
        x += 40 + svg.width_of(outcome.word, size * 0.85)
    return parts
