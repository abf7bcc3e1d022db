"""The blocks of the overview drawn: the figures of the page, each with its words."""

from collections.abc import Sequence

from assessments.workflow import COLOUR, Status
from reports.charts import (
    Bar,
    Cell,
    Column,
    Figure,
    MatrixRow,
    Series,
    bars_figure,
    matrix_figure,
    roadmap_figure,
    table_figure,
)
from reports.rollup import Heat, Standing
from reports.rollup.gathering import Gathering
from reports.rollup.numbers import number_text, of_text
from reports.views.narrowing import Chosen
from reports.views.overview_blocks import CHANGES_KEPT, Block
from reports.views.picture import Picture
from reports.views.province_figures import (
    TINTS,
    criteria_figures,
    files_figure,
    groups_figures,
    province_roadmaps_figures,
)

NOT_MET = Series("Chưa đạt", "#f7cdd3", "C", "#a10d25")
AWAITING = Series("Chờ xếp loại", "#fbe3a4", "X", "#6a4a00")
MISSING = Series("Chưa nộp", "#fbe3a4", "C", "#6a4a00")
HANDED_IN = Series("Đã nộp", "#cbe8d6", "N", "#0b5d3b")


def figures_of(block: Block, picture: Picture, chosen: Chosen) -> list[Figure]:
    """What is drawn of a block, from top to bottom; nothing where the page has no such block."""
    if not block.is_in(picture):
        return []
    if block is Block.ROADMAP:
        return [roadmap_figure(picture.points, unit_word=picture.unit_word, width=860)]
    if block is Block.PROVINCE_ROADMAPS:
        return province_roadmaps_figures(picture)
    if block is Block.STATES:
        listed = (
            files_figure(picture) if picture.is_of_country else _units(picture, chosen.standings)
        )
        return [_statuses(picture), listed]
    if block is Block.GROUPS:
        if picture.is_of_country:
            return groups_figures(picture, chosen.ordered)
        return _matrix(chosen.groups, "nhóm")
    if block is Block.CRITERIA:
        if picture.is_of_country:
            return criteria_figures(picture, chosen.ordered)
        return _matrix(chosen.criteria, "tiêu chí")
    if block is Block.OBSTACLES:
        return [_obstacles(picture)]
    if block is Block.MISSING:
        return [_missing_by_province(picture) if picture.is_of_country else _missing(picture)]
    return [_recent(picture)]


def _statuses(picture: Picture) -> Figure:
    files = picture.gathering.files
    bars = [
        Bar(
            str(status.label),
            (number,),
            (f"{of_text(number, files)} ({number * 100 // files} %)",),
            fill=TINTS[COLOUR[status]],
        )
        for status, number in picture.statuses
    ]
    told = "; ".join(
        f"{str(status.label).lower()} {number_text(number)}" for status, number in picture.statuses
    )
    words = f"{number_text(files)} phiếu: {told}."
    return bars_figure([Series("Số phiếu", "#ffffff")], bars, description=words, label_room=220)


def _units(picture: Picture, standings: Sequence[Standing]) -> Figure:
    columns = [
        Column("Đơn vị", 330),
        Column("Tình trạng phiếu", 220),
        Column("Từ ngày", 100),
        Column("Tự đánh giá", 105, "end"),
        Column("Thẩm định", 105, "end"),
    ]
    rows = [
        [
            Cell(one.unit.heading_name),
            Cell(one.status_label, TINTS[COLOUR[one.status]] if one.status else ""),
            Cell(f"{one.since:%d/%m/%Y}" if one.since else "–"),
            Cell(of_text(one.self_assessed.met, one.self_assessed.of)),
            Cell(of_text(one.verified.met, one.verified.of) if one.is_concluded else "–"),
        ]
        for one in standings
    ]
    words = f"Tình trạng của {number_text(len(rows))} {picture.unit_word}, số tiêu chí đạt."
    return table_figure(columns, rows, description=words)


def _matrix(heat: Heat, word: str) -> list[Figure]:
    """The matrix, then what its columns are called and how many units have each outcome."""
    rows = [MatrixRow(row.standing.unit.heading_name, row.cells) for row in heat.rows]
    columns = [
        Column(word.capitalize(), 420),
        *(Column(heading, 110, "end") for heading in ("Đạt", "Chưa đạt", "Chờ xếp loại")),
        Column("Chưa đánh giá", 110, "end"),
    ]
    totals = [
        [
            Cell(f"{one.code}. {one.title}"),
            *(Cell(number_text(number)) for number in one.tally.as_json().values()),
        ]
        for one in heat.columns
    ]
    return [
        matrix_figure([one.code for one in heat.columns], rows, column_word=word, width=860),
        table_figure(columns, totals, description=f"Số đơn vị theo kết quả của từng {word}."),
    ]


def _obstacles(picture: Picture) -> Figure:
    bars = [
        Bar(
            f"{one.code}. {one.title}",
            (one.not_met, one.awaiting),
            (f"Chưa đạt {number_text(one.not_met)} · chờ xếp loại {number_text(one.awaiting)}",),
            f"Ai quyết định: {one.owner}",
        )
        for one in picture.obstacles
    ]
    if not bars:
        words = "Chưa có tiêu chí nào được ghi là chưa đạt hoặc chờ xếp loại."
        return table_figure([Column(words, 860)], [], description=words)
    first = picture.obstacles[0]
    words = (
        f"{len(bars)} tiêu chí còn đơn vị chưa đạt hoặc chờ xếp loại; nhiều nhất: {first.code}. "
        f"{first.title}, chưa đạt {number_text(first.not_met)}, chờ xếp loại "
        f"{number_text(first.awaiting)}; {first.owner} quyết định."
    )
    return bars_figure([NOT_MET, AWAITING], bars, description=words, text_room=280)


def _missing(picture: Picture) -> Figure:
    columns = [
        Column("Đơn vị", 420),
        Column("Tình trạng phiếu", 240),
        Column("Hạn nộp", 200),
    ]
    rows = [
        [
            Cell(one.unit.heading_name),
            Cell(one.status_label),
            Cell(f"Quá hạn {number_text(one.days_late)} ngày", TINTS["state-not-met"])
            if one.days_late
            else Cell(f"Còn {one.days_left} ngày"),
        ]
        for one in picture.missing
    ]
    return table_figure(columns, rows, description=_told_missing(picture, picture.gathering))


def _missing_by_province(picture: Picture) -> Figure:
    bars = [
        Bar(
            province.name,
            (one.missing, one.handed_in),
            (f"{of_text(one.missing, one.files)} chưa nộp",),
        )
        for province, one in picture.missing_by_province
    ]
    words = _told_missing(picture, picture.gathering)
    return bars_figure([MISSING, HANDED_IN], bars, description=words, label_room=190)


def _told_missing(picture: Picture, whole: Gathering) -> str:
    return (
        f"{of_text(whole.missing, whole.files)} phiếu chưa nộp lần nào; hạn nộp cuối cùng của kỳ: "
        f"hết ngày {picture.last_day:%d/%m/%Y}."
    )


def _recent(picture: Picture) -> Figure:
    columns = [
        Column("Ngày", 110),
        Column("Đơn vị", 330),
        Column("Tỉnh, thành phố", 170),
        Column("Tình trạng phiếu", 250),
    ]
    changes = picture.changes(CHANGES_KEPT)
    rows = [
        [
            Cell(f"{one.since:%d/%m/%Y}"),
            Cell(one.unit.heading_name),
            Cell(one.unit.province.name),
            Cell(str(Status(one.status).label), TINTS[COLOUR[Status(one.status)]]),
        ]
        for one in changes
    ]
    return table_figure(columns, rows, description=f"{len(rows)} thay đổi gần nhất.")
