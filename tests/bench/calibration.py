"""`python -m tests.bench.calibration`: how forecasts of past targets did, on made-up histories.

Each seed is a small country; for each of its past targets forecasts are made 90, 180, 365 and
730 days before, from what was known then. A well-made range from the 10 % to the 90 % quantile
holds about four times in five.
"""

import argparse
import os
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")


def main() -> None:
    """One line for each lead, over all seeds."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.calibration", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--provinces", type=int, default=3)
    parser.add_argument("--units", type=int, default=150)
    parser.add_argument("--years", type=int, default=8)
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from criteria.models import Programme
    from reports.rollup.hindsight import LEADS, Hindsight, backtest
    from tests.bench.table import summary

    today = timezone.localdate()
    name = connection.creation.create_test_db(verbosity=0)
    say(
        f"forecasts in hindsight: {options.seeds} countries of {options.units} units, "
        f"{options.years} years, {connection.vendor}, {Path(str(name)).name}"
    )
    found: dict[int, list[Hindsight]] = {lead: [] for lead in LEADS}
    for seed in range(1, options.seeds + 1):
        with transaction.atomic():
            call_command("generate_country", *_arguments(options, seed, today), stdout=StringIO())
            programme = Programme.objects.get()
            for lead in LEADS:
                found[lead].append(backtest(programme, as_of=today, leads=(lead,)))
            transaction.set_rollback(True)
    for lead, several in found.items():
        say(summary(f"{lead} days before", several))
    say(summary("all", [one for several in found.values() for one in several]))
    connection.creation.destroy_test_db(str(name), verbosity=0)


def _arguments(options: argparse.Namespace, seed: int, today: date) -> list[str]:
    sizes = [f"--{name}={getattr(options, name)}" for name in ("provinces", "units", "years")]
    return [*sizes, f"--seed={seed}", f"--until={today}"]


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
