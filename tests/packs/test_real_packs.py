"""The packs that the product ships: the programme of Trà Vinh, true to its document."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from accounts.models import AuditEntry
from assessments.models import Baseline, BaselineFinding
from assessments.pack_loader import load_file
from criteria.models import CriteriaSet, FrozenSetError, Indicator, Measure, Programme, Target
from tests.packs.conftest import NOW, rows
from wards.lineage import Lineage
from wards.models import Agency, LegalDocument, Reorganisation, Unit

FILES = (
    "wards/packs/documents.yaml",
    "wards/packs/holidays.yaml",
    "wards/packs/tra-vinh-units.yaml",
    "criteria/packs/qd-5764.yaml",
    "criteria/packs/tra-vinh-programme.yaml",
    "assessments/packs/tra-vinh-baseline.yaml",
)


@pytest.fixture
def loaded(db: None) -> None:
    for file in FILES:
        assert load_file(Path(settings.BASE_DIR) / file, now=NOW).has_changes


@pytest.mark.usefixtures("loaded")
def test_units_follow_the_two_reorganisations():
    wards = Unit.objects.of_kinds(["ward"])
    counts = [
        wards.existing_on(day).count()
        for day in (
            date(2023, 10, 20),
            date(2024, 12, 31),
            date(2025, 1, 1),
            date(2025, 6, 30),
            date(2025, 7, 1),
            date(2030, 12, 31),
        )
    ]
    assert counts == [11, 11, 9, 9, 6, 6]
    third = Unit.objects.get(code="29242", valid_from=None)
    city = Unit.objects.get(code="29242", valid_from=date(2025, 7, 1))
    assert (third.full_name, city.full_name) == ("Phường 3, TP Trà Vinh", "phường Trà Vinh")


@pytest.mark.usefixtures("loaded")
def test_the_roster_becomes_its_successors():
    roster = list(Programme.objects.get(code="tra-vinh-2023").roster.all())
    lineage = Lineage.load(roster)
    sizes = [
        len(lineage.roster_on(roster, day))
        for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 1))
    ]
    assert sizes == [11, 9, 6]
    assert Reorganisation.objects.count() == 7


@pytest.mark.usefixtures("loaded")
def test_the_criteria_set_is_published_and_frozen():
    found = CriteriaSet.objects.get(code="QD-5764")
    assert found.criteria.count() == 22
    assert Indicator.objects.filter(criterion__criteria_set=found).count() == 46
    assert found.published_at == NOW
    assert not found.is_confirmed
    codes = list(found.criteria.values_list("code", flat=True))
    assert codes == [f"C{number:02d}" for number in range(1, 23)]
    with pytest.raises(FrozenSetError):
        found.criteria.first().save()


@pytest.mark.usefixtures("loaded")
def test_the_roadmap_is_as_approved():
    programme = Programme.objects.get(code="tra-vinh-2023")
    overall = programme.targets.filter(scope="all").exclude(measure=Measure.NEW_UNITS)
    assert [(one.by.year, one.measure, int(one.value)) for one in overall] == [
        (2023, "level", 2),
        (2024, "additional", 1),
        (2025, "additional", 1),
        (2026, "additional", 1),
        (2027, "additional", 2),
        (2028, "additional", 2),
        (2029, "additional", 1),
        (2030, "additional", 1),
    ]
    town = programme.targets.get(scope="district")
    assert (town.scope_code, town.by, int(town.value)) == ("851", date(2025, 12, 31), 100)
    assert Target.objects.get(measure=Measure.NEW_UNITS).by is None
    assert programme.due_day(2023) == date(2023, 11, 15)
    assert programme.duties.count() == 19
    assert programme.report["symbol"] == "BC-CAT-PTM"


@pytest.mark.usefixtures("loaded")
def test_the_baseline_keeps_the_printed_totals():
    baseline = Baseline.objects.get()
    totals = dict(
        baseline.findings.filter(group__isnull=False)
        .values_list("group__code")
        .annotate(Count("pk"))
    )
    assert totals == {"1": 6, "2": 9, "3": 3, "4": 10, "5": 11, "6": 3, "7": 7, "8": 5}
    assert sum(totals.values()) == 54
    alone = BaselineFinding.objects.get(indicator__code="21d")
    assert alone.unit.full_name == "Phường 1, TX Duyên Hải"


@pytest.mark.usefixtures("loaded")
def test_loading_again_writes_nothing():
    before = rows()
    for file in FILES:
        again = load_file(Path(settings.BASE_DIR) / file, now=NOW)
        assert not again.has_changes
        assert "không thay đổi" in again.line
    assert rows() == before
    assert AuditEntry.objects.filter(event="pack_loaded").count() == len(FILES)
    assert LegalDocument.objects.count() == 29
    assert Agency.objects.count() == 19
