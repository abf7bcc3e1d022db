"""What is wrong with a list: `sheet/line, column: sentence`, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 100
"""So many faults are told; a list with more is wrong as a whole."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence about one place; line 0 and an empty column mean the whole."""

    sheet: str
    line: int
    column: str
    sentence: str

    @property
    def text(self) -> str:
        """The line that is printed."""
        place = f"{self.sheet}/dòng {self.line}" if self.line else self.sheet
        column = f', cột "{self.column}"' if self.column else ""
        return f"{place}{column}: {self.sentence}"


class ListRefused(Exception):
    """A list of which nothing is loaded; what is wrong with it is in `lines`."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """The printed lines, in the order of the list; the end says how many are left out."""
        told = [fault.text for fault in self.faults[:MOST]]
        left = len(self.faults) - len(told)
        return [*told, f"… và {left} lỗi nữa."] if left else told
