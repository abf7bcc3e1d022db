"""How long pages, the roll-up and the PDF of the demonstration take, beside an empty page.

Ratios within one run travel between machines; seconds do not.
"""

import os
import statistics
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from time import process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
REPEATS = 15


def cpu(act: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median CPU seconds of an act, after one warm-up."""
    act()
    taken = []
    for _ in range(repeats):
        start = process_time()
        act()
        taken.append(process_time() - start)
    return statistics.median(taken)


def main() -> None:
    """Print one line per measurement."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, setup_test_environment
    from django.urls import reverse

    from accounts.models import User
    from assessments.models import Assessment
    from criteria.models import Programme
    from reports.figures import build_figures
    from reports.pdf import render_annual_report
    from tests.cast import DAY

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0)
    say(f"database: {connection.vendor}, {Path(str(name)).name}")
    call_command("demo_data", stdout=StringIO())
    file = Assessment.objects.get(unit__code="29254", unit__valid_from=None)
    own = Assessment.objects.get(unit__code="29236", unit__valid_from=None)
    pages = [
        ("empty signed-in page", "lanhdao", reverse("account_change_password")),
        ("home of a leader", "lanhdao", "/"),
        ("overview", "lanhdao", reverse("overview", args=["tra-vinh-2023", 2023])),
        ("roadmap", "lanhdao", reverse("roadmap", args=["tra-vinh-2023"])),
        ("unit", "tonghop", reverse("unit", args=[file.unit_id])),
        ("task list", "p4.truong", reverse("assessment", args=[own.pk])),
        ("criterion", "p4.truong", reverse("criterion", args=[own.pk, "C09"])),
        ("check", "p4.truong", reverse("check", args=[own.pk])),
        ("review queue", "thamdinh1", reverse("review_queue")),
        ("review of a criterion", "thamdinh1", reverse("review_criterion", args=[file.pk, "C10"])),
        ("audit trail", "tonghop", reverse("audit")),
    ]
    floor = 0.0
    for label, username, url in pages:
        browser = Client()
        browser.force_login(User.objects.get(username=username))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200, url
        count = len(queries)
        taken = cpu(lambda browser=browser, url=url: browser.get(url))
        floor = floor or taken
        say(f"{label:<24} {taken * 1000:7.1f} ms  {taken / floor:5.1f} ×  {count:3d} queries")
    programme = Programme.objects.get(code="tra-vinh-2023")
    taken = cpu(lambda: build_figures(programme, 2023, as_of=DAY), 5)
    say(f"{'figures of a year':<24} {taken * 1000:7.1f} ms  {taken / floor:5.1f} ×")
    figures = build_figures(programme, 2023, as_of=DAY)
    taken = cpu(lambda: render_annual_report(figures), 3)
    say(f"{'annual report, PDF':<24} {taken * 1000:7.1f} ms  {taken / floor:5.1f} ×")
    connection.creation.destroy_test_db(str(name), verbosity=0)


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
