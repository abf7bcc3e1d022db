"""Every page within reach of links, as each role, with the real programme and a lived-in year.

One demonstration is loaded, and each person walks from the home page along every link of the same
site: no error, no English, no complaint of the browser, no violation found by axe.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from assessments.workflow import Status
from criteria.models import Round
from reports.demo.people import PASSWORD
from tests import cast
from tests.assessments.workbook import edited, everything_met, made, write
from tests.plays.acting import expect_saved, file_address
from tests.plays.conftest import Stage
from tests.walking import PEOPLE, is_page, kind

pytestmark = [pytest.mark.play, pytest.mark.django_db(transaction=True)]

ENGLISH = re.compile(
    r"\b(Search|Submit|Delete|Save|Cancel|Required|This field|Please|Enter a|Select|Previous|Next"
    r"|Page not found|Sign In|Log in|Password|None|True|False)\b"
)
WIDTHS = (320, 768, 1440)
# What the walk must have come by, so that a link that disappears does not go unnoticed.
EXPECTED_KINDS = {
    "/tong-quan/tra-vinh-…/…/so-sanh/",
    "/don-vi/…/",
    "/don-vi/…/lich-su/",
    "/phieu/…/",
    "/phieu/…/tieu-chi/…/",
    "/phieu/…/tieu-chi/…/kho-minh-chung/",
    "/phieu/…/kiem-tra/",
    "/phieu/…/bien-nhan/",
    "/phieu/…/bang-tinh/",
    "/phieu/…/khac-phuc/",
    "/phieu/…/phuc-tra/",
    "/minh-chung/…/",
    "/tham-dinh/",
    "/tham-dinh/…/",
    "/tham-dinh/…/tieu-chi/…/",
    "/tham-dinh/…/ket-luan/",
    "/tham-dinh-lan-hai/",
    "/phuc-tra/",
    "/phuc-tra/…/",
    "/khac-phuc/",
    "/ky/…/",
    "/thong-bao/",
    "/chuong-trinh/tra-vinh-…/phuong-an/",
    "/chuong-trinh/tra-vinh-…/phuong-an/moi/",
    "/chuong-trinh/tra-vinh-…/phuong-an/so-sanh/",
    "/phuong-an/…/",
    "/ma-truy-cap-api/",
}


def links(page: Page) -> list[str]:
    """Addresses of this site that the page links to, files apart."""
    found: list[str] = page.eval_on_selector_all(
        "a[href^='/'], a[href^='?']", "all => all.map(one => one.pathname + one.search)"
    )
    return [one for one in found if is_page(one)]


def faults_of(page: Page, address: str, *, audit: bool) -> list[str]:
    """What is wrong with the page at an address, in words."""
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [f"{address}: {answer.status if answer else 'no answer'}"]
    return faults_here(page, address, audit=audit)


def faults_here(page: Page, address: str, *, audit: bool) -> list[str]:
    """What is wrong with the page that is open; `audit` asks axe, at every width."""
    found = []
    text = page.locator("body").inner_text()
    if word := ENGLISH.search(text):
        found.append(f"{address}: English “{word.group()}”")
    for width in WIDTHS if audit else WIDTHS[:1]:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            found.append(f"{address}: {beyond} px too wide at {width}")
        if audit:
            violations = Axe().run(page).response["violations"]
            found += [
                f"{address} at {width}: {one['id']} {one['nodes'][0]['html'][:160]}"
                for one in violations
            ]
    return found


def walk(
    page: Page, username: str, audited: set[str], *, first: Sequence[str] = ()
) -> tuple[int, list[str]]:
    """Visit one page of every kind; how many, and what was wrong.

    axe looks at each kind of page once, and at everyone's own home page. Only one page of a kind is
    opened: `first` names those to prefer over whichever link comes first.
    """
    waiting, seen, faults = ["/", *first], set(), []
    while waiting:
        address = waiting.pop(0)
        if kind(address) in seen:
            continue
        seen.add(kind(address))
        fresh = address == "/" or kind(address) not in audited
        audited.add(kind(address))
        faults += [f"{username} {fault}" for fault in faults_of(page, address, audit=fresh)]
        waiting += [one for one in links(page) if kind(one) not in seen]
    return len(seen), faults


def test_every_page_as_every_role(stage: Stage, transactional_db: Any) -> None:
    call_command("demo_data", verbosity=0)
    faults: list[str] = []
    visited = {}
    audited: set[str] = set()
    for username in PEOPLE:
        page = stage.enter(username, PASSWORD)
        held = Assessment.objects.filter(reviewer__username=username, status=Status.UNDER_REVIEW)
        reviews = [f"/tham-dinh/{file.pk}/" for file in held]
        visited[username], found = walk(page, username, audited, first=reviews)
        faults += found
        # Nine people's pages open at once are more than a small machine's browser bears well.
        page.context.close()
    assert faults == []
    assert audited >= EXPECTED_KINDS, EXPECTED_KINDS - audited
    assert all(count >= 3 for count in visited.values()), visited
    assert visited["tonghop"] >= 15, visited


def test_the_doors_are_accessible_too(stage: Stage, transactional_db: Any) -> None:
    page = stage.open()
    for address in ("/dang-nhap/", "/quen-mat-khau/", "/tai-khoan/dang-ky/"):
        assert faults_of(page, address, audit=True) == []


def test_pages_that_no_link_reaches(
    stage: Stage, everyone: tuple[cast.Places, cast.People, Round], tmp_path: Path
) -> None:
    """A workbook with changes, a workbook with faults, and two versions of one criterion."""
    places, _, round_ = everyone
    file = Assessment.objects.get(round=round_, unit=places.ward)
    page = stage.enter("lan")
    filled = edited(made(file), *everything_met(file))
    wrong = edited(made(file), write(file, "number", "hai", "C02", "2b"))
    for name, content, said in (
        ("day-du.xlsx", filled, "C02"),
        ("co-loi.xlsx", wrong, "Bảng tính có 1 lỗi"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        page.goto(f"/phieu/{file.pk}/bang-tinh/")
        page.locator("#id_workbook").set_input_files(path)
        page.locator("form:has(#id_workbook) button[type=submit]").click()
        expect(page.locator("main")).to_contain_text(said)
        assert faults_here(page, name, audit=True) == []

    page.goto(file_address(file, "C03"))
    other = page.context.new_page()
    other.goto(file_address(file, "C03"))
    other.locator("#id_note").fill("Ghi ở thẻ thứ hai")
    expect_saved(other)
    page.locator("#id_note").fill("Ghi ở thẻ thứ nhất")
    expect(page.locator("#xung-dot")).to_be_visible()
    assert faults_here(page, "conflict", audit=True) == []


def test_a_token_from_issue_to_revocation(
    stage: Stage, everyone: tuple[cast.Places, cast.People, Round]
) -> None:
    page = stage.enter("son")
    page.goto("/ma-truy-cap-api/")
    page.locator("#id_agency").select_option("so-tai-chinh")
    page.locator("#id_purpose").fill("Kho dữ liệu")
    page.locator("#id_expires_on").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="Cấp mã").click()
    expect(page.locator("#ma")).to_have_value(re.compile(r"^[\w-]{43}$"))
    assert faults_here(page, "new token", audit=True) == []
    page.get_by_role("link", name="Đã chép, về danh sách").click()
    page.locator("summary", has_text="Thu hồi").click()
    assert faults_here(page, "tokens", audit=True) == []
    page.get_by_role("button", name="Thu hồi mã").click()
    expect(page.locator("main")).to_contain_text("mã không còn dùng được")
