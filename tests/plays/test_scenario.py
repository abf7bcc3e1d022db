"""A scenario: two wards moved on the copy, the line that follows, the proposal that is read."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Registration
from criteria.models import Measure, Round, Target
from reports.models import Scenario
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]


def sound(page: Page) -> None:
    """Axe finds nothing on the page that is open."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_coordinator_plans_on_a_copy_and_the_leader_reads_it(
    everyone: tuple[cast.Places, cast.People, Round], stage: Stage
) -> None:
    places, _, round_ = everyone
    programme, year = round_.programme, timezone.localdate().year + 1
    Target.objects.create(
        programme=programme, by=date(year, 12, 31), measure=Measure.LEVEL, value=2, position=3
    )
    Registration.objects.create(
        programme=programme, unit=places.ward, year=year + 1, source="ministry"
    )
    before = list(Registration.objects.values())

    desk = stage.enter("dung")
    desk.goto(f"/chuong-trinh/{programme.code}/")
    desk.get_by_role("link", name="Phương án").click()
    desk.get_by_role("link", name="Lập phương án").click()
    row = desk.locator("#ket-qua tr", has=desk.get_by_role("rowheader", name=str(year), exact=True))
    expect(row).to_contain_text("Thiếu 2")
    sound(desk)
    # The line follows each choice by itself, in the tables and beside the units.
    desk.get_by_label("Phường 1, TP Trà Vinh").select_option(str(year))
    expect(row).to_contain_text("Thiếu 1")
    desk.get_by_label("Phường 2, TP Trà Vinh").select_option(str(year))
    expect(row).to_contain_text("Đủ")
    expect(desk.locator("#tom-tat")).to_contain_text("Đạt mọi mốc")
    expect(desk.locator("#tom-tat")).to_contain_text("2 phường đổi năm")
    sound(desk)
    desk.get_by_label("Tên phương án").fill("Cả hai phường trong năm tới")
    desk.get_by_role("button", name="Tính lại").click()
    expect(desk.get_by_label("Tên phương án")).to_have_value("Cả hai phường trong năm tới")
    expect(desk.get_by_label("Phường 2, TP Trà Vinh")).to_have_value(str(year))
    desk.get_by_label("Lý do").fill("Đủ chỉ tiêu sớm một năm.")
    desk.get_by_role("button", name="Lưu làm đề xuất").click()
    expect(desk.get_by_role("heading", name="Kết quả: đạt mọi mốc")).to_be_visible()
    sound(desk)

    leader = stage.enter("quang")
    leader.goto(f"/lo-trinh/{programme.code}/")
    leader.get_by_role("link", name="Phương án").click()
    leader.get_by_role("link", name="Cả hai phường trong năm tới").click()
    expect(leader.get_by_text("Đủ chỉ tiêu sớm một năm.")).to_be_visible()
    expect(leader.get_by_text(f"(chuyển từ {year + 1})")).to_be_visible()
    leader.get_by_role("link", name="So sánh").first.click()
    expect(leader.get_by_role("heading", name="2 đơn vị xếp khác năm")).to_be_visible()
    sound(leader)

    assert Scenario.objects.get().places.count() == 2
    assert list(Registration.objects.values()) == before
