"""What is wrong in a workbook, each with its place."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from assessments.workbook.layout import COLUMNS
from wards.spreadsheet.cells import column_letters

MOST = 1_000
"""So many faults are told; a workbook with more is wrong as a whole."""
NOTHING_WRITTEN = "Chưa có dòng nào được ghi."


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: sheet, row and column (numbers from 1; nought where the whole is meant), why."""

    sheet: str
    row: int
    column: int
    what: str
    value: str = ""

    @property
    def column_words(self) -> str:
        """The column as a person finds it: letter and header."""
        if not self.column:
            return ""
        letters = column_letters(self.column)
        columns = COLUMNS.get(self.sheet, ())
        if self.column > len(columns):
            return letters
        return f"{letters} “{columns[self.column - 1].header}”"

    @property
    def place(self) -> str:
        """Where it is, in words."""
        places = [
            f"Trang tính {self.sheet}" if self.sheet else "",
            f"dòng {self.row}" if self.row else "",
            f"cột {self.column_words}" if self.column else "",
        ]
        return ", ".join(part for part in places if part) or "Cả tệp"

    @property
    def sentence(self) -> str:
        """The fault in one sentence (MIMP)."""
        return f"{self.place}: {self.what}. {NOTHING_WRITTEN}"

    @property
    def told(self) -> str:
        """What is wrong, as a sentence that stands beside its place."""
        return f"{self.what[:1].upper()}{self.what[1:]}."

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        return asdict(self)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """By sheet as they stand in the workbook, then by row and column; what concerns all first."""
    sheets = ["", *COLUMNS]

    def place(fault: Fault) -> tuple[int, str, int, int]:
        known = sheets.index(fault.sheet) if fault.sheet in sheets else len(sheets)
        return known, fault.sheet, fault.row, fault.column

    return sorted(faults, key=place)[:MOST]
