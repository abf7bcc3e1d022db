"""How large a spreadsheet may be; what reads one says so."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of the file, of what it unpacks to, and of what its sheets hold together."""

    bytes: int
    row: int
    cells: int
    text: int
    unpacked: int
    elements: int
    ratio: int = 100
    entries: int = 200
    sheets: int = 20
    column: int = 64
    merged: int = 1_000
    cell_text: int = 32_767
