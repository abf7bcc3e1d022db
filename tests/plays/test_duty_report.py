"""A rapporteur writes, leaves, returns, hands in and corrects; the coordinator reads the list."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assessments.models import DutyReport
from criteria.models import Programme
from tests import cast
from tests.assessments import duties
from tests.plays.acting import PHONE
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

FORM = "/nhiem-vu/tra-vinh-2023/2023/so-tai-chinh/"


def check_with_axe(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def choose(page: Page, place: int, label: str) -> None:
    group = page.get_by_role("group", name="Tình hình thực hiện").nth(place)
    group.get_by_text(label, exact=True).click()


def test_the_rapporteurs_year(stage: Stage, everyone: tuple[cast.Places, cast.People, Any]) -> None:
    places, people, _ = everyone
    programme = Programme.objects.get()
    duties.give(programme, places.agency)
    duties.more_agencies(programme, places.province, 2)

    page = stage.enter(people.rapporteur.username, **PHONE)
    page.goto(FORM)
    choose(page, 0, "Đã thực hiện")
    page.get_by_label("Kết quả, số liệu chính").nth(0).fill("Đã bố trí 350 triệu đồng.")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    check_with_axe(page)

    # Left, and found again on another day.
    page.goto("/nhiem-vu/")
    page.get_by_role("link", name="Tiếp tục năm 2023").click()
    expect(page.get_by_label("Kết quả, số liệu chính").nth(0)).to_have_value(
        "Đã bố trí 350 triệu đồng."
    )
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    expect(page.get_by_text("Chưa xong: 1 nhiệm vụ chưa trả lời đủ")).to_be_visible()
    check_with_axe(page)
    page.get_by_role("link", name="Nhiệm vụ 2: chưa chọn tình hình").click()
    choose(page, 1, "Không phát sinh trong năm")
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    page.get_by_label("Tôi đã kiểm tra toàn bộ báo cáo").check()
    page.get_by_role("button", name="Nộp báo cáo").dblclick()
    page.wait_for_url("**/nhiem-vu/bao-cao/**")
    first = DutyReport.objects.get()
    expect(page.locator(".receipt-code")).to_have_text(first.receipt)
    check_with_axe(page)

    page.get_by_role("link", name="Lập bản sửa").click()
    page.get_by_label("Khó khăn, vướng mắc").fill("Dự toán giao chậm.")
    page.get_by_role("button", name="Kiểm tra và nộp").click()
    page.get_by_label("Tôi đã kiểm tra toàn bộ báo cáo").check()
    page.get_by_role("button", name="Nộp báo cáo").click()
    expect(page.get_by_text("Bản sửa, lần nộp 2")).to_be_visible()
    page.get_by_role("link", name=f"Lần 1: {first.receipt}").click()
    expect(page.get_by_text("Đã có bản sửa")).to_be_visible()

    reader = stage.enter(people.coordinator.username)
    reader.goto("/nhiem-vu/")
    reader.get_by_role("link", name="Tổng hợp báo cáo nhiệm vụ năm 2023").click()
    expect(reader.locator(".task-row", has_text="Sở Tài chính")).to_contain_text("Nộp muộn")
    check_with_axe(reader)
    reader.get_by_role("link", name="Quá hạn, chưa nộp").click()
    expect(reader.locator(".task-row")).to_have_count(2)
    reader.goto(reader.url.split("?")[0] + "theo-nhiem-vu/")
    expect(reader.get_by_text("Đã bố trí 350 triệu đồng.")).to_be_visible()
    check_with_axe(reader)
