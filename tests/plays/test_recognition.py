"""A recognition of old, a commendation beside it, the revocation, and the register day by day."""

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assessments.models import Commendation, Recognition
from tests import cast
from tests.plays.conftest import Stage

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


def choose_unit(page: Page) -> None:
    """The programme, and Phường 1 of it."""
    page.locator("#id_programme").select_option(index=1)
    page.locator("#id_unit").select_option(label="Phường 1, TP Trà Vinh")


def decide(page: Page, number: str, day: str) -> None:
    """Number and day of a decision, as on its paper."""
    page.locator("#id_number").fill(number)
    page.locator("#id_decided_on").fill(day)


def see_register(page: Page, day: str, units: int) -> None:
    """How many units the register counts as recognised on a day, asked by its filter."""
    page.goto("/cong-nhan/so/")
    page.get_by_label("Tính đến ngày").fill(day)
    page.get_by_role("button", name="Lọc").click()
    page.wait_for_url(f"**ngay={day}**")
    counted = page.get_by_role("status").filter(has_text="đơn vị đang được công nhận")
    expect(counted.locator(".num")).to_have_text(str(units))


def test_recorded_commended_revoked_and_seen_on_both_days(
    everyone: tuple[cast.Places, cast.People, Any], stage: Stage
) -> None:
    places, _, _ = everyone
    desk = stage.enter("dung")
    desk.goto("/cong-nhan/so/")
    desk.get_by_role("link", name="Ghi quyết định có từ trước").click()
    choose_unit(desk)
    desk.locator("#id_for_year").fill("2024")
    decide(desk, "2204/QĐ-BCA", "2025-04-22")
    check(desk, "record")
    desk.get_by_role("button", name="Ghi nhận công nhận").click()
    expect(desk.get_by_role("heading", name="Công nhận năm 2024")).to_be_visible()
    recognition = Recognition.objects.get()
    assert (recognition.unit, recognition.for_year) == (places.ward, 2024)
    check(desk, "recognition")

    desk.goto("/cong-nhan/khen-thuong/")
    desk.get_by_role("link", name="Ghi khen thưởng").click()
    choose_unit(desk)
    desk.locator("#id_form").fill("Bằng khen của Bộ trưởng Bộ Công an")
    decide(desk, "3105/QĐ-BCA", "2025-05-31")
    check(desk, "commend")
    desk.get_by_role("button", name="Ghi khen thưởng").click()
    desk.wait_for_url(lambda now: not now.endswith("/moi/"))
    assert Commendation.objects.get().unit == places.ward
    desk.goto("/cong-nhan/khen-thuong/")
    expect(desk.locator("tbody tr")).to_contain_text("Bằng khen của Bộ trưởng Bộ Công an")
    check(desk, "commendations")

    desk.goto(f"/cong-nhan/{recognition.pk}/")
    expect(desk.locator("aside")).to_contain_text("3105/QĐ-BCA")
    desk.get_by_role("link", name="Ghi quyết định hủy công nhận").click()
    decide(desk, "901/QĐ-BCA", "2025-09-01")
    desk.locator("#id_reason").fill("Để xảy ra vi phạm nghiêm trọng.")
    check(desk, "revoke")
    desk.get_by_role("button", name="Ghi nhận hủy công nhận").click()
    desk.wait_for_url(f"**/cong-nhan/{recognition.pk}/")
    expect(desk.locator("main")).to_contain_text("Để xảy ra vi phạm nghiêm trọng.")
    expect(desk.get_by_role("link", name="Ghi quyết định hủy công nhận")).to_have_count(0)
    check(desk, "revoked")

    leader = stage.enter("quang")
    see_register(leader, "2025-08-31", 1)
    expect(leader.locator("tbody tr")).to_contain_text("Còn hiệu lực")
    check(leader, "register-before")
    see_register(leader, "2025-09-01", 0)
    leader.get_by_role("link", name="Đã hủy").click()
    expect(leader.locator("tbody tr")).to_contain_text("2204/QĐ-BCA")
    expect(leader.locator("tbody tr")).to_contain_text("Đã hủy")
    expect(leader.get_by_role("link", name="Ghi quyết định có từ trước")).to_have_count(0)
    check(leader, "register-after")
