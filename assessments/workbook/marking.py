"""Faults shown in a workbook: at their cells, and all of them on a sheet of their own."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from assessments.workbook import styles
from assessments.workbook.faults import Fault
from assessments.workbook.layout import ANSWERS, HEADER_ROW, NOTES, Column, place_of
from assessments.workbook.styles import put

CORRECT_HERE = (
    f"Sửa các ô tô đỏ ở trang tính “{ANSWERS}” và “{NOTES}”, lưu lại rồi tải lên cổng chính tệp "
    "này."
)


def mark(book: Workbook, faults: Sequence[Fault]) -> None:
    """Colour every cell that a fault names, with the fault as its comment and at the row's end."""
    at_row: dict[tuple[str, int], list[str]] = {}
    at_cell: dict[tuple[str, int, int], list[str]] = {}
    for fault in faults:
        if fault.sheet in book.sheetnames and fault.row:
            at_row.setdefault((fault.sheet, fault.row), []).append(fault.told)
            if fault.column:
                at_cell.setdefault((fault.sheet, fault.row, fault.column), []).append(fault.told)
    for (sheet, row, column), whats in at_cell.items():
        cell = put(
            book[sheet], row, column, str(book[sheet].cell(row, column).value or ""), styles.WRONG
        )
        cell.comment = Comment(" ".join(whats), "Cổng", width=320, height=120)
    for (sheet, row), whats in at_row.items():
        if sheet in (ANSWERS, NOTES):
            words = " ".join(dict.fromkeys(whats))
            put(book[sheet], row, place_of(sheet, "fault"), words, styles.WRONG_WORDS)


def write_faults(sheet: Worksheet, faults: Sequence[Fault], *, advice: str = CORRECT_HERE) -> None:
    """All faults as a table, with what to do about them."""
    columns = (
        Column("sheet", "Trang tính", 18),
        Column("row", "Dòng", 8),
        Column("column", "Cột", 34),
        Column("value", "Đã nhập", 30),
        Column("what", "Lỗi", 80),
    )
    styles.prepare(sheet, columns, frozen=f"A{HEADER_ROW + 1}", landscape=True)
    put(sheet, 1, 1, f"Có {len(faults)} lỗi cần sửa. Chưa có dòng nào được ghi.", styles.TITLE)
    put(sheet, 2, 1, advice, styles.SUBTITLE)
    for number, column in enumerate(columns, 1):
        put(sheet, HEADER_ROW, number, column.header, styles.HEADER)
    for row, fault in enumerate(faults, HEADER_ROW + 1):
        texts = (
            fault.sheet or "Cả tệp",
            str(fault.row or ""),
            fault.column_words,
            fault.value[:200],
            fault.told,
        )
        for number, text in enumerate(texts, 1):
            put(sheet, row, number, text, styles.FIXED)
