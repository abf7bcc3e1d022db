"""Baselines, recognitions, registrations: dated facts about units in a programme."""

from collections.abc import Callable
from datetime import date

import pytest

from assessments.models import (
    Baseline,
    BaselineFinding,
    Recognition,
    Registration,
    RegistrationQuota,
)
from tests.packs.conftest import CRITERIA, HEAD, NOW, Packs

Edit = Callable[[str, str, str], str]

BASELINE = """\
pack: 1
baselines:
  - programme: tra-vinh
    on: 2023-10-20
    document: QD-1578
    not_met:
      "1": ["29239", "29245"]
      C02: ["29512"]
      2b: ["29512", "29242"]
"""
RECOGNITION = (
    HEAD + "recognitions:\n"
    '  - {programme: tra-vinh, unit: "29239", document: QD-1578, decided_on: 2024-04-22, '
    "for_year: 2023, sample: true}\n"
)
REGISTRATION = (
    HEAD + "registrations:\n"
    '  - {programme: tra-vinh, year: 2024, assigned: 1, units: ["29239", "29245"], source: self}\n'
    '  - {programme: tra-vinh, year: 2024, units: ["29239"], source: ministry, sample: true}\n'
)


def test_a_baseline_names_groups_criteria_and_indicators(base: Packs):
    base.load(BASELINE)
    baseline = Baseline.objects.get()
    assert (baseline.on, baseline.document.code) == (date(2023, 10, 20), "QD-1578")
    found = {
        (str(one.unit.code), str(one.group or one.criterion or one.indicator))
        for one in baseline.findings.all()
    }
    assert found == {
        ("29239", "1. Xây dựng Đảng"),
        ("29245", "1. Xây dựng Đảng"),
        ("29512", "C02 Cháy, nổ"),
        ("29512", "2b Tin báo"),
        ("29242", "2b Tin báo"),
    }
    assert not base.load(BASELINE)[0].has_changes


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (
            "programme: tra-vinh",
            "programme: tay-ninh",
            {"programme": 'không có chương trình mang mã "tay-ninh".'},
        ),
        (
            '"1": ["29239"',
            '"9": ["29239"',
            {"not_met.9": 'bộ tiêu chí "TC-2" không có nhóm, tiêu chí, chỉ số "9".'},
        ),
        (
            '"1": ["29239"',
            '1: ["29239"',
            {"not_met.1": 'khóa phải là chuỗi: viết "1" trong ngoặc kép.'},
        ),
        (
            '["29512", "29242"]',
            '["29512", "29512", "2", "29242@2025-07-01"]',
            {
                "not_met.2b[1]": 'đơn vị "29512" lặp lại: đã có ở phần tử [0].',
                "not_met.2b[2]": 'không có đơn vị mang mã "2".',
            },
        ),
        ('["29239", "29245"]', "all", {"not_met.1": "phải là danh sách mã đơn vị"}),
        ("document: QD-1578", "document: X", {"document": 'không có văn bản mang mã "X".'}),
        (
            "on: 2023-10-20",
            "on: 2025-07-01",
            {
                "not_met.1[0]": 'đơn vị mang mã "29239" không có hiệu lực ngày 01/07/2025',
                "not_met.1[1]": 'đơn vị mang mã "29245" không có hiệu lực ngày 01/07/2025',
                "not_met.C02[0]": 'đơn vị mang mã "29512" không có hiệu lực ngày 01/07/2025',
                "not_met.2b[0]": 'đơn vị mang mã "29512" không có hiệu lực ngày 01/07/2025',
            },
        ),
    ],
)
def test_faults_of_a_baseline(base: Packs, edit: Edit, old: str, new: str, faults: dict[str, str]):
    found = base.faults(edit(BASELINE, old, new))
    assert set(found) == {f"baselines[0].{path}" for path in faults}
    for path, sentence in faults.items():
        assert sentence in found[f"baselines[0].{path}"]


def test_a_code_of_two_parts_names_neither(base: Packs, edit: Edit):
    base.load(
        edit(CRITERIA, "code: TC-2", "code: TC-3").replace("code: C02", 'code: "2"'),
        HEAD + "programmes:\n"
        "  - {code: hai, name: Hai, document: QD-1578, unit_kinds: [ward], starts: 2023,\n"
        "     ends: 2030, criteria_set: TC-3}\n"
        "  - {code: ba, name: Ba, document: QD-1578, unit_kinds: [ward], starts: 2023,\n"
        "     ends: 2030}\n",
    )
    text = edit(BASELINE, "programme: tra-vinh", "programme: hai").replace("C02", '"2"')
    assert base.faults(text) == {
        "baselines[0].not_met.2": 'mã "2" vừa là mã nhóm, vừa là mã tiêu chí hoặc chỉ số.'
    }
    text = edit(BASELINE, "programme: tra-vinh", "programme: ba")
    assert base.faults(text) == {
        "baselines[0].not_met": 'chương trình "ba" chưa có bộ tiêu chí để đối chiếu.'
    }


def test_a_baseline_only_grows(base: Packs, edit: Edit):
    base.load(BASELINE)
    faults = base.faults(edit(BASELINE, '["29239", "29245"]', '["29239"]'))
    assert set(faults) == {"baselines[0].not_met"}
    assert "chỉ thêm, không bớt được" in faults["baselines[0].not_met"]
    faults = base.faults(edit(BASELINE, "document: QD-1578", "document: NQ-1277"))
    assert set(faults) == {"baselines[0].document"}
    [loaded] = base.load(edit(BASELINE, '["29239", "29245"]', '["29239", "29245", "29512"]'))
    assert loaded.created == {"hiện trạng chưa đạt": 1}
    assert BaselineFinding.objects.count() == 6


def test_a_baseline_keeps_its_set_when_the_programme_takes_a_newer_one(base: Packs, edit: Edit):
    base.load(BASELINE)
    newer = edit(CRITERIA, "code: TC-2", "code: TC-3").replace("code: 2b", "code: 2x")
    base.load(
        newer,
        HEAD + "programmes:\n"
        "  - {code: tra-vinh, name: Đề án thử, document: QD-1578, unit_kinds: [ward],\n"
        "     starts: 2023, ends: 2030, criteria_set: TC-3}\n",
    )
    assert not base.load(BASELINE)[0].has_changes


def test_a_recognition_is_a_fact(base: Packs):
    base.load(RECOGNITION)
    found = Recognition.objects.get()
    assert (found.unit.name, found.for_year, found.is_sample) == ("Phường 1", 2023, True)
    assert (found.recorded_at, found.recorded_by, found.assessment) == (NOW, None, None)
    assert not base.load(RECOGNITION)[0].has_changes


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ('unit: "29239"', 'unit: "1"', {"unit": 'không có đơn vị mang mã "1".'}),
        ('unit: "29239"', "unit: 29239", {"unit": "mã phải là chuỗi"}),
        (
            "decided_on: 2024-04-22",
            "decided_on: 2025-07-01",
            {"unit": 'đơn vị mang mã "29239" không có hiệu lực ngày 01/07/2025'},
        ),
        ("for_year: 2023", "for_year: 2022", {"for_year": "ngoài thời gian của chương trình"}),
        ("for_year: 2023", "for_year: 2025", {"for_year": "năm xét sau ngày quyết định"}),
        ("document: QD-1578", "document: X", {"document": "không có văn bản"}),
        ("decided_on: 2024-04-22", "note: x", {"decided_on": "thiếu khóa bắt buộc này."}),
    ],
)
def test_faults_of_a_recognition(
    base: Packs, edit: Edit, old: str, new: str, faults: dict[str, str]
):
    found = base.faults(edit(RECOGNITION, old, new))
    assert set(found) == {f"recognitions[0].{path}" for path in faults}
    for path, sentence in faults.items():
        assert sentence in found[f"recognitions[0].{path}"]


def test_a_unit_that_is_gone_is_named_with_a_day(base: Packs, edit: Edit):
    text = edit(RECOGNITION, '"29239"', '"29245@2024-12-31"')
    base.load(edit(text, "decided_on: 2024-04-22", "decided_on: 2025-04-22"))
    assert Recognition.objects.get().unit.name == "Phường 2"


def test_a_recognition_is_not_overwritten(base: Packs, edit: Edit):
    base.load(RECOGNITION)
    text = edit(RECOGNITION, "decided_on: 2024-04-22", "decided_on: 2024-05-22")
    text = edit(text, "document: QD-1578", "document: NQ-1277")
    assert set(base.faults(edit(text, "sample: true", "sample: false"))) == {
        "recognitions[0].document",
        "recognitions[0].decided_on",
        "recognitions[0].sample",
    }
    twice = RECOGNITION + RECOGNITION[RECOGNITION.index("  - {") :]
    assert set(base.faults(twice)) == {"recognitions[1].unit"}


def test_registrations_come_from_several_sources(base: Packs):
    base.load(REGISTRATION)
    assert RegistrationQuota.objects.get(year=2024).assigned == 1
    found = Registration.objects.values_list("unit__code", "source", "is_sample")
    assert set(found) == {
        ("29239", "self", False),
        ("29245", "self", False),
        ("29239", "ministry", True),
    }
    assert not base.load(REGISTRATION)[0].has_changes


def test_faults_of_registrations(base: Packs):
    faults = base.faults(
        HEAD + "registrations:\n"
        '  - {programme: tra-vinh, year: 2031, units: ["29239"], source: self}\n'
        '  - {programme: tra-vinh, year: 2024, units: ["29239"]}\n'
        "  - {programme: tra-vinh, year: 2024, source: ai}\n"
        "  - {programme: tra-vinh, year: 2025}\n"
        '  - {programme: tra-vinh, year: 2024, assigned: 1, units: ["29245"], source: self}\n'
        '  - {programme: tra-vinh, year: 2024, assigned: 1, units: ["29245"], source: self}\n'
        '  - {programme: tra-vinh, year: 2026, units: ["29239"], source: self}\n'
        "  - {programme: tra-vinh, year: 2026, assigned: -1}\n"
    )
    assert set(faults) == {
        "registrations[0].year",
        "registrations[1].source",
        "registrations[2].source",
        "registrations[3].units",
        "registrations[5].assigned",
        "registrations[5].units[0]",
        "registrations[6].units[0]",
        "registrations[7].assigned",
    }


def test_a_changed_quota_is_recorded(base: Packs, edit: Edit):
    base.load(REGISTRATION)
    [loaded] = base.load(edit(REGISTRATION, "assigned: 1", "assigned: 2"))
    assert loaded.updated == {"chỉ tiêu Bộ giao": 1}
    assert RegistrationQuota.objects.get().assigned == 2


def test_everything_may_stand_in_one_file(packs: Packs):
    from tests.packs.conftest import PLACES, PROGRAMME

    parts = [text.removeprefix(HEAD) for text in (BASELINE, CRITERIA, PROGRAMME, RECOGNITION)]
    # Sections are read in the order of the format, whatever their order in the file.
    packs.load(HEAD + "".join(parts) + PLACES.removeprefix(HEAD))
    assert BaselineFinding.objects.count() == 5
    assert Recognition.objects.count() == 1
