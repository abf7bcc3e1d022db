"""The programmes of the source documents: roadmap and standing answer as their sources say.

The expected numbers are worked out by hand from the sources: S0 the Chỉ thị of Tây Ninh, S1 Quyết
định 1578/QĐ-UBND of Trà Vinh, S3 the press report of 12/12/2023 on the conference in Vinh, S4 the
Công văn of Ninh Bình of 28/5/2026.
"""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assessments.models import RegistrationQuota
from assessments.pack_loader import load_file
from criteria.models import Programme
from reports.rollup import roadmap_rows
from tests.packs.conftest import HEAD, NOW, Packs

ROOT = Path(__file__).resolve().parents[2]
PACKS = (
    "wards/packs/documents.yaml",
    "wards/packs/programme-documents.yaml",
    "wards/packs/tra-vinh-units.yaml",
    "wards/packs/tay-ninh-units.yaml",
    "wards/packs/nghe-an-units.yaml",
    "wards/packs/ninh-binh-province.yaml",
    "criteria/packs/qd-5764.yaml",
    "criteria/packs/tra-vinh-programme.yaml",
    "criteria/packs/tay-ninh-programme.yaml",
    "criteria/packs/nghe-an-programme.yaml",
    "criteria/packs/national-programme.yaml",
    "criteria/packs/ninh-binh-2026-set.yaml",
    "criteria/packs/ninh-binh-2026-programme.yaml",
)
Figures = tuple[str, str, str, int, int, int, int]
"""Due, scope, as approved, required, of, required now, roster now."""


@pytest.fixture
def sources(db: None) -> None:
    """Every pack of the source documents."""
    for pack in PACKS:
        load_file(ROOT / pack, now=NOW)


def printed(command: str, code: str, as_of: str) -> list[dict[str, Any]]:
    """What the command prints as JSON."""
    out = StringIO()
    call_command(command, "--programme", code, "--as-of", as_of, "--json", stdout=out)
    found: list[dict[str, Any]] = json.loads(out.getvalue())
    return found


def figures(code: str, as_of: str) -> list[Figures]:
    """The rows of a roadmap without what is reached."""
    return [
        (
            row["by"],
            row["scope"],
            row["as_approved"],
            row["required"],
            row["of"],
            row["required_now"],
            row["roster_now"],
        )
        for row in printed("roadmap", code, as_of)
    ]


def test_loading_them_again_changes_nothing(sources: None):
    assert not [pack for pack in PACKS if load_file(ROOT / pack, now=NOW).has_changes]


YEARS = range(2023, 2031)
APPROVED = ("02/11", *("thêm 1",) * 3, *("thêm 2",) * 2, *("thêm 1",) * 2)  # S1, II.3.a
RUNNING = (2, 3, 4, 5, 7, 9, 10, 11)


@pytest.mark.parametrize(
    ("as_of", "restated", "roster", "rest"),
    [
        # S1: 11 wards, 02/11 and then "có thêm"; Duyên Hải "hoàn thành trong năm 2025".
        ("2023-12-31", RUNNING, 11, []),
        ("2024-12-31", RUNNING, 11, []),
        # 1/1/2025: 9 wards; each level × 9/11, rounded up.
        ("2025-01-01", (2, 3, 4, 5, 6, 8, 9, 9), 9, []),
        ("2025-06-30", (2, 3, 4, 5, 6, 8, 9, 9), 9, []),
        # 1/7/2025: 6 wards in Vĩnh Long; × 6/11. Established in 2025, so all due in 2026.
        (
            "2025-07-01",
            (2, 2, 3, 3, 4, 5, 6, 6),
            6,
            [("2026-12-31", "new_units:2025", "năm liền kề năm thành lập", 6, 6, 6, 6)],
        ),
    ],
)
def test_tra_vinh(
    sources: None, as_of: str, restated: tuple[int, ...], roster: int, rest: list[Figures]
):
    overall = [
        (f"{year}-12-31", "all", wording, level, 11, now, roster)
        for year, wording, level, now in zip(YEARS, APPROVED, RUNNING, restated, strict=True)
    ]
    duyen_hai = ("2025-12-31", "district:851", "100%", 2, 2, 2, 2)
    assert figures("tra-vinh-2023", as_of) == [*overall, duyen_hai, *rest]
    assert len(printed("standing", "tra-vinh-2023", as_of)) == roster


@pytest.mark.parametrize(
    ("as_of", "restated", "roster"),
    [
        # S0: 01 by the end of 2023; ≥ 30 % of 17 = 5,1, so 6; 100 %.
        ("2023-06-30", (1, 6, 17), 17),
        ("2025-06-30", (1, 6, 17), 17),
        # 1/7/2025: 17 wards went into 10; 1, 6 and 17 × 10/17, rounded up.
        ("2025-07-01", (1, 4, 10), 10),
        ("2030-12-31", (1, 4, 10), 10),
    ],
)
def test_tay_ninh(sources: None, as_of: str, restated: tuple[int, ...], roster: int):
    assert figures("tay-ninh-2023", as_of) == [
        ("2023-12-31", "all", "01/17", 1, 17, restated[0], roster),
        ("2025-12-31", "all", "ít nhất 30%", 6, 17, restated[1], roster),
        ("2030-12-31", "all", "100%", 17, 17, restated[2], roster),
    ]
    assert len(printed("standing", "tay-ninh-2023", as_of)) == roster
    programme = Programme.objects.get(code="tay-ninh-2023")
    assert (programme.document.issued_on, programme.inputs_due) == (None, "")
    assert "chương trình kiểm tra, giám sát" in programme.oversight


@pytest.mark.parametrize(
    ("as_of", "restated", "roster"),
    [
        # S3: 16 of 32 in 2023, then the other 16.
        ("2023-12-31", (16, 32), 32),
        ("2024-11-30", (16, 32), 32),
        # 1/12/2024: three wards of Vinh went into two others: 29.
        ("2024-12-01", (15, 29), 29),
        # 1/7/2025: 11 wards, of which Vinh Lộc comes from none of the 32.
        ("2025-07-01", (5, 10), 10),
    ],
)
def test_nghe_an(sources: None, as_of: str, restated: tuple[int, ...], roster: int):
    assert figures("nghe-an-2023", as_of) == [
        ("2023-12-31", "all", "16/32", 16, 32, restated[0], roster),
        ("2030-12-31", "all", "thêm 16", 32, 32, restated[1], roster),
    ]
    quota = RegistrationQuota.objects.get(programme__code="nghe-an-2023")
    assert (quota.year, quota.assigned, quota.registered, quota.added) == (2023, 1, 16, None)


@pytest.mark.parametrize(
    ("as_of", "overall", "nghe_an", "tay_ninh", "tra_vinh"),
    [
        # S3: each province at least 30 % by 2025 (10 of 32, 6 of 17, 4 of 11), 100 % by 2030.
        ("2024-06-30", 60, (10, 32), (6, 17), (4, 11)),
        ("2024-12-31", 57, (10, 29), (6, 17), (4, 11)),
        ("2025-01-01", 55, (10, 29), (6, 17), (4, 9)),
        ("2025-07-01", 26, (4, 10), (4, 10), (3, 6)),
    ],
)
def test_the_country(
    sources: None,
    as_of: str,
    overall: int,
    nghe_an: tuple[int, int],
    tay_ninh: tuple[int, int],
    tra_vinh: tuple[int, int],
):
    assert figures("quoc-gia-2022", as_of) == [
        ("2030-12-31", "all", "100%", 60, 60, overall, overall),
        ("2025-12-31", "province:40", "ít nhất 30%", 10, 32, *nghe_an),
        ("2025-12-31", "province:72", "ít nhất 30%", 6, 17, *tay_ninh),
        ("2025-12-31", "province:84", "ít nhất 30%", 4, 11, *tra_vinh),
    ]
    whole, *provinces = printed("roadmap", "quoc-gia-2022", as_of)
    # "gần 1.800" stands beside what is loaded and is never reckoned with.
    assert (whole["stated_size"], whole["of"]) == (1800, 60)
    assert whole["stated_size_text"] == "gần 1.800 Công an phường trên cả nước"
    assert {row["stated_size"] for row in provinces} == {None}
    assert sum(row["of"] for row in provinces) == whole["of"]
    merged = as_of >= "2025-07-01"
    assert [row["scope_label"] for row in provinces] == [
        "Nghệ An",
        "Tây Ninh",
        "Trà Vinh (nay thuộc Vĩnh Long)" if merged else "Trà Vinh",
    ]


def test_what_the_country_assigned_and_registered(sources: None):
    # S3: 5 pilots in 2022; nhandan.vn post786895: 106 assigned, 172 registered in 2023.
    found = RegistrationQuota.objects.filter(programme__code="quoc-gia-2022").order_by("year")
    assert [(one.year, one.assigned, one.registered) for one in found] == [
        (2022, 5, None),
        (2023, 106, 172),
    ]


NINH_BINH = "ninh-binh-2026"


def test_ninh_binh_before_its_units_are_loaded(sources: None):
    assert figures(NINH_BINH, "2026-06-01") == [
        ("2030-12-31", "all", "100%", 0, 0, 0, 0),
        ("2028-12-31", "key_area", "100%", 0, 0, 0, 0),
    ]
    assert {row["state"] for row in printed("roadmap", NINH_BINH, "2026-06-01")} == {"future"}
    assert printed("standing", NINH_BINH, "2026-06-01") == []


def test_ninh_binh_with_communes_and_wards(sources: None, packs: Packs):
    # S4: key areas by 2028, the whole province by 2030; xã and phường alike (not đặc khu).
    packs.load(
        HEAD + "units:\n"
        '  - {code: "14464", name: phường Đông Hoa Lư, kind: ward, province: "37",\n'
        "     valid_from: 2025-07-01, key_area: true}\n"
        '  - {code: "14500", name: xã Gia Viễn, kind: commune, province: "37",\n'
        "     valid_from: 2025-07-01}\n"
        '  - {code: "14501", name: xã Đại Hoàng, kind: commune, province: "37",\n'
        "     valid_from: 2025-07-01, key_area: true}\n"
    )
    assert figures(NINH_BINH, "2026-06-01") == [
        ("2030-12-31", "all", "100%", 3, 3, 3, 3),
        ("2028-12-31", "key_area", "100%", 2, 2, 2, 2),
    ]
    assert len(printed("standing", NINH_BINH, "2026-06-01")) == 3


def test_one_ward_is_in_two_programmes(sources: None):
    on = date(2024, 6, 30)
    for code in ("tra-vinh-2023", "quoc-gia-2022"):
        listed = {one["code"] for one in printed("standing", code, on.isoformat())}
        assert "29239" in listed
    # Recognised in one of them is not recognised in the other.
    programme = Programme.objects.get(code="tra-vinh-2023")
    ward = programme.roster.get(code="29239")
    programme.recognitions.create(
        unit=ward,
        document=programme.document,
        decided_on=date(2024, 4, 22),
        for_year=2023,
        recorded_at=NOW,
    )
    assert roadmap_rows(programme, as_of=on)[0].recognised == 1
    national = Programme.objects.get(code="quoc-gia-2022")
    assert {row.recognised for row in roadmap_rows(national, as_of=on)} == {0}
