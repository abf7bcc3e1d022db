"""The overview to take along: its tables as a workbook, its chart as a drawing."""

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from assessments.workflow import Status
from criteria.scale import Outcome
from reports.charts import roadmap_chart
from reports.rollup import Heat, RoadmapRow, Standing, by_criterion, by_group
from reports.views.heat_table import WORDS
from reports.views.overview import picture_of, reading_of
from reports.views.picture import Picture
from reports.workbook import MEDIA_TYPE, Sheet, Value, file_response, write_sheets

OPEN_OUTCOMES = (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED)


@allow(*READERS)
@require_safe
def overview_workbook(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Every table of the overview as of the asked day, a tab each."""
    picture, name = _asked(request, code, year)
    return file_response(write_sheets(sheets_of(picture)), MEDIA_TYPE, f"tong-quan-{name}.xlsx")


@allow(*READERS)
@require_safe
def roadmap_drawing(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The roadmap chart of the overview as an SVG file of its own."""
    picture, name = _asked(request, code, year)
    if not picture.points:
        raise Http404
    drawing = roadmap_chart(
        picture.points,
        title=f"Lộ trình đến năm {picture.programme.ends}",
        font_family="Be Vietnam Pro, Arial, sans-serif",
        unit_word=picture.unit_word,
    )
    return file_response(drawing.encode(), "image/svg+xml", f"lo-trinh-{name}.svg")


def _asked(request: PortalRequest, code: str, year: int) -> tuple[Picture, str]:
    """The picture, and what its files are named after."""
    reading, asked = reading_of(request, code, year)
    if asked.status != 200:
        raise Http404
    parts = [code, *([reading.code] if reading.code else []), str(year), f"{asked.day:%Y-%m-%d}"]
    return picture_of(reading, year, asked), "-".join(parts)


def sheets_of(picture: Picture) -> list[Sheet]:
    """The tables of the overview, in the order of the page."""
    place = f"{picture.province.name} · " if picture.province is not None else ""
    basis = (
        f"{picture.programme.name} · {place}Tính là đạt: {picture.counting_label} · "
        f"Số liệu đến hết ngày {picture.as_of:%d/%m/%Y}"
    )
    if picture.round is not None and picture.round.is_sample:
        basis += f" · Kỳ {picture.year} là dữ liệu mẫu, không phải số liệu thật"
    rows = picture.rows if picture.province is None else picture.overall_rows
    found = [_summary(picture, basis), _roadmap(rows, basis)]
    if picture.is_of_country:
        if picture.round is not None:
            found += [*_provinces(picture, basis), _obstacles(picture, basis)]
        return found
    found.append(_units(picture, basis))
    if picture.round is not None:
        found += [
            _matrix("Nhóm", "Kết quả theo nhóm tiêu chí", basis, by_group(picture.standings)),
            _matrix("Tiêu chí", "Kết quả theo tiêu chí", basis, by_criterion(picture.standings)),
            _obstacles(picture, basis),
        ]
    return found


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


def _provinces(picture: Picture, basis: str) -> list[Sheet]:
    """How far the files of each province are, and how many units meet each group and criterion."""
    provinces = picture.country.provinces
    frame, whole = picture.country.frame, ("Cả nước", picture.country.whole)
    listed = [*((province.name, one) for province, one in provinces), whole]
    files = Sheet(
        "Tỉnh",
        "Phiếu của từng tỉnh",
        basis,
        ("Tỉnh", "Số phiếu", "Đã nộp", "Chưa nộp", *(str(status.label) for status in Status)),
        [
            (
                name,
                one.files,
                one.handed_in,
                one.missing,
                *(one.statuses.get(status, 0) for status in Status),
            )
            for name, one in listed
        ],
    )
    return [
        files,
        Sheet(
            "Nhóm",
            "Số đơn vị đạt theo nhóm tiêu chí",
            basis,
            ("Tỉnh", "Số phiếu", *(f"{one.code}. {one.name}" for one in frame.groups)),
            [
                (name, one.files, *(tally.met for tally in one.groups.values()))
                for name, one in listed
            ],
        ),
        Sheet(
            "Tiêu chí",
            "Số đơn vị đạt theo tiêu chí",
            basis,
            ("Tỉnh", "Số phiếu", *(f"{one.code}. {one.title}" for one in frame.criteria)),
            [
                (name, one.files, *(tally.met for tally in one.criteria.values()))
                for name, one in listed
            ],
        ),
    ]


def _units(picture: Picture, basis: str) -> Sheet:
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
        [_unit(standing) for standing in picture.standings],
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
