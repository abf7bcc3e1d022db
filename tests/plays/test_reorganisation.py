"""A coordinator merges two wards: form, preview, confirmation, decision, and the lineage drawn."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Recognition
from tests import cast
from tests.plays.conftest import Stage
from wards.models import Reorganisation, Unit

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def check(page: Page, name: str) -> None:
    """No violation found by axe on a desk and on a phone, and nothing wider than the screen."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        if shots := os.environ.get("PORTAL_SHOTS"):
            path = Path(shots) / f"{name}-{size['width']}.png"
            page.screenshot(path=path, full_page=True)
        found = Axe().run(page)
        assert found.violations_count == 0, (name, size, found.generate_report())
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (name, size, wide)


def test_a_coordinator_merges_two_wards_and_decides_what_is_left(
    everyone: tuple[cast.Places, cast.People, Any], stage: Stage
) -> None:
    places, people, round_ = everyone
    file = Assessment.objects.with_places().get(round=round_, unit=places.ward)
    cast.recognise(file, people)
    today = timezone.localdate()
    page = stage.enter("dung")
    page.goto("/don-vi/")
    page.get_by_role("link", name="Sắp xếp đơn vị").click()
    page.get_by_role("link", name="Ghi lần sắp xếp mới").click()

    page.get_by_label("Ngày hiệu lực").fill(today.isoformat())
    page.get_by_label("Số, ký hiệu văn bản").fill("1687/NQ-UBTVQH15")
    page.get_by_label("Ngày ban hành").fill((today - timedelta(days=9)).isoformat())
    page.get_by_label("Cơ quan ban hành").fill("Ủy ban Thường vụ Quốc hội")
    page.get_by_label("Lọc danh sách").fill("phuong 1")
    expect(page.get_by_label("Phường 2, TP Trà Vinh")).to_be_hidden()
    page.get_by_label("Phường 1, TP Trà Vinh").check()
    page.get_by_label("Lọc danh sách").fill("")
    page.get_by_label("Phường 2, TP Trà Vinh").check()
    page.locator("#id_moi-0-name").fill("Trà Vinh")
    page.locator("#id_moi-0-code").fill("29242")
    check(page, "form")
    page.get_by_role("button", name="Xem hệ quả").click()

    expect(page.locator("h1")).to_contain_text("Nhập đơn vị từ")
    expect(page.locator("main")).to_contain_text("Phường Trà Vinh, TP Trà Vinh")
    expect(page.locator("main")).to_contain_text("Công nhận cần quyết định: 1")
    assert not Reorganisation.objects.exists()
    page.locator(f"#truong-{people.commander.postings.get().pk}").select_option("0")
    check(page, "preview")
    page.get_by_role("button", name="Xác nhận, ghi lần sắp xếp").click()

    page.wait_for_url("**/sap-xep/*/")
    expect(page.locator("main")).to_contain_text("Công nhận chờ đồng chí quyết định")
    check(page, "page")
    page.goto("/")
    page.get_by_role("link", name="Phường 1, TP Trà Vinh → phường Trà Vinh").click()
    page.get_by_label("Giữ công nhận").check()
    page.get_by_label("Lý do").fill("Địa bàn và trụ sở không đổi.")
    check(page, "decision")
    page.get_by_role("button", name="Ghi quyết định").click()
    page.wait_for_url("**/sap-xep/cong-nhan/")
    expect(page.locator("main")).to_contain_text("Không có quyết định nào đang chờ")
    check(page, "decisions")

    after = Unit.objects.get(code="29242")
    assert Recognition.objects.get(unit=after).kept_from is not None
    page.goto(f"/don-vi/{after.pk}/")
    page.get_by_role("link", name="Đơn vị trước và sau sắp xếp").click()
    page.wait_for_url(f"**/don-vi/{after.pk}/lich-su/#sap-xep")
    drawing = page.locator("svg.chart-lineage")
    expect(drawing).to_be_visible()
    expect(drawing).to_contain_text("Phường 1, TP Trà Vinh")
    expect(page.locator(".timeline").first).to_contain_text("1687/NQ-UBTVQH15")
    check(page, "unit")
    page.goto("/sap-xep/")
    check(page, "list")
