"""The tables of the overview as sheets of a workbook: the figures of the page, values only."""

from collections.abc import Iterable, Sequence

from assessments.workflow import Status
from criteria.scale import Outcome
from reports.rollup import Heat, RoadmapRow, Standing
from reports.views.country_sheets import (
    criteria_sheet,
    files_sheet,
    groups_sheet,
    missing_by_province_sheet,
)
from reports.views.heat_table import WORDS
from reports.views.narrowing import Chosen
from reports.views.overview_blocks import CHANGES_KEPT, Block
from reports.views.picture import Picture
from reports.workbook import Sheet, Value

OPEN_OUTCOMES = (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED)


def basis_of(picture: Picture, more: str = "") -> str:
    """What the figures speak of, in one line under the title of every table."""
    parts = [picture.programme.name, picture.province.name if picture.province else ""]
    parts += [
        f"Tính là đạt: {picture.counting_label}",
        f"Số liệu đến hết ngày {picture.as_of:%d/%m/%Y}",
        f"Kỳ {picture.year} là dữ liệu mẫu, không phải số liệu thật"
        if picture.round is not None and picture.round.is_sample
        else "",
        more,
    ]
    return " · ".join(one for one in parts if one)


def sheets_of(picture: Picture) -> list[Sheet]:
    """All tables of the overview, in the order of the page."""
    basis = basis_of(picture)
    rows = picture.rows if picture.province is None else picture.overall_rows
    found = [_summary(picture, basis), _roadmap(rows, basis)]
    if picture.is_of_country:
        if picture.round is None:
            return found
        tables = [
            files_sheet,
            groups_sheet,
            criteria_sheet,
            _obstacles,
            missing_by_province_sheet,
            _recent,
        ]
        return [*found, *(table(picture, basis) for table in tables)]
    found.append(_units(picture.standings, basis))
    if picture.round is not None:
        found += [
            _by_group(picture.board.groups, basis),
            _by_criterion(picture.board.criteria, basis),
            _obstacles(picture, basis),
            _missing(picture, basis),
            _recent(picture, basis),
        ]
    return found


def sheets_of_block(block: Block, picture: Picture, chosen: Chosen) -> list[Sheet]:
    """The tables of one block; none where the page has no such block."""
    if not block.is_in(picture):
        return []
    basis = basis_of(picture, chosen.words if block.is_narrowed_in(picture) else "")
    if picture.is_of_country:
        return _of_country(block, picture, chosen.ordered, basis)
    return _of_units(block, picture, chosen, basis)


def _of_country(block: Block, picture: Picture, ordered: str, basis: str) -> list[Sheet]:
    if block is Block.PROVINCE_ROADMAPS:
        return [_roadmap([one for one in picture.rows if one.is_of_province], basis)]
    if block is Block.STATES:
        return [_statuses(picture, basis), files_sheet(picture, basis)]
    if block is Block.GROUPS:
        return [groups_sheet(picture, basis, ordered)]
    if block is Block.CRITERIA:
        return [criteria_sheet(picture, basis, ordered)]
    table = {
        Block.ROADMAP: _overall,
        Block.OBSTACLES: _obstacles,
        Block.MISSING: missing_by_province_sheet,
        Block.RECENT: _recent,
    }[block]
    return [table(picture, basis)]


def _of_units(block: Block, picture: Picture, chosen: Chosen, basis: str) -> list[Sheet]:
    if block is Block.STATES:
        return [_statuses(picture, basis_of(picture)), _units(chosen.standings, basis)]
    if block is Block.GROUPS:
        return [_by_group(chosen.groups, basis)]
    if block is Block.CRITERIA:
        return [_by_criterion(chosen.criteria, basis)]
    table = {
        Block.ROADMAP: _overall,
        Block.OBSTACLES: _obstacles,
        Block.MISSING: _missing,
        Block.RECENT: _recent,
    }[block]
    return [table(picture, basis)]


def _overall(picture: Picture, basis: str) -> Sheet:
    return _roadmap(picture.overall_rows, basis)


def _summary(picture: Picture, basis: str) -> Sheet:
    reached = picture.reached
    return Sheet(
        "Tổng quan",
        f"Tổng quan năm {picture.year}",
        basis,
        ("Nội dung", "Số liệu"),
        [
            ("Tóm tắt", picture.sentence),
            ("Được công nhận", reached.recognised),
            ("Tỉnh xác nhận đạt", reached.verified),
            ("Tự đánh giá đạt", reached.self_assessed),
            ("Trên tổng số đơn vị", reached.of),
            ("Cần đạt theo lộ trình của năm", reached.required),
            ("Đã nộp phiếu", picture.gathering.handed_in if picture.round is not None else None),
            ("Hạn nộp cuối cùng", picture.last_day if picture.round is not None else None),
        ],
    )


def _roadmap(rows: Iterable[RoadmapRow], basis: str) -> Sheet:
    headings = (
        "Đến ngày",
        "Phạm vi",
        "Theo văn bản",
        "Cần đạt (khi phê duyệt)",
        "Trên số đơn vị",
        "Cần đạt (đơn vị đang tồn tại)",
        "Trên số đơn vị đang tồn tại",
        "Công nhận",
        "Tỉnh xác nhận",
        "Tự đánh giá đạt",
        "Chênh lệch",
        "Tình trạng",
        "Văn bản",
    )
    return Sheet(
        "Lộ trình",
        "Lộ trình",
        basis,
        headings,
        [
            (
                row.by,
                row.scope_label,
                row.as_approved,
                row.required,
                row.of,
                row.required_then,
                row.roster_then,
                row.recognised,
                row.verified,
                row.self_assessed,
                row.difference,
                row.state_label,
                row.document_number,
            )
            for row in rows
        ],
    )


def _statuses(picture: Picture, basis: str) -> Sheet:
    """How many files are at each status, along the road."""
    rows: list[Sequence[Value]] = [(str(one.label), number) for one, number in picture.statuses]
    rows.append(("Số phiếu", picture.gathering.files))
    return Sheet("Tình trạng", "Tình trạng phiếu", basis, ("Tình trạng", "Số đơn vị"), rows)


def _missing(picture: Picture, basis: str) -> Sheet:
    return Sheet(
        "Chưa nộp",
        "Đơn vị chưa nộp phiếu",
        basis,
        ("Đơn vị", "Mã", "Tình trạng phiếu", "Quá hạn (ngày)"),
        [
            (one.unit.heading_name, one.unit.code, one.status_label, one.days_late)
            for one in picture.missing
        ],
    )


def _recent(picture: Picture, basis: str) -> Sheet:
    return Sheet(
        "Thay đổi",
        "Thay đổi gần đây, mới nhất nêu trước",
        basis,
        ("Ngày", "Đơn vị", "Mã", "Tỉnh", "Tình trạng phiếu"),
        [
            (
                one.since,
                one.unit.heading_name,
                one.unit.code,
                one.unit.province.name,
                str(Status(one.status).label),
            )
            for one in picture.changes(CHANGES_KEPT)
        ],
    )


def _units(standings: Sequence[Standing], basis: str) -> Sheet:
    headings = (
        "Đơn vị",
        "Mã",
        "Tình trạng phiếu",
        "Tự đánh giá đạt",
        "Tỉnh xác nhận đạt",
        "Số tiêu chí",
        "Quyết định công nhận",
        "Nộp ngày",
        "Chậm (ngày)",
        "Chưa đạt",
        "Chờ xếp loại",
        "Chưa đánh giá",
    )
    return Sheet(
        "Đơn vị",
        "Kết quả từng đơn vị",
        basis,
        headings,
        [_unit(standing) for standing in standings],
    )


def _unit(standing: Standing) -> list[Value]:
    has_file = standing.status is not None
    recognition = standing.recognition
    return [
        standing.unit.heading_name,
        standing.unit.code,
        standing.status_label,
        standing.self_assessed.met if has_file else None,
        standing.verified.met if standing.is_concluded else None,
        standing.self_assessed.of if has_file else None,
        recognition.document.number if recognition is not None else None,
        standing.submitted_on,
        standing.days_late if has_file else None,
        *(_codes(standing, outcome) for outcome in OPEN_OUTCOMES),
    ]


def _codes(standing: Standing, outcome: Outcome) -> str:
    """The criteria of the unit with this outcome."""
    return ", ".join(code for code, found in standing.outcomes.items() if found == outcome)


def _by_group(heat: Heat, basis: str) -> Sheet:
    return _matrix("Nhóm", "Kết quả theo nhóm tiêu chí", basis, heat)


def _by_criterion(heat: Heat, basis: str) -> Sheet:
    return _matrix("Tiêu chí", "Kết quả theo tiêu chí", basis, heat)


def _matrix(name: str, title: str, basis: str, heat: Heat) -> Sheet:
    rows: list[list[Value]] = [
        [row.standing.unit.heading_name, *(WORDS[cell][1] for cell in row.cells)]
        for row in heat.rows
    ]
    rows.append(["Số đơn vị đạt", *(column.tally.met for column in heat.columns)])
    headings = ["Đơn vị", *(f"{column.code}. {column.title}" for column in heat.columns)]
    return Sheet(name, title, basis, headings, rows)


def _obstacles(picture: Picture, basis: str) -> Sheet:
    return Sheet(
        "Đang chặn",
        "Tiêu chí đang chặn nhiều đơn vị nhất",
        basis,
        ("Mã", "Tiêu chí", "Ai phải làm", "Chưa đạt", "Chờ xếp loại"),
        [(one.code, one.title, one.owner, one.not_met, one.awaiting) for one in picture.obstacles],
    )
