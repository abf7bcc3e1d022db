"""The tables of the provinces of a country drawn: the figures of the page."""

from collections.abc import Mapping, Sequence

from assessments.workflow import COLOUR, Status
from reports.charts import Cell, Column, Figure, legend_figure, table_figure
from reports.rollup.gathering import Gathering
from reports.rollup.heat import Tally
from reports.rollup.numbers import number_text, of_text
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.targets import RowState
from reports.views.picture import Picture
from reports.views.province_table import STATE_CLASS, percent, roadmaps_by_scope, share_class

TINTS = {
    "state-met": "#cbe8d6",
    "state-not-met": "#f7cdd3",
    "state-awaiting": "#fbe3a4",
    "state-working": "#cfe1f4",
    "state-unanswered": "#e3e5e1",
}
"""The grounds of the five states, as the style sheet of the pages has them."""
SHARES = {
    "share-0": ("#f7cdd3", "dưới 30"),
    "share-1": ("#fbe3a4", "30–49"),
    "share-2": ("#f3f0d0", "50–69"),
    "share-3": ("#e2f3e8", "70–89"),
    "share-4": ("#b5dfc6", "90–100 %"),
}
LETTERS = {
    RowState.MET: "Đ",
    RowState.ON_TRACK: "T",
    RowState.BEHIND: "C",
    RowState.MISSED: "K",
    RowState.FUTURE: "–",
}
"""What stands before the figures of a target, so that it is read without colour."""


def groups_figures(picture: Picture, ordered: str) -> list[Figure]:
    """Provinces × groups: the share of units that meet each, in percent."""
    titles = [(one.code, one.name) for one in picture.frame.groups]
    listed = picture.country.listed(ordered)
    return _shares(titles, listed, [one.groups for _, one in listed], 70)


def criteria_figures(picture: Picture, ordered: str) -> list[Figure]:
    """Provinces × criteria: the share of units that meet each, in percent."""
    titles = [(one.code, one.title) for one in picture.frame.criteria]
    listed = picture.country.listed(ordered)
    return _shares(titles, listed, [one.criteria for _, one in listed], 44)


def _shares(
    titles: Sequence[tuple[str, str]],
    listed: Sequence[tuple[str, Gathering]],
    tallies: Sequence[Mapping[str, Tally]],
    wide: float,
) -> list[Figure]:
    """The legend, the table, and what its columns are called."""
    columns = [
        Column("Tỉnh, thành phố", 190),
        Column("Đã nộp", 110, "end"),
        *(Column(code, wide, "middle") for code, _ in titles),
    ]
    rows = []
    for (name, one), found in zip(listed, tallies, strict=True):
        shares = (percent(found[code], one.files) for code, _ in titles)
        rows.append(
            [
                Cell(name),
                Cell(of_text(one.handed_in, one.files)),
                *(Cell(str(share), SHARES[share_class(share)][0]) for share in shares),
            ]
        )
    _, whole = listed[-1]
    names = [
        [
            Cell(f"{code}. {title}"),
            Cell(of_text(tallies[-1][code].met, whole.files)),
        ]
        for code, title in titles
    ]
    words = "; ".join(f"{code} {percent(tallies[-1][code], whole.files)} %" for code, _ in titles)
    return [
        legend_figure(list(SHARES.values()), lead="Phần trăm đơn vị đạt, làm tròn xuống:"),
        table_figure(columns, rows, description=f"Cả nước: {words}.", with_total=True),
        table_figure(
            [Column("Tên", 560), Column("Số đơn vị đạt, cả nước", 180, "end")],
            names,
            description="",
        ),
    ]


def files_figure(picture: Picture) -> Figure:
    """Provinces × statuses: how many files of each stand where."""
    listed = picture.country.listed()
    columns = [
        Column("Tỉnh, thành phố", 190),
        Column("Số phiếu", 80, "end"),
        *(Column(str(status.label), 96, "end") for status in Status),
    ]
    rows = [
        [
            Cell(name),
            Cell(number_text(one.files)),
            *(_stand(one, status) for status in Status),
        ]
        for name, one in listed
    ]
    return table_figure(
        columns, rows, description="Số phiếu ở từng tình trạng, theo tỉnh.", with_total=True
    )


def _stand(one: Gathering, status: Status) -> Cell:
    number = one.statuses.get(status, 0)
    return Cell(number_text(number), TINTS[COLOUR[status]]) if number else Cell("0")


def province_roadmaps_figures(picture: Picture) -> list[Figure]:
    """Provinces × due days: achieved of required, with the letter of how each target stands."""
    listed = roadmaps_by_scope(picture)
    days = sorted({day for found in listed.values() for day in found})
    columns = [
        Column("Tỉnh, thành phố", 300),
        *(Column(str(day.year), max(84.0, 560 / len(days)), "middle") for day in days),
    ]
    rows = [
        [
            Cell(next(iter(found.values())).scope_label),
            *(_level(found.get(day)) for day in days),
        ]
        for found in listed.values()
    ]
    legend = [(TINTS[STATE_CLASS[state]], f"{LETTERS[state]} {state.label}") for state in RowState]
    words = "Đã đạt / cần đạt của từng tỉnh; năm chưa đến chỉ nêu số cần đạt."
    return [legend_figure(legend), table_figure(columns, rows, description=words)]


def _level(row: RoadmapRow | None) -> Cell:
    if row is None:
        return Cell()
    tint = TINTS[STATE_CLASS[row.state]]
    if row.state == RowState.FUTURE:
        return Cell(f"–/{number_text(row.required_now)}", tint)
    return Cell(f"{LETTERS[row.state]} {of_text(row.achieved, row.required_then)}", tint)
