"""Two minutes before a meeting: are we on track and why, and what blocks most units."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from criteria.models import Measure, Round, Target
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two_files(everyone: tuple[cast.Places, cast.People, Round]) -> Round:
    """One ward is recognised; the other handed nothing in and lacks C02, which is its own."""
    places, people, round_ = everyone
    Target.objects.create(
        programme=round_.programme,
        measure=Measure.LEVEL,
        value=2,
        by=timezone.localdate().replace(month=12, day=31),
        position=1,
    )
    now = timezone.now()
    cast.recognise(Assessment.objects.get(round=round_, unit=places.ward), people, now=now)
    other = Assessment.objects.get(round=round_, unit=places.other_ward)
    cast.answer_all(other, by=people.other_commander, failing=("C02",), now=now)
    return round_


def check_with_axe(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert violations == [], [one["id"] for one in violations]


def test_is_our_province_on_track_and_why(two_files: Round, stage: Stage) -> None:
    """From the home page to the answer in one click, and to the reasons in one more."""
    page = stage.enter("quang")
    page.get_by_role("navigation", name="Điều hướng chính").get_by_role(
        "link", name="Tổng quan"
    ).first.click()
    year = timezone.localdate().year
    sentence = page.locator(".sentence-text")
    expect(sentence).to_contain_text(re.compile(rf"lộ trình năm {year}.*2/2"))
    expect(sentence).to_contain_text("thiếu 1")
    expect(page.get_by_role("region", name="Chưa nộp phiếu")).to_contain_text("Phường 2")
    check_with_axe(page)
    page.get_by_role("link", name="Phường 2", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phường 2")
    expect(page.locator("main")).to_contain_text("C02")


def test_what_blocks_most_units_and_who_must_act(two_files: Round, stage: Stage) -> None:
    """On the overview itself; the number leads to the units, and each unit to its own page."""
    page = stage.enter("quang")
    page.get_by_role("navigation", name="Điều hướng chính").get_by_role(
        "link", name="Tổng quan"
    ).first.click()
    table = page.get_by_role("region", name="Bảng tiêu chí đang vướng")
    row = table.get_by_role("row", name=re.compile("C02"))
    expect(row).to_contain_text("Công an phường")
    row.get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("C02")
    listed = page.get_by_role("region", name="Danh sách đơn vị")
    expect(listed.get_by_role("link", name=re.compile("Phường 2"))).to_have_count(1)
    check_with_axe(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải danh sách (XLSX)").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    listed.get_by_role("link", name=re.compile("Phường 2")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phường 2")
