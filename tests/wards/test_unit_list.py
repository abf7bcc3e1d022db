"""`load_units`: the official list of units, told before it is applied, never overwriting."""

import json
import sys
import types
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from assessments.pack_loader import load_file
from tests.wards.country import HEAD, PROVINCES, UNITS, as_csv, as_xlsx, country
from wards.models import District, LegalDocument, Province, Unit

pytestmark = pytest.mark.django_db

JULY = date(2025, 7, 1)
EVE = date(2025, 6, 30)
LATER = date(2026, 7, 1)
PACKS = [Path("wards/packs") / name for name in ("documents.yaml", "tra-vinh-units.yaml")]

VINH_LONG = [
    ("86", "Tỉnh Vĩnh Long", "29242", "Phường Trà Vinh"),
    ("86", "Tỉnh Vĩnh Long", "29263", "Phường Long Đức"),
    ("86", "Tỉnh Vĩnh Long", "29398", "Phường Hòa Thuận"),
    ("86", "Tỉnh Vĩnh Long", "29254", "Phường Nguyệt Hoá"),
    ("86", "Tỉnh Vĩnh Long", "29512", "Phường Duyên Hải"),
    ("86", "Tỉnh Vĩnh Long", "29516", "Phường Trường Long Hòa"),
    ("86", "Tỉnh Vĩnh Long", "29551", "Phường Thanh Đức"),
]

Lines = list[tuple[str, ...]]
Write = Callable[..., Path]


@pytest.fixture
def listed(tmp_path: Path) -> Write:
    """Write a list; returns its path."""

    def write(lines: Lines, head: tuple[str, ...] = HEAD, **how: Any) -> Path:
        return as_csv(tmp_path / "danh-sach.csv", lines, head, **how)

    return write


def load(path: Path | None, *options: str, on: str | None = "2025-07-01") -> list[str]:
    out = StringIO()
    files = [str(path)] if path else []
    day = ["--on", on] if on else []
    call_command("load_units", *files, *day, *options, stdout=out)
    return out.getvalue().splitlines()


def refused(path: Path | None, *options: str, on: str | None = "2025-07-01") -> list[str]:
    before = (Province.objects.count(), Unit.objects.count(), AuditEntry.objects.count())
    with pytest.raises(CommandError) as error:
        load(path, *options, on=on)
    after = (Province.objects.count(), Unit.objects.count(), AuditEntry.objects.count())
    assert before == after
    return str(error.value).splitlines()


def one(lines: Lines, line: int, **values: str) -> Lines:
    """The lines with one of them changed."""
    columns = ("province", "province_name", "code", "name")
    changed = dict(zip(columns, lines[line], strict=True)) | values
    return [*lines[:line], tuple(changed.values()), *lines[line + 1 :]]


def test_px_09_the_country_loads_with_progress_and_once(listed: Write) -> None:
    path = listed(country())
    lines = load(path)
    assert "  đang ghi đơn vị: 3.321/3.321" in lines
    assert lines[-1] == "Đã ghi: 34 tỉnh, thành phố mới; 3.321 đơn vị mới."
    kinds = Counter(Unit.objects.values_list("kind", flat=True))
    assert kinds == {"commune": 2621, "ward": 687, "special": 13}
    assert Province.objects.filter(kind="city").count() == 6
    assert (Province.objects.count(), Unit.objects.count()) == (PROVINCES, UNITS)
    assert not Unit.objects.filter(sort_key="").exists()
    assert set(Unit.objects.values_list("valid_from", flat=True)) == {JULY}
    [entry] = AuditEntry.objects.filter(event="units_loaded")
    assert entry.details["counts"] == {"tỉnh, thành phố mới": 34, "đơn vị mới": 3321}
    assert load(path)[-1] == "Không thay đổi gì."
    assert load(path, on="2026-01-01")[-1] == "Không thay đổi gì."
    assert Unit.objects.count() == UNITS
    assert AuditEntry.objects.filter(event="units_loaded").count() == 1


def test_px_09_a_hundred_thousand_rows_are_refused_with_the_limit(
    listed: Write, tmp_path: Path
) -> None:
    [_, line] = refused(listed(country(100_000)))
    assert "danh sách có tối đa 5.000 dòng" in line
    [_, line] = refused(listed(country(5_001)))
    assert "có 5001 dòng; danh sách có tối đa 5.000 dòng" in line
    [_, line] = refused(as_xlsx(tmp_path / "to.xlsx", country(30_000)))
    assert "danh sách có tối đa 5.000 dòng" in line


def test_a_workbook_is_read_as_people_write_it(tmp_path: Path) -> None:
    """A title above, codes as numbers, days as days, English headings, an unknown column."""
    head = ("STT", "province_code", "province_name", "unit_code", "unit_name", "unit_kind")
    head += ("valid_from", "key_area")
    path = as_xlsx(
        tmp_path / "danh-sach.xlsx",
        [
            (1, 1, "Thành phố Hà Nội", 70, "Hoàn Kiếm", "phường", JULY, "x"),
            (2, 1, "Thành phố Hà Nội", 4, "Ba Đình", "Phường", JULY, None),
        ],
        head,
    )
    lines = load(path, on=None)
    assert "Không dùng các cột: STT." in lines
    ward = Unit.objects.get(code="00070")
    assert (ward.name, ward.province.code, ward.key_area) == ("phường Hoàn Kiếm", "01", True)
    assert (ward.province.name, ward.province.kind) == ("Hà Nội", "city")
    assert (ward.valid_from, ward.province.valid_from) == (JULY, None)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_and_tabs(mark: str, listed: Write) -> None:
    load(listed(VINH_LONG, mark=mark))
    assert Unit.objects.count() == len(VINH_LONG)


def test_names_are_stored_as_inside_a_sentence(listed: Write) -> None:
    load(listed([*VINH_LONG, ("86", "Tỉnh Vĩnh Long", "1", "PHƯỜNG 5")]))
    names = set(Unit.objects.values_list("name", flat=True))
    assert {"phường Trà Vinh", "Phường 5"} <= names


def test_a_preview_changes_nothing(listed: Write) -> None:
    lines = load(listed(VINH_LONG), "--preview")
    assert "Đơn vị mới: 7 (7 phường)." in lines
    assert lines[-1] == "Chỉ xem trước, chưa ghi gì."
    assert not Unit.objects.exists()
    assert not AuditEntry.objects.exists()


def packs() -> None:
    for path in PACKS:
        load_file(path, now=timezone.now())


@pytest.mark.parametrize("packs_first", [True, False])
def test_packs_and_the_list_find_each_others_units(packs_first: bool, listed: Write) -> None:
    path = listed(VINH_LONG)
    if packs_first:
        packs()
        lines = load(path)
        assert "Đơn vị đã có, không đổi: 6." in lines
        assert lines[-1] == "Đã ghi: 1 đơn vị mới."
    else:
        load(path)
        packs()
    heirs = Unit.objects.existing_on(JULY).filter(province__code="86")
    assert sorted(heirs.values_list("code", flat=True)) == sorted(line[2] for line in VINH_LONG)
    assert heirs.get(code="29242").origins.count() == 3
    assert Unit.objects.existing_on(date(2024, 12, 31)).filter(province__code="84").count() == 11
    before = Unit.objects.count()
    packs()
    assert load(path)[-1] == "Không thay đổi gì."
    assert Unit.objects.count() == before


def test_a_province_that_took_over_a_code_begins_on_that_day(listed: Write) -> None:
    lines = [("80", "Tỉnh Tây Ninh", "25459", "Phường Tân Ninh"), *VINH_LONG]
    load(listed(lines))
    assert Province.objects.get(code="80").valid_from == JULY
    assert Province.objects.get(code="86").valid_from is None


def test_a_newer_list_is_told_and_applied_only_when_asked(listed: Write) -> None:
    load(listed(VINH_LONG))
    newer = one(VINH_LONG[1:], 0, name="Phường Long Thịnh")
    path = listed([*newer, ("86", "Tỉnh Vĩnh Long", "29999", "Xã Mới")])
    lines = load(path, on="2026-07-01")
    told = "\n".join(lines)
    assert "29263 phường Long Đức (Vĩnh Long) → 29263 phường Long Thịnh (Vĩnh Long)" in told
    assert "29242 phường Trà Vinh (Vĩnh Long), hết ngày 30/06/2026" in told
    assert "hãy ghi việc sắp xếp đơn vị" in told
    assert lines[-1] == "Đã ghi: 1 đơn vị mới. Để nguyên 2 mục cần --end-missing."
    assert not Unit.objects.filter(valid_to__isnull=False).exists()

    assert load(path, "--end-missing", on="2026-07-01")[-1] == (
        "Đã ghi: 1 đơn vị thay đơn vị cũ; 1 đơn vị kết thúc."
    )
    old = Unit.objects.get(code="29263", valid_from=JULY)
    assert (old.name, old.valid_to) == ("phường Long Đức", date(2026, 6, 30))
    assert Unit.objects.existing_on(LATER).get(code="29263").name == "phường Long Thịnh"
    assert not Unit.objects.existing_on(LATER).filter(code="29242").exists()
    assert load(path, "--end-missing", on="2026-07-01")[-1] == "Không thay đổi gì."


def test_units_end_only_in_provinces_the_list_speaks_of(listed: Write) -> None:
    load(listed([*VINH_LONG, ("01", "Thành phố Hà Nội", "70", "Phường Hoàn Kiếm")]))
    lines = load(listed(VINH_LONG), "--end-missing", on="2026-07-01")
    assert lines[-1] == "Không thay đổi gì."
    assert any("Không nằm trong danh sách, để nguyên: 1 tỉnh" in line for line in lines)
    load(listed(VINH_LONG), "--end-missing", "--whole-country", on="2026-07-01")
    assert Province.objects.get(code="01").valid_to == date(2026, 6, 30)
    assert Unit.objects.get(code="00070").valid_to == date(2026, 6, 30)


def test_a_unit_that_changes_province_or_code_is_another_unit(listed: Write) -> None:
    load(listed([*VINH_LONG, ("01", "Thành phố Hà Nội", "70", "Phường Hoàn Kiếm")]))
    moved = one(VINH_LONG, 0, code="30000")
    moved.append(("86", "Tỉnh Vĩnh Long", "70", "Phường Hoàn Kiếm"))
    assert load(listed(moved), "--end-missing", on="2026-07-01")[-1] == (
        "Đã ghi: 2 đơn vị thay đơn vị cũ."
    )
    assert Unit.objects.existing_on(LATER).get(code="00070").province.code == "86"
    [ward] = Unit.objects.existing_on(LATER).filter(name="phường Trà Vinh")
    assert ward.code == "30000"


def test_the_same_day_is_never_overwritten(listed: Write) -> None:
    load(listed(VINH_LONG))
    [_, line] = refused(listed(one(VINH_LONG, 0, name="Phường Khác")), "--end-missing")
    assert "danh-sach.csv/dòng 2" in line
    assert "đã nạp là phường Trà Vinh (Vĩnh Long); không ghi đè" in line


def test_townships_and_districts_of_old(listed: Write) -> None:
    head = (*HEAD, "Mã huyện", "Tên huyện", "Đến hết ngày")
    lines = [
        (
            "84",
            "Tỉnh Trà Vinh",
            "29266",
            "Thị trấn Càng Long",
            "844",
            "Huyện Càng Long",
            "30/06/2025",
        ),
        ("84", "Tỉnh Trà Vinh", "29239", "Phường 1", "842", "Thành phố Trà Vinh", "30/06/2025"),
        ("84", "Tỉnh Trà Vinh", "29512", "Phường 1", "851", "Thị xã Duyên Hải", "30/06/2025"),
    ]
    load(listed(lines, head), on="2020-01-01")
    assert Unit.objects.get(code="29266").full_name == "thị trấn Càng Long, huyện Càng Long"
    assert set(District.objects.values_list("kind", flat=True)) == {"district", "city", "town"}
    assert set(Unit.objects.values_list("valid_to", flat=True)) == {EVE}


def test_every_fault_is_told_at_once_with_its_place(listed: Write) -> None:
    head = (*HEAD, "Loại đơn vị", "Từ ngày", "Đến hết ngày", "Địa bàn trọng điểm")
    good = ("86", "Tỉnh Vĩnh Long")
    lines = refused(
        listed(
            [
                (*good, "1", "Phường An", "", "", "", ""),
                (*good, "1", "Phường Bình", "", "", "", ""),
                (*good, "2", "PHƯỜNG AN", "", "", "", ""),
                ("86", "Tỉnh Khác", "3", "Phường C", "", "", "", ""),
                (*good, "", "Phường D", "", "", "", ""),
                (*good, "mã sai!", "Phường E", "", "", "", ""),
                (*good, "6", "Không Loại", "", "", "", ""),
                (*good, "7", "Phường G", "huyện đảo", "", "", ""),
                (*good, "8", "Phường H", "", "31/02/2025", "", ""),
                (*good, "9", "Phường I", "", "", "01/01/2025", ""),
                (*good, "10", "Phường K", "", "", "", "chắc là có"),
                (*good, "11", "", "", "", "", ""),
            ],
            head,
        )
    )
    assert lines[0].endswith("11 lỗi, chưa ghi gì.")
    assert [line.split(": ")[0] for line in lines[1:]] == [
        'danh-sach.csv/dòng 3, cột "Mã đơn vị"',
        'danh-sach.csv/dòng 4, cột "Tên đơn vị"',
        'danh-sach.csv/dòng 5, cột "Tên tỉnh"',
        'danh-sach.csv/dòng 6, cột "Mã đơn vị"',
        'danh-sach.csv/dòng 7, cột "Mã đơn vị"',
        'danh-sach.csv/dòng 8, cột "Loại đơn vị"',
        'danh-sach.csv/dòng 9, cột "Loại đơn vị"',
        'danh-sach.csv/dòng 10, cột "Từ ngày"',
        'danh-sach.csv/dòng 11, cột "Đến hết ngày"',
        'danh-sach.csv/dòng 12, cột "Địa bàn trọng điểm"',
        'danh-sach.csv/dòng 13, cột "Tên đơn vị"',
    ]


def test_faults_are_bounded(listed: Write) -> None:
    lines = refused(listed([("86", "Tỉnh Vĩnh Long", str(n), "") for n in range(300)]))
    assert len(lines) == 102
    assert lines[-1] == "… và 200 lỗi nữa."


@pytest.mark.parametrize(
    "spelling", ["Phường Hoà Thuận", unicodedata.normalize("NFD", "Phường Hòa Thuận")]
)
def test_un_01_one_name_in_two_spellings_is_one_unit(spelling: str, listed: Write) -> None:
    load(listed(VINH_LONG))
    assert load(listed(one(VINH_LONG, 2, name=spelling)))[-1] == "Không thay đổi gì."
    [_, line] = refused(listed([*VINH_LONG, ("86", "Tỉnh Vĩnh Long", "5", spelling)]))
    assert "tên lặp lại: đã có ở dòng 4" in line
    told = load(listed([("86", "Tỉnh Vĩnh Long", "5", spelling)]))
    [line] = [one for one in told if "danh sách ghi mã" in one]
    assert "29398" in line
    assert Unit.objects.filter(search_key__endswith="hoa thuan").count() == 1
    assert unicodedata.is_normalized("NFC", Unit.objects.get(code="29398").name)


LOOK_ALIKES = (
    "Phường \u00d0ông",
    "Phường \u0189ông",
    "Phường H\u043ea",
    "Phường Hòa\u200b",
    "Phường\u00a0An",
    "Phường \uff21n",
    "Phường \u202eAn",
    "Phường \u0410n",
    "Phường An\u00ad",
    "Phường \u03bfng",
    "Phường \u13aan",
    "Phường A\u0308n",
)


@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_un_03_look_alikes_are_refused_in_names(name: str, listed: Write) -> None:
    [_, line] = refused(listed([("86", "Tỉnh Vĩnh Long", "5", name)]))
    assert 'cột "Tên đơn vị": tên có ' in line


def test_un_03_digits_of_other_scripts_are_no_code(listed: Write) -> None:
    for code in ("２９２４２", "٢٩٢٤٢", "29242\u200b", "2924\u0392"):
        [_, line] = refused(listed([("86", "Tỉnh Vĩnh Long", code, "Phường An")]))
        assert 'cột "Mã đơn vị"' in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không thấy dòng tiêu đề"),
        (b"\xff\xfe\x00", "không phải UTF-8"),
        (b"PK\x03\x04 nothing", "tệp hỏng"),
        ("Mã tỉnh,Tên tỉnh,Mã đơn vị,Tên đơn vị\n".encode(), "không có dòng nào"),
        ('Mã tỉnh,Tên tỉnh,Mã đơn vị,Tên đơn vị\n"86,a'.encode(), "không đúng dạng CSV"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "tep.csv"
    path.write_bytes(content)
    [_, line] = refused(path)
    assert said in line


def test_the_command_asks_for_what_it_needs(listed: Write, tmp_path: Path) -> None:
    path = listed(VINH_LONG)
    assert "thiếu ngày bắt đầu hiệu lực" in refused(path, on=None)[1]
    assert "không phải một ngày" in refused(path, on="mai")[0]
    assert 'Không có văn bản mang mã "X"' in refused(path, "--document", "X")[0]
    assert "Hãy cho một tệp danh sách" in refused(None)[0]
    assert "--end-missing" in refused(path, "--whole-country")[0]
    assert "không đọc được tệp" in refused(tmp_path / "khong-co.csv")[1]


def test_the_document_is_named_in_the_audit_trail(listed: Write) -> None:
    LegalDocument.objects.create(code="NQ-1687", number="1687/NQ-UBTVQH15")
    load(listed(VINH_LONG), "--document", "NQ-1687")
    [entry] = AuditEntry.objects.filter(event="units_loaded")
    assert (entry.details["document"], entry.province_code) == ("NQ-1687", "86")


def test_without_the_package_a_sentence_tells_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "vietnam_provinces", None)
    [_, line] = refused(None, "--from-package", on=None)
    assert "pip install vietnam-provinces==2025.10.1" in line


def test_the_list_of_the_package_is_in_force_from_july_2025(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = tmp_path / "nested.json"
    wards = [{"name": "Phường Trà Vinh", "code": 29242, "division_type": "phường"}]
    wards.append({"name": "Xã Càng Long", "code": 29266, "division_type": "xã"})
    province = {"name": "Vĩnh Long", "code": 86, "division_type": "tỉnh", "wards": wards}
    data.write_text(json.dumps([province]))
    package = types.ModuleType("vietnam_provinces")
    package.NESTED_DIVISIONS_JSON_PATH = data  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "vietnam_provinces", package)
    load(None, "--from-package", on=None)
    assert {(unit.code, unit.name) for unit in Unit.objects.existing_on(JULY)} == {
        ("29242", "phường Trà Vinh"),
        ("29266", "xã Càng Long"),
    }
    assert not Unit.objects.existing_on(EVE).exists()
    data.write_text("[{}]")
    assert "cấu trúc khác" in refused(None, "--from-package", on=None)[1]
