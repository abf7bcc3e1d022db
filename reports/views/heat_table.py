"""Matrices as real HTML tables, their cells written in one pass: a template per cell is too slow.

The markup is that of components/heat_cell.html and components/status_badge.html.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
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


def heat_table(heat: Heat, link: UnitLink, rows: slice, *, with_status: bool = False) -> HeatTable:
    """These rows of the matrix with unit names, cells and, on demand, where each file stands.

    The totals are of all rows.
    """
    badges: dict[str, SafeString] = {}
    written = (
        format_html(
            "<tr>{}{}{}</tr>",
            _name(row.standing, link(row.standing)),
            _file(row.standing, badges) if with_status else "",
            _cells(row, heat.columns, link(row.standing)),
        )
        for row in heat.rows[rows]
    )
    return HeatTable(
        headings=list(heat.columns),
        body=format_html_join("\n", "{}", ((row,) for row in written)),
        totals=[column.tally.met for column in heat.columns],
    )


def _name(standing: Standing, url: str) -> SafeString:
    unit = standing.unit
    name = unit.short_name[:1].upper() + unit.short_name[1:]
    linked = format_html('<a href="{}">{}</a>', url, name) if url else name
    place = format_html("<small>{}</small>", unit.district) if unit.district else ""
    return format_html('<th scope="row">{}{}</th>', linked, place)


def _file(standing: Standing, badges: dict[str, SafeString]) -> SafeString:
    """Status and the two counts; each badge is rendered once."""
    code = standing.badge
    if code not in badges:
        badges[code] = render_to_string(
            "components/status_badge.html", {"code": code, "label": standing.status_label}
        )
    own = f"{standing.self_assessed.met}/{standing.self_assessed.of}"
    found = f"{standing.verified.met}/{standing.verified.of}" if standing.is_concluded else "–"
    return format_html(
        '<td class="heat-status">{}</td><td class="num">{}</td><td class="num">{}</td>',
        badges[code],
        own if standing.status else "–",
        found,
    )


def _cells(row: HeatRow, columns: Iterable[Column], url: str) -> SafeString:
    unit = row.standing.unit.heading_name
    written = [
        _cell(outcome, f"{url}#{column.code}", f"{unit}, {column.code}")
        if url and outcome in WORTH_A_LOOK
        else PLAIN[outcome]
        for outcome, column in zip(row.cells, columns, strict=True)
    ]
    return mark_safe("".join(written))  # noqa: S308 -- every part was written by format_html


def _cell(outcome: Outcome, url: str = "", whose: str = "") -> SafeString:
    state, word = WORDS[outcome]
    mark = format_html(
        '<span class="heat-mark"></span><span class="visually-hidden">{}{}</span>',
        f"{whose}: " if whose else "",
        word,
    )
    inside = format_html('<a href="{}">{}</a>', url, mark) if url else mark
    return format_html('<td class="heat-cell {}">{}</td>', state, inside)


PLAIN = {outcome: _cell(outcome) for outcome in WORDS}
