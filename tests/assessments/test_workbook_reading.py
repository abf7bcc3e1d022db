"""Reading strangers' workbooks: bombs and fakes are refused before anything trusts them."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook

from assessments.models import Assessment
from assessments.workbook import limits
from assessments.workbook.sandbox import read_apart
from tests.assessments.workbook import made, packed, parts_of
from wards.spreadsheet.cells import (
    DATE,
    FORMULA,
    NUMBER,
    PERCENT,
    TEXT,
    column_letters,
    column_number,
)

MOST_KILOBYTES = 200 * 1024

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet2.xml"


@pytest.fixture
def good(assessment: Assessment) -> dict[str, bytes]:
    """The parts of a good workbook."""
    return parts_of(made(assessment))


def a_million_rows(parts: dict[str, bytes]) -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001)
    )
    return packed({**parts, SHEET: HEAD + rows + TAIL})


def many_rows_within_the_size(parts: dict[str, bytes]) -> bytes:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 100_001)
    )
    return packed({**parts, SHEET: HEAD + rows + TAIL})


def a_huge_cell(parts: dict[str, bytes]) -> bytes:
    text = (
        b"<row r='1'><c r='A1' t='inlineStr'><is><t>" + b"A" * 300_000_000 + b"</t></is></c></row>"
    )
    return packed({**parts, SHEET: HEAD + text + TAIL})


def a_large_cell(parts: dict[str, bytes]) -> bytes:
    text = b"<row r='1'><c r='A1' t='inlineStr'><is><t>" + b"A" * 900_000 + b"</t></is></c></row>"
    return packed({**parts, SHEET: HEAD + text + TAIL})


def the_last_cell(parts: dict[str, bytes]) -> bytes:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return packed({**parts, SHEET: HEAD + row + TAIL})


def a_far_column(parts: dict[str, bytes]) -> bytes:
    return packed({**parts, SHEET: HEAD + b'<row r="6"><c r="XFD6"><v>1</v></c></row>' + TAIL})


def ten_thousand_sheets(parts: dict[str, bytes]) -> bytes:
    more = {f"xl/worksheets/more{n}.xml": HEAD + TAIL for n in range(10_000)}
    return packed(parts | more)


def huge_styles(parts: dict[str, bytes]) -> bytes:
    styles = (
        b"<styleSheet><cellXfs>" + b'<xf numFmtId="14"/>' * 900_000 + b"</cellXfs></styleSheet>"
    )
    return packed(parts | {"xl/styles.xml": styles})


def overlapping_entries(parts: dict[str, bytes]) -> bytes:
    """Every entry of the directory points at the first one's bytes."""
    content = bytearray(packed(parts))
    at = content.find(b"PK\x01\x02")
    while at != -1:
        content[at + 42 : at + 46] = struct.pack("<I", 0)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def a_lying_directory(parts: dict[str, bytes]) -> bytes:
    """One part unpacks to far more than its directory says."""
    rows = b'<row r="1"/>' * 3_000_000
    content = bytearray(packed(parts | {SHEET: HEAD + rows + TAIL}))
    at = content.find(SHEET.encode(), content.find(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = struct.pack("<I", 1000)
    return bytes(content)


def nested_elements(parts: dict[str, bytes]) -> bytes:
    return packed(parts | {SHEET: b"<a>" * 500_000 + b"</a>" * 500_000})


BOMBS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    function.__name__: function
    for function in (
        a_million_rows,
        many_rows_within_the_size,
        a_huge_cell,
        a_large_cell,
        the_last_cell,
        a_far_column,
        ten_thousand_sheets,
        huge_styles,
        overlapping_entries,
        a_lying_directory,
        nested_elements,
    )
}


@pytest.mark.parametrize("name", BOMBS)
def test_px_06_bombs_are_refused_within_their_memory(name: str, good: dict[str, bytes]) -> None:
    answer = read_apart(BOMBS[name](good))
    assert answer.refused
    assert answer.sheets == []
    # The process told its own peak, so it lived to refuse: no limit had to kill it.
    assert 0 < answer.peak_kilobytes <= MOST_KILOBYTES


def test_px_09_too_many_rows_are_refused_with_the_limit(good: dict[str, bytes]) -> None:
    answer = read_apart(many_rows_within_the_size(good))
    assert answer.refused == (
        f"có dữ liệu ở dòng {limits.MAX_ROW + 1}; chỉ nhận đến {limits.MAX_ROW}"
    )


XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;">' % (n + 1, n, n) for n in range(97, 117))
    + b"]><x>&u;</x>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def encrypted_entries(parts: dict[str, bytes]) -> bytes:
    content = bytearray(packed(parts))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


ZOO: dict[str, tuple[Callable[[dict[str, bytes]], bytes], str]] = {
    "XXE in a sheet": (lambda parts: packed(parts | {SHEET: XXE}), "khai báo XML"),
    "XXE in the shared strings": (
        lambda parts: packed(parts | {"xl/sharedStrings.xml": XXE}),
        "khai báo XML",
    ),
    "billion laughs in the workbook": (
        lambda parts: packed(parts | {"xl/workbook.xml": LAUGHS}),
        "khai báo XML",
    ),
    "a link to another workbook": (
        lambda parts: packed(parts | {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "liên kết tới dữ liệu bên ngoài",
    ),
    "a data connection": (
        lambda parts: packed(parts | {"xl/connections.xml": b"<x/>"}),
        "liên kết tới dữ liệu bên ngoài",
    ),
    "a macro": (lambda parts: packed(parts | {"xl/vbaProject.bin": b"x"}), "macro"),
    "a macro type with no macro": (
        lambda parts: packed(
            parts
            | {
                "[Content_Types].xml": parts["[Content_Types].xml"].replace(
                    b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
                )
            }
        ),
        "macro",
    ),
    "an old .xls, or one with a password": (lambda parts: OLE, "có mật khẩu hoặc"),
    "encrypted parts": (encrypted_entries, "có mật khẩu hoặc"),
    "a .csv": (lambda parts: "Mã;Số\nC01;5".encode(), "không phải bảng tính"),
    "a Word document": (
        lambda parts: packed({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        "không phải bảng tính",
    ),
    "an archive cut in the middle": (lambda parts: packed(parts)[:4000], "hỏng"),
    "nothing": (lambda parts: b"", "tệp rỗng"),
    "more than the limit": (
        lambda parts: packed(parts) + b"\0" * limits.MAX_BYTES,
        "lớn hơn 5 MB",
    ),
}


@pytest.mark.parametrize("name", ZOO)
def test_px_10_the_zoo_is_refused(name: str, good: dict[str, bytes]) -> None:
    build, reason = ZOO[name]
    answer = read_apart(build(good))
    assert reason in answer.refused
    assert answer.sheets == []
    assert answer.peak_kilobytes <= MOST_KILOBYTES


def test_what_no_refusal_foresaw_ends_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WALL_SECONDS", 0.001)
    assert "giới hạn" in read_apart(b"PK\x03\x04").refused


def test_every_kind_of_cell_is_told(good: dict[str, bytes]) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "Chữ"
    sheet["B1"] = 9.95
    sheet["C1"] = 45000
    sheet["C1"].number_format = "dd/mm/yyyy"
    sheet["D1"] = 0.95
    sheet["D1"].number_format = "0%"
    sheet["E1"] = "=1+1"
    sheet["F1"] = 7
    sheet["F1"].number_format = '0" ngày"'
    sheet["A3"].number_format = "0"
    sheet.merge_cells("A5:B5")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["D"].hidden = True
    hidden = book.create_sheet("Khuất")
    hidden.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    first, second = read_apart(stream.getvalue()).sheets
    told = {(cell.row, cell.column): (cell.kind, cell.text) for cell in first.cells}
    assert told[1, 1] == (TEXT, "Chữ")
    assert told[1, 2][0] == NUMBER
    assert told[1, 3][0] == DATE
    assert told[1, 4][0] == PERCENT
    assert told[1, 5][0] == FORMULA
    # A word in quotes inside a number format is no date.
    assert told[1, 6][0] == NUMBER
    assert (3, 1) not in told
    assert first.merged == ["A5:B5"]
    assert 7 in first.hidden_rows
    assert 4 in first.hidden_columns
    assert second.hidden


def test_excels_own_way_of_writing_is_read() -> None:
    """Shared strings in runs, phonetic hints, escapes, cells without references, a prefix."""
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b'<x:workbook xmlns:x="urn:a" xmlns:r="urn:r"><x:sheets>'
        b'<x:sheet name="S" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="rId1" '
        b'Target="/xl/worksheets/one.xml"/></Relationships>',
        "xl/sharedStrings.xml": b"<sst><si><r><t>M\xe1\xbb\x99t </t></r><r><t>hai</t></r>"
        b"<rPh><t>x</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si></sst>",
        "xl/worksheets/one.xml": b"<worksheet><sheetData><row><c t='s'><v>0</v></c>"
        b"<c t='s'><v>1</v></c><c t='b'><v>1</v></c><c t='e'><v>#N/A</v></c></row>"
        b"<row r='1048576' hidden='1'/></sheetData></worksheet>",
    }
    (sheet,) = read_apart(packed(parts)).sheets
    texts = [(cell.row, cell.column, cell.text) for cell in sheet.cells]
    assert texts == [(1, 1, "Một hai"), (1, 2, "a\rb_x0041_"), (1, 3, "1"), (1, 4, "#N/A")]


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")])
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters
    assert column_number(letters) == number


def test_an_archive_with_two_parts_of_one_name_is_refused(good: dict[str, bytes]) -> None:
    stream = BytesIO(packed(good))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(stream, "a") as archive,
    ):
        archive.writestr(SHEET, b"<x/>")
    assert read_apart(stream.getvalue()).refused == "tệp nén bất thường"
