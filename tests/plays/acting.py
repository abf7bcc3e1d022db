"""What people do at the screens, in the words of the plays: with fingers, or with keys alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from assessments.models import Assessment
from criteria.models import Criterion
from criteria.scale import IndicatorKind
from tests import cast

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
FURTHEST = 120
"""Presses of Tab after which something counts as out of reach."""


def file_address(file: Assessment, code: str = "") -> str:
    """Where the station works on its file, or on one criterion of it."""
    return f"/phieu/{file.pk}/tieu-chi/{code}/" if code else f"/phieu/{file.pk}/"


def paper(folder: Path, name: str) -> Path:
    """A document to attach; each name is a document of its own."""
    path = folder / name
    path.write_bytes(cast.PDF + f"% {name}\n".encode())
    return path


def answers(criterion: Criterion) -> dict[str, str]:
    """What to enter, by name of the input, for every indicator to be met."""
    found = {}
    for one in criterion.indicators.all():
        if one.kind == IndicatorKind.TITLE:
            found[f"{one.code}-level"] = one.at_least_level
        elif one.kind == IndicatorKind.YES_NO:
            found[f"{one.code}-answer"] = "yes"
        elif one.kind == IndicatorKind.COUNT:
            found[f"{one.code}-number"] = f"{one.at_least or 0:f}".split(".")[0]
        else:
            found[f"{one.code}-numerator"] = found[f"{one.code}-denominator"] = "12"
    return found


def expect_saved(page: Page) -> None:
    """The page says that everything typed is kept by the server."""
    expect(page.locator("#trang-thai-luu")).to_contain_text("Đã lưu lúc")


def changes_page(page: Page, act: Callable[[], Any]) -> None:
    """Do what leads to another page, and be there."""
    before = page.url
    act()
    page.wait_for_url(lambda now: now != before)


def is_reached(element: Locator) -> bool:
    """Whether the focus is there; one choice of a group stands for all of it."""
    reached: bool = element.evaluate(
        "one => one === document.activeElement || (one.type === 'radio'"
        " && one.name === document.activeElement.name && one.form === document.activeElement.form)"
    )
    return reached


def tab_to(page: Page, selector: str) -> Locator:
    """Tab until the element has the focus, as a hand would."""
    element = page.locator(selector)
    expect(element).to_have_count(1)
    for _ in range(FURTHEST):
        if is_reached(element):
            return element
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


class Fingers:
    """A telephone in the hand: everything is tapped."""

    arguments = PHONE

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        """Tap a link or a button."""
        self.page.locator(selector).tap()

    def put(self, selector: str, text: str) -> None:
        """Type into an input."""
        field = self.page.locator(selector)
        field.tap()
        field.fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose one of the large choices by its label."""
        chosen = self.page.locator(f'input[name="{name}"][value="{value}"]')
        self.page.locator(f'label[for="{chosen.get_attribute("id")}"]').tap()
        expect(chosen).to_be_checked()

    def select(self, name: str, value: str) -> None:
        """Choose from a list."""
        self.page.locator(f'select[name="{name}"]').select_option(value)

    def tick(self, selector: str) -> None:
        """Tick a box."""
        self.page.locator(selector).tap()

    def hand_over(self, path: Path) -> None:
        """Choose a file."""
        self.page.locator("#id_uploads").set_input_files(path)


class Keys:
    """A keyboard and nothing else: Tab, arrows, Space, Enter and letters."""

    arguments = DESK

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, selector: str) -> None:
        """Enter on a link or a button."""
        tab_to(self.page, selector)
        self.page.keyboard.press("Enter")

    def put(self, selector: str, text: str) -> None:
        """Type into an input."""
        tab_to(self.page, selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Walk through the choices with the arrow until the wanted one is checked."""
        wanted = f'input[name="{name}"][value="{value}"]'
        tab_to(self.page, wanted)
        for _ in range(self.page.locator(f'input[name="{name}"]').count()):
            if self.page.locator(wanted).is_checked():
                return
            self.page.keyboard.press("ArrowRight")
        expect(self.page.locator(wanted)).to_be_checked()

    def select(self, name: str, value: str) -> None:
        """Walk down the list with the arrow."""
        field = tab_to(self.page, f'select[name="{name}"]')
        for _ in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        expect(field).to_have_value(value)

    def tick(self, selector: str) -> None:
        """Tick a box with the space bar."""
        tab_to(self.page, selector)
        self.page.keyboard.press("Space")

    def hand_over(self, path: Path) -> None:
        """Choose a file at the input that has the focus."""
        tab_to(self.page, "#id_uploads").set_input_files(path)


Hands = Fingers | Keys


def sign_in(hands: Hands, username: str) -> None:
    """Through the door, with these hands."""
    page = hands.page
    page.goto("/dang-nhap/")
    hands.put('input[name="login"]', username)
    hands.put('input[name="password"]', cast.PASSWORD)
    changes_page(
        page, lambda: hands.press("main form button[type=submit], form button.btn-primary")
    )


def answer(hands: Hands, criterion: Criterion) -> None:
    """Enter a result for every indicator of the criterion that is open."""
    for name, value in answers(criterion).items():
        if name.endswith("-answer"):
            hands.choose(name, value)
        elif name.endswith("-level"):
            hands.select(name, value)
        else:
            hands.put(f'input[name="{name}"]', value)


def attach(hands: Hands, path: Path) -> None:
    """Add a document: choose it, confirm that it holds no secret, see it listed."""
    hands.hand_over(path)
    hands.tick("#id_not_secret")
    expect(hands.page.locator(".evidence-list")).to_contain_text(path.stem)


def hand_in(hands: Hands) -> str:
    """On the page of the check: tick everything, declare, confirm; the receipt."""
    page = hands.page
    for number in range(page.locator("#nop input[type=checkbox]").count()):
        hands.tick(f"#nop input[type=checkbox] >> nth={number}")
    hands.press("#nop form > button[type=submit]")
    expect(page.get_by_role("dialog")).to_be_visible()
    changes_page(page, lambda: hands.press("dialog button[name=confirmed]"))
    page.wait_for_url("**/bien-nhan/")
    return page.locator(".receipt-code").inner_text().strip()
