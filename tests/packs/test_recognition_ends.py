"""When recognitions of a pack end, and commendations beside them."""

from datetime import date

import pytest

from assessments.models import Commendation, Recognition
from criteria.models import Programme
from tests.packs.conftest import HEAD, Packs

START = (
    HEAD + "recognitions:\n"
    '  - {programme: tra-vinh, unit: "29239", document: QD-1578, decided_on: 2024-04-22, '
    "for_year: 2023, sample: true"
)
ENDED = ", revoked_on: 2025-02-01, revoking_document: QD-1578, revocation_reason: Vi phạm}\n"
MERIT = (
    HEAD + "commendations:\n"
    '  - {programme: tra-vinh, unit: "29239", form: Bằng khen, document: QD-1578, '
    "decided_on: 2024-04-22, for_year: 2023, sample: true}\n"
)


def test_an_end_is_told_at_once_or_later_and_never_otherwise(base: Packs):
    base.load(START + "}\n")
    assert Recognition.objects.get().lapses_on is None
    base.load(START + ", lapses_on: 2027-01-01" + ENDED)
    found = Recognition.objects.get()
    assert (found.lapses_on, found.revoked_on) == (date(2027, 1, 1), date(2025, 2, 1))
    assert found.revoking_document is not None
    assert found.revocation_reason == "Vi phạm"
    assert not base.load(START + "}\n")[0].has_changes
    faults = base.faults(START + ", lapses_on: 2028-01-01}\n")
    assert set(faults) == {"recognitions[0].lapses_on"}


def test_the_rule_of_the_programme_sets_the_end_that_is_left_out(base: Packs):
    Programme.objects.update(recognition_years=3)
    base.load(START + "}\n")
    assert Recognition.objects.get().lapses_on == date(2027, 1, 1)
    assert not base.load(START + "}\n")[0].has_changes


@pytest.mark.parametrize(
    ("added", "path", "sentence"),
    [
        ("lapses_on: 2024-04-22", "lapses_on", "phải sau ngày quyết định (22/04/2024)"),
        ("revocation_reason: x", "revocation_reason", "chỉ đi cùng ngày hủy"),
        (
            "revoked_on: 2024-04-21, revoking_document: QD-1578, revocation_reason: x",
            "revoked_on",
            "không được ở trước ngày quyết định",
        ),
    ],
)
def test_faults_of_an_end(base: Packs, added: str, path: str, sentence: str):
    faults = base.faults(f"{START}, {added}}}\n")
    assert set(faults) == {f"recognitions[0].{path}"}
    assert sentence in faults[f"recognitions[0].{path}"]


def test_a_revocation_needs_its_document_and_reason(base: Packs):
    faults = base.faults(START + ", revoked_on: 2025-02-01}\n")
    assert set(faults) == {
        "recognitions[0].revoking_document",
        "recognitions[0].revocation_reason",
    }


def test_commendations_are_loaded_once_beside_recognitions(base: Packs):
    base.load(MERIT)
    assert str(Commendation.objects.get()) == "Phường 1, TP Trà Vinh: Bằng khen (1578/QĐ-UBND)"
    assert not Recognition.objects.exists()
    assert not base.load(MERIT)[0].has_changes
    twice = MERIT + MERIT.splitlines()[-1] + "\n"
    assert set(base.faults(twice)) == {"commendations[1].form"}
    other = MERIT.replace("decided_on: 2024-04-22", "decided_on: 2024-04-23")
    assert set(base.faults(other)) == {"commendations[0].decided_on"}
