"""How large a workbook may be. Ours has a few hundred cells; these leave a hundredfold room."""

from wards.spreadsheet.limits import MEGABYTE, Limits

MAX_BYTES = 5 * MEGABYTE
MAX_ROW = 5_000
MAX_COLUMN = 64

WORKBOOK = Limits(
    bytes=MAX_BYTES,
    row=MAX_ROW,
    column=MAX_COLUMN,
    cells=20_000,
    text=2_000_000,
    unpacked=20 * MEGABYTE,
    elements=400_000,
)

MEMORY = 512 * MEGABYTE
CPU_SECONDS = 5
WALL_SECONDS = 20
