"""A reviewer handles a whole file without a mouse, twice: returned, then concluded."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.actions import submitting
from assessments.models import Assessment, Verdict
from assessments.workflow import Status
from tests import cast
from tests.plays.acting import tab_to
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_and_go(page: Page, key: str, address: str) -> None:
    page.keyboard.press(key)
    page.wait_for_url(f"**{address}")


def test_a_file_is_reviewed_without_a_mouse(
    assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    now = timezone.now()
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    file = f"/tham-dinh/{assessment.pk}/"

    page = stage.enter("thao")
    page.goto("/tham-dinh/")
    expect(page.locator("h1")).to_be_focused()
    press(page, "j")
    expect(page.locator("[data-key-list] a.task-title").first).to_be_focused()
    press_and_go(page, "c", file)
    # The next act has the focus: Enter goes on.
    expect(page.locator("[data-key-onwards]")).to_be_focused()
    press_and_go(page, "Enter", "/C01/")
    expect(page.locator("h1")).to_be_focused()
    press(page, "e")
    expect(page.locator("[data-evidence] details").first).to_have_attribute("open", "")
    press(page, "1")
    press_and_go(page, "Enter", "/C02/")
    press(page, "3", "r", "Enter")
    comment = page.locator("#id_comment")
    expect(comment).to_be_focused()
    page.keyboard.type("bản gốc quý IV. j k 1 2 ?")
    press_and_go(page, "Control+Enter", "/C03/")
    asked = Verdict.objects.get(criterion__code="C02").comment
    assert asked.endswith("bản gốc quý IV. j k 1 2 ?")
    press(page, "1")
    press_and_go(page, "Enter", "/ket-luan/")
    tab_to(page, "#tra-lai-comment")
    page.keyboard.type("Đề nghị bổ sung sớm")
    expect(page.locator("[data-mirror]")).to_have_text("Đề nghị bổ sung sớm")
    tab_to(page, "form[action$='tra-lai/'] button")
    press_and_go(page, "Enter", "/tham-dinh/")
    assessment.refresh_from_db()
    assert assessment.status == Status.RETURNED

    later = now + timedelta(minutes=5)
    cast.answer(assessment, "C02", by=people.commander, note="đã có bản gốc", now=later)
    submitting.submit(assessment, by=people.commander, now=later)
    page.reload()
    press(page, "j")
    press_and_go(page, "c", file)
    press_and_go(page, "n", "/C02/")
    # Asking again starts from what was asked; accepting leaves no such words behind.
    press(page, "3")
    expect(page.locator("#id_comment")).to_have_value(asked)
    press(page, "1")
    expect(page.locator("#id_comment")).to_have_value("")
    press_and_go(page, "Enter", "/ket-luan/")
    tab_to(page, "form[action$='ket-luan/'] button")
    press_and_go(page, "Enter", "/ket-qua/")
    expect(page.get_by_text("Đề nghị bổ sung sớm")).to_have_count(0)
    assessment.refresh_from_db()
    assert assessment.status == Status.VERIFIED


def test_the_keys_can_be_switched_off(
    assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    now = timezone.now()
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    page = stage.enter("thao")
    page.goto("/tham-dinh/")
    press(page, "?")
    expect(page.locator("#phim-tat")).to_be_visible()
    tab_to(page, "#bat-phim-tat")
    press(page, "Space", "Escape", "j")
    expect(page.locator("[data-key-list] a.task-title").first).not_to_be_focused()
    page.reload()
    press(page, "j", "c")
    expect(page.locator("[data-key-list] a.task-title").first).not_to_be_focused()
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED
