"""What the tests of the workbook have in common: making one, filling it in, sending it."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from assessments.models import Assessment, WorkbookImport
from assessments.workbook.comparing import filling_of, identity_of, read_current
from assessments.workbook.layout import ANSWERS, NOTES, place_of
from assessments.workbook.writing import answer_rows, note_rows, write_workbook
from tests import cast
from tests.assessments.station import url

Edit = Callable[[Workbook], object]


def made(assessment: Assessment, now: datetime = cast.NOW) -> bytes:
    """The workbook of a file as it is downloaded at this moment."""
    found = read_current(assessment)
    return write_workbook(
        assessment,
        [one.criterion for one in found],
        identity_of(assessment, found, now),
        filling_of(found),
    )


def edited(content: bytes, *edits: Edit) -> bytes:
    """The workbook after somebody worked on it."""
    book = load_workbook(BytesIO(content))
    for edit in edits:
        edit(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def row_of(assessment: Assessment, criterion: str, indicator: str = "") -> int:
    """The row of an indicator, or of a criterion on the sheet of notes."""
    criteria = list(assessment.round.criteria_set.criteria.with_indicators())
    if indicator:
        return answer_rows(criteria)[criterion, indicator]
    return note_rows(criteria)[criterion,]


def cell_of(
    book: Workbook, assessment: Assessment, key: str, criterion: str, indicator: str = ""
) -> Cell:
    """An entry cell by what it is for."""
    sheet = ANSWERS if indicator else NOTES
    found = book[sheet].cell(row_of(assessment, criterion, indicator), place_of(sheet, key))
    assert isinstance(found, Cell)
    return found


def write(
    assessment: Assessment, key: str, value: Any, criterion: str, indicator: str = "", fmt: str = ""
) -> Edit:
    """Type a value into an entry cell."""

    def edit(book: Workbook) -> None:
        cell = cell_of(book, assessment, key, criterion, indicator)
        cell.value = value
        if fmt:
            cell.number_format = fmt

    return edit


def everything_met(assessment: Assessment) -> list[Edit]:
    """Every indicator answered as `cast.values` does, and a note."""
    return [
        write(assessment, "level", "Hoàn thành xuất sắc nhiệm vụ", "C01", "1a"),
        write(assessment, "decision", "125-QĐ/ĐU ngày 05/12/2023", "C01", "1a"),
        write(assessment, "answer", "Có", "C02", "2a"),
        write(assessment, "number", "0", "C02", "2b"),
        write(assessment, "numerator", "9,5", "C03", "3a"),
        write(assessment, "denominator", "9.5", "C03", "3a"),
        write(assessment, "note", "Đã đối chiếu sổ trực", "C02"),
        write(assessment, "explanation", "Sổ trực lưu tại đơn vị", "C02"),
    ]


def send(client: Client, assessment: Assessment, content: bytes, name: str = "phieu.xlsx") -> Any:
    """Upload a workbook."""
    file = SimpleUploadedFile(name, content, content_type="application/octet-stream")
    return client.post(url("workbook", assessment), {"workbook": file})


def latest() -> WorkbookImport:
    """The workbook that was sent last."""
    return WorkbookImport.objects.order_by("-read_at")[0]


def page_of(waiting: WorkbookImport, name: str = "workbook_import") -> str:
    """The address of a workbook that was sent."""
    return url(name, waiting.assessment, waiting.pk)


def confirm(client: Client, waiting: WorkbookImport, **choices: str) -> Any:
    """Open the preview and confirm what it shows; choices as `C01="take"`."""
    shown = client.get(page_of(waiting)).context["form"]
    seen = {name: shown[name].value() for name in shown.fields}
    chosen = {f"c-{code}": choice for code, choice in choices.items()}
    return client.post(page_of(waiting), seen | chosen)


def parts_of(content: bytes) -> dict[str, bytes]:
    """Every part of the archive by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def state_of(assessment: Assessment) -> list[tuple[Any, ...]]:
    """Everything a workbook could change, to show that it did not."""
    results = assessment.results.order_by("pk").values_list(
        "version", "outcome", "note", "explanation"
    )
    answers = assessment.answers.order_by("pk").values_list(
        "indicator", "state", "yes", "number", "numerator", "denominator", "level", "decision"
    )
    return [*results, *answers]
