"""The next version of a criteria set: copied, changed, mapped, compared, published for good."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from criteria.models import CriteriaSet
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


def copy(page: Page) -> None:
    """From the list to a draft with all that the published set has."""
    page.goto("/bo-tieu-chi/")
    check(page, "list")
    page.get_by_role("link", name="Lập bản nháp").click()
    page.locator("#id_code").fill("TC-4")
    page.get_by_label("Tên bộ tiêu chí").fill("Bộ tiêu chí thử, sửa đổi")
    page.get_by_label("Phạm vi").select_option(label="Trà Vinh")
    page.get_by_label("Sao chép từ").select_option("TC-3")
    check(page, "new")
    page.get_by_role("button", name="Lập bản nháp").click()
    page.wait_for_url("**/bo-tieu-chi/TC-4/soan/")
    expect(page.locator(".draft-criterion")).to_have_count(3)


def change(page: Page) -> None:
    """Two incidents instead of none; the third criterion goes."""
    page.get_by_role("link", name="Sửa chỉ số 2b").click()
    expect(page.get_by_label("Tối đa")).to_have_value(re.compile(r"^0"))
    page.get_by_label("Tối đa").fill("2")
    check(page, "indicator")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_url("**/soan/**")

    page.get_by_role("link", name="Sửa tiêu chí C03").click()
    check(page, "criterion")
    page.get_by_role("link", name="Xóa tiêu chí").click()
    expect(page.get_by_role("heading", name="Xóa tiêu chí C03?")).to_be_visible()
    check(page, "delete")
    page.get_by_role("button", name="Xóa khỏi bản nháp").click()
    page.wait_for_url("**/soan/**")
    expect(page.locator(".draft-criterion")).to_have_count(2)


def name_and_replace(page: Page) -> None:
    """Its short name, and which set it takes the place of."""
    page.get_by_role("link", name="Sửa thông tin chung").click()
    page.get_by_label("Tên ngắn").fill("Sửa đổi")
    page.get_by_label("Thay thế bộ").select_option(label="TC-3 – Bộ tiêu chí thử")
    check(page, "facts")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/soan/**")
    check(page, "draft")


def map_all(page: Page) -> None:
    """Two kept as suggested, the third said to be dropped."""
    page.get_by_role("link", name="Đối chiếu với TC-3").click()
    expect(page.get_by_role("heading", name="Còn 5 chỗ chưa xong")).to_be_visible()
    check(page, "mapping-open")
    page.get_by_role("button", name="Xác nhận các dòng đã đánh dấu").click()
    expect(page.get_by_text("Đã xác nhận 2 dòng giữ nguyên.")).to_be_visible()
    expect(page.get_by_role("heading", name="Còn 1 chỗ chưa xong")).to_be_visible()
    third = CriteriaSet.objects.get(code="TC-3").criteria.get(code="C03")
    page.get_by_label("Tiêu chí cũ").select_option(str(third.pk))
    page.get_by_label("Quan hệ").select_option("dropped")
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.get_by_text("Đã thêm một dòng đối chiếu.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("chưa xong"))).to_have_count(0)
    check(page, "mapping")


def compare(page: Page) -> None:
    """“Không có” has become “Không quá 2”, marked so; the dropped criterion is said to be gone."""
    page.goto("/bo-tieu-chi/TC-4/so-sanh/")
    expect(page.get_by_text("Theo bảng đối chiếu")).to_be_visible()
    threshold = page.locator(".diff-part", has_text="Chỉ số 2b").last
    expect(threshold).to_contain_text("Đổi")
    expect(threshold.locator("del")).to_contain_text("có")
    expect(threshold.locator("ins")).to_contain_text("quá 2")
    gone = page.locator(".diff-criterion", has_text="Tin báo, tố giác")
    expect(gone).to_contain_text("Bỏ")
    check(page, "comparison")


def publish(page: Page) -> None:
    """Not without the tick; then for good."""
    page.goto("/bo-tieu-chi/TC-4/cong-bo/")
    expect(page.get_by_role("heading", name="Sẵn sàng công bố")).to_be_visible()
    check(page, "publication")
    page.get_by_role("button", name="Công bố").click()
    assert not CriteriaSet.objects.get(code="TC-4").is_published, "the browser asks for the tick"
    page.get_by_label("Tôi đã xem toàn bộ nội dung").check()
    page.get_by_role("button", name="Công bố").click()
    page.wait_for_url("**/bo-tieu-chi/TC-4/")
    expect(page.get_by_text("Từ nay không sửa được nữa.")).to_be_visible()
    check(page, "published")


def test_from_the_copy_to_the_published_version(
    everyone: tuple[cast.Places, cast.People, Any], stage: Stage
) -> None:
    page = stage.enter("dung")
    copy(page)
    change(page)
    name_and_replace(page)
    map_all(page)
    compare(page)
    publish(page)

    assert CriteriaSet.objects.get(code="TC-4").is_published
    expect(page.get_by_role("link", name="Soạn bản nháp")).to_have_count(0)
    for address in ("soan/", "thong-tin/", "doi-chieu/", "cong-bo/"):
        page.goto(f"/bo-tieu-chi/TC-4/{address}")
        expect(page).to_have_url(re.compile(r"/bo-tieu-chi/TC-4/$"))
        expect(page.locator("main form[method=post]")).to_have_count(0)
    first = CriteriaSet.objects.get(code="TC-4").criteria.get(code="C01")
    page.goto(f"/bo-tieu-chi/TC-4/tieu-chi/{first.pk}/")
    expect(page.locator("#draft-form")).to_have_count(0)
    assert CriteriaSet.objects.get(code="TC-3").criteria.count() == 3
