"""The rows of a roadmap table, written in one pass: a country has hundreds of them."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reports.rollup import RoadmapRow
from reports.rollup.numbers import number_text, of_text
from reports.rollup.targets import RowState

register = template.Library()

BADGES = {
    RowState.MET: ("met", "check-circle-fill"),
    RowState.MISSED: ("not-met", "x-circle-fill"),
    RowState.ON_TRACK: ("working", "graph-up-arrow"),
    RowState.BEHIND: ("awaiting", "exclamation-triangle-fill"),
    RowState.FUTURE: ("unanswered", "calendar-event"),
}
"""The colour and the picture of each state."""


@register.simple_tag
def roadmap_body(
    rows: Iterable[RoadmapRow], *, full: bool = False, scoped: bool = False
) -> SafeString:
    """The rows of reports/_roadmap_table.html, which says what `full` and `scoped` are."""
    written = (_row(row, is_full=bool(full), is_scoped=bool(scoped)) for row in rows)
    return mark_safe("\n".join(written))  # noqa: S308 -- every part was escaped


def _row(row: RoadmapRow, *, is_full: bool, is_scoped: bool) -> str:
    scope = f"<td>{escape(row.scope_label)}</td>" if is_scoped else ""
    approved = "<td>" if is_scoped else '<td class="nowrap">'
    now = f'<td class="num">{of_text(row.required_now, row.roster_now)}</td>' if is_full else ""
    return (
        f'<tr><th scope="row">{row.year}</th>{scope}{approved}{escape(row.as_approved)}</td>'
        f'<td class="num">{of_text(row.required, row.of)}</td>{now}{_reached(row)}'
        f"<td>{_badge(row.state)}</td></tr>"
    )


def _reached(row: RoadmapRow) -> str:
    """The three counts and the difference; nothing is counted for a day that lies ahead."""
    if row.state == RowState.FUTURE:
        return '<td class="num">–</td>' * 4
    found = (row.self_assessed, row.verified, row.recognised)
    ahead = "+" if row.difference > 0 else ""
    counts = "".join(f'<td class="num">{number_text(number)}</td>' for number in found)
    return f'{counts}<td class="num">{ahead}{number_text(row.difference)}</td>'


@lru_cache(maxsize=len(BADGES))
def _badge(state: RowState) -> SafeString:
    colour, icon = BADGES[state]
    return render_to_string(
        "components/badge.html", {"state": colour, "icon": icon, "label": state.label}
    )
