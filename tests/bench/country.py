"""Runs the measurements on the country that is there, and prints them as they come."""

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Assessment
from assessments.workflow import EDITABLE
from criteria.models import Round
from reports.rollup.roadmap import load_plan
from tests.bench import pages, rows, table
from tests.bench.measuring import Browser, Failed, wall
from tests.bench.pages import Overviews, Page
from tests.bench.readers import Reader, hammer, server
from tests.bench.urls import EMPTY

PROBLEMS_SHOWN = 5
Labels = frozenset[str]


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def describe() -> str:
    """The kind of database; a server is brought to where it would be after a day."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return connection.vendor


def measure_pages(without: Labels) -> list[table.Result]:
    """Every page but those with these labels, one after the other."""
    settings.ROOT_URLCONF = "tests.bench.urls"
    round_, today, browser = _round(), timezone.localdate(), Browser()
    empty = Page(pages.MINISTRY, "empty signed-in page (floor A)", EMPTY)
    floor = browser.measure(empty)
    say(floor.line(floor.ms))
    label, act = rows.by_hand(round_, today)
    act()
    by_hand = wall(act) / browser.pace(empty)
    say(table.Measured(label, by_hand * floor.ms).line(floor.ms))
    say(_edition(round_).line(floor.ms))
    named = pages.overviews(round_, today)
    budgets = _budgets(named, by_hand)
    found: list[table.Result] = []
    taken: dict[Page, float] = {}
    who = ""
    for page in (*named.listed, *pages.everyday(round_)):
        if page.label.strip() in without:
            continue
        if page.username != who:
            who = page.username
            say(f"-- {who}")
        # Machines that others use change their pace: the floor is measured anew for every page.
        pace = browser.pace(empty)
        try:
            measured = browser.measure(page)
        except Failed as problem:
            found.append(table.Failure(str(problem)))
        else:
            taken[page] = measured.ms / pace
            wanted = budgets[page](taken) if page in budgets else ()
            found.append(replace(measured, budgets=(*wanted, *measured.budgets)))
        say(found[-1].line(pace))
    say(f"-- {pages.MINISTRY}, just after an answer in a draft changed")
    for page in (named.country, named.province):
        if page in taken:
            pace = browser.pace(empty)
            say(browser.measure_anew(page, page.label, lambda: _change(round_)).line(pace))
    if named.country in taken:
        visit = browser.first_visit(named.country)
        say(f"first visit of the country's overview with styles and scripts: {visit:.0f} kB")
    return found


def _change(round_: Round) -> None:
    """What makes a draft of the largest province another one, and leaves it what it was."""
    files = Assessment.objects.filter(round=round_, unit__province__code=pages.LARGEST)
    one = files.filter(status__in=EDITABLE).values_list("pk", flat=True).first()
    Assessment.objects.filter(pk=one).update(conclusion=F("conclusion"))


def _edition(round_: Round) -> table.Measured:
    """What each process reads once, until places, programmes or criteria change."""
    start = perf_counter()
    with CaptureQueriesContext(connection) as queries:
        load_plan(round_.programme)
        number = len(queries)
    taken = (perf_counter() - start) * 1000
    return table.Measured("places and targets, once for an edition", taken, number)


Wanted = Callable[[dict[Page, float]], tuple[table.Budget, ...]]


def _budgets(named: Overviews, by_hand: float) -> dict[Page, Wanted]:
    """What the overviews have to keep to beyond what every page has to; all as multiples of A."""

    def of_country(taken: dict[Page, float]) -> tuple[table.Budget, ...]:
        here = taken[named.country]
        return table.times_floor(here), table.beyond_floor(here, by_hand)

    def of_province(page: Page) -> Wanted:
        return lambda taken: (table.times_floor(taken[page]),)

    def of_past(page: Page, today: Page) -> Wanted:
        return lambda taken: (
            (table.times_today(taken[page], taken[today]),) if today in taken else ()
        )

    return {
        named.country: of_country,
        named.country_past: of_past(named.country_past, named.country),
        named.province: of_province(named.province),
        named.province_past: of_past(named.province_past, named.province),
        named.matrix: of_province(named.matrix),
    }


def measure_readers(number: int, seconds: float, without: Labels) -> list[table.Result]:
    """Readers of the overviews, then of everybody's pages."""
    round_, browser = _round(), Browser()
    named = pages.overviews(round_, timezone.localdate())
    kinds = {
        f"{number} readers of overviews": [named.country, named.province, named.matrix],
        f"{number} readers of everyday pages": pages.everyday(round_),
    }
    found: list[table.Result] = []
    with server() as port:
        for label, pages_of_kind in kinds.items():
            listed = [page for page in pages_of_kind if page.label.strip() not in without]
            if not listed:
                continue
            seen = hammer(label, port, _people(browser, listed, number), seconds)
            say(seen.line())
            for problem, times in Counter(seen.errors).most_common(PROBLEMS_SHOWN):
                say(f"    {times} × {problem}")
            found.append(seen)
    return found


def _people(browser: Browser, listed: list[Page], number: int) -> list[Reader]:
    """So many readers of these pages; each begins at another one of those of the same person."""
    names = sorted({page.username for page in listed})
    readers = []
    for place in range(number):
        username = names[place % len(names)]
        own = [page.url for page in listed if page.username == username]
        start = place // len(names) % len(own)
        cookie = browser.as_user(username).cookies[settings.SESSION_COOKIE_NAME].value
        readers.append(Reader(cookie, [*own[start:], *own[:start]]))
    return readers


def verdict(found: list[table.Result], *, is_strict: bool) -> int:
    """Say how it went; returns the exit code."""
    budgets = [budget for one in found for budget in one.budgets]
    missed = sum(not budget.is_kept for budget in budgets)
    failures = sum(one.failures for one in found)
    say(f"{missed} of {len(budgets)} budgets missed, {failures} requests failed")
    if failures:
        return 2
    return 1 if missed and is_strict else 0


def _round() -> Round:
    return Round.objects.select_related("programme", "criteria_set").latest("year")
