"""Is this the workbook of this file, and is its shape still ours? Values are judged later."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.models import Assessment
from assessments.workbook.faults import MOST, Fault
from assessments.workbook.identity import read_identity
from assessments.workbook.layout import (
    ANSWERS,
    COLUMNS,
    HEADER_ROW,
    NOTES,
    OURS,
    Identity,
    Texts,
    entries_of,
    group_title,
)
from criteria.models import Criterion
from wards.spreadsheet.cells import (
    DATE,
    ERROR,
    FORMULA,
    NUMBER,
    PERCENT,
    Cell,
    Sheet,
    column_letters,
    column_number,
)

KIND_FAULTS = {
    DATE: "ô đang ở dạng ngày tháng (chương trình bảng tính tự đổi). Đặt lại ô về dạng Văn bản "
    "(Text) rồi nhập lại",
    PERCENT: "ô đang ở dạng phần trăm. Đặt lại ô về dạng Văn bản (Text); tỷ lệ thì nhập tử số và "
    "mẫu số",
    FORMULA: "ô có công thức. Hãy thay bằng giá trị",
    ERROR: "ô đang báo lỗi của bảng tính. Hãy xóa và nhập lại",
}
NOT_USED = "chỉ số này không dùng ô này. Hãy xóa nội dung trong ô"
OUTSIDE_TABLE = "nội dung nằm ngoài bảng. Hãy xóa"
NO_CODE = "dòng có nội dung nhưng không có mã. Hãy xóa dòng hoặc tải bảng tính mới"
MERGED = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")

RowKey = tuple[str, ...]
"""What names a row: codes of criterion and indicator, or of the criterion alone."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row of ours with what was typed into its entry cells."""

    sheet: str
    row: int
    texts: Texts


@dataclass
class Checked:
    """What a workbook says, or what is wrong with its shape."""

    identity: Identity | None = None
    rows: dict[RowKey, FilledRow] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    """Faults of single cells: the shape holds, and the rows can be written anew."""
    broken: list[Fault] = field(default_factory=list)
    """Faults of the shape, or a workbook of something else."""


def check_workbook(
    sheets: Sequence[Sheet], assessment: Assessment, criteria: Sequence[Criterion]
) -> Checked:
    """Read our sheets row by row, telling everything that is wrong at once."""
    found = Checked()
    found.identity, found.broken = read_identity(sheets, assessment, criteria)
    if found.identity is None:
        return found
    by_name = {sheet.name: sheet for sheet in sheets}
    for sheet in sheets:
        if sheet.name not in OURS:
            found.broken.append(
                Fault(sheet.name, 0, 0, "trang tính không có trong mẫu. Hãy xóa trang tính này")
            )
    for name in COLUMNS:
        if name not in by_name:
            found.broken.append(Fault(name, 0, 0, "thiếu trang tính này. Hãy tải bảng tính mới"))
            continue
        _check_sheet(by_name[name], expected_rows(name, criteria), headings(criteria), found)
    return found


def expected_rows(sheet: str, criteria: Sequence[Criterion]) -> dict[RowKey, frozenset[str]]:
    """Every row that a sheet must have, with the columns that are filled in."""
    if sheet == NOTES:
        entries = frozenset(column.key for column in COLUMNS[NOTES] if column.entry)
        return {(criterion.code,): entries for criterion in criteria}
    return {
        (criterion.code, indicator.code): entries_of(indicator)
        for criterion in criteria
        for indicator in criterion.indicators.all()
    }


def headings(criteria: Sequence[Criterion]) -> set[str]:
    """What rows may say that only head a group."""
    return {plain(group_title(criterion.group)) for criterion in criteria}


def plain(text: str) -> str:
    """Text as it is compared: NFC, single spaces, without case."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def text_of(cell: Cell) -> str:
    """What a cell says; a number as people write it."""
    if cell.kind != NUMBER:
        return cell.text
    try:
        # Fifteen digits, as a spreadsheet shows: 9.9499999999999993 was typed as 9.95.
        value = Decimal(f"{float(cell.text):.15g}")
    except (ValueError, ArithmeticError):
        return cell.text
    if not value.is_finite():
        return cell.text
    words = f"{value:f}"
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    whole, _, fraction = words.partition(".")
    # A number of the spreadsheet is no text with a separator: 1.234 has three decimals.
    return f"{whole},{fraction}{'0' if len(fraction) == 3 else ''}" if fraction else whole


def _check_sheet(
    sheet: Sheet, expected: dict[RowKey, frozenset[str]], titles: set[str], found: Checked
) -> None:
    before = len(found.broken)
    if sheet.hidden:
        found.broken.append(Fault(sheet.name, 0, 0, "trang tính đang bị ẩn. Hãy bỏ ẩn"))
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    _check_header(sheet, cells, found)
    _check_joined_and_hidden(sheet, max((cell.row for cell in sheet.cells), default=0), found)
    if any(fault.row == HEADER_ROW for fault in found.broken[before:]):
        return
    by_row: dict[int, dict[int, Cell]] = {}
    for cell in sheet.cells:
        if cell.row > HEADER_ROW and (cell.text.strip() or cell.kind == FORMULA):
            by_row.setdefault(cell.row, {})[cell.column] = cell
    seen: dict[RowKey, int] = {}
    for row, filled in sorted(by_row.items()):
        if len(found.broken) > MOST:
            return
        key = _key_of(sheet.name, filled)
        if key in expected and key not in seen:
            seen[key] = row
            found.rows[key] = _read_row(sheet.name, row, filled, expected[key], found)
        else:
            _refuse_row(sheet.name, row, filled, key, titles, seen, found)
    for key in expected.keys() - seen.keys():
        words = _row_words(key)
        found.broken.append(
            Fault(sheet.name, 0, 1, f"thiếu dòng của {words}. Hãy tải bảng tính mới")
        )


def _check_header(sheet: Sheet, cells: dict[tuple[int, int], Cell], found: Checked) -> None:
    columns = COLUMNS[sheet.name]
    heads = [plain(column.header) for column in columns]
    actual = {
        column: plain(cell.text) for (row, column), cell in cells.items() if row == HEADER_ROW
    }
    if not set(actual.values()) & set(heads):
        moved = {row for (row, _), cell in cells.items() if plain(cell.text) == heads[0]}
        where = f", đang ở dòng {min(moved)}" if moved else ""
        found.broken.append(
            Fault(
                sheet.name,
                HEADER_ROW,
                0,
                f"dòng tiêu đề của bảng phải ở dòng {HEADER_ROW}{where}. Hãy trả về như mẫu",
            )
        )
        return
    for number, column in enumerate(columns, 1):
        said = actual.get(number, "")
        if said == plain(column.header):
            continue
        stated = cells[HEADER_ROW, number].text.strip() if said else ""
        what = f"tiêu đề cột phải là “{column.header}”"
        if not stated:
            what += ", đang trống hoặc thiếu cột"
        elif said in heads:
            what += f", đang là “{stated}” (trùng hoặc đổi chỗ cột)"
        else:
            what += f", đang là “{stated}”"
        found.broken.append(Fault(sheet.name, HEADER_ROW, number, what, stated))
    for number in sorted(actual):
        if number > len(columns) and actual[number]:
            stated = cells[HEADER_ROW, number].text.strip()
            found.broken.append(
                Fault(
                    sheet.name,
                    HEADER_ROW,
                    number,
                    f"thừa cột “{stated}”. Hãy xóa cột này",
                    stated,
                )
            )


def _check_joined_and_hidden(sheet: Sheet, last: int, found: Checked) -> None:
    columns = len(COLUMNS[sheet.name])
    for joined in sheet.merged:
        place = MERGED.fullmatch(joined)
        if place is None:
            continue
        row, column = int(place[2]), column_number(place[1])
        if int(place[4] or row) >= HEADER_ROW:
            found.broken.append(
                Fault(sheet.name, row, column, f"các ô {joined} bị gộp. Hãy bỏ gộp ô")
            )
    for row in sorted(sheet.hidden_rows):
        if HEADER_ROW <= row <= last:
            found.broken.append(
                Fault(sheet.name, row, 0, "dòng đang bị ẩn hoặc bị lọc. Hãy bỏ ẩn, bỏ lọc")
            )
    for column in sorted(sheet.hidden_columns):
        if column <= columns:
            found.broken.append(Fault(sheet.name, 0, column, "cột đang bị ẩn. Hãy bỏ ẩn"))


def _key_of(sheet: str, filled: dict[int, Cell]) -> RowKey:
    parts = 1 if sheet == NOTES else 2
    return tuple(
        text_of(filled[number]).strip() if number in filled else ""
        for number in range(1, parts + 1)
    )


def _row_words(key: RowKey) -> str:
    return f"tiêu chí {key[0]}" + (f", chỉ số {key[1]}" if len(key) > 1 else "")


def _refuse_row(
    sheet: str,
    row: int,
    filled: dict[int, Cell],
    key: RowKey,
    titles: set[str],
    seen: dict[RowKey, int],
    found: Checked,
) -> None:
    if sheet == ANSWERS and not key[1] and plain(key[0]) in titles:
        for number, cell in filled.items():
            if number > 1:
                what = "dòng tên nhóm không nhập nội dung. Hãy xóa"
                found.broken.append(Fault(sheet, row, number, what, cell.text))
    elif key in seen:
        what = f"{_row_words(key)} đã có ở dòng {seen[key]}. Hãy xóa một trong hai dòng"
        found.broken.append(Fault(sheet, row, 1, what, key[0]))
    elif not any(key):
        first = min(filled)
        outside = first > len(COLUMNS[sheet])
        what = OUTSIDE_TABLE if outside else NO_CODE
        found.broken.append(Fault(sheet, row, first, what, filled[first].text))
    else:
        what = f"{_row_words(key)} không có trong bộ tiêu chí của phiếu"
        found.broken.append(Fault(sheet, row, 1, what, key[0]))


def _read_row(
    sheet: str, row: int, filled: dict[int, Cell], entries: frozenset[str], found: Checked
) -> FilledRow:
    texts: Texts = {}
    columns = COLUMNS[sheet]
    for number, cell in filled.items():
        if number > len(columns):
            found.broken.append(Fault(sheet, row, number, OUTSIDE_TABLE, cell.text))
            continue
        column = columns[number - 1]
        text = text_of(cell)
        if column.entry:
            texts[column.key] = text
        if column.entry and column.key not in entries:
            found.faults.append(Fault(sheet, row, number, NOT_USED, text))
        elif column.key != "fault" and cell.kind in KIND_FAULTS:
            found.faults.append(Fault(sheet, row, number, KIND_FAULTS[cell.kind], text))
    return FilledRow(sheet, row, texts)


def grid_of(sheets: Sequence[Sheet]) -> dict[str, list[tuple[str, str]]]:
    """Every filled cell of what a person sees, as (place, text), to hand back as it came."""
    return {
        sheet.name: [
            (f"{column_letters(cell.column)}{cell.row}", text_of(cell)) for cell in sheet.cells
        ]
        for sheet in sheets
        if not sheet.name.startswith("_")
    }
