"""Choosing the wards of a year: ranked, weighed, proposed, approved, and seen by the ward."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Registration
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]


def sound(page: Page) -> None:
    """Axe finds nothing on the page that is open."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_from_the_ranking_to_the_ward(
    assessment: Assessment, people: cast.People, places: cast.Places, stage: Stage
) -> None:
    cast.answer_all(assessment, by=people.commander, failing=("C01",))
    programme = assessment.round.programme
    year = timezone.localdate().year + 1

    desk = stage.enter("dung")
    desk.goto(f"/chuong-trinh/{programme.code}/chon/{year}/")
    rows = desk.locator(".picker-row")
    expect(rows.first).to_contain_text("Phường 1")
    expect(rows.first).to_contain_text("2/3")
    balance = desk.locator("#can-doi")
    expect(balance).to_contain_text("Chọn thêm")
    desk.get_by_label("Chọn Phường 1, TP Trà Vinh").check()
    # The load follows the tick by itself.
    expect(balance.locator("div", has_text="Phiếu phải thẩm định").last).to_contain_text("1")
    sound(desk)
    desk.get_by_label("Thuyết minh").fill("Phường còn thiếu ít nhất.")
    desk.get_by_role("button", name="Lưu đề xuất").click()
    expect(desk.get_by_text("Chờ duyệt")).to_be_visible()
    expect(desk.get_by_role("button", name="Duyệt, mở đăng ký")).to_have_count(0)

    leader = stage.enter("quang")
    leader.get_by_role("link", name=f"Danh sách đăng ký năm {year}: 1 đơn vị").click()
    expect(leader.get_by_text("Phường còn thiếu ít nhất.")).to_be_visible()
    sound(leader)
    leader.get_by_label("Ý kiến").fill("Đồng ý.")
    leader.get_by_role("button", name="Duyệt, mở đăng ký").click()
    expect(leader.get_by_text("Đã duyệt", exact=True)).to_be_visible()
    assert Registration.objects.get().unit == places.ward

    leader.goto(f"/lo-trinh/{programme.code}/")
    row = leader.locator("tr", has=leader.locator(f'th a[href$="/dang-ky/{year}/"]'))
    expect(row.locator("td").nth(0)).to_contain_text("0 có tên")
    expect(row.locator("td").nth(2)).to_contain_text("1 có tên")
    row.get_by_role("link", name=str(year)).click()
    expect(leader.get_by_role("heading", name=f"Danh sách đăng ký năm {year}")).to_be_visible()
    sound(leader)

    ward = stage.enter("lan")
    card = ward.locator("li.task-row", has_text=f"Đăng ký năm {year}")
    expect(card).to_contain_text("Cấp tỉnh")
    expect(card).to_contain_text("Danh sách của năm đã được duyệt.")
    sound(ward)
