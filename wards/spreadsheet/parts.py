"""The parts of the archive that are read, each by its own small listener."""

import re
from dataclasses import dataclass

from wards.spreadsheet.cells import (
    DATE,
    ERROR,
    FORMULA,
    NUMBER,
    PERCENT,
    REFERENCE,
    TEXT,
    TRUTH,
    Cell,
    Sheet,
    column_number,
)
from wards.spreadsheet.limits import Limits
from wards.spreadsheet.package import ACTIVE, DAMAGED, OUTSIDE, Part, WorkbookRefused

LONGEST_NAME = 100
ESCAPED = re.compile(r"_x(?!0000|[Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""A character spelled out; NUL and half characters, which no text can hold, stay as spelled."""
# Number formats built into Excel that show a day or a time.
BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
BUILT_IN_PERCENTS = frozenset({9, 10})
LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


class ContentTypes(Part):
    """What kinds of parts the archive says it has."""

    def open(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "").lower()
        if any(word in kind for word in ("macroenabled", "vbaproject", "oleobject", "activex")):
            raise WorkbookRefused(ACTIVE)


class Links(Part):
    """Which part each link leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            if attributes.get("TargetMode") == "External":
                raise WorkbookRefused(OUTSIDE)
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class Book(Part):
    """Name, state and link of every sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            state = attributes.get("state", "visible")
            title = attributes.get("name", "")[:LONGEST_NAME]
            self.sheets.append((title, state, attributes.get("id", "")))


class Texts(Part):
    """Parts in which text stands in `t` elements, perhaps in several runs."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits = limits
        self.pieces: list[str] = []
        self.size = 0
        self.listening = False
        self.phonetic = False

    def characters(self, content: str) -> None:
        """Text between tags."""
        if self.listening:
            self.size += len(content)
            if self.size > self.limits.cell_text:
                raise WorkbookRefused(f"có ô dài hơn {self.limits.cell_text} ký tự")
            self.pieces.append(content)

    def taken(self) -> str:
        """The text so far, which begins anew."""
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(self.pieces))
        self.pieces, self.size = [], 0
        return text


class Strings(Texts):
    """Texts that cells share."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.found: list[str] = []

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self.phonetic = True
        elif name == "t" and not self.phonetic:
            self.listening = True

    def close(self, name: str) -> None:
        if name == "t":
            self.listening = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.found.append(self.taken())


class Styles(Part):
    """Which cell formats show a day, and which a percentage."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.inside = False

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.formats.append(int(attributes.get("numFmtId", 0)))

    def close(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def kind(self, style: int) -> str:
        """What a number of this style is shown as."""
        number_format = self.formats[style] if style < len(self.formats) else 0
        code = LITERALS.sub("", self.codes.get(number_format, "")).lower()
        if number_format in BUILT_IN_DATES or re.search("[dmyhs]", code):
            return DATE
        if number_format in BUILT_IN_PERCENTS or "%" in code:
            return PERCENT
        return NUMBER


@dataclass
class Room:
    """What the sheets together hold, and may hold."""

    limits: Limits
    cells: int = 0
    text: int = 0

    def take(self, cell: Cell) -> None:
        """Count a cell in."""
        if cell.row > self.limits.row:
            raise WorkbookRefused(f"có dữ liệu ở dòng {cell.row}; chỉ nhận đến {self.limits.row}")
        if cell.column > self.limits.column:
            raise WorkbookRefused(
                f"có dữ liệu ở cột thứ {cell.column}; chỉ nhận đến cột {self.limits.column}"
            )
        self.cells += 1
        self.text += len(cell.text)
        if self.cells > self.limits.cells or self.text > self.limits.text:
            raise WorkbookRefused("có quá nhiều ô có nội dung")


class SheetPart(Texts):
    """The cells of one sheet."""

    def __init__(self, sheet: Sheet, strings: list[str], styles: Styles, room: Room) -> None:
        super().__init__(room.limits)
        self.sheet = sheet
        self.strings = strings
        self.styles = styles
        self.room = room
        self.row = 0
        self.column = 0
        self.attributes: dict[str, str] = {}
        self.has_formula = False
        self.seen: set[tuple[int, int]] = set()

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in {"1", "true"} and self.row <= self.limits.row:
                self.sheet.hidden_rows.add(self.row)
        elif name == "c":
            self._open_cell(attributes)
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.phonetic = True
        elif name in {"v", "t"} and not self.phonetic:
            self.listening = True
        elif name == "mergeCell":
            self.sheet.merged.append(attributes.get("ref", "")[:LONGEST_NAME])
            if len(self.sheet.merged) > self.limits.merged:
                raise WorkbookRefused("có quá nhiều ô gộp")
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            self.sheet.hidden_columns |= {*range(first, min(last, self.limits.column) + 1)}

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.has_formula = False
        if reference := attributes.get("r"):
            place = REFERENCE.fullmatch(reference)
            if place is None:
                raise WorkbookRefused(DAMAGED)
            self.column, self.row = column_number(place[1]), int(place[2])
        else:
            self.column += 1

    def close(self, name: str) -> None:
        if name in {"v", "t"}:
            self.listening = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "c":
            self._close_cell()

    def _close_cell(self) -> None:
        text = self.taken()
        kind = self._kind()
        if self.attributes.get("t") == "s" and text:
            text = self.strings[int(text)]
        if text or kind == FORMULA:
            cell = Cell(self.row, self.column, kind, text)
            self.room.take(cell)
            if (cell.row, cell.column) in self.seen:
                raise WorkbookRefused(DAMAGED)
            self.seen.add((cell.row, cell.column))
            self.sheet.cells.append(cell)

    def _kind(self) -> str:
        if self.has_formula:
            return FORMULA
        stated = self.attributes.get("t", "n")
        if stated == "n":
            return self.styles.kind(int(self.attributes.get("s", 0)))
        return {"d": DATE, "e": ERROR, "b": TRUTH}.get(stated, TEXT)
