"""Tables of the provinces of a country, their cells written in one pass.

Each figure leads to what is behind it: a province to its own overview, a cell to the units in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from reports.rollup.gathering import Gathering
from reports.rollup.heat import Tally
from reports.rollup.numbers import number_text, of_text
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.targets import RowState
from reports.views.days import AsOf
from reports.views.picture import Picture
from wards.models import Province

STEPS = (90, 70, 50, 30)
"""From so many percent a cell is in a deeper colour; the figure itself stands in each."""
STATE_CLASS = {
    RowState.MET: "state-met",
    RowState.ON_TRACK: "state-working",
    RowState.BEHIND: "state-awaiting",
    RowState.MISSED: "state-not-met",
    RowState.FUTURE: "state-unanswered",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: what stands above it, and what that means."""

    code: str
    title: str
    url: str = ""
    """Where the provinces weakest in it come first."""
    is_first: bool = False
    """Whether they do."""


@dataclass(frozen=True, slots=True)
class ProvinceTable:
    """A table ready to print: headings, rows of provinces, the row of all together."""

    headings: list[Heading]
    body: SafeString
    foot: SafeString


def percent(tally: Tally, files: int) -> int:
    """Units that meet of all units, in whole percent, rounded down: 100 is all of them."""
    return tally.met * 100 // files if files else 0


def share_class(share: int) -> str:
    """The depth of colour of a share."""
    return f"share-{next((4 - place for place, step in enumerate(STEPS) if share >= step), 0)}"


def heat_of_provinces(picture: Picture, asked: AsOf, ordered: str) -> ProvinceTable:
    """Provinces × groups and criteria: the share of units that meet each, in percent.

    Those weakest in the group or criterion `ordered` first, in name order where it is none.
    """
    frame, country = picture.country.frame, picture.country
    titles = [
        *((one.code, one.name) for one in frame.groups),
        *((one.code, one.title) for one in frame.criteria),
    ]
    headings = [
        Heading(code, title, f"?{_query(asked, xep=code)}#tinh-tieu-chi", code == ordered)
        for code, title in titles
    ]
    rows = [
        _heat_row(_linked(picture, asked, province), one, _behind(picture, asked, province))
        for province, one in country.in_order(ordered)
    ]
    foot = _heat_row("Cả nước", country.whole, _behind(picture, asked))
    return ProvinceTable(headings, mark_safe("\n".join(rows)), mark_safe(foot))  # noqa: S308


def _heat_row(name: str, one: Gathering, behind: str) -> str:
    """The address behind a cell ends with the code of its column."""
    cells = "".join(
        _share(percent(tally, one.files), f"{behind}{code}")
        for tallies in (one.groups, one.criteria)
        for code, tally in tallies.items()
    )
    return (
        f'<tr><th scope="row">{name}</th>'
        f'<td class="num">{of_text(one.handed_in, one.files)}</td>{cells}</tr>'
    )


def _share(share: int, address: str) -> str:
    return f'<td class="heat-share {share_class(share)}"><a href="{address}">{share}</a></td>'


def roadmaps_by_scope(picture: Picture) -> dict[str, dict[date, RoadmapRow]]:
    """The targets of every province by its scope, and by the day each is due."""
    listed: dict[str, dict[date, RoadmapRow]] = {}
    for row in picture.rows:
        if row.is_of_province:
            listed.setdefault(row.scope, {})[row.by] = row
    return listed


def roadmap_of_provinces(picture: Picture, asked: AsOf) -> ProvinceTable | None:
    """Provinces × due days: achieved of required; None without targets of provinces."""
    listed = roadmaps_by_scope(picture)
    if not listed:
        return None
    headings = {
        day: Heading(str(row.year), f"Đến hết ngày {day:%d/%m/%Y}: {row.as_approved}")
        for found in listed.values()
        for day, row in found.items()
    }
    days = sorted(headings)
    current = {one.code: one for one, _ in _shown(picture)}
    rows = []
    for scope, found in listed.items():
        label = next(iter(found.values())).scope_label
        province = current.get(scope.removeprefix("province:"))
        name = _linked(picture, asked, province, label) if province else escape(label)
        cells = "".join(_level(found.get(day)) for day in days)
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return ProvinceTable(
        [headings[day] for day in days],
        mark_safe("\n".join(rows)),  # noqa: S308 -- every part was escaped
        SafeString(),
    )


def _shown(picture: Picture) -> Sequence[tuple[Province, Gathering]]:
    return picture.country.provinces if picture.round is not None else ()


def _level(row: RoadmapRow | None) -> str:
    if row is None:
        return "<td></td>"
    if row.state == RowState.FUTURE:
        required = number_text(row.required_now)
        return f'<td class="heat-level {STATE_CLASS[row.state]}">–/{required}</td>'
    return (
        f'<td class="heat-level {STATE_CLASS[row.state]}">'
        f"{of_text(row.achieved, row.required_then)}"
        f'<span class="visually-hidden"> {row.state_label}</span></td>'
    )


def _linked(picture: Picture, asked: AsOf, province: Province, label: str = "") -> str:
    """The province with the way to its own overview."""
    address = reverse("overview", args=[picture.programme.code, picture.year])
    query = _query(asked, tinh=province.code)
    return format_html('<a href="{}?{}">{}</a>', address, query, label or province.name)


def _behind(picture: Picture, asked: AsOf, province: Province | None = None) -> str:
    """The start of the addresses of the lists behind a row's cells, written for an attribute."""
    address = reverse("overview_units", args=[picture.programme.code, picture.year])
    query = _query(asked, tinh=province.code if province is not None else "")
    return f"{escape(address)}?{escape(query)}&amp;muc=" if query else f"{escape(address)}?muc="


def _query(asked: AsOf, **others: str) -> str:
    day = "" if asked.is_today else asked.day.isoformat()
    return urlencode({name: value for name, value in {**others, "ngay": day}.items() if value})
