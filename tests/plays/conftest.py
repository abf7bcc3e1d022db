"""The stage: Debian's Chromium against a live server, with a real worker behind it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import cast

# Two cores may be busy with other tests; what is waited for comes, or the test fails.
expect.set_options(timeout=15_000)

# Playwright's own loop runs in this thread; the tests' database calls are synchronous all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1440, "height": 900},
    }


# Notes of the browser and of htmx on answers that refuse, and on a network that a play took away.
EXPECTED = re.compile(
    r"status of 4|Status Error Code 4|ERR_INTERNET_DISCONNECTED|htmx:sendError|htmx:afterRequest"
)


class Stage:
    """Opens the portal for a person: a browser of their own, signed in through the form."""

    def __init__(self, browser: Browser, address: str, arguments: dict[str, Any]) -> None:
        self.browser = browser
        self.address = address
        self.arguments = arguments
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, **arguments: Any) -> Page:
        """A page in a browser of its own, not signed in."""
        context = self.browser.new_context(
            base_url=self.address, accept_downloads=True, **{**self.arguments, **arguments}
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context.new_page()

    def enter(self, username: str, password: str = cast.PASSWORD, **arguments: Any) -> Page:
        """A page of this person, on the home page."""
        page = self.open(**arguments)
        page.goto("/dang-nhap/")
        page.locator('input[name="login"]').fill(username)
        page.locator('input[name="password"]').fill(password)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(f"{self.address}/")
        return page

    def _listen(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(message.text)

    def close(self) -> None:
        """Close every browser window; scripts and the content policy must not have complained."""
        for context in self.contexts:
            context.close()
        assert self.complaints == []


@pytest.fixture
def stage(
    browser: Browser, live_server: Any, browser_context_args: dict[str, Any]
) -> Iterator[Stage]:
    opened = Stage(browser, live_server.url, browser_context_args)
    yield opened
    opened.close()


def database_url() -> str:
    """The test database as another process reaches it."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    host = parts["HOST"] or "localhost"
    password = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
    return f"postgres://{parts['USER']}{password}@{host}:{parts['PORT']}/{parts['NAME']}"


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The worker with its beat, as `make demo` starts it, on the test's own database."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(settings.VAR_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "REDIS_URL": settings.REDIS_URL,
    }
    if not settings.REDIS_URL:
        call_command("createcachetable")
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "-P", "solo"]
    command += ["-s", str(tmp_path / "beat"), "-l", "WARNING"]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)  # noqa: S603
    yield process
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def everyone(transactional_db: None) -> tuple[cast.Places, cast.People, Any]:
    """Places, people and the open round of the small programme, committed."""
    places = cast.make_places()
    people = cast.make_people(places)
    programme = cast.make_programme(places, cast.make_criteria_set())
    return places, people, cast.open_2023(programme)
