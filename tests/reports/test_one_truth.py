"""The same figures on the page, in its files, by the API, by the command and in the PDF.

On a made-up country of three provinces and forty units, for the country and for one province.
"""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role, User
from criteria.models import Programme
from criteria.scale import Outcome
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.figures import build_figures
from reports.pdf import render_annual_report
from reports.rollup import roadmap_rows, standings
from reports.views.heat_table import WORDS
from reports.views.picture import Picture
from tests import cast
from tests.reports.api import Machine, agency, machine
from tests.reports.drawings import drawn, matrix_cells, table_rows, texts

SignIn = Callable[[User], Client]
YEARS = 3


def shares(body: str) -> list[list[int]]:
    """The whole percents of each row of the country's heat table."""
    return [
        [int(one) for one in re.findall(r">(\d+)</a></td>", row)] for row in body.split("</tr>")
    ]


def outcomes_of(body: str) -> list[list[str]]:
    """The outcome of each cell of a heat table of units, by the class that gives its colour."""
    return [
        [one.replace("-", "_") for one in re.findall(r'heat-cell state-([a-z-]+)"', row)]
        for row in body.split("</tr>")[:-1]
    ]


def sheet(content: bytes, name: str) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(content))
    return list(book[name].iter_rows(min_row=5, values_only=True))


@pytest.fixture
def programme(db: None) -> Programme:
    today = timezone.localdate()
    scale = Scale(seed=11, today=today, years=YEARS, provinces=3, units=40)
    make_country(scale, say=lambda line: None)
    return Programme.objects.select_related("document", "criteria_set").get()


@pytest.fixture
def ministry(programme: Programme, sign_in: SignIn) -> Client:
    return sign_in(cast.person("bo", "Nguyễn Bộ", Role.MINISTRY_VIEWER))


@pytest.fixture
def reader(programme: Programme) -> Machine:
    return machine(agency("bo-ca", None))


def days(programme: Programme) -> list[date]:
    today = timezone.localdate()
    return [today, today - timedelta(days=45), today - timedelta(days=400)]


def test_the_roadmap_is_the_same_everywhere(
    programme: Programme, ministry: Client, reader: Machine
) -> None:
    for day in days(programme):
        rows = [row.as_json() for row in roadmap_rows(programme, as_of=day)]
        told = reader.read(
            f"programmes/{programme.code}/roadmap", as_of=day.isoformat(), page_size=500
        )
        assert told["items"] == rows
        printed = StringIO()
        call_command(
            "roadmap",
            "--programme",
            programme.code,
            "--as-of",
            day.isoformat(),
            "--json",
            stdout=printed,
        )
        assert json.loads(printed.getvalue()) == rows
        address = f"/tong-quan/{programme.code}/{day.year}/"
        picture = ministry.get(address, {"ngay": day.isoformat()}).context["picture"]
        assert [row.as_json() for row in picture.rows] == rows
        book = ministry.get(f"{address}bang-so-lieu.xlsx", {"ngay": day.isoformat()}).content
        assert [(one[3], one[4], one[7], one[8], one[9]) for one in sheet(book, "Lộ trình")] == [
            (one["required"], one["of"], one["recognised"], one["verified"], one["self_assessed"])
            for one in rows
        ]
        figures = build_figures(programme, day.year, as_of=day)
        # A report cites the document by its number, not by the code packs know it by.
        assert figures["roadmap"] == [{**one, "document": one["document_number"]} for one in rows]


def test_the_heat_of_the_country_is_that_of_the_units_behind_each_cell(
    programme: Programme, ministry: Client
) -> None:
    for day in days(programme):
        address, asked = f"/tong-quan/{programme.code}/{day.year}/", {"ngay": day.isoformat()}
        answer = ministry.get(address, asked)
        picture: Picture = answer.context["picture"]
        if picture.round is None:
            continue
        found = standings(picture.round, as_of=day, with_blockers=False)
        codes = {
            "nhom": [one.code for one in picture.frame.groups],
            "tieu-chi": [one.code for one in picture.frame.criteria],
        }
        on_page = shares(answer.context["heat"].body)
        names = [province.name for province, _ in picture.country.provinces]
        begins = 0
        for block, columns in codes.items():
            book = ministry.get(f"{address}{block}.xlsx", asked).content
            in_book = {row[0]: row[1:] for row in load_workbook(BytesIO(book)).active.values}
            drawing = drawn(ministry.get(f"{address}{block}.svg", asked).content)
            in_drawing = table_rows(drawing, names, len(columns) + 1)
            for place, (province, _) in enumerate(picture.country.provinces):
                here = [one for one in found if one.unit.province_id == province.pk]
                outcomes = [{**one.outcomes, **one.group_outcomes} for one in here]
                met = [sum(one[code] == "met" for one in outcomes) for code in columns]
                percents = [number * 100 // len(here) for number in met]
                assert in_book[province.name] == (len(here), *met)
                assert on_page[place][begins : begins + len(columns)] == percents
                assert in_drawing[province.name][1:] == [str(one) for one in percents]
                for code, number in zip(columns, met, strict=True):
                    behind = ministry.get(
                        f"{address}don-vi/", {**asked, "tinh": province.code, "muc": code}
                    ).context["behind"]
                    listed = [one for one in behind.lines if one.outcome == "met"]
                    assert len(listed) == dict(behind.counts).get("met", 0) == number
                    assert len(behind.lines) == behind.of == len(here)
            begins += len(columns)


def test_the_heat_of_a_province_is_that_of_each_unit(
    programme: Programme, ministry: Client
) -> None:
    for day in days(programme):
        address = f"/tong-quan/{programme.code}/{day.year}/"
        country: Picture = ministry.get(address, {"ngay": day.isoformat()}).context["picture"]
        if country.round is None:
            continue
        for province, _ in country.country.provinces:
            asked = {"ngay": day.isoformat(), "tinh": province.code}
            context = ministry.get(address, asked).context
            found = standings(country.round, as_of=day, province=province, with_blockers=False)
            for block, table in (("nhom", context["groups"]), ("tieu-chi", context["criteria"])):
                codes = [one.code for one in table.headings]
                cells = [
                    [{**one.outcomes, **one.group_outcomes}[code].value for code in codes]
                    for one in found
                ]
                assert outcomes_of(table.body) == cells
                drawing = ministry.get(f"{address}{block}.svg", asked).content
                assert matrix_cells(drawn(drawing)) == cells
                book = ministry.get(f"{address}{block}.xlsx", asked).content
                rows = list(load_workbook(BytesIO(book)).active.iter_rows(min_row=5))
                words = [[cell.value for cell in row[1:]] for row in rows]
                assert words[:-1] == [[WORDS[Outcome(one)][1] for one in row] for row in cells]
                totals = [sum(row[place] == "met" for row in cells) for place in range(len(codes))]
                assert words[-1] == table.totals == totals
                for code, number in zip(codes, totals, strict=True):
                    behind = ministry.get(
                        f"{address}don-vi/", {**asked, "muc": code, "ket_qua": "met"}
                    ).context["behind"]
                    assert len(behind.lines) == number


def test_where_files_stand_is_the_same_on_the_page_in_its_files_and_in_the_list(
    programme: Programme, ministry: Client
) -> None:
    day = timezone.localdate()
    address = f"/tong-quan/{programme.code}/{day.year}/"
    states = ministry.get(address).context["states"]
    book = ministry.get(f"{address}tinh-trang.xlsx").content
    in_book = dict(row[:2] for row in sheet(book, "Tình trạng"))
    written = texts(drawn(ministry.get(f"{address}tinh-trang.svg").content))
    files = in_book.pop("Số phiếu")
    assert sum(in_book.values()) == files
    for one in states.lines:
        assert in_book[one.status.label] == one.number
        assert f"{one.number}/{files} ({one.number * 100 // files} %)" in written
        assert ministry.get(one.url).context["behind"].of == one.number
    for url, number in re.findall(r'href="([^"]+)">(\d+)</a>', states.provinces):
        assert ministry.get(unescape(url)).context["behind"].of == int(number)


def test_each_unit_is_the_same_on_the_page_by_the_api_and_in_the_figures(
    programme: Programme, ministry: Client, reader: Machine
) -> None:
    day = timezone.localdate()
    told = reader.read(
        f"programmes/{programme.code}/standings", as_of=day.isoformat(), page_size=500
    )
    round_ = programme.rounds.select_related("criteria_set", "programme").get(year=told["year"])
    found = {one.unit.code: one for one in standings(round_, as_of=day)}
    assert {one["code"]: one for one in told["items"]} == {
        code: one.as_json() for code, one in found.items()
    }
    address = f"/tong-quan/{programme.code}/{round_.year}/don-vi/bang.xlsx"
    listed = {row[1]: row for row in sheet(ministry.get(address).content, "Đơn vị")}
    assert listed.keys() == found.keys()
    for code, row in listed.items():
        assert row[6] == found[code].self_assessed.met
        assert row[7] == (found[code].verified.met if found[code].is_concluded else None)
    units = {one["code"]: one for one in build_figures(programme, round_.year, as_of=day)["units"]}
    assert units.keys() == found.keys()
    for code, one in units.items():
        assert one["self_assessed"] in (None, found[code].self_assessed.as_json())
        assert (one["recognition"] is not None) == (found[code].recognition is not None)


def test_the_pdf_prints_the_roadmap_of_the_page(programme: Programme, tmp_path: Path) -> None:
    day = timezone.localdate()
    figures = build_figures(programme, day.year, as_of=day)
    path = tmp_path / "bao-cao.pdf"
    path.write_bytes(render_annual_report(figures))
    text = subprocess.run(  # noqa: S603 -- our own file
        ["pdftotext", "-layout", str(path), "-"],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    solid = "".join(text.split())
    overall = [row for row in roadmap_rows(programme, as_of=day) if row.scope == "all"]
    assert overall
    for row in overall:
        assert f"{row.required}/{row.of}" in solid, row
        assert f"{row.by:%d/%m/%Y}" in solid or str(row.year) in solid
