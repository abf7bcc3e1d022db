"""The same figures on the page, in the workbook, by the API, by the command and in the PDF.

On a made-up country of three provinces and forty units, for the country and for one province.
"""

import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
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
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.figures import build_figures
from reports.pdf import render_annual_report
from reports.rollup import roadmap_rows, standings
from reports.views.picture import Picture
from tests import cast
from tests.reports.api import Machine, agency, machine

SignIn = Callable[[User], Client]
YEARS = 3


def shares(body: str) -> list[list[int]]:
    """The whole percents of each row of the country's heat table."""
    return [
        [int(one) for one in re.findall(r">(\d+)</a></td>", row)] for row in body.split("</tr>")
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


def test_the_heat_table_is_that_of_the_units(programme: Programme, ministry: Client) -> None:
    for day in days(programme):
        address = f"/tong-quan/{programme.code}/{day.year}/"
        answer = ministry.get(address, {"ngay": day.isoformat()})
        picture: Picture = answer.context["picture"]
        if picture.round is None:
            continue
        found = standings(picture.round, as_of=day, with_blockers=False)
        codes = [one.code for one in picture.frame.criteria]
        book = ministry.get(f"{address}bang-so-lieu.xlsx", {"ngay": day.isoformat()}).content
        in_book = {row[0]: row[1:] for row in sheet(book, "Tiêu chí")}
        on_page = shares(answer.context["heat"].body)
        groups = len(picture.frame.groups)
        for place, (province, _) in enumerate(picture.country.provinces):
            here = [one for one in found if one.unit.province_id == province.pk]
            met = [sum(one.outcomes[code] == "met" for one in here) for code in codes]
            assert in_book[province.name] == (len(here), *met)
            assert on_page[place][groups:] == [number * 100 // len(here) for number in met]
            part = ministry.get(address, {"ngay": day.isoformat(), "tinh": province.code})
            assert part.context["criteria"].totals == met
            for code, number in list(zip(codes, met, strict=True))[:3]:
                behind = ministry.get(
                    f"{address}don-vi/",
                    {"ngay": day.isoformat(), "tinh": province.code, "muc": code},
                ).context["behind"]
                assert dict(behind.counts).get("met", 0) == number
                assert behind.of == len(here)


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
