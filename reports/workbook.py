"""Tables as a workbook: values only, so that what is opened is what was on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessments.workbook.layout import MEDIA_TYPE
from assessments.workbook.styles import CODE, FIXED, HEADER, SUBTITLE, TITLE, Look, put
from wards.spreadsheet.cells import column_letters

__all__ = ["DRAWING_TYPE", "MEDIA_TYPE", "Sheet", "Value", "file_response", "write_sheets"]

DRAWING_TYPE = "image/svg+xml"

Value = str | int | date | None
"""A cell; None stays empty, for what is not known is no zero."""

HEADER_ROW = 4
NUMBER = Look(align="right", wrap=False)
DAY = Look(align="center", wrap=False)
NARROW, WIDE = 7, 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its tab, its title, the sentence under it, headings and rows."""

    name: str
    title: str
    basis: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def write_sheets(sheets: Sequence[Sheet]) -> bytes:
    """The workbook as XLSX, one tab per table, each ready to print on A4."""
    book = Workbook()
    for number, table in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        assert isinstance(page, Worksheet)  # noqa: S101 -- a new workbook has no charts
        page.title = table.name
        _write(page, table)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def file_response(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be kept, never opened in place."""
    return HttpResponse(
        content,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _write(page: Worksheet, table: Sheet) -> None:
    put(page, 1, 1, table.title, TITLE)
    put(page, 2, 1, table.basis, SUBTITLE)
    for column, heading in enumerate(table.headings, 1):
        put(page, HEADER_ROW, column, heading, HEADER)
        texts = [heading, *(str(row[column - 1] or "") for row in table.rows)]
        longest = max(len(text) for text in texts)
        page.column_dimensions[column_letters(column)].width = min(WIDE, max(NARROW, longest + 2))
    for place, row in enumerate(table.rows, HEADER_ROW + 1):
        for column, value in enumerate(row, 1):
            _put_value(page, place, column, value)
    page.freeze_panes = f"B{HEADER_ROW + 1}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = "9"
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"


def _put_value(page: Worksheet, row: int, column: int, value: Value) -> None:
    if value is None or isinstance(value, str):
        put(page, row, column, value or "", CODE if value and len(value) <= 1 else FIXED)
        return
    is_day = isinstance(value, date)
    cell = put(page, row, column, "", DAY if is_day else NUMBER)
    cell.value = value
    cell.number_format = "dd/mm/yyyy" if is_day else "#,##0"
