"""A visit from its plan to the improvement plan, by three people at their screens."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Inspection, Remedy
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

PHONE_WIDTH = 390


def sound(page: Page) -> None:
    """Axe finds nothing, and on a phone nothing is wider than the screen."""
    assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH
    page.set_viewport_size({"width": 1440, "height": 900})


def plan(page: Page, file: Assessment, day: date) -> None:
    """The reviewer plans a visit to the station."""
    page.get_by_role("link", name="Kiểm tra", exact=True).click()
    sound(page)
    page.get_by_role("link", name="Lập kế hoạch kiểm tra").first.click()
    page.select_option("#id_unit", str(file.unit_id))
    page.fill("#id_planned_for", day.isoformat())
    page.fill("#id_team", "Đoàn kiểm tra Ban Chỉ đạo tỉnh")
    sound(page)
    page.get_by_role("button", name="Lưu kế hoạch").click()
    expect(page.locator("h1")).to_contain_text("Kiểm tra Công an Phường 1")


def record(page: Page, day: date) -> None:
    """The reviewer records two findings, and asks for more rows on the way."""
    page.get_by_role("link", name="Ghi kết quả").click()
    page.fill("#id_done_on", day.isoformat())
    page.fill("#id_conclusion", "Cơ bản thực hiện đúng, còn hai tồn tại.")
    page.select_option("#id_f-0-criterion", label="C02. Trực ban, cháy nổ")
    page.fill("#id_f-0-text", "Sổ trực thiếu chữ ký giao ca")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.locator(".finding-row")).to_have_count(10)
    expect(page.locator("#id_f-0-text")).to_have_value("Sổ trực thiếu chữ ký giao ca")
    page.fill("#id_f-6-text", "Chưa niêm yết lịch tiếp dân")
    sound(page)
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator("main")).to_contain_text("2 chưa có biện pháp")
    sound(page)


def mend(page: Page) -> None:
    """The commander comes by her notice and puts the first finding into her plan."""
    page.goto("/thong-bao/")
    page.get_by_role("button", name="đã có kết luận").click()
    expect(page.locator("h1")).to_contain_text("Kiểm tra Công an Phường 1")
    page.get_by_role("link", name="Đưa vào kế hoạch khắc phục").first.click()
    expect(page.locator("#id_action")).to_have_value("Khắc phục: Sổ trực thiếu chữ ký giao ca")
    page.fill("#id_due_on", "2029-06-30")
    sound(page)
    page.get_by_role("button", name="Thêm vào kế hoạch").click()
    expect(page.locator("main")).to_contain_text("1 chưa có biện pháp")


def test_from_the_plan_of_a_visit_to_the_plan_of_the_station(
    assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    today = timezone.localdate()
    reviewer = stage.enter("thao")
    plan(reviewer, assessment, today + timedelta(days=2))

    commander = stage.enter("lan")
    expect(commander.locator("main")).to_contain_text("Sắp được kiểm tra")
    expect(commander.locator(".bell-count")).to_have_text("1")

    record(reviewer, today)
    mend(commander)
    remedy = Remedy.objects.get()
    assert remedy.finding.inspection == Inspection.objects.get()

    coordinator = stage.enter("dung")
    coordinator.goto("/kiem-tra/ton-tai/")
    expect(coordinator.locator("main")).to_contain_text("Chưa niêm yết lịch tiếp dân")
    expect(coordinator.locator("main")).not_to_contain_text("Sổ trực")
    sound(coordinator)
    coordinator.goto(f"/don-vi/{assessment.unit_id}/lich-su/")
    expect(coordinator.locator("main")).to_contain_text("Tồn tại chưa có biện pháp (1)")
