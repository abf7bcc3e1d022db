"""The frozen figures: the shape the file is made from, the same bytes for the same facts."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import (
    Baseline,
    BaselineFinding,
    Decision,
    Registration,
    RegistrationQuota,
)
from assessments.workflow import Status
from criteria.models import Duty, Programme
from criteria.scale import Outcome
from reports.figures import build_figures, canonical_json, figures_sha256
from tests.reports.conftest import TraVinh
from tests.reports.sample_figures import sample_figures
from wards.models import Agency

AS_OF = date(2024, 12, 31)


@pytest.fixture
def year_2023(tra_vinh: TraVinh) -> TraVinh:
    """Two wards recognised, one found failing, one returned, one late, the others not begun."""
    round_ = tra_vinh.open(2023, date(2023, 10, 25))
    round_.is_sample = True
    round_.save()
    for name in ("P3", "P8"):
        tra_vinh.hand_in(name, 2023, date(2023, 11, 8))
        tra_vinh.verify(name, 2023, date(2023, 12, 1))
        tra_vinh.move(tra_vinh.files[name, 2023], Status.PROPOSED, date(2024, 1, 5))
        tra_vinh.move(tra_vinh.files[name, 2023], Status.RECOGNISED, date(2024, 4, 22))
        tra_vinh.recognise(name, 2023, date(2024, 4, 22))
    tra_vinh.hand_in("P6", 2023, date(2023, 11, 9), {"C02": (Outcome.NOT_MET, "2 vụ.")})
    tra_vinh.verify("P6", 2023, date(2023, 12, 2))
    tra_vinh.hand_in("P4", 2023, date(2023, 11, 20))
    tra_vinh.review(
        "P4",
        2023,
        date(2023, 12, 3),
        Status.RETURNED,
        {"C03": (Decision.MORE, Outcome.MET, "Thiếu bảng tổng hợp.")},
    )
    tra_vinh.answer("P2", 2023, date(2023, 11, 9), {"C01": (Outcome.AWAITING, "Chờ.")})
    agency = Agency.objects.create(code="so-tai-chinh", name="Sở Tài chính")
    Duty.objects.create(
        programme=tra_vinh.programme, agency=agency, entry="3", text="Bố trí kinh phí.", position=1
    )
    for name, year, source in (
        ("P3", 2023, "self"),
        ("P3", 2023, "ministry"),
        ("P1", 2024, "self"),
        ("D2", 2024, "ministry"),
    ):
        Registration.objects.create(
            programme=tra_vinh.programme, unit=tra_vinh.unit(name), year=year, source=source
        )
    RegistrationQuota.objects.create(programme=tra_vinh.programme, year=2024, assigned=1)
    baseline = Baseline.objects.create(
        programme=tra_vinh.programme,
        on=date(2023, 10, 20),
        document=tra_vinh.programme.document,
    )
    first, second = tra_vinh.criteria_set.groups.all()
    for name, thing in (("P1", first), ("P2", first), ("D1", second)):
        BaselineFinding.objects.create(baseline=baseline, unit=tra_vinh.unit(name), group=thing)
    BaselineFinding.objects.create(
        baseline=baseline, unit=tra_vinh.unit("D1"), criterion=second.criteria.all()[0]
    )
    return tra_vinh


def shape(value: Any) -> Any:
    """Keys all the way down; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "value"


def missing(expected: Any, found: Any, path: str = "") -> list[str]:
    """What `expected` has and `found` has not."""
    if isinstance(expected, dict):
        if not isinstance(found, dict):
            return [path]
        return [
            problem
            for key, inside in expected.items()
            for problem in (
                missing(inside, found[key], f"{path}.{key}") if key in found else [f"{path}.{key}"]
            )
        ]
    if isinstance(expected, list) and expected and isinstance(expected[0], dict | list):
        return missing(expected[0], found[0], f"{path}[]") if found else [path]
    return []


def test_they_have_the_shape_the_file_is_made_from(year_2023: TraVinh) -> None:
    found = build_figures(year_2023.programme, 2023, as_of=AS_OF)
    # The sample was frozen before agencies reported; such figures still print.
    assert [key for key in found if key != "duty_reports"] == list(sample_figures())
    expected = shape(sample_figures())
    # Of the sample's first unit one thing is known that ours lacks, and the other way round.
    for key in ("self_assessed", "verified", "recognition"):
        expected["units"][0].pop(key)
    expected["issuer"]["recipients"] = expected["issuer"]["addressees"] = []
    assert missing(expected, found) == []


def test_what_they_say(year_2023: TraVinh) -> None:
    found = build_figures(year_2023.programme, 2023, as_of=AS_OF)
    assert (found["schema"], found["year"], found["as_of"]) == (1, 2023, "2024-12-31")
    assert found["data_kind"] == "sample"
    assert found["sentence"] == (
        "Đến 31/12/2024: kỳ 2023 có 2/11 phường được công nhận, đạt lộ trình năm 2023 (2/11); "
        "lộ trình năm 2024 cần 3/11 phường, hiện có 2, thiếu 1."
    )
    assert found["programme"]["inputs_due"] == "15/11"
    assert found["programme"]["document"]["issued_on"] == "2023-10-20"
    assert found["criteria_set"]["criteria_count"] == 3
    first = found["roadmap"][0]
    assert (first["state"], first["state_label"], first["document"]) == (
        "met",
        "Đạt",
        "1578/QĐ-UBND",
    )
    assert (first["self_assessed"], first["verified"], first["recognised"]) == (3, 2, 2)
    assert found["duties"] == [{"entry": "3", "agency": "Sở Tài chính", "text": "Bố trí kinh phí."}]
    assert found["baseline"] == {
        "on": "2023-10-20",
        "document": "1578/QĐ-UBND",
        "groups": [
            {"code": "1", "name": "Xây dựng Đảng", "units_not_met": 2},
            {"code": "2", "name": "Trật tự", "units_not_met": 1},
        ],
        "total": 3,
    }
    assert found["registrations"] == {
        "next_year": 2024,
        "assigned": 1,
        "sources": [
            {"label": "Bộ giao", "told": 1, "known": 1},
            {"label": "Tự đăng ký", "told": None, "known": 1},
            {"label": "Cấp tỉnh", "told": None, "known": 0},
        ],
        "units": [
            {"name": "Phường 1", "district": "TP Trà Vinh", "source_label": "Tự đăng ký"},
            {"name": "Phường 2", "district": "TX Duyên Hải", "source_label": "Bộ giao"},
        ],
    }
    assert found["narrative"] == {"difficulties": "", "tasks": "", "proposals": ""}
    assert found["issuer"]["parent"] == "BỘ CÔNG AN"
    assert found["issuer"]["symbol"] == "BC-CAT-PTM"


def test_units_and_matrices(year_2023: TraVinh) -> None:
    found = build_figures(year_2023.programme, 2023, as_of=AS_OF)
    units = {(unit["name"], unit["district"]): unit for unit in found["units"]}
    assert len(units) == 11
    recognised = units["Phường 3", "TP Trà Vinh"]
    assert recognised["recognition"] == {
        "number": "2204/QĐ-BCA",
        "decided_on": "2024-04-22",
        "sample": True,
    }
    assert (recognised["registered"], recognised["blockers"]) == ("ministry", [])
    failing = units["Phường 6", "TP Trà Vinh"]
    assert (failing["self_assessed"], failing["verified"]) == (
        {"met": 2, "of": 3},
        {"met": 2, "of": 3},
    )
    assert failing["blockers"] == ["C02: 2 vụ."]
    returned = units["Phường 4", "TP Trà Vinh"]
    assert (returned["verified"], returned["blockers"]) == (None, ["C03: Thiếu bảng tổng hợp."])
    draft = units["Phường 2", "TP Trà Vinh"]
    assert draft["blockers"] == ["C01: Chờ.", "Chưa đánh giá 2 tiêu chí: C02, C03."]
    assert draft["self_assessed"] == {"met": 0, "of": 3}
    idle = units["Phường 1", "TP Trà Vinh"]
    assert (idle["status"], idle["self_assessed"], idle["registered"]) == (
        "not_started",
        None,
        None,
    )
    assert len(found["matrix"]["rows"]) == len(found["group_matrix"]["rows"]) == 11
    row = next(row for row in found["matrix"]["rows"] if row["unit"] == "Phường 6")
    assert row["cells"] == ["met", "not_met", "met"]
    assert found["group_matrix"]["groups"] == ["1", "2"]
    assert found["groups"][1]["units_not_met"] == ["Phường 6, TP Trà Vinh"]
    assert found["groups"][1]["criteria"] == ["C02", "C03"]
    assert found["criteria"][1]["not_met"] == 1
    late = {one["unit"]: one["days_late"] for one in found["late"]}
    assert late["Phường 2, TP Trà Vinh"] == 413
    assert "Phường 4, TP Trà Vinh" not in late, "handed in late is handed in"
    assert len(late) == 7


def test_the_year_after_still_says_the_same(year_2023: TraVinh) -> None:
    before = canonical_json(build_figures(year_2023.programme, 2023, as_of=AS_OF))
    year_2023.recognise("P6", 2023, date(2025, 3, 1))
    year_2023.open(2025, date(2025, 2, 1), ["P1"])
    year_2023.take_back("P4", 2023, date(2025, 2, 2))
    year_2023.revise(date(2025, 6, 1), by=date(2030, 12, 31), measure="percent", value=50)
    assert canonical_json(build_figures(year_2023.programme, 2023, as_of=AS_OF)) == before


def test_same_facts_same_bytes(year_2023: TraVinh) -> None:
    found = build_figures(year_2023.programme, 2023, as_of=AS_OF)
    shuffled = json.loads(json.dumps(found), object_pairs_hook=lambda pairs: dict(pairs[::-1]))
    assert canonical_json(shuffled) == canonical_json(found)
    assert figures_sha256(shuffled) == figures_sha256(found)
    assert len(figures_sha256(found)) == 64
    assert "Phường".encode() in canonical_json(found)
    found["units"][0]["name"] = "Phường khác"
    assert figures_sha256(found) != figures_sha256(shuffled)


def test_a_year_without_a_round(tra_vinh: TraVinh) -> None:
    found = build_figures(tra_vinh.programme, 2026, as_of=date(2026, 11, 22))
    assert found["data_kind"] == "real"
    assert found["sentence"].startswith("Đến 22/11/2026: chưa mở kỳ đánh giá; ")
    assert [unit["status_label"] for unit in found["units"]] == ["Chưa mở kỳ đánh giá"] * 6
    assert found["matrix"]["rows"][0]["cells"] == ["unanswered"] * 3
    assert (found["late"], found["baseline"]) == ([], None)


def test_a_programme_with_hardly_anything(tra_vinh: TraVinh) -> None:
    bare = Programme.objects.create(
        code="quoc-gia",
        name="Toàn quốc",
        document=tra_vinh.programme.document,
        unit_kinds=["special"],
        starts=2026,
        ends=2030,
    )
    found = build_figures(bare, 2026, as_of=date(2026, 11, 22))
    assert (found["units"], found["roadmap"], found["criteria_set"]) == ([], [], None)
    assert found["programme"]["province"] == ""
    canonical_json(found)


def test_the_number_of_queries_does_not_grow(many_wards: Callable[..., Programme]) -> None:
    needed = []
    for number in (3, 30):
        programme = Programme.objects.get(pk=many_wards(number).pk)
        with CaptureQueriesContext(connection) as queries:
            build_figures(programme, 2023, as_of=AS_OF)
        needed.append(len(queries))
    assert needed[0] == needed[1]
