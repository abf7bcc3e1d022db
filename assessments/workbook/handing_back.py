"""The marked copy: what was sent, with every fault at its cell and all of them on one sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.models import Assessment
from assessments.workbook import limits, styles
from assessments.workbook.comparing import Current, filling_of
from assessments.workbook.faults import Fault
from assessments.workbook.layout import ANSWERS, FAULTS, NOTES, Identity, Texts
from assessments.workbook.marking import mark, write_faults
from assessments.workbook.styles import put
from assessments.workbook.writing import (
    Filling,
    answer_rows,
    note_rows,
    saved,
    write_workbook,
)
from wards.spreadsheet.cells import REFERENCE, column_letters, column_number

CORRECT_THERE = (
    "Bản này chỉ để xem. Sửa trong tệp của đồng chí, hoặc tải bảng tính mới từ phiếu rồi chép số "
    "liệu sang."
)


def write_as_it_came(grid: Mapping[str, Sequence[Sequence[str]]], faults: Sequence[Fault]) -> bytes:
    """The cells of a workbook whose shape is broken, each where it stood, as text."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 -- a new workbook has one
    first.title = FAULTS
    write_faults(first, faults, advice=CORRECT_THERE)
    for name, cells in grid.items():
        if name == FAULTS:
            continue
        sheet = book.create_sheet(name)
        for column in range(1, limits.MAX_COLUMN + 1):
            sheet.column_dimensions[column_letters(column)].width = 18
        for place, text in cells:
            found = REFERENCE.fullmatch(place)
            if found is not None:
                put(sheet, int(found[2]), column_number(found[1]), text, styles.FIXED)
    mark(book, faults)
    return saved(book)


def write_corrected(
    assessment: Assessment,
    found: Sequence[Current],
    plan: Mapping[str, Any],
    faults: Sequence[Fault],
) -> bytes:
    """Our own workbook again with what was typed; corrected, it can be sent as it is."""
    criteria = [one.criterion for one in found]
    stored = filling_of(found)
    answers: dict[tuple[str, str], Texts] = {}
    notes: dict[str, Texts] = {}
    now_at = {}
    places = {ANSWERS: answer_rows(criteria), NOTES: note_rows(criteria)}
    for sheet, row, key, texts in plan["rows"]:
        now_at[sheet, row] = places[sheet][tuple(key)]
        if sheet == ANSWERS:
            answers[key[0], key[1]] = texts
        else:
            notes[key[0]] = texts
    # Rows may have been sorted; the faults go with their rows.
    moved = [replace(one, row=now_at.get((one.sheet, one.row), one.row)) for one in faults]
    return write_workbook(
        assessment,
        criteria,
        Identity.from_json(plan["identity"]),
        Filling(answers, notes, stored.outcomes, stored.carried),
        moved,
    )
