"""A workbook as it stands: every filled cell with its place, what hides and what joins cells."""

import re
from dataclasses import dataclass, field
from typing import Any

REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

TEXT, NUMBER, DATE, PERCENT, FORMULA, ERROR, TRUTH = "s", "n", "d", "p", "f", "e", "b"


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell: place from 1, what it is, and its value as text."""

    row: int
    column: int
    kind: str
    text: str


@dataclass
class Sheet:
    """One sheet as it stands."""

    name: str
    hidden: bool = False
    cells: list[Cell] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def as_json(self) -> dict[str, Any]:
        """For the way out of the reading process."""
        return {
            "name": self.name,
            "hidden": self.hidden,
            "cells": [[cell.row, cell.column, cell.kind, cell.text] for cell in self.cells],
            "merged": self.merged,
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sheet":
        """The sheet of `as_json`."""
        return cls(
            data["name"],
            data["hidden"],
            [Cell(*cell) for cell in data["cells"]],
            data["merged"],
            set(data["hidden_rows"]),
            set(data["hidden_columns"]),
        )


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
