"""Criteria sets: thresholds that make sense, codes that are used once, and the freeze."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from criteria.models import CriteriaSet, Criterion, FrozenSetError, Indicator
from tests.packs.conftest import CRITERIA, NOW, PLACES, Packs

INDICATOR = "criteria_sets[0].groups[0].criteria[0].indicators[0]"


@pytest.fixture
def placed(packs: Packs) -> Packs:
    packs.load(PLACES)
    return packs


def one(indicator: str) -> str:
    """A pack of a set with this one indicator."""
    return (
        "pack: 1\ncriteria_sets:\n  - code: TC\n    name: Bộ\n    groups:\n"
        '      - code: "1"\n        name: Nhóm\n        criteria:\n'
        "          - code: C01\n            title: Tiêu chí\n            indicators:\n"
        f"              - {{code: 1a, title: Chỉ số, {indicator}}}\n"
    )


def test_a_set_is_written_in_order_and_published(placed: Packs):
    [loaded] = placed.load(CRITERIA)
    assert loaded.created == {"bộ tiêu chí": 1, "nhóm tiêu chí": 2, "tiêu chí": 2, "chỉ số": 4}
    found = CriteriaSet.objects.get(code="TC-2")
    assert (found.published_at, found.is_confirmed, found.document.code) == (NOW, False, "QD-1578")
    assert [(one.code, one.position) for one in found.criteria.all()] == [("C01", 1), ("C02", 2)]
    title, count, ratio, yes_no = Indicator.objects.order_by("code")
    assert (title.scale_code, title.at_least_level, title.at_least) == (
        "party-rating",
        "excellent",
        None,
    )
    assert (count.at_most, count.unit_label, count.exemptible) == (Decimal(0), "vụ", True)
    assert (ratio.at_least, ratio.no_case_possible) == (Decimal(100), True)
    assert (yes_no.at_least, yes_no.at_most, yes_no.is_confirmed) == (None, None, True)
    with pytest.raises(FrozenSetError):
        Criterion.objects.get(code="C01").delete()


@pytest.mark.parametrize(
    ("indicator", "key", "sentence"),
    [
        ("kind: điểm", "kind", "phải là một trong: yes_no (Có/Không)"),
        ("kind: title, at_least: excellent", "scale", "chỉ số kiểu title cần thang xếp loại"),
        (
            "kind: title, scale: sao, at_least: excellent",
            "scale",
            'không có thang xếp loại "sao"; các thang: party-rating',
        ),
        (
            "kind: title, scale: party-rating, at_least: victory",
            "at_least",
            'thang "party-rating" không có mức "victory"; các mức: excellent, good',
        ),
        ("kind: title, scale: [], at_least: excellent", "scale", "không có thang xếp loại"),
        ('kind: title, scale: "a\\nb"', "scale", 'không có thang xếp loại "a b"'),
        (f"kind: title, scale: {'x' * 3000}", "scale", "xxx…."),
        ("kind: title, scale: party-rating", "at_least", "thiếu mức; các mức: excellent"),
        ("kind: title, scale: party-rating, at_least: 90", "at_least", "không có mức"),
        (
            "kind: count, at_least: 1, scale: party-rating",
            "scale",
            'chỉ số kiểu "count" không có thang xếp loại.',
        ),
        ("kind: count", "at_least", 'chỉ số kiểu "count" cần ngưỡng at_least hoặc at_most.'),
        ("kind: count, at_least: -1", "at_least", "không được âm."),
        ("kind: count, at_most: -1", "at_most", "không được âm."),
        ("kind: count, at_least: 5, at_most: 4", "at_least", "lớn hơn at_most (4)."),
        ("kind: count, at_least: 1.005", "at_least", "tối đa hai chữ số sau dấu chấm."),
        ("kind: count, at_least: 1e15", "at_least", "số quá lớn."),
        (f"kind: count, at_least: {'9' * 5000}", "at_least", "số quá lớn."),
        ('kind: count, at_least: "10"', "at_least", "phải là số, không đặt trong ngoặc kép"),
        ("kind: count, at_least: 9,5", "5", "khóa này phải có giá trị"),
        ("kind: count, at_least: .nan", "at_least", "phải là số"),
        ("kind: count, at_least: true", "at_least", "phải là số"),
        ("kind: count, at_least: 1, may_exceed: true", "may_exceed", "chỉ chỉ số kiểu ratio"),
        ("kind: ratio, at_least: 130", "at_least", "không được quá 100 (trừ khi có may_exceed"),
        ("kind: ratio, at_most: 101", "at_most", "không được quá 100"),
        ("kind: ratio, may_exceed: true, at_least: 20000", "at_least", "không được quá 10000."),
        ("kind: yes_no, at_least: 1", "at_least", 'chỉ số kiểu "yes_no" không có ngưỡng at_least.'),
        ("kind: yes_no, at_most: 1", "at_most", 'chỉ số kiểu "yes_no" không có ngưỡng at_most.'),
        ("kind: yes_no, exemptible: có", "exemptible", "phải là true hoặc false."),
        (f"kind: yes_no, unit: {'x' * 41}", "unit", "dài quá 40 ký tự."),
        ("kind: yes_no, points: 5", "points", "khóa này không có trong định dạng"),
    ],
)
def test_faults_of_an_indicator(packs: Packs, indicator: str, key: str, sentence: str):
    if key == "5":  # A decimal comma inside {} ends the value: what follows is read as a key.
        assert f"{INDICATOR}.5" in packs.faults(one(indicator))
        return
    faults = packs.faults(one(indicator))
    assert set(faults) == {f"{INDICATOR}.{key}"}
    assert sentence in faults[f"{INDICATOR}.{key}"]


@pytest.mark.parametrize(
    "indicator",
    [
        "kind: ratio, may_exceed: true, at_least: 120",
        "kind: ratio, at_most: 5",
        "kind: ratio, at_least: 99.5",
        "kind: count, at_least: 3, at_most: 3",
        "kind: count, at_most: 0",
        "kind: title, scale: police-unit, at_least: victory",
    ],
)
def test_thresholds_that_make_sense(packs: Packs, indicator: str):
    packs.load(one(indicator))
    assert Indicator.objects.count() == 1


def test_codes_are_used_once_in_the_whole_set(placed: Packs, edit: Callable[[str, str, str], str]):
    text = edit(CRITERIA, "code: C02", "code: C01")
    text = edit(text, "{code: 2a", "{code: 1a")
    text = edit(text, "{code: 2c", "{code: 2b")
    text = edit(text, '- code: "2"', '- code: "1"')
    faults = placed.faults(text)
    inside = "criteria_sets[0].groups[1].criteria[0]"
    # The repetition inside one criterion hides what that criterion shares with others.
    assert set(faults) == {f"{inside}.indicators[2].code"}
    text = edit(text, "{code: 2b, title: Quy chế", "{code: 2c, title: Quy chế")
    assert set(placed.faults(text)) == {
        "criteria_sets[0].groups[1].code",
        f"{inside}.code",
        f"{inside}.indicators[0].code",
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("pack: 1\ncriteria_sets: [{code: A, name: B, groups: []}]\n", "criteria_sets[0].groups"),
        (
            'pack: 1\ncriteria_sets: [{code: A, name: B, groups: [{code: "1", name: C}]}]\n',
            "criteria_sets[0].groups[0].criteria",
        ),
        (
            "pack: 1\ncriteria_sets: [{code: A, name: B, document: Z, groups: "
            '[{code: "1", name: C, criteria: [{code: C1, title: D, indicators: '
            "[{code: 1a, title: E, kind: yes_no}]}]}]}]\n",
            "criteria_sets[0].document",
        ),
    ],
)
def test_a_set_is_whole(packs: Packs, text: str, path: str):
    assert set(packs.faults(text)) == {path}


def test_a_published_set_is_not_changed(placed: Packs, edit: Callable[[str, str, str], str]):
    placed.load(CRITERIA)
    text = edit(CRITERIA, "Chi bộ xếp loại", "Chi bộ")
    text = edit(text, "at_most: 0", "at_most: 1")
    text = edit(text, "    document: QD-1578\n", "")
    sentence = 'bộ tiêu chí "TC-2" đã công bố; sửa bằng phiên bản mới (mã khác).'
    assert placed.faults(text) == {
        "criteria_sets[0].document": sentence,
        "criteria_sets[0].groups[0].criteria[0].title": sentence,
        "criteria_sets[0].groups[1].criteria[0].indicators[0].at_most": sentence,
    }


def test_a_published_set_does_not_grow(placed: Packs):
    placed.load(CRITERIA)
    longer = CRITERIA + "              - {code: 2d, title: Thêm, kind: yes_no}\n"
    assert set(placed.faults(longer)) == {
        "criteria_sets[0].groups[1].criteria[0].indicators",
    }


def test_a_new_version_stands_beside_the_old_one(
    placed: Packs, edit: Callable[[str, str, str], str]
):
    placed.load(CRITERIA, edit(CRITERIA, "code: TC-2", "code: TC-3"))
    assert CriteriaSet.objects.count() == 2


def test_a_draft_of_the_same_code_is_left_alone(placed: Packs):
    CriteriaSet.objects.create(code="TC-2", name="Nháp")
    assert set(placed.faults(CRITERIA)) == {"criteria_sets[0].code"}
