"""Answering in a browser when things go wrong: no network, no session, two tabs, bad numbers."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.forms.numbers import NumberRefused, parse_number
from assessments.models import Assessment, CriterionResult
from criteria.models import Round
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]
PATIENCE = 15_000

TYPED = (
    "0", "9,5", "9.5", " 9,50 ", "0,500", "1.234,5", "1,234.5", "1.234.567", "1 234", "1.234",
    "-1", "−5", "９", "½", "NaN", "Infinity", "1e308", "0x1F", "1_000", "5%", "9,", ",5", "9,999",
    "1.23.456", "12 34", "999999999999,99", "1000000000000", "9" * 41, "",
)  # fmt: skip
"""What people type; the page and the server must read it alike."""


@pytest.fixture
def file(everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The file of the ward that Lan commands."""
    places, _, round_ = everyone
    return Assessment.objects.get(round=round_, unit=places.ward)


def address(file: Assessment, code: str) -> str:
    return f"/phieu/{file.pk}/tieu-chi/{code}/"


def state(page: Page) -> Any:
    return page.locator("#trang-thai-luu")


def result(file: Assessment, code: str) -> CriterionResult:
    return file.results.get(criterion__code=code)


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def expect_nothing_kept(page: Page) -> None:
    """Whatever was typed has reached the server, the last field too."""
    # Asked from out here: a wait inside the page evaluates text, which its content policy refuses.
    for _ in range(PATIENCE // 100):
        if "ban-nhap" not in kept(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError(kept(page))


def test_re_22_what_is_typed_without_a_network_is_kept_and_saved_later(
    stage: Stage, file: Assessment
) -> None:
    page = stage.enter("minh")
    page.goto(address(file, "C03"))
    page.locator("#id_3a-numerator").fill("9,5")
    page.locator("#id_3a-denominator").fill("10")
    expect(page.locator('[data-part="result"]')).to_have_text("= 95% · chưa đạt yêu cầu")
    expect(state(page)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    expect_nothing_kept(page)

    page.context.set_offline(True)
    page.locator("#id_note").fill("Gõ khi mất mạng")
    expect(state(page)).to_contain_text("Mất kết nối – giữ trên máy", timeout=PATIENCE)
    assert "Gõ khi mất mạng" in kept(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#id_note")).to_have_value("Gõ khi mất mạng")
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    expect_nothing_kept(page)
    assert result(file, "C03").note == "Gõ khi mất mạng"


def test_au_11_fifty_thousand_characters_outlive_the_session(
    stage: Stage, file: Assessment
) -> None:
    page = stage.enter("minh")
    page.goto(address(file, "C01"))
    text = ("Đồng chí đã ký. " * 3_125)[:50_000]
    assert len(text) == 50_000
    Session.objects.all().delete()
    page.locator("#id_note").fill(text)
    expect(state(page)).to_contain_text("Phiên làm việc đã hết hạn", timeout=PATIENCE)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại ở thẻ mới").click()
    door = opened.value
    door.locator('input[name="login"]').fill("minh")
    door.locator('input[name="password"]').fill(cast.PASSWORD)
    door.get_by_role("button", name="Đăng nhập").click()
    door.wait_for_url(f"{stage.address}/")
    door.close()
    expect(state(page)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    stored = result(file, "C01")
    assert (stored.note, stored.version) == (text, 1)


def test_au_11_a_page_left_before_it_could_save_has_its_text_again(
    stage: Stage, file: Assessment
) -> None:
    page = stage.enter("minh")
    page.goto(address(file, "C01"))
    page.context.set_offline(True)
    page.locator("#id_note").fill("Chưa kịp lưu")
    expect(state(page)).to_contain_text("Mất kết nối", timeout=PATIENCE)
    page.close(run_before_unload=False)
    again = stage.contexts[-1].new_page()
    stage.contexts[-1].set_offline(False)
    again.goto(f"{stage.address}{address(file, 'C01')}")
    expect(again.locator("#id_note")).to_have_value("Chưa kịp lưu")
    expect(state(again)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    assert result(file, "C01").note == "Chưa kịp lưu"
    # Somebody else at the same PC never sees what was kept for Minh.
    again.evaluate(
        "key => localStorage.setItem(key, "
        "JSON.stringify({at: Date.now(), fields: [['note', 'Của Minh']]}))",
        f"ban-nhap:{User.objects.get(username='minh').pk}:{file.pk}/C02:0",
    )
    again.context.clear_cookies()
    again.goto(f"{stage.address}/dang-nhap/")
    again.locator('input[name="login"]').fill("lan")
    again.locator('input[name="password"]').fill(cast.PASSWORD)
    again.get_by_role("button", name="Đăng nhập").click()
    again.wait_for_url(f"{stage.address}/")
    again.goto(f"{stage.address}{address(file, 'C02')}")
    expect(again.locator("#id_note")).to_have_value("")


def test_wf_08_two_tabs_choose_between_two_versions(stage: Stage, file: Assessment) -> None:
    first = stage.enter("minh")
    first.goto(address(file, "C03"))
    second = stage.enter("lan")
    second.goto(address(file, "C03"))
    second.locator("#id_note").fill("Bản của chị Lan")
    expect(state(second)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)

    first.locator("#id_note").fill("Bản của anh Minh")
    conflict = first.locator("#xung-dot")
    expect(conflict).to_contain_text("Bản của chị Lan", timeout=PATIENCE)
    expect(conflict).to_contain_text("Bản của anh Minh")
    # What is typed while the choice stands there goes with it.
    first.locator("#id_3a-numerator").fill("10")
    first.locator("#id_3a-denominator").fill("10")
    conflict.locator('[name="keep-note"][value="stored"]').check()
    first.get_by_role("button", name="Lưu theo lựa chọn trên").click()
    expect(conflict).to_have_count(0, timeout=PATIENCE)
    expect(first.locator("#id_note")).to_have_value("Bản của chị Lan")
    expect(first.locator("#id_3a-numerator")).to_have_value("10")
    assert (result(file, "C03").note, result(file, "C03").outcome) == ("Bản của chị Lan", "met")
    expect_nothing_kept(first)


def test_wf_09_the_page_reads_numbers_as_the_server_does(stage: Stage, file: Assessment) -> None:
    page = stage.enter("minh")
    page.goto(address(file, "C03"))
    share = page.locator('[data-part="result"]')
    page.locator("#id_3a-denominator").fill("999999999999,99")
    for typed in TYPED:
        try:
            number = parse_number(typed)
        except NumberRefused:
            number = None
        page.locator("#id_3a-numerator").fill(typed)
        assert (share.text_content() != "") == (number is not None), typed
    for typed, words in (
        ("9995", "dưới 100% · chưa đạt yêu cầu"),
        ("9.994,9", "= 99,9% · chưa đạt yêu cầu"),
        ("10000", "= 100% · đạt yêu cầu"),
    ):
        page.locator("#id_3a-denominator").fill("10000")
        page.locator("#id_3a-numerator").fill(typed)
        expect(share).to_have_text(words)


def test_a_criterion_is_answered_by_keyboard_alone(stage: Stage, file: Assessment) -> None:
    page = stage.enter("minh")
    page.goto(f"/phieu/{file.pk}/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{stage.address}{address(file, 'C02')}")
    page.locator('[name="2a-answer"]').first.focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "id_2b-number":
            break
    page.keyboard.type("0")
    expect(state(page)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    expect(page.locator("#ket-qua")).to_contain_text("Đạt")
    # Letters typed into a field are letters; outside they move.
    page.locator("#id_note").focus()
    page.keyboard.type("jk?")
    expect(page.locator("#id_note")).to_have_value("jk?")
    expect(state(page)).to_contain_text("Đã lưu lúc", timeout=PATIENCE)
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#phim-tat")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.wait_for_url(f"{stage.address}/phieu/{file.pk}/")
