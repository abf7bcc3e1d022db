"""Recognitions and registrations are of units that the programme concerns."""

import pytest

from assessments.models import Recognition, Registration
from tests.packs.conftest import HEAD, Packs

OTHERS = (
    HEAD
    + """units:
  - {code: "29001", name: Xã Một, kind: commune, province: "84", valid_to: 2025-06-30}
  - {code: "28001", name: Phường Xa, kind: ward, province: "86"}
  - {code: "29002", name: Phường Mới, kind: ward, province: "84", valid_from: 2024-01-01,
     valid_to: 2025-06-30}
"""
)
MERGER = (
    HEAD + "reorganisations:\n"
    '  - {on: 2025-07-01, document: NQ-1277, kind: merge, from: ["29239", "29242"], '
    'into: ["29242"]}\n'
)


def recognition(unit: str, decided_on: str = "2024-04-22") -> str:
    """A pack that recognises one unit."""
    return (
        HEAD + f'recognitions:\n  - {{programme: tra-vinh, unit: "{unit}", document: QD-1578, '
        f"decided_on: {decided_on}, for_year: 2023}}\n"
    )


def registration(*units: str, year: int = 2025) -> str:
    """A pack that registers units."""
    listed = ", ".join(f'"{unit}"' for unit in units)
    return (
        HEAD + f"registrations:\n  - {{programme: tra-vinh, year: {year}, source: self, "
        f"units: [{listed}]}}\n"
    )


@pytest.mark.parametrize("unit", ["29001", "28001"])
def test_units_the_programme_does_not_concern_are_refused(base: Packs, unit: str):
    base.load(OTHERS)
    faults = base.faults(recognition(unit))
    assert set(faults) == {"recognitions[0].unit"}
    assert 'không thuộc phạm vi chương trình "tra-vinh"' in faults["recognitions[0].unit"]
    faults = base.faults(registration("29239", unit))
    assert set(faults) == {"registrations[0].units[1]"}
    assert f'đơn vị "{unit}"' in faults["registrations[0].units[1]"]


def test_heirs_in_another_province_and_new_units_are_concerned(base: Packs):
    base.load(OTHERS)
    assert set(base.faults(recognition("29242", "2025-08-01"))) == {"recognitions[0].unit"}
    base.load(MERGER, recognition("29242", "2025-08-01"), recognition("29002"))
    base.load(registration("29242", year=2026), registration("29002", "29239"))
    assert (Recognition.objects.count(), Registration.objects.count()) == (2, 3)


def test_a_unit_that_ended_before_the_approval_is_known_by_its_heir(base: Packs):
    base.load(
        HEAD
        + """units:
  - {code: "29003", name: Phường Xưa, kind: ward, province: "84", valid_to: 2023-05-31}
  - {code: "29004", name: Phường Khác, kind: ward, province: "84", valid_to: 2023-05-31}
reorganisations:
  - {on: 2023-06-01, document: NQ-1277, kind: merge, from: ["29003"], into: ["29239"]}
"""
    )
    base.load(registration("29003", year=2023))
    faults = base.faults(registration("29004", year=2023))
    assert set(faults) == {"registrations[0].units[0]"}
