"""The duty reports of a programme and year as a workbook: who has handed in, who is late."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.duties import YearlyTask, YearOfTasks
from assessments.workbook import styles
from assessments.workbook.layout import HEADER_ROW, Column
from assessments.workbook.styles import Look, put
from assessments.workbook.writing import saved
from wards.spreadsheet.cells import column_letters

SHEET = "Báo cáo nhiệm vụ"
COLUMNS = (
    Column("place", "TT", 6),
    Column("agency", "Cơ quan", 44),
    Column("last_day", "Hạn nộp", 13),
    Column("submitted", "Nộp lúc", 18),
    Column("by", "Người nộp", 26),
    Column("number", "Số lần nộp", 9),
    Column("receipt", "Mã tiếp nhận", 20),
    Column("state", "Tình trạng", 22),
    Column("days", "Số ngày chậm", 12),
    Column("sample", "Ghi chú", 16),
)
COUNT = Look(align="right")


def write_duty_list(
    found: YearOfTasks, tasks: Sequence[YearlyTask], *, chosen: str, today: date
) -> bytes:
    """These agencies' reports in a sheet; `chosen` says in words which of them were asked for."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 -- a new workbook has one
    sheet.title = SHEET
    styles.prepare(sheet, COLUMNS, frozen=f"C{HEADER_ROW + 1}", landscape=True)
    # Nothing is read back from this sheet, so it may be sorted and written on.
    sheet.protection.sheet = False
    put(sheet, 1, 1, f"Báo cáo nhiệm vụ năm {found.year}: {chosen}", styles.TITLE)
    put(sheet, 2, 1, found.programme.name, styles.SUBTITLE)
    put(sheet, 3, 1, f"Tính đến ngày {today:%d/%m/%Y}", styles.SUBTITLE)
    for number, column in enumerate(COLUMNS, 1):
        put(sheet, HEADER_ROW, number, column.header, styles.HEADER)
    for place, task in enumerate(tasks, 1):
        for number, value in enumerate((place, *_values(task)), 1):
            _write(sheet, HEADER_ROW + place, number, value)
    last = column_letters(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{last}{HEADER_ROW + len(tasks)}"
    return saved(book)


def _values(task: YearlyTask) -> tuple[str | int, ...]:
    """What stands in a row after its number."""
    due = f"{task.last_day:%d/%m/%Y}" if task.last_day else ""
    if task.first is None or task.latest is None or task.first.submitted_at is None:
        return (str(task.agency), due, "", "", "", "", task.state.label, task.days, "")
    submitted = timezone.localtime(task.first.submitted_at)
    return (
        str(task.agency),
        due,
        f"{submitted:%H:%M %d/%m/%Y}",
        str(task.first.submitted_by),
        task.latest.number,
        task.latest.receipt,
        task.state.label,
        task.days,
        "Dữ liệu mẫu" if task.latest.is_sample else "",
    )


def _write(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    """Text as text, and a number as a number that a spreadsheet can sort and add up."""
    if isinstance(value, str):
        put(sheet, row, column, value, styles.FIXED)
        return
    cell = put(sheet, row, column, "", COUNT)
    cell.value = value
    cell.number_format = "0"
