"""What does this ward still lack? Answered from the home page, by a leader and by a commander."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.actions import reviewing, submitting
from assessments.models import Assessment
from criteria.models import Round
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

WORDS = "Thiếu bảng tổng hợp tin báo."


@pytest.fixture
def returned(everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The ward's file: C01 was handed in as not met, more was asked for C03, and it came back."""
    places, people, round_ = everyone
    file = Assessment.objects.get(round=round_, unit=places.ward)
    now = timezone.now()
    cast.answer_all(file, by=people.officer, failing=("C01",), now=now)
    submitting.submit(file, by=people.commander, now=now)
    reviewing.claim(file, by=people.reviewer, now=now)
    reviewing.save_verdict(
        file,
        round_.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment=WORDS,
        version=0,
        by=people.reviewer,
        now=now,
    )
    cast.accept_rest(file, by=people.reviewer, now=now)
    reviewing.return_to_station(file, comment="Bổ sung C03.", by=people.reviewer, now=now)
    return file


def expect_the_answer(page: Page) -> None:
    """What is missing, who must act, since when, and what to do, in this order."""
    expect(page.locator(".sentence-text")).to_contain_text(
        "2/3 tiêu chí tự đánh giá đạt, còn 1, thêm 1 phải bổ sung; "
        "đang chờ Công an phường (1 việc), cơ quan khác (1 việc)."
    )
    blocks = page.get_by_role("region", name="Điều gì đang chặn (2)")
    expect(blocks.get_by_role("listitem")).to_have_count(2)
    first, second = blocks.get_by_role("listitem").all()
    expect(first).to_contain_text(WORDS)
    expect(first).to_contain_text("Công an phường bổ sung minh chứng cho C03 rồi nộp lại.")
    expect(first).to_contain_text("0 ngày")
    expect(second).to_contain_text(
        "Đảng ủy phường giải quyết C01; Công an phường ghi kết quả mới rồi nộp lại."
    )
    path = page.get_by_role("region", name="Đường ngắn nhất đến công nhận")
    expect(path.get_by_role("listitem")).to_have_count(2 + 4)
    expect(path.get_by_role("listitem").nth(2)).to_contain_text("Bổ sung rồi nộp lại")


def test_a_leader_is_one_click_from_the_answer(stage: Stage, returned: Assessment) -> None:
    page = stage.enter("quang")
    longest = page.get_by_role("region", name="Đang chặn lâu nhất")
    longest.get_by_role("link", name="Phường 1, TP Trà Vinh").click()
    page.wait_for_url(re.compile(rf"/don-vi/{returned.unit_id}/"))
    expect_the_answer(page)
    # The counts tell what they count, without another page.
    page.get_by_text("Tính những gì, bỏ những gì").click()
    expect(page.get_by_text("Lần chưa có lần xem lại nào không tính.")).to_be_visible()


def test_a_commander_is_one_click_from_the_answer_and_one_from_the_work(
    stage: Stage, returned: Assessment
) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
    page = stage.enter("lan", **phone)
    page.get_by_role("link", name="Còn thiếu gì").click()
    page.wait_for_url(re.compile(rf"/don-vi/{returned.unit_id}/"))
    expect_the_answer(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, "nothing scrolls sideways on a phone"
    blocks = page.get_by_role("region", name="Điều gì đang chặn (2)")
    blocks.get_by_role("link", name="Tin báo, tố giác").click()
    page.wait_for_url(f"**/phieu/{returned.pk}/tieu-chi/C03/")
