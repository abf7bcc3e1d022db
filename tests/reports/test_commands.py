"""The two commands operators script: what they print, and one clear line when asked wrongly."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.models import Programme
from criteria.scale import Outcome
from reports.management.tables import table
from tests.reports.conftest import TraVinh


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def parsed(command: str, *arguments: str) -> Any:
    return json.loads(printed(command, "--programme", "tra-vinh-2023", "--json", *arguments))


def test_the_roadmap_as_json(tra_vinh: TraVinh) -> None:
    rows = parsed("roadmap", "--as-of", "2023-11-01")
    overall = [row for row in rows if row["scope"] == "all"]
    assert [row["required"] for row in overall] == [2, 3, 4, 5, 7, 9, 10, 11]
    assert [row["of"] for row in overall] == [11] * 8
    now = parsed("roadmap", "--as-of", "2026-11-22")
    assert {row["roster_now"] for row in now if row["scope"] == "all"} == {6}


def test_the_roadmap_as_a_table(tra_vinh: TraVinh) -> None:
    text = printed("roadmap", "--programme", "tra-vinh-2023", "--as-of", "2026-11-22")
    lines = text.splitlines()
    assert lines[0].startswith("Đến 22/11/2026: chưa mở kỳ đánh giá; lộ trình năm 2026 cần 3/6")
    assert lines[1].split()[:2] == ["Đến", "ngày"]
    assert len(lines) == 3 + 8 + 2
    assert "31/12/2023  Toàn chương trình" in lines[3]
    assert all(line == line.rstrip() for line in lines)


def test_the_standing_as_json(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 1), {"C02": (Outcome.NOT_MET, "2 vụ.")})
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22))
    units = {unit["name"]: unit for unit in parsed("standing", "--as-of", "2024-12-31")}
    assert len(units) == 11
    assert units["Phường 1, TP Trà Vinh"] == {
        "code": "29239",
        "name": "Phường 1, TP Trà Vinh",
        "self": {"met": 2, "of": 3},
        "verified": {"met": 0, "of": 3},
        "recognised": {"met": 0, "of": 1},
        "status": "submitted",
        "blockers": ["C02: 2 vụ."],
    }
    assert units["Phường 3, TP Trà Vinh"]["recognised"] == {"met": 1, "of": 1}


def test_the_standing_as_a_table(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    text = printed("standing", "--programme", "tra-vinh-2023", "--as-of", "2024-01-01")
    lines = text.splitlines()
    assert len(lines) == 13
    assert lines[2].split("  ")[0] == "29239"
    assert "Chưa bắt đầu" in lines[2]


def test_an_empty_table_is_still_one() -> None:
    assert table(("Mã", "Đơn vị"), []) == "Mã  Đơn vị\n--  ------"


@pytest.mark.parametrize("command", ["roadmap", "standing"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Cần nêu chương trình: --programme MÃ."),
        (
            ["--programme", "tra-vinh"],
            "Không có chương trình “tra-vinh”. Các chương trình hiện có: tra-vinh-2023.",
        ),
        (
            ["--programme", "tra-vinh-2023", "--as-of", "31/12/2023"],
            "Ngày “31/12/2023” không hợp lệ: cần viết dạng YYYY-MM-DD, ví dụ 2026-11-22.",
        ),
        (
            ["--programme", "tra-vinh-2023", "--as-of", "2023-02-30"],
            "Ngày “2023-02-30” không hợp lệ: cần viết dạng YYYY-MM-DD, ví dụ 2026-11-22.",
        ),
        (
            ["--programme", "tra-vinh-2023", "--as-of", "20231231"],
            "Ngày “20231231” không hợp lệ: cần viết dạng YYYY-MM-DD, ví dụ 2026-11-22.",
        ),
        (
            ["--programme", "tra-vinh-2023", "--as-of", ""],
            "Ngày “” không hợp lệ: cần viết dạng YYYY-MM-DD, ví dụ 2026-11-22.",
        ),
    ],
)
def test_one_clear_line_when_asked_wrongly(
    tra_vinh: TraVinh, command: str, arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError) as refused:
        printed(command, *arguments, "--json")
    assert str(refused.value) == sentence


@pytest.mark.django_db
def test_without_any_programme() -> None:
    assert not Programme.objects.exists()
    with pytest.raises(
        CommandError, match=r"\AKhông có chương trình “x”\. Chưa có chương trình nào\.\Z"
    ):
        printed("roadmap", "--programme", "x", "--json")


def test_reading_changes_nothing(tra_vinh: TraVinh) -> None:
    tra_vinh.open(2023, date(2023, 10, 25))
    with CaptureQueriesContext(connection) as queries:
        parsed("roadmap")
        parsed("standing")
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
