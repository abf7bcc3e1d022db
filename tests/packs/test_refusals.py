"""What a pack may not do to what was loaded before it, and what may not hide in a document."""

from datetime import date

import pytest

from tests.packs.conftest import HEAD, PLACES, Packs
from wards.models import Province, Unit


def test_a_province_does_not_end_under_its_units(base: Packs):
    ended = 'provinces: [{code: "86", name: Vĩnh Long, kind: province, valid_to: 2026-12-31}]\n'
    assert base.faults(HEAD + ended) == {
        "provinces[0].valid_to": "còn 1 đơn vị đã nạp có hiệu lực sau ngày này (ví dụ "
        '"29242", phường Trà Vinh); ghi valid_to cho chúng trong cùng gói.'
    }
    unit = (
        'units: [{code: "29242", name: phường Trà Vinh, kind: ward, province: "86", '
        "valid_from: 2025-07-01, valid_to: %s}]\n"
    )
    assert set(base.faults(HEAD + ended + unit % "2027-01-01")) == {"units[0].province"}
    base.load(HEAD + ended + unit % "2026-12-31")
    assert Province.objects.get(code="86").valid_to == date(2026, 12, 31)
    assert Unit.objects.get(name="phường Trà Vinh").valid_to == date(2026, 12, 31)


def test_a_district_does_not_end_under_its_units(packs: Packs):
    district = '  - {code: "1", province: "86", name: Cũ, kind: town%s}\n'
    unit = '  - {code: "2", name: Phường 2, kind: ward, province: "86", district: "1"}\n'
    packs.load(PLACES, f"{HEAD}districts:\n{district % ''}units:\n{unit}")
    faults = packs.faults(f"{HEAD}districts:\n{district % ', valid_to: 2025-06-30'}")
    assert set(faults) == {"districts[0].valid_to"}


def test_a_split_that_ends_the_unit_has_two_successors(base: Packs):
    split = 'document: NQ-1277, kind: split, from: ["29242"], into: ["29242"]'
    faults = base.faults(f"{HEAD}reorganisations:\n  - {{on: 2025-07-01, {split}}}\n")
    assert set(faults) == {"reorganisations[0].into"}
    assert "phải có từ hai đơn vị sau sắp xếp" in faults["reorganisations[0].into"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u00a0", "\ufeff", "\u00ad"])
@pytest.mark.parametrize("key", ["number", "issuer", "title"])
def test_nothing_hides_in_a_document(packs: Packs, key: str, hidden: str):
    told = {"number": "1/QĐ", "issuer": "Bộ Công an", "title": "Ban hành"}
    told[key] = f"{told[key]}{hidden}X"
    listed = ", ".join(f'{name}: "{text}"' for name, text in told.items())
    assert packs.faults(f"{HEAD}documents: [{{code: A, {listed}}}]\n") == {
        f"documents[0].{key}": f"có ký tự không nhìn thấy (U+{ord(hidden):04X} ở vị trí "
        f"{len(told[key]) - 1}); xóa và gõ lại."
    }
