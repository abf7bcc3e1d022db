"""The main road in a browser: assess, submit, return, correct, verify, recognise, report."""

import hashlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Recognition
from criteria.models import Round
from reports.models import AnnualReport
from tests import cast
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The file of the ward that Lan commands."""
    places, _, round_ = everyone
    return Assessment.objects.get(round=round_, unit=places.ward)


def open_criterion(page: Page, file: Assessment, code: str) -> None:
    page.goto(f"/phieu/{file.pk}/tieu-chi/{code}/")


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.wait_for_load_state()


def attach(page: Page, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(cast.PDF + name.encode())
    page.locator("#id_not_secret").check()
    page.locator("#id_uploads").set_input_files(path)
    expect(page.locator(".evidence-list")).to_contain_text(name)


def save_and_see(page: Page) -> None:
    """Save, and be on the page that says so."""
    save(page)
    expect(page.locator(".messages")).to_contain_text("lưu")


def assess(page: Page, file: Assessment, tmp_path: Path) -> None:
    """Answer the three criteria and prove each."""
    open_criterion(page, file, "C01")
    page.locator("select").first.select_option("excellent")
    save_and_see(page)
    attach(page, "quyet-dinh-xep-loai.pdf", tmp_path)
    open_criterion(page, file, "C02")
    page.get_by_label("Có", exact=True).check(force=True)
    page.locator('input[name="2b-number"]').fill("0")
    save_and_see(page)
    attach(page, "bao-cao-truc-ban.pdf", tmp_path)
    open_criterion(page, file, "C03")
    page.locator('input[name="3a-numerator"]').fill("12")
    page.locator('input[name="3a-denominator"]').fill("12")
    save_and_see(page)
    attach(page, "thong-ke-tin-bao.pdf", tmp_path)


def hand_in(page: Page, file: Assessment) -> str:
    """Declare and submit; the receipt."""
    page.goto(f"/phieu/{file.pk}/kiem-tra/")
    for box in page.locator('#nop input[type="checkbox"]').all():
        box.check()
    page.get_by_role("button", name="Nộp phiếu…").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp phiếu").click()
    page.wait_for_url("**/bien-nhan/**")
    return page.locator(".receipt-code").inner_text().strip()


def verdict(page: Page, decision: str, comment: str = "") -> None:
    page.locator(f'input[value="{decision}"]').first.check(force=True)
    if comment:
        page.locator("textarea").first.fill(comment)
    page.get_by_role("button", name="Lưu và sang mục chưa thẩm định").click()
    page.wait_for_load_state()


def test_from_self_assessment_to_the_report_in_hand(
    stage: Stage, worker: Any, file: Assessment, tmp_path: Path
) -> None:
    commander = stage.enter("lan")
    expect(commander.locator("main")).to_contain_text("Bắt đầu")
    # Handing in with gaps is refused by the server, whatever the page shows.
    commander.goto(f"/phieu/{file.pk}/kiem-tra/")
    expect(commander.get_by_role("button", name="Nộp phiếu")).to_have_count(0)
    expect(commander.locator("main")).to_contain_text("3 tiêu chí chưa có kết quả")
    assess(commander, file, tmp_path)
    receipt = hand_in(commander, file)
    submission = file.submissions.get()
    assert submission.receipt == receipt
    assert (submission.met, submission.of) == (3, 3)

    reviewer = stage.enter("thao")
    reviewer.goto("/tham-dinh/")
    reviewer.get_by_role("button", name="Nhận thẩm định").first.click()
    reviewer.wait_for_load_state()
    reviewer.goto(f"/tham-dinh/{file.pk}/tieu-chi/C01/")
    verdict(reviewer, "accept")
    verdict(reviewer, "accept")
    verdict(reviewer, "more", "Thiếu thống kê quý IV")
    reviewer.goto(f"/tham-dinh/{file.pk}/ket-luan/")
    reviewer.get_by_role("button", name="Trả lại phiếu").click()
    reviewer.wait_for_load_state()

    commander.goto("/")
    expect(commander.locator("main")).to_contain_text("Thiếu thống kê quý IV")
    open_criterion(commander, file, "C03")
    commander.locator('input[name="3a-numerator"]').fill("15")
    commander.locator('input[name="3a-denominator"]').fill("15")
    save_and_see(commander)
    assert hand_in(commander, file) != receipt

    reviewer.goto("/tham-dinh/")
    reviewer.get_by_role("button", name="Nhận thẩm định").first.click()
    reviewer.wait_for_load_state()
    reviewer.goto(f"/tham-dinh/{file.pk}/tieu-chi/C03/")
    verdict(reviewer, "accept")
    reviewer.goto(f"/tham-dinh/{file.pk}/ket-luan/")
    reviewer.get_by_role("button", name="Kết luận 3/3").click()
    reviewer.wait_for_load_state()

    coordinator = stage.enter("dung")
    coordinator.goto("/cong-nhan/")
    coordinator.get_by_role("button", name="Đề nghị công nhận").first.click()
    coordinator.wait_for_load_state()
    coordinator.goto(f"/phieu/{file.pk}/cong-nhan/")
    coordinator.locator('input[name="number"]').fill("99/QĐ-BCA")
    coordinator.locator('input[name="decided_on"]').fill(timezone.localdate().isoformat())
    coordinator.get_by_role("button", name="Ghi nhận công nhận").click()
    coordinator.wait_for_load_state()
    assert Recognition.objects.get().document.number == "99/QĐ-BCA"

    leader = stage.enter("quang")
    leader.goto("/tong-quan/")
    expect(leader.locator("main")).to_contain_text("1/2 phường được công nhận")

    coordinator.goto("/bao-cao/")
    coordinator.get_by_role("button", name="Lập báo cáo").click()
    coordinator.wait_for_url("**/bao-cao/*-*/")
    link = coordinator.get_by_role("link", name="Tải PDF").first
    link.wait_for(timeout=60_000)
    with coordinator.expect_download() as download:
        link.click()
    content = Path(download.value.path()).read_bytes()
    # The worker may have made reports of its own meanwhile: those that are due.
    report = AnnualReport.objects.get(pk=coordinator.url.rstrip("/").rsplit("/", 1)[-1])
    assert hashlib.sha256(content).hexdigest() == report.file_sha256
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) >= 3
    assert report.figures is not None
    assert report.figures["roadmap"][0]["recognised"] == 1


def test_what_was_typed_is_not_lost(stage: Stage, file: Assessment) -> None:
    """Two people at one criterion: the second sees both versions and picks (WF-08)."""
    commander, officer = stage.enter("lan"), stage.enter("minh")
    for page in (commander, officer):
        open_criterion(page, file, "C03")
    officer.locator('input[name="3a-numerator"]').fill("9")
    officer.locator('input[name="3a-denominator"]').fill("10")
    save_and_see(officer)
    commander.locator('input[name="3a-numerator"]').fill("11")
    commander.locator('input[name="3a-denominator"]').fill("11")
    # Saved by itself; whoever presses "Lưu" after the page has shown both versions has chosen.
    expect(commander.locator("main")).to_contain_text("thay đổi ở nơi khác")
    expect(commander.locator("main")).to_contain_text("11")
    answer = file.answers.get()
    assert (answer.numerator, answer.denominator) == (9, 10)


def test_without_javascript_everything_still_works(
    stage: Stage, file: Assessment, tmp_path: Path
) -> None:
    commander = stage.enter("lan", java_script_enabled=False)
    open_criterion(commander, file, "C02")
    commander.get_by_label("Có", exact=True).check(force=True)
    commander.locator('input[name="2b-number"]').fill("hai")
    save(commander)
    expect(commander.locator('input[name="2b-number"]')).to_have_value("hai")
    commander.locator('input[name="2b-number"]').fill("0")
    save_and_see(commander)
    assert file.results.get(criterion__code="C02").outcome == "met"


def test_on_a_phone_nothing_scrolls_sideways(stage: Stage, file: Assessment) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
    page = stage.enter("lan", **phone)
    for address in ("/", f"/phieu/{file.pk}/", f"/phieu/{file.pk}/tieu-chi/C02/", "/don-vi/"):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, (address, width)
