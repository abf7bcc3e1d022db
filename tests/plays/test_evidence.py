"""Evidence in a browser: several files at once, the unhappy ways, revisions, reuse, no script."""

import base64
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Evidence
from criteria.models import Round
from tests import cast
from tests.assessments.strangers import PAGE, pdf, picture
from tests.plays.conftest import Stage

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

PUT = """([kind, selector, names]) => {
    const carried = new DataTransfer();
    const bytes = Uint8Array.from(atob(names.content), (c) => c.charCodeAt(0));
    names.names.forEach((name) => carried.items.add(new File([bytes], name, {type: "image/png"})));
    const event = kind === "paste"
        ? new ClipboardEvent("paste", {clipboardData: carried, bubbles: true})
        : new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
    document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture
def file(everyone: tuple[cast.Places, cast.People, Round]) -> Assessment:
    """The file of the ward that Lan commands."""
    places, _, round_ = everyone
    return Assessment.objects.get(round=round_, unit=places.ward)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files on the commander's computer."""
    contents = {
        "báo cáo.pdf": pdf(pages=3),
        "bản mới.pdf": pdf(pages=2),
        "trụ sở.png": picture("PNG"),
        "trang.pdf": PAGE,
        "kế hoạch (Mật).pdf": pdf(pages=4),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}


def open_evidence(page: Page, file: Assessment, code: str = "C01") -> None:
    page.goto(f"/phieu/{file.pk}/tieu-chi/{code}/")
    expect(page.locator("#id_uploads")).to_be_attached()


def choose(page: Page, *paths: Path) -> None:
    page.locator("#id_uploads").set_input_files(list(paths))


def row(page: Page, name: str):
    return page.locator(".upload-row").filter(has_text=name)


def listed(page: Page):
    return page.locator("#minh-chung .evidence-item")


def test_several_files_at_once_each_with_its_own_answer(
    stage: Stage, file: Assessment, files: dict[str, Path]
) -> None:
    page = stage.enter("lan")
    open_evidence(page, file)
    choose(
        page, *(files[n] for n in ("báo cáo.pdf", "trang.pdf", "kế hoạch (Mật).pdf", "trụ sở.png"))
    )
    expect(page.get_by_role("alert").filter(has_text="đánh dấu xác nhận")).to_be_visible()
    assert not Evidence.objects.exists()
    page.locator("#id_not_secret").check()
    expect(row(page, "báo cáo.pdf")).to_contain_text("Đã thêm vào danh sách.")
    expect(row(page, "trụ sở.png")).to_contain_text("Đã thêm vào danh sách.")
    expect(row(page, "trang.pdf")).to_contain_text("không được nhận: nội dung không phải PDF.")
    expect(listed(page)).to_have_count(2)
    expect(page.locator("[data-evidence-count]")).to_have_text("2 tài liệu")
    marked = row(page, "kế hoạch (Mật).pdf")
    expect(marked).to_contain_text("có chữ “Mật”")
    expect(marked.get_by_role("button", name="Gửi lại")).to_be_disabled()
    marked.get_by_role("checkbox").check()
    marked.get_by_role("button", name="Gửi lại").click()
    expect(listed(page)).to_have_count(3)
    row(page, "trang.pdf").get_by_role("button", name="Bỏ qua").click()
    expect(page.locator("#id_not_secret")).not_to_be_checked()


def test_a_lost_network_and_an_ended_session_keep_the_file(
    stage: Stage, file: Assessment, files: dict[str, Path]
) -> None:
    page = stage.enter("lan")
    open_evidence(page, file)
    page.route("**/minh-chung/", lambda route: route.abort())
    page.locator("#id_not_secret").check()
    choose(page, files["báo cáo.pdf"])
    lost = row(page, "báo cáo.pdf")
    expect(lost).to_contain_text("Mất kết nối mạng. Tệp vẫn được giữ ở đây")
    # The browser says so itself; that is no complaint of the page.
    stage.complaints.clear()
    page.unroute("**/minh-chung/")
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    lost.get_by_role("button", name="Thử lại").click()
    expect(lost).to_contain_text("Phiên làm việc đã hết hạn.")
    assert not Evidence.objects.exists()
    page.context.add_cookies(kept)
    lost.get_by_role("button", name="Thử lại").click()
    expect(listed(page)).to_have_count(1)


def test_files_are_dropped_and_pasted(stage: Stage, file: Assessment) -> None:
    page = stage.enter("lan")
    open_evidence(page, file)
    page.locator("#id_not_secret").check()
    for kind, selector, names in (
        ("drop", "[data-file-drop]", ["một.png"]),
        ("paste", "body", ["hai.png"]),
    ):
        content = base64.b64encode(picture("PNG")).decode()
        page.evaluate(PUT, [kind, selector, {"names": names, "content": content}])
        expect(row(page, names[0])).to_contain_text("Đã thêm vào danh sách.")
        page.locator("#id_not_secret").check()
    expect(listed(page)).to_have_count(2)


def test_a_new_revision_a_preview_and_reuse(
    stage: Stage, file: Assessment, files: dict[str, Path]
) -> None:
    page = stage.enter("lan")
    open_evidence(page, file)
    page.locator("#id_not_secret").check()
    choose(page, files["báo cáo.pdf"])
    listed(page).get_by_text("Xem trước trong trang").click()
    shown = listed(page).locator(".preview-page")
    expect(shown).to_be_visible()
    expect(listed(page).locator(".preview-pages")).to_contain_text("Trang 1/3")
    listed(page).get_by_role("link", name="Trang sau").click()
    expect(listed(page).locator(".preview-pages")).to_contain_text("Trang 2/3")
    assert shown.evaluate("image => image.complete || image.decode()") in {True, None}
    assert shown.evaluate("image => image.naturalWidth") > 500
    listed(page).locator(".menu summary").click()
    page.get_by_role("link", name="Thay bản mới").click()
    page.locator("#id_upload").set_input_files(files["bản mới.pdf"])
    page.locator("#id_not_secret").check()
    page.get_by_role("button", name="Thay bản mới").click()
    expect(listed(page)).to_contain_text("Bản 2, thay bản ngày")
    open_evidence(page, file, "C02")
    page.get_by_role("link", name="Chọn từ kho minh chứng của đơn vị").click()
    page.get_by_label("bản mới.pdf").check()
    page.get_by_role("button", name="Gắn tài liệu đã chọn").click()
    expect(listed(page)).to_have_count(1)
    assert Evidence.objects.count() == 2


def test_without_a_script_everything_goes_with_the_form(
    stage: Stage, file: Assessment, files: dict[str, Path]
) -> None:
    page = stage.enter("lan", java_script_enabled=False)
    open_evidence(page, file)
    choose(page, files["báo cáo.pdf"], files["trụ sở.png"])
    page.locator("#id_not_secret").check()
    page.get_by_role("button", name="Thêm tài liệu").click()
    expect(listed(page)).to_have_count(2)
    page.get_by_role("link", name="báo cáo.pdf", exact=True).click()
    page.get_by_role("link", name="Trang sau").click()
    expect(page.locator(".preview-pages")).to_contain_text("Trang 2/3")


def test_fl_02_the_file_is_downloaded_and_never_opened(
    stage: Stage, file: Assessment, files: dict[str, Path]
) -> None:
    page = stage.enter("lan")
    open_evidence(page, file)
    page.locator("#id_not_secret").check()
    choose(page, files["báo cáo.pdf"])
    expect(listed(page)).to_have_count(1)
    listed(page).locator(".menu summary").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Tải xuống").click()
    assert fetched.value.suggested_filename == "báo cáo.pdf"
    assert fetched.value.path().read_bytes() == files["báo cáo.pdf"].read_bytes()


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_axe_finds_nothing(
    stage: Stage, file: Assessment, files: dict[str, Path], width: int
) -> None:
    page = stage.enter("lan", viewport={"width": width, "height": 900})
    open_evidence(page, file)
    page.locator("#id_not_secret").check()
    choose(page, files["báo cáo.pdf"], files["trang.pdf"])
    expect(listed(page)).to_have_count(1)
    expect(row(page, "trang.pdf")).to_contain_text("không được nhận")
    listed(page).get_by_text("Xem trước trong trang").click()
    expect(page.locator(".preview-page")).to_be_visible()
    kept = Evidence.objects.get()
    attachment = kept.attachments.get()
    found = {}
    for address in (
        "",
        f"/minh-chung/{kept.pk}/",
        f"/phieu/{file.pk}/tieu-chi/C02/kho-minh-chung/",
        f"/phieu/{file.pk}/minh-chung/{attachment.pk}/sua/",
        f"/phieu/{file.pk}/minh-chung/{attachment.pk}/thay/",
    ):
        if address:
            page.goto(address)
        seen = Axe().run(page)
        found[address] = [one["id"] for one in seen.response["violations"]]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert {address: ids for address, ids in found.items() if ids} == {}
