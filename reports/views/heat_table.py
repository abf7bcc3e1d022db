"""Matrices as real HTML tables, their cells written in one pass: a template per cell is too slow.

The markup is that of components/heat_cell.html and components/status_badge.html.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from criteria.scale import Outcome
from reports.rollup import Heat, Standing
from reports.rollup.heat import Column, HeatRow

WORDS = {
    Outcome.MET: ("state-met", "Đạt"),
    Outcome.NOT_MET: ("state-not-met", "Chưa đạt"),
    Outcome.AWAITING: ("state-awaiting", "Chờ xếp loại"),
    Outcome.UNANSWERED: ("state-unanswered", "Chưa đánh giá"),
}
WORTH_A_LOOK = frozenset({Outcome.NOT_MET, Outcome.AWAITING})
"""Cells with a story behind them are links; the others would only be in the way of the Tab key."""

UnitLink = Callable[[Standing], str]
"""The address of a unit's page; empty when the reader may not open it."""


@dataclass(frozen=True, slots=True)
class HeatTable:
    """A matrix ready to print: headings, rows, and how many units meet each column."""

    headings: list[Column]
    body: SafeString
    totals: list[int]


def heat_table(
    heat: Heat, link: UnitLink, standings: Iterable[Standing], *, with_status: bool = False
) -> HeatTable:
    """The rows of these units with names, cells and, on demand, where each file stands.

    The totals are of all rows of the matrix.
    """
    badges: dict[str, str] = {}
    written = [
        f"<tr>{_name(row.standing, address := escape(link(row.standing)))}"
        f"{_file(row.standing, badges) if with_status else ''}"
        f"{_cells(row, heat.columns, address)}</tr>"
        for row in heat.rows_of(standings)
    ]
    return HeatTable(
        headings=list(heat.columns),
        body=mark_safe("\n".join(written)),  # noqa: S308 -- every part of it was escaped
        totals=[column.tally.met for column in heat.columns],
    )


def _name(standing: Standing, address: str) -> str:
    unit = standing.unit
    name = escape(unit.short_name[:1].upper() + unit.short_name[1:])
    linked = f'<a href="{address}">{name}</a>' if address else name
    place = f"<small>{escape(unit.district)}</small>" if unit.district else ""
    return f'<th scope="row">{linked}{place}</th>'


def _file(standing: Standing, badges: dict[str, str]) -> str:
    """Status and the two counts; each badge is rendered once."""
    code = standing.badge
    if code not in badges:
        badges[code] = render_to_string(
            "components/status_badge.html", {"code": code, "label": standing.status_label}
        )
    own = f"{standing.self_assessed.met}/{standing.self_assessed.of}"
    found = f"{standing.verified.met}/{standing.verified.of}" if standing.is_concluded else "–"
    return (
        f'<td class="heat-status">{badges[code]}</td>'
        f'<td class="num">{own if standing.status else "–"}</td><td class="num">{found}</td>'
    )


def _cells(row: HeatRow, columns: Iterable[Column], address: str) -> str:
    whose = escape(row.standing.unit.heading_name)
    return "".join(
        _cell(outcome, f"{address}#{escape(column.code)}", f"{whose}, {escape(column.code)}")
        if address and outcome in WORTH_A_LOOK
        else PLAIN[outcome]
        for outcome, column in zip(row.cells, columns, strict=True)
    )


def _cell(outcome: Outcome, address: str = "", whose: str = "") -> str:
    """One cell; what goes into it is escaped already."""
    state, word = WORDS[outcome]
    mark = (
        '<span class="heat-mark"></span>'
        f'<span class="visually-hidden">{f"{whose}: " if whose else ""}{word}</span>'
    )
    inside = f'<a href="{address}">{mark}</a>' if address else mark
    return f'<td class="heat-cell {state}">{inside}</td>'


PLAIN = {outcome: _cell(outcome) for outcome in WORDS}
