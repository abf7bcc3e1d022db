"""The figures: what they say, that they stay inside their frame, and that nothing needs colour."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.template import Context, Template

from reports.charts import (
    OUTCOMES,
    MatrixRow,
    RoadmapPoint,
    chart_sentence,
    draw_signs,
    heat_matrix,
    matrix_sentence,
    roadmap_chart,
    roadmap_points,
)
from tests.reports.sample_figures import sample_figures

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert(1)</script> & "x" \' {{7*7}}'


@pytest.fixture
def points() -> list[RoadmapPoint]:
    return roadmap_points(sample_figures()["roadmap"], as_of=date(2024, 4, 30))


@pytest.fixture
def matrix() -> tuple[list[str], list[MatrixRow]]:
    figures = sample_figures()["matrix"]
    rows = [MatrixRow(row["unit"], row["cells"], row["district"]) for row in figures["rows"]]
    return figures["criteria"], rows


def parsed(figure: str) -> ElementTree.Element:
    return ElementTree.fromstring(figure)  # noqa: S314 -- our own drawing


def texts(figure: str) -> list[str]:
    return [element.text or "" for element in parsed(figure).iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_roadmap_of_tra_vinh_is_cumulative_and_stops_at_the_year_reached(points):
    assert [point.required for point in points] == [2, 3, 4, 5, 7, 9, 10, 11]
    assert [point.recognised for point in points] == [2, 2, *[None] * 6]
    assert {point.of for point in points} == {11}


def test_targets_of_a_narrower_scope_are_not_on_the_line():
    rows = sample_figures()["roadmap"]
    assert any(row["scope"] != "all" for row in rows)
    assert len(roadmap_points(rows, as_of=date(2030, 12, 31))) == 8


def test_the_roadmap_prints_every_number_under_its_year(points):
    found = texts(roadmap_chart(points, title="Lộ trình"))
    for year in range(2023, 2031):
        assert str(year) in found
    for name in ("Bộ công nhận", "Tỉnh xác nhận", "Tự đánh giá đạt"):
        assert found.count(name) == 1
    row = found.index("Chỉ tiêu lũy kế", found.index("2030"))
    assert found[row + 1 : row + 9] == ["2", "3", "4", "5", "7", "9", "10", "11"]
    row = found.index("Tự đánh giá đạt")
    assert found[row + 1 : row + 9] == ["4", "4", *["–"] * 6]


def test_a_future_year_has_no_bar(points):
    bars = [
        element
        for element in parsed(roadmap_chart(points, title="x")).iter(f"{SVG}rect")
        if "bar-" in element.get("class", "")
    ]
    assert len(bars) == 6


def test_bars_are_as_high_as_their_numbers():
    figure = roadmap_chart([RoadmapPoint(2025, 10, 10, 5, 10, 0)], title="x")
    bars = {
        element.get("class"): float(element.get("height", "0"))
        for element in parsed(figure).iter(f"{SVG}rect")
        if "bar-" in element.get("class", "")
    }
    assert set(bars) == {"bar-recognised", "bar-verified"}
    assert bars["bar-verified"] == pytest.approx(2 * bars["bar-recognised"])


def test_the_sentence_says_what_the_roadmap_shows(points):
    sentence = chart_sentence(points)
    assert sentence.startswith(
        "Năm 2024: chỉ tiêu lũy kế 3/11 phường; Bộ công nhận 2, tỉnh xác nhận 3, tự đánh giá đạt 4."
    )
    assert "năm 2030 là 11/11" in sentence
    assert sentence in ElementTree.tostring(
        parsed(roadmap_chart(points, title="x")), encoding="unicode"
    )


def test_thousands_stand_apart_and_years_do_not():
    points = [RoadmapPoint(2025, 1467, 3321, 1473, 1569, 1987), RoadmapPoint(2030, 3332, 3332)]
    found = texts(roadmap_chart(points, title="x"))
    assert {"1.467", "1.473", "1.569", "1.987", "3.332", "2025", "2030"} <= set(found)
    sentence = chart_sentence(points)
    assert "1.467/3.321 phường" in sentence
    assert "năm 2030 là 3.332/3.332" in sentence


def test_a_programme_without_targets_is_said_in_words():
    assert chart_sentence([]) == "Chưa có chỉ tiêu lộ trình."
    assert "Chưa có chỉ tiêu lộ trình" in texts(roadmap_chart([], title="x"))


@pytest.mark.parametrize("required", [0, 1, 11, 249, 3321, 100_000])
def test_the_scale_of_the_roadmap_suits_any_size(required):
    figure = roadmap_chart([RoadmapPoint(2030, required, required)], title="x")
    ticks = [text for text in texts(figure) if text.isdigit()]
    assert len(ticks) < 14
    assert "nan" not in figure


@pytest.mark.parametrize("kind", ["roadmap", "matrix"])
def test_a_figure_is_sized_named_and_free_of_style_and_script(kind, points, matrix):
    if kind == "roadmap":
        figure = roadmap_chart(points, title=HOSTILE)
    else:
        columns, rows = matrix
        figure = heat_matrix(
            [HOSTILE, *columns[1:]],
            [MatrixRow(HOSTILE, rows[0].cells, HOSTILE), *rows[1:]],
            title=HOSTILE,
        )
    root = parsed(figure)
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == HOSTILE
    assert description is not None
    assert description.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    for element in root.iter():
        assert element.tag != f"{SVG}script"
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
    assert "<script" not in figure


@pytest.mark.parametrize("kind", ["roadmap", "matrix"])
def test_nothing_leaves_the_frame(kind, points, matrix):
    figure = (
        roadmap_chart(points, title="x") if kind == "roadmap" else heat_matrix(*matrix, title="x")
    )
    root = parsed(figure)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    for element in root.iter():
        if element.get("x"):
            assert 0 <= float(element.get("x", "")) <= width
            assert 0 <= float(element.get("y", "")) <= height
    for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", figure):
        assert 0 <= float(x) <= width
        assert 0 <= float(y) <= height


def test_the_font_is_named_for_the_pdf_and_left_to_the_page_otherwise(points):
    assert parsed(roadmap_chart(points, title="x")).get("font-family") is None
    figure = roadmap_chart(points, title="x", font_family="Report Serif")
    assert parsed(figure).get("font-family") == "Report Serif"


def test_the_same_figure_is_drawn_the_same(points, matrix):
    assert roadmap_chart(points, title="x") == roadmap_chart(points, title="x")
    assert heat_matrix(*matrix, title="x") == heat_matrix(*matrix, title="x")


def test_the_matrix_counts_rows_and_columns(matrix):
    columns, rows = matrix
    found = texts(heat_matrix(columns, rows, title="x"))
    for row in rows:
        assert f"{list(row.cells).count('met')}/22" in found
    totals = found.index("Số đơn vị đạt")
    assert found[totals + 1 : totals + 23] == [
        str(sum(row.cells[place] == "met" for row in rows)) for place in range(22)
    ]
    assert [found.count(outcome.word) for outcome in OUTCOMES.values()] == [2, 1, 1, 1]
    assert [text for text in found if text.startswith("T")] == ["TP Trà Vinh", "TX Duyên Hải"]


def test_every_cell_of_the_matrix_has_its_sign(matrix):
    columns, rows = matrix
    figure = heat_matrix(columns, rows, title="x")
    cells = [cell for row in rows for cell in row.cells]
    for code in OUTCOMES:
        name = f"sign-{code.replace('_', '-')}"
        drawn = [
            element.get("d", "")
            for element in parsed(figure).iter(f"{SVG}path")
            if element.get("class") == name
        ]
        # The first path is the matrix, the second the legend.
        assert [data.count("M") for data in drawn] == [cells.count(code), 1]


def test_a_matrix_in_parts_totals_the_whole_once(matrix):
    columns, rows = matrix
    first = texts(heat_matrix(columns, rows[:5], title="x", totals_of=[]))
    assert "Số đơn vị đạt" not in first
    last = texts(heat_matrix(columns, rows[5:], title="x", totals_of=rows))
    assert "182" in last


@pytest.mark.parametrize("cells", [["met"], ["met", "met", "met"], ["met", "đạt"]])
def test_a_row_that_does_not_fit_its_columns_is_refused(cells):
    with pytest.raises(ValueError, match="Phường 1"):
        heat_matrix(["C01", "C02"], [MatrixRow("Phường 1", cells)], title="x")


def test_an_empty_matrix_is_said_in_words():
    assert matrix_sentence(["C01"], []) == "Chưa có số liệu."
    assert "Đơn vị" in texts(heat_matrix([], [], title="x"))


def test_the_sentence_of_the_matrix_names_the_weakest_column(matrix):
    assert matrix_sentence(*matrix, column_word="tiêu chí") == (
        "11 đơn vị, 22 tiêu chí, 242 kết quả: đạt 182, chưa đạt 23, chờ xếp loại 7, "
        "chưa đánh giá 30. Nhiều đơn vị chưa đạt nhất: tiêu chí C10 (8 đơn vị)."
    )


def test_long_headings_stand_upright_and_are_cut():
    figure = heat_matrix(
        ["Xây dựng Đảng, xây dựng hệ thống chính trị phường vững mạnh toàn diện"],
        [MatrixRow("Phường Trường Long Hòa của thị xã Duyên Hải tỉnh Trà Vinh", ["met"])],
        title="x",
        width=240,
    )
    heading = next(
        element for element in parsed(figure).iter(f"{SVG}text") if element.get("transform")
    )
    assert (heading.text or "").endswith("…")
    assert any(text.endswith("…") and text.startswith("Phường") for text in texts(figure))


def test_signs_differ_in_shape_and_are_dark_on_their_tint():
    shapes = {code: re.sub(r"[\d.]+", "", draw_signs(code, [(5, 5)])) for code in OUTCOMES}
    assert len(set(shapes.values())) == len(OUTCOMES)
    for outcome in OUTCOMES.values():
        assert contrast(outcome.ink, outcome.tint) >= 4.5


def test_bars_differ_in_greyscale(points):
    fills = {
        element.get("class"): element.get("fill", "")
        for element in parsed(roadmap_chart(points, title="x")).iter(f"{SVG}rect")
        if "bar-" in element.get("class", "")
    }
    dark, middle, white = sorted(luminance(fill) for fill in fills.values())
    assert (middle + 0.05) / (dark + 0.05) > 3
    assert (white + 0.05) / (middle + 0.05) > 1.9


def test_the_tags_draw_what_the_functions_draw(points, matrix):
    columns, rows = matrix
    page = Template(
        "{% load charts %}{% roadmap_chart points title='Lộ trình' %}|{% roadmap_sentence points %}"
        "|{% heat_matrix columns rows title='Ma trận' %}|{% matrix_sentence columns rows %}"
    ).render(Context({"points": points, "columns": columns, "rows": rows}))
    assert page.split("|") == [
        roadmap_chart(points, title="Lộ trình"),
        chart_sentence(points),
        heat_matrix(columns, rows, title="Ma trận"),
        matrix_sentence(columns, rows),
    ]
