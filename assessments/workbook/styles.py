"""How the workbook looks: the sober form an office expects, with entry cells that stand out."""

import re
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from assessments.workbook.layout import HEADER_ROW, Column
from wards.spreadsheet.cells import column_letters

FONT = "Times New Roman"
GREEN, PALE_GREEN, GREY, WHITE, YELLOW = "0B5D3B", "E3EFE8", "EDEDED", "FFFFFF", "FFFBE6"
RED, PALE_RED = "B00020", "FDE0E3"
LINE = Side(style="thin", color="BFBFBF")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
TEXT_FORMAT = "@"
"""Text, in every cell: what was typed stays as typed (9,5 is no 95, and 9/5 no day in May)."""

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a cell."""

    fill: str = ""
    color: str = "000000"
    bold: bool = False
    size: int = 11
    align: str = "left"
    boxed: bool = True
    wrap: bool = True
    open: bool = False
    """Whether the cell may be changed on a protected sheet."""


TITLE = Look(bold=True, size=15, color=GREEN, boxed=False, wrap=False)
SUBTITLE = Look(size=12, boxed=False, wrap=False)
HEADER = Look(fill=GREEN, color=WHITE, bold=True, align="center")
GROUP = Look(fill=PALE_GREEN, bold=True, boxed=False, wrap=False)
FIXED = Look()
CODE = Look(align="center", bold=True)
CODE_LEFT = Look(bold=True)
ENTRY = Look(fill=YELLOW, open=True)
NUMBER = Look(fill=YELLOW, open=True, align="right")
CHOICE = Look(fill=YELLOW, open=True, align="center")
CLOSED = Look(fill=GREY)
WRONG = Look(fill=PALE_RED, color=RED, open=True)
WRONG_WORDS = Look(fill=PALE_RED, color=RED)
HEADING = Look(bold=True, size=12, color=GREEN, boxed=False)
PROSE = Look(boxed=False)


def put(sheet: Worksheet, row: int, column: int, text: str, look: Look) -> Cell:
    """Write text, never a formula, in this look."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 -- nothing is merged
    cell.value = LOOKS_ESCAPED.sub("_x005F_", UNWRITABLE.sub("", text)) or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    cell.font = Font(name=FONT, size=look.size, bold=look.bold, color=look.color)
    cell.alignment = Alignment(horizontal=look.align, vertical="top", wrap_text=look.wrap)
    cell.protection = Protection(locked=not look.open)
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)
    if look.boxed:
        cell.border = BOX
    return cell


def prepare(sheet: Worksheet, columns: tuple[Column, ...], *, frozen: str, landscape: bool) -> None:
    """Widths, protection without a password, a frozen head, and a page that prints."""
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[column_letters(number)].width = column.width
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = frozen
    sheet.protection.sheet = True
    # What only changes the view stays allowed.
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = "9"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("Trang &P/&N"))
