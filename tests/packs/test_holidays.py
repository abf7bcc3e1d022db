"""The working calendar as a pack: every fault at its path, loading again, and the days we ship."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from assessments.pack_loader import load_file
from tests.packs.conftest import HEAD, NOW, Packs, rows
from wards.calendar import WorkingCalendar
from wards.models import Holiday

DOCUMENT = HEAD + "documents: [{code: A, number: 1/CV}]\n"
SWAP = (
    DOCUMENT + "holidays:\n"
    "  - {on: 2024-04-29, name: Nghỉ hoán đổi, document: A}\n"
    "  - {on: 2024-05-04, name: Làm bù, document: A, worked: true, confirmed: false}\n"
)


def test_days_off_and_worked_saturdays_are_written(packs: Packs):
    [loaded] = packs.load(SWAP)
    assert loaded.created == {"văn bản": 1, "ngày nghỉ, ngày làm bù": 2}
    off, worked = Holiday.objects.order_by("on")
    assert (off.on, off.is_working_day, off.is_confirmed) == (date(2024, 4, 29), False, True)
    assert (worked.is_working_day, worked.is_confirmed) == (True, False)
    assert off.document.number == "1/CV"


@pytest.mark.parametrize(
    ("entry", "path", "sentence"),
    [
        ("{name: Tết}", "holidays[0].on", "thiếu khóa bắt buộc này."),
        ("{on: 2024-02-30, name: Tết}", "holidays[0].on", "ngày không có thật"),
        ("{on: 2024-02-10}", "holidays[0].name", "thiếu khóa bắt buộc này."),
        ("{on: 2024-02-10, name: ' '}", "holidays[0].name", "không được để trống."),
        ("{on: 2024-02-10, name: Tết, worked: yes}", "holidays[0].worked", "phải là true"),
        ("{on: 2024-02-10, name: Tết, document: B}", "holidays[0].document", 'mang mã "B"'),
        ("{on: 2024-02-10, name: Tết, off: true}", "holidays[0].off", "khóa này không có"),
    ],
)
def test_every_fault_at_its_path(packs: Packs, entry: str, path: str, sentence: str):
    faults = packs.faults(HEAD + f"holidays: [{entry}]\n")
    assert set(faults) == {path}
    assert sentence in faults[path]


def test_a_day_stands_once(packs: Packs):
    faults = packs.faults(
        HEAD + "holidays: [{on: 2024-05-01, name: A}, {on: 2024-05-01, name: B, worked: true}]\n"
    )
    assert faults == {"holidays[1].on": "lặp lại: đã có ở phần tử [0]."}


def test_loading_again_changes_names_and_what_was_not_confirmed(packs: Packs):
    packs.load(SWAP)
    before = rows()
    assert not packs.load(SWAP)[0].has_changes
    assert rows() == before
    text = SWAP.replace("Nghỉ hoán đổi", "Nghỉ hoán đổi cho 04/5").replace(
        "worked: true, confirmed: false", "worked: false, confirmed: true"
    )
    [loaded] = packs.load(text)
    assert loaded.updated == {"ngày nghỉ, ngày làm bù": 2}
    faults = packs.faults(text.replace("worked: false", "worked: true"))
    assert set(faults) == {"holidays[1].worked"}


@pytest.fixture
def shipped(db: None) -> WorkingCalendar:
    for file in ("wards/packs/documents.yaml", "wards/packs/holidays.yaml"):
        load_file(Path(settings.BASE_DIR) / file, now=NOW)
    return WorkingCalendar.load()


def test_the_shipped_years_have_the_days_of_the_law(shipped: WorkingCalendar):
    """Điều 112: one, five, one, one, two and one day, each moved off the weekend it falls on."""
    assert shipped.years == {2023, 2024, 2025, 2026}
    for year in sorted(shipped.years):
        free = {day for day in shipped.free if day.year == year and day.weekday() < 5}
        worked = {day for day in shipped.worked if day.year == year}
        assert all(day.weekday() == 5 for day in worked)
        culture = date(2026, 11, 24)
        # A day off that is worked on a Saturday instead is no day more.
        assert len(free - {culture}) - len(worked) == 11
        for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
            assert date(year, month, day) in shipped.free


def test_what_no_numbered_document_says_is_marked(shipped: WorkingCalendar):
    doubtful = Holiday.objects.filter(is_confirmed=False)
    assert doubtful.filter(on=date(2026, 11, 24)).exists()
    assert set(Holiday.objects.filter(document=None)) <= set(doubtful)
