"""Measures acts and pages in this process: wall time, queries, compressed size."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.bench.pages import Page
from tests.bench.table import Measured, for_every_page

MOST_REPEATS, SECONDS_EACH = 21, 4.0
PACE_REPEATS = 7
ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')
KILOBYTE = 1000


def wall(act: Callable[[], object], repeats: int = MOST_REPEATS) -> float:
    """Median milliseconds of an act that was done before; slow ones are repeated less often."""
    taken: list[float] = []
    while len(taken) < repeats and sum(taken) < SECONDS_EACH:
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
    return median(taken) * 1000


class Failed(Exception):
    """A page that did not answer 200."""


class Browser:
    """Opens pages as somebody; one signed-in session for each person."""

    def __init__(self) -> None:
        self.sessions: dict[str, Client] = {}

    def as_user(self, username: str) -> Client:
        """Somebody's session."""
        if username not in self.sessions:
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(User.objects.get(username=username))
            self.sessions[username] = client
        return self.sessions[username]

    def measure(self, page: Page) -> Measured:
        """One page.

        Raises:
            Failed: it cannot be opened.
        """
        client = self.as_user(page.username)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(page.url)
            number = len(queries)
        if response.status_code != 200:
            raise Failed(f"{page.username} {page.url}: {response.status_code}")
        size = compressed(response.content)
        return Measured(
            page.label,
            wall(lambda: client.get(page.url)),
            number,
            size,
            for_every_page(number, size),
        )

    def measure_anew(self, page: Page, label: str, change: Callable[[], object]) -> Measured:
        """The same page just after a change each time: what was kept of it is read again."""
        client = self.as_user(page.username)
        taken: list[float] = []
        number = 0
        while len(taken) < PACE_REPEATS:
            change()
            with CaptureQueriesContext(connection) as queries:
                start = perf_counter()
                client.get(page.url)
                taken.append(perf_counter() - start)
                number = len(queries)
        return Measured(label, median(taken) * 1000, number)

    def pace(self, page: Page) -> float:
        """Milliseconds of a quick page that was measured before, as things are just now."""
        client = self.as_user(page.username)
        return wall(lambda: client.get(page.url), PACE_REPEATS)

    def first_visit(self, page: Page) -> float:
        """Kilobytes of a page with its style sheets and scripts; fonts are counted apart."""
        content = self.as_user(page.username).get(page.url).content
        assets = set(ASSET.findall(content.decode()))
        files = [Path(settings.STATIC_ROOT) / name for name in sorted(assets)]
        return compressed(content) + sum(_stored(file) for file in files)


def compressed(content: bytes) -> float:
    """Kilobytes as a proxy sends them."""
    return len(gzip.compress(content, 6)) / KILOBYTE


def _stored(file: Path) -> float:
    squeezed = file.with_name(f"{file.name}.gz")
    return (squeezed if squeezed.exists() else file).stat().st_size / KILOBYTE
