"""The tables of the provinces of a country as sheets of a workbook."""

from assessments.workflow import Status
from reports.views.picture import Picture
from reports.workbook import Sheet


def files_sheet(picture: Picture, basis: str) -> Sheet:
    """How far the files of each province are."""
    return Sheet(
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
            for name, one in picture.country.listed()
        ],
    )


def groups_sheet(picture: Picture, basis: str, ordered: str = "") -> Sheet:
    """How many units of each province meet each group."""
    return Sheet(
        "Nhóm",
        "Số đơn vị đạt theo nhóm tiêu chí",
        basis,
        ("Tỉnh", "Số phiếu", *(f"{one.code}. {one.name}" for one in picture.frame.groups)),
        [
            (name, one.files, *(tally.met for tally in one.groups.values()))
            for name, one in picture.country.listed(ordered)
        ],
    )


def criteria_sheet(picture: Picture, basis: str, ordered: str = "") -> Sheet:
    """How many units of each province meet each criterion."""
    return Sheet(
        "Tiêu chí",
        "Số đơn vị đạt theo tiêu chí",
        basis,
        ("Tỉnh", "Số phiếu", *(f"{one.code}. {one.title}" for one in picture.frame.criteria)),
        [
            (name, one.files, *(tally.met for tally in one.criteria.values()))
            for name, one in picture.country.listed(ordered)
        ],
    )


def missing_by_province_sheet(picture: Picture, basis: str) -> Sheet:
    """Provinces in which files have not been handed in, those with most of them first."""
    return Sheet(
        "Chưa nộp",
        "Phiếu chưa nộp theo tỉnh",
        basis,
        ("Tỉnh", "Chưa nộp", "Số phiếu", "Hạn nộp cuối cùng", "Quá hạn (ngày)"),
        [
            (
                province.name,
                one.missing,
                one.files,
                picture.last_day,
                max(0, -(picture.days_left or 0)),
            )
            for province, one in picture.missing_by_province
        ],
    )
