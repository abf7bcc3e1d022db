"""Programmes: whom they concern, their targets against years and sizes, their settings."""

from collections.abc import Callable

import pytest

from criteria.models import Programme, Target
from tests.packs.conftest import CRITERIA, PLACES, PROGRAMME, Packs

Edit = Callable[[str, str, str], str]
TARGETS = """\
    targets:
      - {by: 2023-12-31, level: 1}
      - {by: 2024-12-31, additional: 1}
      - {by: 2025-12-31, percent: 100, scope: {district: "851"}}
      - {new_units: 1}
"""
ROSTER = '["29239", "29245", "29242", "29512"]'


@pytest.fixture
def placed(packs: Packs) -> Packs:
    packs.load(PLACES, CRITERIA)
    return packs


def with_targets(*lines: str) -> str:
    """The programme with other targets."""
    assert TARGETS in PROGRAMME
    listed = "".join(f"      - {{{line}}}\n" for line in lines)
    return PROGRAMME.replace(TARGETS, f"    targets:\n{listed}")


def test_a_programme_is_written(placed: Packs):
    placed.load(PROGRAMME)
    found = Programme.objects.get(code="tra-vinh")
    assert (found.province.code, found.counts_as_met) == ("84", "recognised")
    assert (found.unit_kinds, found.inputs_due) == (["ward"], "11-15")
    assert {str(unit) for unit in found.roster.all()} == {
        "Phường 1, TP Trà Vinh",
        "Phường 2, TP Trà Vinh",
        "Phường 3, TP Trà Vinh",
        "Phường 1, TX Duyên Hải",
    }
    assert [(one.measure, int(one.value), one.scope_code) for one in found.targets.all()] == [
        ("level", 1, ""),
        ("additional", 1, ""),
        ("percent", 100, "851"),
        ("new_units", 1, ""),
    ]
    [duty] = found.duties.all()
    assert (duty.agency.name, duty.entry) == ("Sở Tài chính", "3")
    assert found.report == {
        "name": "CÔNG AN TỈNH TRÀ VINH",
        "place": "Trà Vinh",
        "recipients": ["Như trên"],
    }


def test_a_national_programme_may_come_before_its_units(packs: Packs):
    packs.load(
        "pack: 1\n"
        "documents: [{code: DA, number: 30/ĐA-BCA, issued_on: 2023-11-07}]\n"
        "programmes:\n"
        "  - {code: quoc-gia, name: Toàn quốc, document: DA, unit_kinds: [ward], starts: 2023,\n"
        "     ends: 2030,\n"
        "     targets: [{by: 2023-12-31, level: 106}, {by: 2030-12-31, percent: 100}]}\n"
    )
    found = Programme.objects.get()
    assert (found.province, found.roster.count(), found.report) == (None, 0, {})


def test_without_a_dated_document_the_first_year_decides(placed: Packs, edit: Edit):
    placed.load(edit(PROGRAMME, "document: QD-1578", "document: NQ-1277"))
    assert Programme.objects.get().roster.count() == 4


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("document: QD-1578", "document: QD-9", {"document": 'không có văn bản mang mã "QD-9".'}),
        (
            'province: "84"',
            'province: "99"',
            {"province": 'không có tỉnh, thành phố mang mã "99".'},
        ),
        (
            "unit_kinds: [ward]",
            "unit_kinds: [phường, ward, ward]",
            {
                "unit_kinds[0]": "phải là một trong: ward, commune, township, special.",
                "unit_kinds[2]": 'loại "ward" lặp lại.',
            },
        ),
        (
            "starts: 2023",
            'starts: "2023"',
            {"starts": "phải là số nguyên, không đặt trong ngoặc kép."},
        ),
        ("starts: 2023", "starts: 12", {"starts": "phải từ 1900 trở lên."}),
        ("ends: 2030", "ends: 2022", None),
        (
            "criteria_set: TC-2",
            "criteria_set: TC-9",
            {"criteria_set": 'không có bộ tiêu chí mang mã "TC-9".'},
        ),
        (
            'inputs_due: "11-15"',
            "counts_as_met: đạt",
            {
                "counts_as_met": "phải là một trong: recognised (Bộ công nhận), "
                "verified (Tỉnh xác nhận), self_assessed (Tự đánh giá)."
            },
        ),
        *[
            (
                'inputs_due: "11-15"',
                f"inputs_due: {value}",
                {"inputs_due": 'phải là tháng-ngày có trong mọi năm, ví dụ "11-15".'},
            )
            for value in ("15-11", "11-31", "02-29", "11-5", "2023-11-15", '"11-15 "', "1115")
        ],
        (
            ROSTER,
            '["29239", "29239", "1", "29242@2025-07-01"]',
            {
                "roster[1]": 'đơn vị "29239" lặp lại: đã có ở phần tử [0].',
                "roster[2]": 'không có đơn vị mang mã "1".',
            },
        ),
        (
            ROSTER,
            '["29239", "29245", "29512", "29242@2025-07-01"]',
            {"roster[3]": 'đơn vị "29242" (phường Trà Vinh) thuộc tỉnh "86".'},
        ),
        (ROSTER, "[]", {"roster": "phải có ít nhất một đơn vị."}),
        (
            "agency: so-tai-chinh",
            "agency: so-y-te",
            {"duties[0].agency": 'không có cơ quan mang mã "so-y-te".'},
        ),
        (
            'entry: "3"',
            "entry: 3",
            {"duties[0].entry": "phải là chuỗi ký tự; đặt trong ngoặc kép."},
        ),
        (
            "report: {name:",
            "report: {ten:",
            {"report.ten": "khóa này không có trong định dạng."},
        ),
        (
            "recipients: [Như trên]",
            "recipients: [1]",
            {"report.recipients[0]": "phải là chuỗi ký tự; đặt trong ngoặc kép."},
        ),
    ],
)
def test_faults_of_a_programme(
    placed: Packs, edit: Edit, old: str, new: str, faults: dict[str, str] | None
):
    found = placed.faults(edit(PROGRAMME, old, new))
    if faults is None:
        # The years are wrong, so nothing is said about what should lie in them.
        assert found == {"programmes[0].ends": "trước năm bắt đầu (2023)."}
        return
    assert found == {f"programmes[0].{path}": said for path, said in faults.items()}


def test_the_roster_is_of_the_programmes_kinds(placed: Packs, edit: Edit):
    faults = placed.faults(edit(PROGRAMME, "unit_kinds: [ward]", "unit_kinds: [commune]"))
    assert set(faults) == {f"programmes[0].roster[{index}]" for index in range(4)}
    assert faults["programmes[0].roster[0]"] == (
        'đơn vị "29239" (Phường 1) là phường, không thuộc unit_kinds.'
    )


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        (["by: 2023-12-31, level: 5"], {"[0].level": "cộng dồn đến đây là 5 đơn vị"}),
        (
            ["by: 2023-12-31, level: 3", "by: 2024-12-31, additional: 2"],
            {"[1].additional": "cộng dồn đến đây là 5 đơn vị, mà phạm vi này chỉ có 4."},
        ),
        (
            ['by: 2025-12-31, level: 2, scope: {district: "851"}'],
            {"[0].level": "mà phạm vi này chỉ có 1."},
        ),
        (
            ['by: 2025-12-31, level: 3, scope: {units: ["29239", "29245"]}'],
            {"[0].level": "mà phạm vi này chỉ có 2."},
        ),
        (["by: 2025-12-31, percent: 101"], {"[0].percent": "không được quá 100."}),
        (["by: 2025-12-31, percent: -1"], {"[0].percent": "không được âm."}),
        (["by: 2025-12-31, level: -1"], {"[0].level": "phải từ 0 trở lên."}),
        (["by: 2025-12-31, additional: 1.5"], {"[0].additional": "phải là số nguyên"}),
        (
            ["by: 2022-12-31, level: 1", "by: 2031-01-01, percent: 50"],
            {
                "[0].by": "ngoài thời gian của chương trình (2023–2030).",
                "[1].by": "ngoài thời gian của chương trình (2023–2030).",
            },
        ),
        (["by: 2025-12-31"], {"[0]": "phải có đúng một trong: level, additional, percent"}),
        (["by: 2025-12-31, level: 1, percent: 5"], {"[0]": "phải có đúng một trong"}),
        (["level: 1"], {"[0].by": "thiếu ngày phải đạt."}),
        (["by: 2025-12-31, new_units: 1"], {"[0].by": "không có by."}),
        (
            ["by: 2025-12-31, percent: 30", "by: 2025-12-31, percent: 50"],
            {"[1].by": "chỉ tiêu này đã có ở targets[0]."},
        ),
        (
            ['by: 2025-12-31, percent: 30, scope: {district: "9"}'],
            {"[0].scope.district": 'không có đơn vị cấp huyện mang mã "9".'},
        ),
        (
            ["by: 2025-12-31, percent: 30, scope: {district: 851}"],
            {"[0].scope.district": "mã phải là chuỗi"},
        ),
        (
            ['by: 2025-12-31, percent: 30, scope: {units: ["29239", "1"]}'],
            {"[0].scope.units[1]": 'không có đơn vị mang mã "1".'},
        ),
        (
            ["by: 2025-12-31, percent: 30, scope: {units: []}"],
            {"[0].scope.units": "phải có ít nhất một đơn vị."},
        ),
        (
            ["by: 2025-12-31, percent: 30, scope: {key_area: false}"],
            {"[0].scope.key_area": "phải là true."},
        ),
        (
            ["by: 2025-12-31, percent: 30, scope: {}"],
            {"[0].scope": "phải có đúng một trong: district, key_area, units, each_province."},
        ),
        (
            # One broken target does not hide what is wrong with the others.
            ["by: 2025-12-31, percent: 130", "by: 2040-12-31, level: 9"],
            {
                "[0].percent": "không được quá 100",
                "[1].by": "ngoài thời gian",
                "[1].level": "cộng dồn đến đây là 9",
            },
        ),
    ],
)
def test_faults_of_targets(placed: Packs, lines: list[str], faults: dict[str, str]):
    found = placed.faults(with_targets(*lines))
    assert set(found) == {f"programmes[0].targets{path}" for path in faults}
    for path, sentence in faults.items():
        assert sentence in found[f"programmes[0].targets{path}"]


def test_a_percentage_may_be_all_and_key_areas_need_not_be_known(placed: Packs):
    placed.load(
        with_targets(
            "by: 2028-12-31, percent: 100, scope: {key_area: true}",
            "by: 2030-12-31, percent: 100",
            "by: 2030-12-31, level: 4",
            'by: 2030-12-31, percent: 33.33, scope: {units: ["29239", "29512"]}',
        )
    )
    assert Target.objects.get(scope="units").units.count() == 2


def test_a_roster_by_rule_is_counted_too(placed: Packs, edit: Edit):
    text = edit(with_targets("by: 2023-12-31, level: 5"), f"    roster: {ROSTER}\n", "")
    assert set(placed.faults(text)) == {"programmes[0].targets[0].level"}
    placed.load(edit(text, "level: 5", "level: 4"))
    assert Programme.objects.get().roster.count() == 0


REVISION = """\
    revisions:
      - on: 2025-07-01
        document: NQ-1277
        targets:
          - {by: 2026-12-31, percent: 50}
          - {by: 2027-12-31, percent: 90, scope: {units: ["29242"]}}
          - {by: 2027-12-31, percent: 100, scope: {district: "851"}}
"""


def test_revisions_stand_beside_what_they_replace(placed: Packs):
    placed.load(PROGRAMME + REVISION)
    programme = Programme.objects.get()
    assert programme.targets.filter(revision=None).count() == 4
    revision = programme.revisions.get()
    assert revision.targets.count() == 3
    # The unit of the revision's own day bears the code, not Phường 3 of before.
    assert revision.targets.get(scope="units").units.get().name == "phường Trà Vinh"


def test_faults_of_revisions(placed: Packs, edit: Edit):
    text = edit(REVISION, "by: 2026-12-31", "by: 2036-12-31")
    text = edit(text, '["29242"]', '["29239"]')
    text = edit(text, "document: NQ-1277", "document: NQ-1")
    found = placed.faults(PROGRAMME + text)
    # Its document is unknown, so the revision itself is; then its targets are looked at.
    assert set(found) == {"programmes[0].revisions[0].document"}
    text = edit(text, "document: NQ-1\n", "document: NQ-1277\n")
    assert set(placed.faults(PROGRAMME + text)) == {
        "programmes[0].revisions[0].targets[0].by",
        "programmes[0].revisions[0].targets[1].scope.units[0]",
    }
    twice = PROGRAMME + REVISION + REVISION[REVISION.index("      - on") :]
    assert set(placed.faults(twice)) == {"programmes[0].revisions[1].on"}
