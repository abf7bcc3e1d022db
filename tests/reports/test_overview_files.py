"""The overview as a workbook and its chart as a drawing: the numbers of the page, values only."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from xml.etree import ElementTree

from django.test import Client
from openpyxl import Workbook, load_workbook

from accounts.models import User
from assessments.actions import submitting
from assessments.models import Assessment
from criteria.models import Programme, Round
from reports.charts import chart_sentence
from reports.workbook import Sheet, write_sheets
from tests import cast

SignIn = Callable[[User], Client]
PAGE = "/tong-quan/tra-vinh-2023/2023/"
WORKBOOK = f"{PAGE}bang-so-lieu.xlsx"
DRAWING = f"{PAGE}lo-trinh.svg"


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def table(book: Workbook, name: str) -> list[tuple[object, ...]]:
    """The rows of a tab below its headings."""
    return list(book[name].iter_rows(min_row=5, values_only=True))


def test_the_workbook_says_what_the_page_says(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.recognise(assessment, people)
    client = sign_in(people.leader)
    picture = client.get(PAGE).context["picture"]
    answer = client.get(WORKBOOK)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    book = opened(answer.content)
    assert book.sheetnames == [
        "Tổng quan",
        "Lộ trình",
        "Đơn vị",
        "Nhóm",
        "Tiêu chí",
        "Đang chặn",
        "Chưa nộp",
        "Thay đổi",
    ]
    summary = dict(table(book, "Tổng quan"))
    assert summary["Tóm tắt"] == picture.sentence
    assert summary["Được công nhận"] == picture.reached.recognised == 1
    assert summary["Trên tổng số đơn vị"] == picture.reached.of == 2
    roadmap = table(book, "Lộ trình")
    assert [(row[3], row[4], row[7]) for row in roadmap] == [
        (row.required, row.of, row.recognised) for row in picture.rows
    ]
    units = table(book, "Đơn vị")
    assert [row[3] for row in units] == [one.self_assessed.met for one in picture.standings]
    assert [row[0] for row in units] == [one.unit.heading_name for one in picture.standings]
    criteria = table(book, "Tiêu chí")
    assert len(criteria) == len(picture.standings) + 1
    assert criteria[0][1] == "Đạt"
    obstacles = table(book, "Đang chặn")
    assert [row[3] for row in obstacles] == [len(one.not_met) for one in picture.obstacles]


def test_a_day_of_the_past_gives_the_workbook_of_that_day(
    assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    client = sign_in(people.leader)
    for day, reached in (("2023-11-10", 1), ("2023-11-09", 0)):
        book = opened(client.get(WORKBOOK, {"ngay": day}).content)
        assert dict(table(book, "Tổng quan"))["Tự đánh giá đạt"] == reached
        assert day[8:] + "/11/2023" in str(book["Đơn vị"]["A2"].value)


def test_a_year_without_a_round_has_units_and_no_matrix(
    programme: Programme, people: cast.People, sign_in: SignIn
) -> None:
    answer = sign_in(people.leader).get("/tong-quan/tra-vinh-2023/2024/bang-so-lieu.xlsx")
    book = opened(answer.content)
    assert book.sheetnames == ["Tổng quan", "Lộ trình", "Đơn vị"]
    # Nothing is known yet: empty, and no zero.
    assert {row[3] for row in table(book, "Đơn vị")} == {None}


def test_px_04_no_cell_is_a_formula() -> None:
    hostile = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"]
    rows = [[text, 1, date(2026, 11, 15), None] for text in hostile]
    book = opened(write_sheets([Sheet("=A", "=1+1", "=2", hostile[:4], rows)]))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
    assert [cell.value for cell in book.active["A"][4:]] == hostile
    assert (book.active["B5"].value, book.active["C5"].number_format) == (1, "dd/mm/yyyy")


def test_the_drawing_is_the_chart_of_the_page(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    client = sign_in(people.leader)
    answer = client.get(DRAWING)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"].startswith("attachment")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 -- our own drawing
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(root.itertext())
    points = client.get(PAGE).context["picture"].points
    assert all(str(point.year) in words for point in points)
    assert chart_sentence(points)


def test_who_may_not_read_the_programme_finds_nothing(
    round_: Round, people: cast.People, sign_in: SignIn
) -> None:
    for address in (WORKBOOK, DRAWING):
        assert sign_in(people.far_reviewer).get(address).status_code == 404
        assert sign_in(people.commander).get(address).status_code == 403
        assert sign_in(people.leader).get(address, {"ngay": "khong"}).status_code == 404
