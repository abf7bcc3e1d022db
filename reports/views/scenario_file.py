"""A saved scenario to take along: its tables, as they were when it was saved."""

from collections.abc import Sequence

from reports.models import Scenario, ScenarioPlace
from reports.rollup.scenario import Figures
from reports.scenario_forms import NO_YEAR
from reports.workbook import Sheet

YEARS = (
    "Năm",
    "Cần đạt (lũy kế)",
    "Có mốc trong năm",
    "Đã đạt đến nay",
    "Theo danh sách",
    "Theo phương án",
    "Chênh lệch",
    "Còn thiếu",
    "Phiếu theo danh sách",
    "Phiếu theo phương án",
    "Phiếu mỗi người, theo danh sách",
    "Phiếu mỗi người, theo phương án",
)
PARTS = ("Phạm vi", "Đến hết năm", "Cần đạt", "Trên số đơn vị", "Theo danh sách", "Theo phương án")
UNITS = ("Đơn vị", "Mã", "Theo danh sách khi lưu", "Theo phương án", "Chuyển")


def sheets_of(scenario: Scenario, places: Sequence[ScenarioPlace]) -> list[Sheet]:
    """The tables of a scenario, in the order of the page."""
    figures = Figures.read(scenario.figures)
    title = f"Phương án: {scenario.title}"
    basis = (
        f"{scenario.programme.name} · {scenario.province.name} · Số liệu khi lưu, đến hết ngày "
        f"{scenario.as_of:%d/%m/%Y} · Kết quả: {figures.result} · "
        "Phương án chỉ để tính thử, không thay đổi danh sách đăng ký"
    )
    found = [
        Sheet(
            "Theo năm",
            title,
            basis,
            YEARS,
            [
                (
                    one.year,
                    one.required,
                    "có" if one.due else "không",
                    one.kept,
                    one.today,
                    one.planned,
                    one.change,
                    one.short if one.due else None,
                    one.files_today,
                    one.files,
                    one.each_today,
                    one.each,
                )
                for one in figures.years
            ],
        )
    ]
    if figures.parts:
        rows = [
            (one.label, one.year, one.required, one.of, one.today, one.planned)
            for one in figures.parts
        ]
        found.append(Sheet("Theo phạm vi", title, basis, PARTS, rows))
    units = [
        (
            one.unit.heading_name,
            one.unit.code,
            one.was or NO_YEAR,
            one.year or NO_YEAR,
            "có" if one.is_moved else None,
        )
        for one in places
    ]
    found.append(Sheet("Đơn vị", title, basis, UNITS, units))
    return found
