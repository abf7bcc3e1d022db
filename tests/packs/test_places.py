"""Documents, places, reorganisations and agencies: every fault at its path."""

import unicodedata

import pytest

from tests.packs.conftest import HEAD, PLACES, Packs
from wards.models import Agency, District, Reorganisation, Unit

DOCUMENT = "documents:\n  - {code: A, number: 1/QĐ}\n"


def units(*lines: str) -> str:
    """A pack of these units, in provinces that stand in it too."""
    listed = "".join(f"  - {{{line}}}\n" for line in lines)
    return PLACES[: PLACES.index("units:")] + "units:\n" + listed


def reorganisation(line: str) -> str:
    """A pack of one reorganisation, to be loaded onto the base."""
    return HEAD + f"reorganisations:\n  - {{{line}}}\n"


def test_everything_is_written(packs: Packs):
    [loaded] = packs.load(PLACES)
    assert loaded.created == {
        "văn bản": 2,
        "tỉnh, thành phố": 2,
        "đơn vị cấp huyện": 2,
        "đơn vị": 5,
        "cơ quan": 1,
    }
    ward = Unit.objects.get(code="29512")
    assert (ward.full_name, ward.province.name) == ("Phường 1, TX Duyên Hải", "Trà Vinh")
    # `bulk_create` skips `save`, which is what fills the keys.
    assert (ward.search_key, ward.sort_key) != ("", "")
    assert ward.search_key == "phuong 1"


def test_unknown_keys_name_the_known_ones(packs: Packs):
    faults = packs.faults(HEAD + "documents:\n  - {code: A, number: 1/QĐ, nummer: x}\nwards: []\n")
    assert set(faults) == {"documents[0].nummer", "wards"}
    assert "code, number, issued_on" in faults["documents[0].nummer"]
    assert "units, reorganisations" in faults["wards"]


@pytest.mark.parametrize(
    ("text", "path", "sentence"),
    [
        ("documents: []\n", "pack", "thiếu khóa bắt buộc này."),
        ("pack: 2\ndocuments: []\n", "pack", "phải là 1."),
        (HEAD + "units: {}\n", "units", 'phải là danh sách: mỗi phần tử bắt đầu bằng "- ".'),
        (HEAD + "units:\n", "units", 'phải là danh sách: mỗi phần tử bắt đầu bằng "- ".'),
        (
            HEAD + "documents: [x]\n",
            "documents[0]",
            "phải là một nhóm khóa (khóa: giá trị).",
        ),
        (HEAD + "documents: [{code: A}]\n", "documents[0].number", "thiếu khóa bắt buộc này."),
        (
            HEAD + "documents: [{code: 84, number: 1/QĐ}]\n",
            "documents[0].code",
            'mã phải là chuỗi: đặt trong ngoặc kép, ví dụ "29242".',
        ),
        (
            HEAD + "documents: [{code: A B, number: 1/QĐ}]\n",
            "documents[0].code",
            "mã không hợp lệ: tối đa 60 ký tự, gồm chữ cái không dấu, chữ số, "
            "dấu gạch nối, dấu chấm hoặc gạch dưới.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1578}]\n",
            "documents[0].number",
            "phải là chuỗi ký tự; đặt trong ngoặc kép.",
        ),
        (
            HEAD + "documents: [{code: A, number: '  '}]\n",
            "documents[0].number",
            "không được để trống.",
        ),
        (
            HEAD + f"documents: [{{code: A, number: {'x' * 81}}}]\n",
            "documents[0].number",
            "dài quá 80 ký tự.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ, issued_on: 2023-02-30}]\n",
            "documents[0].issued_on",
            "ngày không có thật hoặc sai dạng; viết năm-tháng-ngày, ví dụ 2023-10-20.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ, issued_on: 20/10/2023}]\n",
            "documents[0].issued_on",
            "ngày không có thật hoặc sai dạng; viết năm-tháng-ngày, ví dụ 2023-10-20.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ, issued_on: 2023}]\n",
            "documents[0].issued_on",
            "phải là ngày, viết năm-tháng-ngày, ví dụ 2023-10-20.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ, issued_on: 0001-01-01}]\n",
            "documents[0].issued_on",
            "năm phải trong khoảng 1900–2200.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ, confirmed: yes}]\n",
            "documents[0].confirmed",
            "phải là true hoặc false.",
        ),
        (
            HEAD + "documents: [{code: A, number: 1/QĐ}, {code: A, number: 2/QĐ}]\n",
            "documents[1].code",
            "lặp lại: đã có ở phần tử [0].",
        ),
        (
            HEAD + 'provinces: [{code: "84", name: Trà Vinh, kind: tinh}]\n',
            "provinces[0].kind",
            "phải là một trong: province (tỉnh), city (thành phố trực thuộc Trung ương).",
        ),
        (
            HEAD + "agencies: [{code: sở, name: Sở Y tế}]\n",
            "agencies[0].code",
            "mã không hợp lệ: tối đa 60 ký tự, gồm chữ cái không dấu, chữ số, "
            "dấu gạch nối, dấu chấm hoặc gạch dưới.",
        ),
        (
            HEAD + 'agencies: [{code: so-y-te, name: Sở Y tế, province: "99"}]\n',
            "agencies[0].province",
            'không có tỉnh, thành phố mang mã "99".',
        ),
    ],
)
def test_faults_of_one_value(packs: Packs, text: str, path: str, sentence: str):
    assert packs.faults(text) == {path: sentence}


def test_a_quoted_date_is_a_date(packs: Packs):
    packs.load(HEAD + 'documents: [{code: A, number: 1/QĐ, issued_on: "2023-10-20"}]\n')


@pytest.mark.parametrize(
    ("line", "path", "sentence"),
    [
        (
            'code: "1", name: A, kind: ward, province: "99"',
            "units[0].province",
            'không có tỉnh, thành phố mang mã "99".',
        ),
        (
            'code: "1", name: A, kind: ward, province: 84, valid_to: 2025-06-30',
            "units[0].province",
            'mã phải là chuỗi: đặt trong ngoặc kép, ví dụ "29242".',
        ),
        (
            'code: "1", name: A, kind: ward, province: "84", district: "999", valid_to: 2025-06-30',
            "units[0].district",
            'không có đơn vị cấp huyện mang mã "999".',
        ),
        (
            'code: "1", name: A, kind: ward, province: "86", district: "842", valid_to: 2025-06-30',
            "units[0].district",
            'đơn vị cấp huyện "842" thuộc tỉnh "84", không thuộc tỉnh "86".',
        ),
        (
            'code: "1", name: A, kind: ward, province: "84", valid_from: 2025-07-01',
            "units[0].province",
            'tỉnh, thành phố mang mã "84" không có hiệu lực trong thời gian này '
            "(Trà Vinh đến hết 30/06/2025).",
        ),
        (
            'code: "1", name: A, kind: ward, province: "84"',
            "units[0].province",
            'tỉnh, thành phố mang mã "84" chỉ có hiệu lực đến hết 30/06/2025; '
            "ghi valid_to sớm hơn hoặc chọn mã khác.",
        ),
        (
            'code: "1", name: A, kind: ward, province: "86", '
            "valid_from: 2025-07-01, valid_to: 2025-06-30",
            "units[0].valid_to",
            "sớm hơn valid_from (01/07/2025).",
        ),
        (
            'code: "12345678901", name: A, kind: ward, province: "86"',
            "units[0].code",
            "mã không hợp lệ: tối đa 10 ký tự, gồm chữ cái không dấu, chữ số, "
            "dấu gạch nối, dấu chấm hoặc gạch dưới.",
        ),
    ],
)
def test_faults_of_a_unit(packs: Packs, line: str, path: str, sentence: str):
    assert packs.faults(units(line)) == {path: sentence}


def test_one_code_on_one_day_has_one_bearer(packs: Packs):
    text = units(
        'code: "7", name: Cũ 7, kind: ward, province: "84", valid_to: 2025-06-30',
        'code: "7", name: Mới, kind: ward, province: "86", valid_from: 2025-06-30',
        'code: "8", name: Cũ 8, kind: ward, province: "84", valid_to: 2025-06-30',
        'code: "8", name: Lại, kind: ward, province: "84", valid_to: 2024-06-30',
        'code: "9", name: Cũ 9, kind: ward, province: "84", valid_to: 2025-06-30',
        'code: "9", name: Mới, kind: ward, province: "86", valid_from: 2025-07-01',
    )
    faults = packs.faults(text)
    assert set(faults) == {"units[1].code", "units[3].code"}
    assert "trùng thời gian với units[0] (Cũ 7, đến hết 30/06/2025)" in faults["units[1].code"]


def test_an_overlap_with_what_is_there_is_the_fault_of_the_file(base: Packs):
    faults = base.faults(
        HEAD + "units:\n"
        '  - {code: "29242", name: Mới, kind: ward, province: "86", valid_from: 2026-01-01}\n'
    )
    assert set(faults) == {"units[0].code"}
    assert "trùng thời gian với dữ liệu đã nạp (phường Trà Vinh" in faults["units[0].code"]


def test_overlapping_provinces_and_districts(packs: Packs):
    faults = packs.faults(
        HEAD + "provinces:\n"
        '  - {code: "84", name: Trà Vinh, kind: province}\n'
        '  - {code: "84", name: Trà Vinh, kind: city, valid_from: 2025-01-01}\n'
        "districts:\n"
        '  - {code: "1", province: "84", name: Một, kind: city}\n'
        '  - {code: "1", province: "84", name: Hai, kind: town}\n'
    )
    assert set(faults) == {"provinces[1].code", "districts[1].code"}


def test_a_province_that_changes_kind_keeps_its_units(packs: Packs):
    """Đồng Nai became a city under the central government on 30/4/2026."""
    packs.load(
        HEAD + "provinces:\n"
        '  - {code: "75", name: Đồng Nai, kind: province, valid_to: 2026-04-29}\n'
        '  - {code: "75", name: Đồng Nai, kind: city, valid_from: 2026-04-30}\n'
        "units:\n"
        '  - {code: "1", name: Trấn Biên, kind: ward, province: "75", valid_from: 2025-07-01}\n'
    )
    assert Unit.objects.get(code="1").province.kind == "city"


def test_a_broken_entry_does_not_make_its_references_unknown(packs: Packs):
    faults = packs.faults(
        HEAD + "provinces:\n"
        '  - {code: "84", name: Trà Vinh, kind: tinh}\n'
        "districts:\n"
        '  - {code: "842", province: "84", name: Trà Vinh}\n'
        "units:\n"
        '  - {code: "1", name: A, kind: ward, province: "84", district: "842", '
        "valid_from: hôm nay}\n"
        "reorganisations:\n"
        '  - {on: 2025-01-01, document: A, kind: split, from: ["1"], into: ["2"]}\n'
    )
    assert set(faults) == {
        "provinces[0].kind",
        "districts[0].kind",
        "units[0].valid_from",
        "reorganisations[0].document",
        "reorganisations[0].into[0]",
    }


MERGE = "document: NQ-1277, kind: merge"


def test_a_reorganisation_reads_its_references_on_the_eve_and_on_the_day(base: Packs):
    """Code 29242 is Phường 3 on the eve of 1/7/2025 and phường Trà Vinh on the day."""
    base.load(
        reorganisation(
            f'on: 2025-07-01, {MERGE}, from: ["29239", "29242"], into: ["29242"], note: Nhập'
        )
    )
    row = Reorganisation.objects.get()
    links = row.successions.order_by("predecessor__code")
    assert [(one.predecessor.name, one.successor.name) for one in links] == [
        ("Phường 1", "phường Trà Vinh"),
        ("Phường 3", "phường Trà Vinh"),
    ]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (
            f'on: 2025-01-01, {MERGE}, from: ["29245", "99999"], into: ["29242"]',
            {"reorganisations[0].from[1]": 'không có đơn vị mang mã "99999".'},
        ),
        (
            f'on: 2025-07-01, {MERGE}, from: ["29245"], into: ["29242"]',
            {
                "reorganisations[0].from[0]": 'đơn vị mang mã "29245" không có hiệu lực ngày '
                "30/06/2025 (Phường 2 đến hết 31/12/2024)."
            },
        ),
        (
            f'on: 2025-07-01, {MERGE}, from: [29239], into: ["29242 "]',
            {
                "reorganisations[0].from[0]": "mã phải là chuỗi: đặt trong ngoặc kép, "
                'ví dụ "29242".',
                "reorganisations[0].into[0]": '"29242 " không phải tham chiếu đơn vị; '
                'viết "29242" hoặc "29242@2024-12-31".',
            },
        ),
        (
            f'on: 2025-07-01, {MERGE}, from: ["29239", "29239"], into: []',
            {
                "reorganisations[0].from[1]": 'đơn vị "29239" lặp lại: đã có ở phần tử [0].',
                "reorganisations[0].into": "phải có ít nhất một đơn vị.",
            },
        ),
        (
            # Nobody succeeds before being there, or after having gone.
            f'on: 2025-07-01, {MERGE}, from: ["29239"], into: ["29245@2024-12-31"]',
            {
                "reorganisations[0].into[0]": 'đơn vị "29245" (Phường 2) chỉ có '
                "đến hết 31/12/2024, hết hiệu lực trước ngày sắp xếp nên không thể kế thừa."
            },
        ),
        (
            'on: 2025-01-01, document: NQ-1277, kind: split, from: ["29242@2025-07-01"], '
            'into: ["29239"]',
            {
                "reorganisations[0].from[0]": 'đơn vị "29242" (phường Trà Vinh) chỉ có '
                "từ 01/07/2025, sau ngày sắp xếp."
            },
        ),
        (
            f'on: 2025-01-01, {MERGE}, from: ["29239"], into: ["29242"]',
            {
                "reorganisations[0].from[0]": 'đơn vị "29239" (Phường 1) vẫn còn hiệu lực sau '
                "khi sắp xếp; ghi valid_to: 2024-12-31 cho đơn vị này."
            },
        ),
        (
            'on: 2025-01-01, document: NQ-1277, kind: split, from: ["29242"], '
            'into: ["29242", "29239"]',
            {
                "reorganisations[0].into[0]": 'đơn vị "29242" (Phường 3) vừa ở from vừa ở into.',
            },
        ),
        (
            'on: 2025-07-01, document: X, kind: rename, from: ["29239", "29242"], '
            'into: ["29242@2025-13-01"]',
            {
                "reorganisations[0].document": 'không có văn bản mang mã "X".',
                "reorganisations[0].from": 'hình thức "rename" chỉ có một đơn vị trước sắp xếp.',
                "reorganisations[0].into[0]": 'ngày sau dấu @ không có thật: "2025-13-01".',
            },
        ),
        (
            'on: mai, document: NQ-1277, kind: gộp, from: ["29239"], into: ["29242"]',
            {
                "reorganisations[0].on": "ngày không có thật hoặc sai dạng; "
                "viết năm-tháng-ngày, ví dụ 2023-10-20.",
                "reorganisations[0].kind": "phải là một trong: merge (nhập), split (chia, tách), "
                "rename (đổi tên), kind_change (đổi loại), province_change (chuyển tỉnh).",
            },
        ),
    ],
)
def test_faults_of_a_reorganisation(base: Packs, line: str, faults: dict[str, str]):
    assert base.faults(reorganisation(line)) == faults


def test_units_never_become_their_own_ancestors(base: Packs):
    split = "document: NQ-1277, kind: split"
    base.load(reorganisation(f'on: 2020-01-01, {split}, from: ["29239"], into: ["29245"]'))
    faults = base.faults(
        HEAD + "reorganisations:\n"
        f'  - {{on: 2021-01-01, {split}, from: ["29245"], into: ["29242"]}}\n'
        f'  - {{on: 2022-01-01, {split}, from: ["29242"], into: ["29239"]}}\n'
    )
    assert set(faults) == {"reorganisations[1].into"}
    assert "vòng kế thừa" in faults["reorganisations[1].into"]


def test_one_reorganisation_is_told_once(base: Packs):
    line = f'{{on: 2025-07-01, {MERGE}, from: ["29239"], into: ["29242"]}}'
    faults = base.faults(HEAD + f"reorganisations:\n  - {line}\n  - {line}\n")
    assert set(faults) == {"reorganisations[1].into"}


def test_a_later_file_may_name_what_an_earlier_one_brought(packs: Packs):
    assert set(packs.faults(HEAD + 'agencies: [{code: a, name: A, province: "84"}]\n')) == {
        "agencies[0].province"
    }
    packs.load(PLACES)
    packs.load(HEAD + 'agencies: [{code: a, name: A, province: "84"}]\n')
    assert Agency.objects.get(code="a").province.name == "Trà Vinh"
    assert District.objects.count() == 2


def test_all_faults_of_a_file_come_at_once_in_its_order(packs: Packs):
    text = (
        HEAD
        + DOCUMENT
        + "provinces:\n"
        + "  - {code: 84, name: Trà Vinh, kind: province}\n"
        + "units:\n"
        + '  - {code: "1", name: "", kind: phường, province: "77", extra: 1}\n'
        + '  - {code: "2", name: Hai, kind: ward, province: "78", district: "1", valid_to: x}\n'
        + "agencies:\n"
        + "  - {code: ủy, name: Ủy ban}\n"
    )
    assert list(packs.faults(text)) == [
        "provinces[0].code",
        "units[0].name",
        "units[0].kind",
        "units[0].province",
        "units[0].extra",
        "units[1].valid_to",
        "units[1].province",
        "units[1].district",
        "agencies[0].code",
    ]


@pytest.mark.parametrize(
    "spelling",
    ["Phường Hoà Bình", "PHƯỜNG HÒA BÌNH", unicodedata.normalize("NFD", "Phường Hòa Bình")],
)
def test_un_01_one_name_is_one_unit_however_it_is_spelled(packs: Packs, spelling: str):
    first = 'code: "7", name: Phường Hòa Bình, kind: ward, province: "84", valid_to: 2025-06-30'
    again = f'code: "8", name: {spelling}, kind: ward, province: "84", valid_to: 2025-06-30'
    [(path, sentence)] = packs.faults(units(first, again)).items()
    assert path == "units[1].name"
    assert 'đã có ở phần tử [0] với mã "7"' in sentence
    packs.load(units(first))
    [(path, sentence)] = packs.faults(units(again)).items()
    assert (path, "đã có ở dữ liệu đã nạp" in sentence) == ("units[0].name", True)
    # The same unit in another spelling is the same unit; the spelling that came first stays.
    packs.load(units(again.replace('"8"', '"7"')))
    assert Unit.objects.get(code="7").name == "Phường Hòa Bình"


@pytest.mark.parametrize("name", ["Hòa\\u200bBình", "\\u00d0ông", "H\\u043ea", "Hòa\\u00a0Bình"])
def test_un_03_letters_that_only_look_right_are_refused(packs: Packs, name: str):
    faults = packs.faults(units(f'code: "7", name: "{name}", kind: ward, province: "86"'))
    assert faults["units[0].name"].startswith("tên có ")
