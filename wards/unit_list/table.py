"""From a file to rows of text by column: CSV or XLSX, read within limits."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from wards.names import normalised
from wards.spreadsheet.cells import DATE, ERROR, FORMULA, Cell, Sheet
from wards.spreadsheet.limits import MEGABYTE, Limits
from wards.spreadsheet.package import ZIP, WorkbookRefused
from wards.spreadsheet.reading import read_workbook
from wards.unit_list.faults import Fault, ListRefused
from wards.unit_list.layout import (
    COLUMNS,
    HEADINGS,
    LIMIT,
    MAX_ROWS,
    REQUIRED,
    heading_key,
)

TITLE_ROWS = 20
"""So many lines may stand before the headings: a title, who issued the list, on what day."""
MAX_BYTES = 10 * MEGABYTE
LIMITS = Limits(
    bytes=MAX_BYTES,
    row=MAX_ROWS + TITLE_ROWS,
    cells=200_000,
    text=5_000_000,
    unpacked=80 * MEGABYTE,
    elements=2_000_000,
)
EPOCH = date(1899, 12, 30)
"""Day 0 of spreadsheets."""

Line = tuple[int, dict[int, str]]
"""The number of a line and its filled cells by column."""


@dataclass
class Row:
    """A line of the list: its number and what stands in each known column."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


@dataclass
class Table:
    """The list as it stands: where, which headings, which rows."""

    sheet: str
    headings: dict[str, str]
    """The heading of each known column as written."""
    rows: list[Row]
    ignored: list[str] = field(default_factory=list)
    """Headings of columns that mean nothing here."""
    faults: list[Fault] = field(default_factory=list)

    def heading(self, column: str) -> str:
        """How the list calls a column."""
        return self.headings.get(column, HEADINGS[column])


def read_file(path: str | Path) -> tuple[Table, bytes]:
    """The table of a file, with its bytes.

    Raises:
        ListRefused: not readable, too large, or no list of units.
    """
    name = Path(path).name
    try:
        with Path(path).open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise _refused(name, f"không đọc được tệp ({error.strerror or error}).") from error
    if len(content) > MAX_BYTES:
        raise _refused(name, f"tệp lớn hơn {MAX_BYTES // MEGABYTE} MB; {LIMIT}.")
    if content.startswith(ZIP) or Path(path).suffix.lower() in {".xlsx", ".xls", ".xlsm"}:
        return _from_workbook(name, content), content
    return _from_csv(name, content), content


def _refused(sheet: str, sentence: str) -> ListRefused:
    return ListRefused([Fault(sheet, 0, "", sentence)])


def _from_csv(name: str, content: bytes) -> Table:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(name, f"dòng {line} không phải UTF-8; lưu lại dạng CSV UTF-8.") from error
    if text.count("\n") > 2 * LIMITS.row:
        raise _refused(name, f"có {text.count(chr(10))} dòng; {LIMIT}.")
    head = text.splitlines()[:TITLE_ROWS]
    comma, semicolon, tab = (sum(line.count(mark) for line in head) for mark in ",;\t")
    delimiter = ";" if semicolon > comma else "\t" if tab > comma else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = [
            (reader.line_num, {n: cell for n, cell in enumerate(cells, 1) if cell.strip()})
            for cells in reader
        ]
    except csv.Error as error:
        sentence = f"dòng {reader.line_num} không đúng dạng CSV (kiểm tra dấu ngoặc kép)."
        raise _refused(name, sentence) from error
    return _table(name, lines, [])


def _from_workbook(name: str, content: bytes) -> Table:
    try:
        sheets = read_workbook(content, LIMITS)
    except WorkbookRefused as refusal:
        raise _refused(name, f"{refusal}; {LIMIT}.") from refusal
    for sheet in sheets:
        faults: list[Fault] = []
        lines = list(_lines(sheet, faults))
        if _find_headings(lines) is not None:
            return _table(sheet.name, lines, faults)
    raise _refused(name, _no_headings())


def _lines(sheet: Sheet, faults: list[Fault]) -> Iterator[Line]:
    by_row: dict[int, dict[int, str]] = {}
    for cell in sheet.cells:
        if cell.kind in {FORMULA, ERROR}:
            said = "ô có công thức hoặc báo lỗi; thay bằng giá trị."
            faults.append(Fault(sheet.name, cell.row, "", said))
        by_row.setdefault(cell.row, {})[cell.column] = _text(cell)
    yield from sorted(by_row.items())


def _text(cell: Cell) -> str:
    """What a person sees in the cell: days as days, whole numbers without decimals."""
    try:
        number = float(cell.text)
        if cell.kind == DATE:
            return (EPOCH + timedelta(days=int(number))).isoformat()
    except (ValueError, OverflowError):
        return cell.text
    return str(int(number)) if cell.kind == "n" and number.is_integer() else cell.text


def _find_headings(lines: Iterable[Line]) -> int | None:
    """Which line holds the headings: the first that has all that are required."""
    for index, (_, cells) in enumerate(lines):
        if index >= TITLE_ROWS:
            return None
        found = {COLUMNS.get(heading_key(text)) for text in cells.values()}
        if set(REQUIRED) <= found:
            return index
    return None


def _no_headings() -> str:
    listing = ", ".join(f'"{HEADINGS[column]}"' for column in REQUIRED)
    return f"không thấy dòng tiêu đề có đủ các cột {listing} trong {TITLE_ROWS} dòng đầu."


def _table(sheet: str, lines: list[Line], faults: list[Fault]) -> Table:
    at = _find_headings(lines)
    if at is None:
        raise _refused(sheet, _no_headings())
    line, titles = lines[at]
    columns: dict[int, str] = {}
    table = Table(sheet, {}, [], faults=[fault for fault in faults if fault.line > line])
    for number, written in sorted(titles.items()):
        column = COLUMNS.get(heading_key(written))
        heading = normalised(written)[:80]
        if column is None:
            table.ignored.append(heading)
        elif column in table.headings:
            said = f'trùng nghĩa với cột "{table.headings[column]}"; bỏ một cột.'
            table.faults.append(Fault(sheet, line, heading, said))
        else:
            columns[number], table.headings[column] = column, heading
    filled = [(number, cells) for number, cells in lines[at + 1 :] if cells]
    if len(filled) > MAX_ROWS:
        raise _refused(sheet, f"có {len(filled)} dòng; {LIMIT}.")
    if not filled:
        raise _refused(sheet, "danh sách không có dòng nào.")
    table.rows = [
        Row(number, {columns[n]: text for n, text in cells.items() if n in columns})
        for number, cells in filled
    ]
    return table
