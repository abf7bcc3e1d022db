"""The database that is measured: a made-up country, kept for the next run."""

import hashlib
import os
import resource
import secrets
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
MADE_BY = ("*/migrations/*.py", "reports/country/*.py")
"""What decides how the generated rows look."""
SITE = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a country is asked for."""

    provinces: int
    units: int
    years: int
    seed: int

    def __str__(self) -> str:
        return (
            f"{self.provinces} provinces, {self.units} units, {self.years} years, seed {self.seed}"
        )

    @property
    def arguments(self) -> list[str]:
        """What the generator is called with."""
        return [f"--{name}={getattr(self, name)}" for name in self.__slots__]

    @property
    def scale(self) -> str:
        """The figures in the name of its file."""
        return f"bench-{self.provinces}-{self.units}-{self.years}-{self.seed}"

    @property
    def name(self) -> str:
        """The same as long as the country would come out the same."""
        made_by = hashlib.sha256()
        for pattern in MADE_BY:
            for path in sorted(ROOT.glob(pattern)):
                made_by.update(path.read_bytes())
        return f"{self.scale}-{made_by.hexdigest()[:10]}.sqlite3"


def prepare(size: Size) -> str:
    """Put an environment like production's in place; says in one line what was made or found.

    With `DATABASE_URL` in the environment that empty database is filled, else a file under var/.
    """
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY=secrets.token_hex(40),
        SITE_URL=SITE,
        ALLOWED_HOSTS="127.0.0.1,localhost",
        EMAIL_URL="consolemail://",
        LOG_LEVEL="CRITICAL",
        VAR_DIR=str(VAR / "bench"),
        STATIC_ROOT=str(VAR / "bench" / "static"),
    )
    (VAR / "bench").mkdir(parents=True, exist_ok=True)
    _manage("collectstatic", "--no-input", "--verbosity=0")
    if os.environ.get("DATABASE_URL"):
        return _fill(size)
    kept = VAR / size.name
    if kept.exists():
        told = f"kept from an earlier run: var/{kept.name}"
    else:
        # Made by other code, or left half-made.
        for old in VAR.glob(f"{size.scale}-*"):
            old.unlink()
        part = kept.with_suffix(".part")
        os.environ["DATABASE_URL"] = f"sqlite:///{part}"
        told = _fill(size)
        with sqlite3.connect(part) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        part.rename(kept)
    os.environ["DATABASE_URL"] = f"sqlite:///{kept}"
    return told


def _fill(size: Size) -> str:
    _manage("migrate", "--verbosity=0")
    _manage("createcachetable", "--verbosity=0")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _manage("generate_country", *size.arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"generated anew in {taken:.0f} s of CPU"


def _manage(*words: str) -> None:
    subprocess.run(  # noqa: S603 -- the project's own command
        [sys.executable, "manage.py", *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
