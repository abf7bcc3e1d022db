"""PX-07: whatever is wrong in a workbook is told at once, with its place; nothing is written."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.utils.html import escape
from openpyxl import Workbook, load_workbook

from assessments.models import Assessment
from assessments.workbook.faults import Fault
from assessments.workbook.layout import ANSWERS, FAULTS, HEADER_ROW, HIDDEN, NOTES, place_of
from tests import cast
from tests.assessments.station import text_of, url
from tests.assessments.workbook import (
    Edit,
    confirm,
    edited,
    everything_met,
    latest,
    made,
    page_of,
    row_of,
    send,
    state_of,
    write,
)

pytestmark = pytest.mark.django_db

Make = Callable[[Assessment], Edit]


def rename(sheet: str, key: str, text: str) -> Make:
    def edit(book: Workbook) -> None:
        book[sheet].cell(HEADER_ROW, place_of(sheet, key)).value = text

    return lambda _: edit


def empty_header(book: Workbook) -> None:
    book[ANSWERS].cell(HEADER_ROW, place_of(ANSWERS, "level")).value = None


def without_a_column(book: Workbook) -> None:
    book[ANSWERS].delete_cols(place_of(ANSWERS, "level"))


def swapped_headers(book: Workbook) -> None:
    sheet = book[ANSWERS]
    first, second = (
        sheet.cell(HEADER_ROW, place_of(ANSWERS, key)) for key in ("numerator", "denominator")
    )
    first.value, second.value = second.value, first.value


def typed(key: str, value: Any, criterion: str, indicator: str = "", fmt: str = "") -> Make:
    return lambda file: write(file, key, value, criterion, indicator, fmt)


def duplicated(file: Assessment) -> Edit:
    row = row_of(file, "C02", "2a")

    def edit(book: Workbook) -> None:
        for column in range(1, 9):
            value = book[ANSWERS].cell(row, column).value
            book[ANSWERS].cell(30, column).value = value

    return edit


def deleted(file: Assessment) -> Edit:
    return lambda book: book[ANSWERS].delete_rows(row_of(file, "C02", "2b"))


def with_hidden_row(file: Assessment) -> Edit:
    def edit(book: Workbook) -> None:
        book[ANSWERS].row_dimensions[row_of(file, "C02", "2b")].hidden = True

    return edit


def with_hidden_column(book: Workbook) -> None:
    book[ANSWERS].column_dimensions["J"].hidden = True


def with_hidden_sheet(book: Workbook) -> None:
    book[NOTES].sheet_state = "hidden"


def identity(key: str, value: str) -> Make:
    def edit(book: Workbook) -> None:
        for row in book[HIDDEN].iter_rows():
            if row[0].value == key:
                row[1].value = value

    return lambda _: edit


def another_version(book: Workbook) -> None:
    for row in book[HIDDEN].iter_rows():
        if row[0].value == "origin":
            row[2].value = "7"


# Each: what was done to the workbook; sheet, row (a number, or the row of an indicator or a
# criterion), column key, and words of the sentence.
Place = tuple[str, Any, str]
WORKBOOKS: dict[str, tuple[Make, Place, str]] = {
    # --- The whole
    "no hidden sheet": (lambda _: lambda b: b.remove(b[HIDDEN]), ("", 0, ""), "tải từ cổng"),
    "hidden sheet emptied": (
        lambda _: lambda b: b[HIDDEN].delete_rows(1, 20),
        ("", 0, ""),
        "tải từ cổng",
    ),
    "another unit": (identity("unit", "29245"), ("", 0, ""), "của đơn vị khác (mã 29245)"),
    "another year": (identity("year", "2022"), ("", 0, ""), "của kỳ năm 2022"),
    "another criteria set": (identity("criteria_set", "TC-X"), ("", 0, ""), "bộ tiêu chí TC-X"),
    "another file": (
        identity("assessment", "6f1b8f5e-0000-4000-8000-000000000000"),
        ("", 0, ""),
        "một phiếu khác",
    ),
    "another version": (lambda _: another_version, ("", 0, ""), "đã bị sửa"),
    "an old format": (identity("format", "CAP-0"), ("", 0, ""), "mẫu cũ"),
    "a damaged year": (identity("year", "hai nghìn"), ("", 0, ""), "thông tin ẩn đã mất"),
    # --- Sheets
    "no sheet of answers": (
        lambda _: lambda b: b.remove(b[ANSWERS]),
        (ANSWERS, 0, ""),
        "thiếu trang tính",
    ),
    "no sheet of notes": (lambda _: lambda b: b.remove(b[NOTES]), (NOTES, 0, ""), "thiếu trang"),
    "one sheet more": (
        lambda _: lambda b: b.create_sheet("Nháp"),
        ("Nháp", 0, ""),
        "không có trong mẫu",
    ),
    "a hidden sheet": (lambda _: with_hidden_sheet, (NOTES, 0, ""), "bị ẩn"),
    # --- Headers
    "a renamed column": (
        rename(ANSWERS, "number", "Số"),
        (ANSWERS, HEADER_ROW, "number"),
        "phải là “Số lượng”, đang là “Số”",
    ),
    "a column without a header": (
        lambda _: empty_header,
        (ANSWERS, HEADER_ROW, "level"),
        "trống hoặc thiếu cột",
    ),
    "a column deleted": (lambda _: without_a_column, (ANSWERS, HEADER_ROW, "level"), "đổi chỗ"),
    "a column twice": (
        rename(ANSWERS, "numerator", "Số lượng"),
        (ANSWERS, HEADER_ROW, "numerator"),
        "trùng",
    ),
    "columns swapped": (lambda _: swapped_headers, (ANSWERS, HEADER_ROW, "numerator"), "đổi chỗ"),
    "a column more": (
        lambda _: lambda b: b[ANSWERS].cell(HEADER_ROW, 17, "Ghi chú"),
        (ANSWERS, HEADER_ROW, "17"),
        "thừa cột “Ghi chú”",
    ),
    "the header moved down": (
        lambda _: lambda b: b[ANSWERS].insert_rows(2, 2),
        (ANSWERS, HEADER_ROW, ""),
        "đang ở dòng 7",
    ),
    "no header": (
        lambda _: lambda b: b[NOTES].delete_rows(HEADER_ROW),
        (NOTES, HEADER_ROW, ""),
        "phải ở dòng 5",
    ),
    # --- Rows
    "merged cells": (
        lambda _: lambda b: b[ANSWERS].merge_cells("G7:H7"),
        (ANSWERS, 7, "state"),
        "G7:H7 bị gộp",
    ),
    "a hidden row": (with_hidden_row, (ANSWERS, ("C02", "2b"), ""), "bị ẩn hoặc bị lọc"),
    "a hidden column": (lambda _: with_hidden_column, (ANSWERS, 0, "number"), "cột đang bị ẩn"),
    "a row deleted": (deleted, (ANSWERS, 0, "criterion"), "thiếu dòng của tiêu chí C02, chỉ số 2b"),
    "a row twice": (duplicated, (ANSWERS, 30, "criterion"), "đã có ở dòng"),
    "a row of another set": (
        lambda _: lambda b: (b[ANSWERS].cell(20, 1, "C99"), b[ANSWERS].cell(20, 2, "99a")),
        (ANSWERS, 20, "criterion"),
        "tiêu chí C99, chỉ số 99a không có",
    ),
    "a second table below": (
        lambda _: lambda b: b[ANSWERS].cell(40, 10, "5"),
        (ANSWERS, 40, "number"),
        "không có mã",
    ),
    "words beside the table": (
        lambda _: lambda b: b[ANSWERS].cell(7, 20, "nhớ hỏi lại"),
        (ANSWERS, 7, "20"),
        "ngoài bảng",
    ),
    "an entry in the row of a group": (
        lambda _: lambda b: b[ANSWERS].cell(6, 10, "5"),
        (ANSWERS, 6, "number"),
        "dòng tên nhóm",
    ),
    # --- Cells
    "a number that is none": (
        typed("number", "chín", "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "Chưa đọc được số",
    ),
    "a negative number": (
        typed("number", -1, "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "số âm",
    ),
    "a number that may be two": (
        typed("number", "1.234", "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "có thể hiểu là 1234 hoặc 1,234",
    ),
    "too many decimals": (
        typed("number", 1.234, "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "hai chữ số sau dấu phẩy",
    ),
    "a huge number": (
        typed("number", 1e308, "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "Số quá lớn",
    ),
    "a date": (
        typed("number", date(2023, 5, 9), "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "number"),
        "dạng ngày tháng",
    ),
    "a percentage": (
        typed("numerator", 0.95, "C03", "3a", "0%"),
        (ANSWERS, ("C03", "3a"), "numerator"),
        "dạng phần trăm",
    ),
    "a formula": (
        typed("numerator", "=5+4", "C03", "3a"),
        (ANSWERS, ("C03", "3a"), "numerator"),
        "có công thức",
    ),
    "a word that is not offered": (
        typed("answer", "Rồi", "C02", "2a"),
        (ANSWERS, ("C02", "2a"), "answer"),
        "không có lựa chọn “Rồi”. Hãy chọn “Có”, “Không”",
    ),
    "a level that is not offered": (
        typed("level", "Giỏi", "C01", "1a"),
        (ANSWERS, ("C01", "1a"), "level"),
        "không có lựa chọn “Giỏi”",
    ),
    "a state that is not offered": (
        typed("state", "Bất khả kháng", "C03", "3a"),
        (ANSWERS, ("C03", "3a"), "state"),
        "Hãy chọn “Có kết quả”, “Không phát sinh”",
    ),
    "a cell of another kind": (
        typed("number", "5", "C02", "2a"),
        (ANSWERS, ("C02", "2a"), "number"),
        "không dùng ô này",
    ),
    "a part larger than the whole": (
        lambda file: (
            lambda b: (
                write(file, "numerator", "11", "C03", "3a")(b),
                write(file, "denominator", "10", "C03", "3a")(b),
            )
        ),
        (ANSWERS, ("C03", "3a"), "numerator"),
        "không được lớn hơn",
    ),
    "a part of nothing": (
        lambda file: (
            lambda b: (
                write(file, "numerator", "1", "C03", "3a")(b),
                write(file, "denominator", "0", "C03", "3a")(b),
            )
        ),
        (ANSWERS, ("C03", "3a"), "denominator"),
        "Phải lớn hơn 0",
    ),
    "an exemption without a reason": (
        typed("state", "Bất khả kháng", "C02", "2b"),
        (ANSWERS, ("C02", "2b"), "reason"),
        "lý do bất khả kháng",
    ),
    "a level that is awaited as well": (
        lambda file: (
            lambda b: (
                write(file, "state", "Chờ xếp loại", "C01", "1a")(b),
                write(file, "level", "Hoàn thành tốt nhiệm vụ", "C01", "1a")(b),
            )
        ),
        (ANSWERS, ("C01", "1a"), "level"),
        "nên phải để trống ô này",
    ),
    "a text too long": (
        typed("explanation", "a" * 5001, "C01"),
        (NOTES, "C01", "explanation"),
        "dài 5001 ký tự",
    ),
    "another word than yes": (
        typed("confirmed", "Sẽ làm", "C01"),
        (NOTES, "C01", "confirmed"),
        "chỉ chọn “Có”",
    ),
}


def row_number(assessment: Assessment, row: Any) -> int:
    if isinstance(row, int):
        return row
    return row_of(assessment, *((row,) if isinstance(row, str) else row))


def column_number(sheet: str, key: str) -> int:
    if not key:
        return 0
    return int(key) if key.isdigit() else place_of(sheet, key)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_px_07_the_fault_is_told_with_its_place(
    name: str, assessment: Assessment, people: cast.People, sign_in
) -> None:
    make, (sheet, row, key), words = WORKBOOKS[name]
    before = state_of(assessment)
    client = sign_in(people.officer)
    content = edited(made(assessment), *everything_met(assessment), make(assessment))
    response = send(client, assessment, content)
    assert response.status_code == 400
    faults = [Fault(**fault) for fault in latest().plan["faults"]]
    place = (sheet, row_number(assessment, row), column_number(sheet, key))
    here = [fault for fault in faults if (fault.sheet, fault.row, fault.column) == place]
    assert here, faults
    assert any(words in fault.what for fault in here), here
    assert here[0].sentence.endswith(". Chưa có dòng nào được ghi.")
    assert " ".join(escape(here[0].told).split()) in text_of(response)
    assert state_of(assessment) == before
    # The copy handed back opens, names the fault first, and shows it at its cell.
    marked = client.get(page_of(latest(), "workbook_marked"))
    assert marked.status_code == 200
    book = load_workbook(BytesIO(b"".join(marked.streaming_content)))
    assert book.active.title == FAULTS
    told = [row[4].value for row in book[FAULTS].iter_rows(min_row=HEADER_ROW + 1)]
    assert here[0].told in told
    if sheet in book.sheetnames and place[1] and place[2]:
        cell = book[sheet].cell(place[1], place[2])
        assert cell.comment is not None
        assert here[0].told in cell.comment.text


def test_px_07_there_are_forty_of_them() -> None:
    assert len(WORKBOOKS) >= 40


def test_every_fault_is_told_at_once(assessment: Assessment, people: cast.People, sign_in) -> None:
    content = edited(
        made(assessment),
        write(assessment, "level", "Giỏi", "C01", "1a"),
        write(assessment, "number", "chín", "C02", "2b"),
        write(assessment, "answer", "Rồi", "C02", "2a"),
        write(assessment, "numerator", "=1+1", "C03", "3a"),
        write(assessment, "confirmed", "Ừ", "C03"),
    )
    response = send(sign_in(people.officer), assessment, content, name="phiếu của tôi.xlsx")
    faults = [Fault(**fault) for fault in latest().plan["faults"]]
    assert [(fault.sheet, fault.column_words) for fault in faults] == [
        (ANSWERS, "I “Mức xếp loại, danh hiệu”"),
        (ANSWERS, "H “Có/Không”"),
        (ANSWERS, "J “Số lượng”"),
        (ANSWERS, "K “Tử số (số đạt yêu cầu, thực có)”"),
        (NOTES, "F “Xác nhận kết quả mang sang”"),
    ]
    assert "Bảng tính có 5 lỗi" in text_of(response)
    row = row_of(assessment, "C02", "2b")
    assert faults[2].sentence.startswith(
        f"Trang tính Chỉ số, dòng {row}, cột J “Số lượng”: Chưa đọc được số này."
    )


def test_the_marked_copy_corrected_can_be_sent_as_it_is(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(
        made(assessment),
        *everything_met(assessment),
        write(assessment, "number", "không có", "C02", "2b"),
    )
    # Meanwhile somebody saves the criterion on the portal: the copy still knows where it began.
    cast.answer(assessment, "C02", by=people.commander, note="Bản của Lan")
    send(client, assessment, content)
    marked = client.get(page_of(latest(), "workbook_marked"))
    copy = b"".join(marked.streaming_content)
    fixed = edited(copy, write(assessment, "number", "0", "C02", "2b"))
    response = send(client, assessment, fixed)
    assert response.status_code == 302, [fault["what"] for fault in latest().plan["faults"]]
    shown = client.get(response.url)
    assert [one.criterion.code for one in shown.context["conflicts"]] == ["C02"]
    confirm(client, latest(), C02="take")
    assert assessment.results.get(criterion__code="C02").note == "Đã đối chiếu sổ trực"


def test_rows_may_be_sorted(assessment: Assessment, people: cast.People, sign_in) -> None:
    """A row is known by its codes, not by its place."""

    def swap(book: Workbook) -> None:
        sheet = book[ANSWERS]
        first, second = (row_of(assessment, "C02", code) for code in ("2a", "2b"))
        for column in range(1, 15):
            one, other = sheet.cell(first, column), sheet.cell(second, column)
            one.value, other.value = other.value, one.value

    client = sign_in(people.officer)
    content = edited(made(assessment), *everything_met(assessment), swap)
    assert send(client, assessment, content).status_code == 302
    confirm(client, latest())
    assert assessment.answers.get(indicator__code="2a").yes is True
    assert assessment.answers.get(indicator__code="2b").number == 0


def test_px_08_codes_that_differ_only_in_their_spelling_are_one_row(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    """A code with blanks around it is the same code; twice is twice."""

    def again(book: Workbook) -> None:
        book[ANSWERS].cell(30, 1).value = " C02 "
        book[ANSWERS].cell(30, 2).value = "2a "
        book[ANSWERS].cell(30, 8).value = "Không"

    send(sign_in(people.officer), assessment, edited(made(assessment), again))
    (fault,) = latest().plan["faults"]
    assert "tiêu chí C02, chỉ số 2a đã có ở dòng" in fault["what"]


def test_px_07_the_workbook_of_another_ward_says_so(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.other_commander)
    response = send(client, other_assessment, made(assessment))
    assert response.status_code == 400
    assert "không phải của Công an Phường 2, TP Trà Vinh" in text_of(response)


@pytest.mark.parametrize(
    ("value", "stored"),
    [("9,5", "9.5"), ("9.5", "9.5"), (9.5, "9.5"), (9.95, "9.95"), (" 10 ", "10"), (1e3, "1000"),
     ("1.234,5", "1234.5"), (0, "0")],
)  # fmt: skip
def test_wf_09_numbers_are_read_as_people_write_them(
    assessment: Assessment, people: cast.People, sign_in, value: Any, stored: str
) -> None:
    client = sign_in(people.officer)
    content = edited(
        made(assessment),
        write(assessment, "numerator", value, "C03", "3a"),
        write(assessment, "denominator", 10000, "C03", "3a"),
    )
    assert send(client, assessment, content).status_code == 302
    confirm(client, latest())
    assert f"{assessment.answers.get(indicator__code='3a').numerator.normalize():f}" == stored


@pytest.mark.parametrize(
    "value", ["９", "NaN", "Infinity", "1e308", "0x1F", "-0,5", "9" * 400, "5 vụ"]
)
def test_wf_09_what_is_no_number_is_refused_at_its_cell(
    assessment: Assessment, people: cast.People, sign_in, value: str
) -> None:
    client = sign_in(people.officer)
    content = edited(made(assessment), write(assessment, "number", value, "C02", "2b"))
    assert send(client, assessment, content).status_code == 400
    (fault,) = latest().plan["faults"]
    assert fault["column"] == place_of(ANSWERS, "number")
    assert not assessment.answers.exists()


def test_wf_10_texts_come_back_exactly(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    words = "Dòng một\nDòng hai\tcó tab 👮 “trích” <b>&amp; _x000D_ "
    content = edited(made(assessment), write(assessment, "note", "a" * 4999 + "b", "C02"))
    send(client, assessment, content)
    confirm(client, latest())
    cast.answer(assessment, "C01", by=people.officer, note=words)
    send(client, assessment, made(assessment))
    assert latest().plan["entries"] == []
    assert assessment.results.get(criterion__code="C02").note == "a" * 4999 + "b"


def test_wf_10_hidden_control_characters_are_refused(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    content = edited(made(assessment), write(assessment, "note", "a_x0008_b", "C02"))
    assert send(client, assessment, content).status_code == 400
    assert "ký tự điều khiển" in latest().plan["faults"][0]["what"]


def test_a_note_longer_than_a_cell_stays_on_the_portal(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C02", by=people.officer, note="dài " * 8000)
    client = sign_in(people.officer)
    send(
        client,
        assessment,
        edited(made(assessment), write(assessment, "answer", "Không", "C02", "2a")),
    )
    confirm(client, latest())
    result = assessment.results.get(criterion__code="C02")
    assert result.version == 2
    assert result.note == "dài " * 8000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("phieu.xlsx", b"PK\x03\x04 nothing", "tệp hỏng"),
        ("phieu.csv", "Mã;Số".encode(), "không phải bảng tính"),
        ("<b>.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "có mật khẩu"),
    ],
)
def test_px_10_what_is_no_workbook_is_refused_with_a_sentence(
    assessment: Assessment, people: cast.People, sign_in, name: str, content: bytes, words: str
) -> None:
    response = send(sign_in(people.officer), assessment, content, name)
    assert response.status_code == 400
    page = text_of(response)
    assert words in page
    assert "Chưa có dòng nào được ghi" in page
    assert "<b>.xlsx" not in page


def test_no_file_is_told_at_the_field(assessment: Assessment, people: cast.People, sign_in) -> None:
    response = sign_in(people.officer).post(url("workbook", assessment), {})
    assert response.status_code == 400
    assert "Chưa chọn tệp" in text_of(response)


def test_hundreds_of_faults_are_bounded(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    def fill(book: Workbook) -> None:
        for row in range(30, 30 + 1500):
            book[ANSWERS].cell(row, 10).value = "5"

    client = sign_in(people.officer)
    response = send(client, assessment, edited(made(assessment), fill))
    assert response.status_code == 400
    assert len(latest().plan["faults"]) == 1000
    assert len(response.context["faults"]) == 200
    assert "Còn 800 lỗi khác" in text_of(response)
