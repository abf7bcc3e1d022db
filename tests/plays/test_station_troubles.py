"""What goes wrong at the station: network, session, two tabs, lateness, a nervous finger."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from criteria.models import Round
from tests import cast
from tests.plays.acting import expect_saved, file_address
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

STATE = "#trang-thai-luu"
NOTE = "#id_note"
WORDS = "Đã tiếp nhận 12/12 tin báo, xem sổ số 4 “trực ban” – 9,5 %."
LONG = " ".join([WORDS] * 800)


@pytest.fixture
def file(everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The file of the ward that Lan commands."""
    places, _, round_ = everyone
    return Assessment.objects.get(round=round_, unit=places.ward)


@pytest.fixture
def answered(file: Assessment, everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The same file, with everything answered and proved."""
    cast.answer_all(file, by=everyone[1].commander)
    return file


def open_third(page: Page, file: Assessment) -> Page:
    page.goto(file_address(file, "C03"))
    return page


def note_of(file: Assessment) -> str:
    return file.results.get(criterion__code="C03").note


def end_all_sessions() -> None:
    Session.objects.all().delete()


def log_in_again(page: Page) -> None:
    page.locator('input[name="login"]').fill("lan")
    page.locator('input[name="password"]').fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def tick_everything(page: Page) -> None:
    for box in page.locator("#nop input[type=checkbox]").all():
        box.check()


def test_re_22_offline_nothing_is_lost_and_it_saves_itself(stage: Stage, file: Assessment) -> None:
    page = open_third(stage.enter("lan"), file)
    page.context.set_offline(True)
    page.locator(NOTE).fill(LONG)
    expect(page.locator(STATE)).to_contain_text("Mất kết nối – giữ trên máy, sẽ tự lưu lại.")
    # Pressing the button keeps the page, too.
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(NOTE)).to_have_value(LONG)
    assert note_of(file) == ""
    page.context.set_offline(False)
    expect_saved(page)
    assert note_of(file) == LONG


def test_re_22_a_page_closed_offline_shows_the_text_when_opened_again(
    stage: Stage, file: Assessment
) -> None:
    page = open_third(stage.enter("lan"), file)
    page.context.set_offline(True)
    page.locator(NOTE).fill(WORDS)
    expect(page.locator(STATE)).to_contain_text("Mất kết nối – giữ trên máy")
    context = page.context
    page.close()
    context.set_offline(False)
    again = open_third(context.new_page(), file)
    expect(again.locator(NOTE)).to_have_value(WORDS)
    expect_saved(again)
    assert note_of(file) == WORDS


def test_au_11_session_over_the_text_waits_for_the_log_in_in_another_tab(
    stage: Stage, file: Assessment
) -> None:
    page = open_third(stage.enter("lan"), file)
    end_all_sessions()
    page.locator(NOTE).fill(LONG)
    expect(page.locator(STATE)).to_contain_text("Phiên làm việc đã hết hạn – giữ trên máy.")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Đăng nhập lại ở thẻ mới").click()
    log_in_again(opened.value)
    opened.value.wait_for_url(f"{stage.address}/")
    page.bring_to_front()
    expect_saved(page)
    expect(page.locator(NOTE)).to_have_value(LONG)
    assert note_of(file) == LONG


def test_au_11_a_plain_post_after_the_session_leads_through_the_log_in_back_to_the_text(
    stage: Stage, file: Assessment
) -> None:
    page = open_third(stage.enter("lan"), file)
    page.locator('input[name="3a-numerator"]').fill("9,5")
    expect_saved(page)
    end_all_sessions()
    page.locator(NOTE).fill(LONG)
    # Past every script of the page, as a browser sends it by itself.
    page.evaluate("document.getElementById('criterion-form').submit()")
    page.wait_for_url("**/dang-nhap/**")
    log_in_again(page)
    page.wait_for_url(f"**{file_address(file, 'C03')}")
    expect(page.locator(NOTE)).to_have_value(LONG)
    expect_saved(page)
    assert note_of(file) == LONG


def test_wf_08_two_tabs_both_versions_are_shown_and_one_chooses(
    stage: Stage, file: Assessment
) -> None:
    mine = open_third(stage.enter("lan"), file)
    other = open_third(mine.context.new_page(), file)
    other.locator('input[name="3a-numerator"]').fill("9")
    other.locator('input[name="3a-denominator"]').fill("10")
    # What was typed before may be saved on its own first.
    with other.expect_response(lambda answer: "Ghi" in (answer.request.post_data or "")):
        other.locator(NOTE).fill("Ghi ở thẻ thứ hai")
    expect_saved(other)
    expect(other.locator("#ket-qua")).to_contain_text("Chưa đạt")
    mine.locator('input[name="3a-numerator"]').fill("11")
    mine.locator('input[name="3a-denominator"]').fill("11")
    mine.locator(NOTE).fill(WORDS)
    conflict = mine.locator("#xung-dot")
    expect(conflict).to_contain_text("Có hai bản của tiêu chí này")
    expect(conflict).to_contain_text("Ghi ở thẻ thứ hai")
    assert file.answers.get().numerator == 9
    # The numbers of the other tab, the words of this one.
    mine.locator("#giu-3a-luu").check()
    mine.locator("#giu-note-toi").check()
    conflict.get_by_role("button", name="Lưu theo lựa chọn trên").click()
    expect(conflict).to_have_count(0)
    expect(mine.locator('input[name="3a-numerator"]')).to_have_value("9")
    expect(mine.locator(NOTE)).to_have_value(WORDS)
    assert (file.answers.get().numerator, note_of(file)) == (9, WORDS)


def test_late_the_draft_stays_until_the_coordinator_gives_more_time(
    stage: Stage, answered: Assessment
) -> None:
    commander = stage.enter("lan")
    commander.goto(f"{file_address(answered)}kiem-tra/")
    tick_everything(commander)
    # The time runs out while the form is open.
    Assessment.objects.filter(pk=answered.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    commander.get_by_role("button", name="Nộp phiếu…").click()
    commander.get_by_role("dialog").get_by_role("button", name="Nộp phiếu").click()
    main = commander.locator("main")
    expect(main).to_contain_text("Hết hạn nộp lúc")
    expect(main).to_contain_text("Phiếu được giữ ở dạng nháp.")
    expect(commander.get_by_role("button", name="Nộp phiếu")).to_have_count(0)
    open_third(commander, answered)
    commander.locator(NOTE).fill(WORDS)
    expect_saved(commander)
    assert answered.submissions.count() == 0

    coordinator = stage.enter("dung")
    coordinator.goto(f"/ky/{answered.round_id}/")
    coordinator.locator(f'a[href$="?phieu={answered.pk}"]').click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    coordinator.locator('[name="until"]').fill(tomorrow.isoformat())
    coordinator.locator('[name="reason"]').fill("Mất điện diện rộng")
    coordinator.locator('[name="approver"]').fill("Đại tá Bùi Minh Quang, Phó Giám đốc")
    coordinator.get_by_role("button", name="Gia hạn", exact=True).click()
    coordinator.wait_for_url(f"**/ky/{answered.round_id}/**")
    expect(coordinator.locator("main")).to_contain_text("đã gia hạn")

    commander.goto("/")
    expect(commander.locator(".bell-count")).to_be_visible()
    commander.goto(f"{file_address(answered)}kiem-tra/")
    tick_everything(commander)
    commander.get_by_role("button", name="Nộp phiếu…").click()
    commander.get_by_role("dialog").get_by_role("button", name="Nộp phiếu").click()
    commander.wait_for_url("**/bien-nhan/")
    assert answered.extensions.get().reason == "Mất điện diện rộng"
    submission = answered.submissions.get()
    assert submission.snapshot["criteria"]["C03"]["note"] == WORDS


def test_wf_07_a_double_click_is_one_submission_with_one_receipt(
    stage: Stage, answered: Assessment
) -> None:
    page = stage.enter("lan")
    page.goto(f"{file_address(answered)}kiem-tra/")
    tick_everything(page)
    page.get_by_role("button", name="Nộp phiếu…").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp phiếu").dblclick()
    page.wait_for_url("**/bien-nhan/")
    expect(page.locator(".receipt-code")).to_have_text(answered.submissions.get().receipt)
