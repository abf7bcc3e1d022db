"""The review's long way: returned twice, explained, contested, and two reviewers at one file."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.actions import answering, evidence, reviewing, submitting
from assessments.models import Appeal, Assessment, ExplanationVerdict, Verdict
from assessments.uploads import check_upload
from assessments.workflow import Status
from tests import cast
from tests.plays.acting import tab_to
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

EXPLAINED = "Bản gốc quyết định do Đảng ủy phường giữ, có thể xem tại trụ sở."
ASKED = "Thiếu bản gốc sổ trực quý IV"
ASKED_MORE = "Bản gốc mờ, đề nghị chụp lại"


def hand_in(file: Assessment, people: cast.People, now: datetime) -> None:
    """Everything is met; the first criterion is explained instead of proved."""
    criteria = file.round.criteria_set.criteria.order_by("position")
    for criterion in criteria:
        answering.save_criterion(
            file,
            criterion,
            cast.values(criterion),
            note="",
            explanation=EXPLAINED if criterion == criteria[0] else "",
            version=0,
            by=people.commander,
            now=now,
        )
        file.refresh_from_db()
        if criterion != criteria[0]:
            content = cast.PDF + f"% {criterion.code}\n".encode()
            checked = check_upload(cast.upload(f"{criterion.code}.pdf", content))
            evidence.attach_file(file, criterion, checked, by=people.commander, now=now)
    submitting.submit(file, by=people.commander, now=now)


def correct(file: Assessment, people: cast.People, note: str, now: datetime) -> None:
    """The station changes the second criterion and hands in again."""
    file.refresh_from_db()
    cast.answer(file, "C02", by=people.commander, note=note, now=now)
    submitting.submit(file, by=people.commander, now=now)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def press_and_go(page: Page, key: str, address: str) -> None:
    page.keyboard.press(key)
    page.wait_for_url(f"**{address}")


def give_back(page: Page, words: str) -> None:
    """On the concluding page: say so and return the file, by Tab and Enter."""
    tab_to(page, "#tra-lai-comment")
    page.keyboard.type(words)
    tab_to(page, "form[action$='tra-lai/'] button")
    press_and_go(page, "Enter", "/tham-dinh/")


def claim_the_first(page: Page, file: Assessment) -> None:
    """The file handed in again stands on top, marked as such."""
    page.reload()
    first = page.locator("[data-key-list] > li").first
    expect(first).to_contain_text("Phường 1")
    expect(first).to_contain_text("Nộp lại")
    press(page, "j")
    press_and_go(page, "c", f"/tham-dinh/{file.pk}/")


def outcome_id(page: Page, value: str) -> str:
    """Id of one of the outcomes to choose from."""
    found = page.locator(f'input[name="outcome"][value="{value}"]').get_attribute("id")
    assert found
    return found


def test_returned_twice_then_accepted_without_a_mouse(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    now = timezone.now() - timedelta(hours=2)
    cast.answer_all(other_assessment, by=people.other_commander, now=now)
    submitting.submit(other_assessment, by=people.other_commander, now=now)
    hand_in(assessment, people, now + timedelta(minutes=1))

    page = stage.enter("thao")
    expect(page.locator(".bell-count")).to_have_text("2")
    page.goto("/tham-dinh/")
    titles = page.locator("[data-key-list] a.task-title")
    press(page, "j", "j", "k")
    expect(titles.nth(0)).to_be_focused()
    press(page, "j")
    expect(titles.nth(1)).to_be_focused()
    press_and_go(page, "c", f"/tham-dinh/{assessment.pk}/")
    press_and_go(page, "Enter", "/C01/")
    expect(page.locator("main")).to_contain_text(EXPLAINED)
    press(page, "4", "1")
    press_and_go(page, "Enter", "/C02/")
    # Back and forth between neighbours, and a result that was meant otherwise.
    press_and_go(page, "j", "/C03/")
    press_and_go(page, "k", "/C02/")
    press(page, "2")
    expect(page.locator("#dieu-chinh")).to_be_visible()
    press(page, "3")
    tab_to(page, "#id_comment")
    page.keyboard.type(ASKED)
    press_and_go(page, "Control+Enter", "/C03/")
    press(page, "1")
    press_and_go(page, "Enter", "/ket-luan/")
    give_back(page, "Đề nghị bổ sung sớm")

    commander = stage.enter("lan")
    expect(commander.locator(".bell-count")).to_be_visible()
    expect(commander.locator("main")).to_contain_text(ASKED)
    correct(assessment, people, "đã có bản gốc", timezone.now())
    claim_the_first(page, assessment)
    expect(page.locator("li.task-row", has_text="C02")).to_contain_text("Đã sửa")
    press_and_go(page, "n", "/C02/")
    expect(page.locator("#da-yeu-cau")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Đơn vị đã sửa")
    press(page, "3")
    # Asking again starts from what was asked before.
    expect(page.locator("#id_comment")).to_have_value(ASKED)
    tab_to(page, "#id_comment")
    press(page, "Control+a")
    page.keyboard.type(ASKED_MORE)
    press_and_go(page, "Control+Enter", "/ket-luan/")
    give_back(page, "Chỉ còn một tài liệu")

    commander.goto("/")
    expect(commander.locator("main")).to_contain_text(ASKED_MORE)
    correct(assessment, people, "đã chụp lại", timezone.now())
    claim_the_first(page, assessment)
    press_and_go(page, "n", "/C02/")
    for words in (ASKED, ASKED_MORE):
        expect(page.locator(".timeline-text", has_text=words)).to_have_count(1)
    press(page, "1")
    press_and_go(page, "Enter", "/ket-luan/")
    tab_to(page, "form[action$='ket-luan/'] button")
    press_and_go(page, "Enter", "/ket-qua/")
    assessment.refresh_from_db()
    assert assessment.status == Status.VERIFIED
    explained = Verdict.objects.get(
        submission=assessment.submissions.latest("number"), criterion__code="C01"
    )
    assert explained.explanation == ExplanationVerdict.ACCEPTED

    commander.goto(f"/phieu/{assessment.pk}/tieu-chi/C01/")
    expect(commander.locator("main")).to_contain_text(explained.get_explanation_display())


def test_a_contested_verdict_is_decided_by_the_other_reviewer(
    assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    now = timezone.now() - timedelta(hours=1)
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    reviewing.claim(assessment, by=people.reviewer, now=now)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C02"),
        decision="adjust",
        outcome="not_met",
        comment="Có một vụ cháy trong quý III",
        version=0,
        by=people.reviewer,
        now=now,
    )
    for code in ("C01", "C03"):
        reviewing.save_verdict(
            assessment,
            assessment.round.criteria_set.criteria.get(code=code),
            decision="accept",
            comment="",
            version=0,
            by=people.reviewer,
            now=now,
        )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=now)

    commander = stage.enter("lan")
    commander.locator("a.bell").click()
    commander.locator("button.notice-unread").first.click()
    commander.wait_for_url(lambda address: "/thong-bao" not in address)
    commander.goto(f"/phieu/{assessment.pk}/phuc-tra/")
    commander.locator("main a.task-title").click()
    commander.locator("textarea[name=text]").fill("Vụ cháy thuộc địa bàn phường bên cạnh")
    commander.get_by_role("button", name="Gửi đề nghị phúc tra").click()
    commander.wait_for_url("**/phuc-tra/")
    expect(commander.locator("main")).to_contain_text("Chờ kết luận phúc tra")
    appeal = Appeal.objects.get()

    first = stage.enter("thao")
    first.goto(f"/phuc-tra/{appeal.pk}/")
    expect(first.locator("main")).to_contain_text("phúc tra do cán bộ thẩm định khác kết luận")
    expect(first.get_by_role("button", name="Ghi kết luận phúc tra")).to_have_count(0)

    other = stage.enter("binh")
    expect(other.locator(".bell-count")).to_be_visible()
    other.goto("/phuc-tra/")
    other.locator("main a.task-title").click()
    met = outcome_id(other, "met")
    other.locator(f'label[for="{met}"]').click()
    other.locator("textarea[name=comment]").fill("Biên bản xác nhận vụ cháy ở Phường 2")
    other.get_by_role("button", name="Ghi kết luận phúc tra").click()
    expect(other.locator("main")).to_contain_text("Thay đổi kết quả thẩm định")

    commander.reload()
    for words in (
        "Có một vụ cháy trong quý III",
        "Vụ cháy thuộc địa bàn phường bên cạnh",
        "Biên bản xác nhận vụ cháy ở Phường 2",
        "Võ Thanh Bình",
    ):
        expect(commander.locator("main")).to_contain_text(words)


def test_wf_05_the_second_of_two_reviewers_is_told_who_has_the_file(
    assessment: Assessment, people: cast.People, stage: Stage
) -> None:
    now = timezone.now()
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    first, second = stage.enter("thao"), stage.enter("binh")
    for page in (first, second):
        page.goto(f"/tham-dinh/{assessment.pk}/")
    first.get_by_role("button", name="Nhận thẩm định").click()
    expect(first.locator("main")).to_contain_text("Đồng chí đã nhận thẩm định")
    second.get_by_role("button", name="Nhận thẩm định").click()
    expect(second.locator("main .messages")).to_contain_text("Phạm Phương Thảo")
    assessment.refresh_from_db()
    assert assessment.reviewer == people.reviewer
