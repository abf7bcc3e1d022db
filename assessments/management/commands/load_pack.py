"""`manage.py load_pack FILE…`: load content packs, each whole or not at all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.pack_loader import load_file
from wards.pack_schema.problems import PackRefused


class Command(BaseCommand):
    """Load packs in the order given; stop at the first that is refused."""

    help = "Loads content packs (YAML, see docs/packs.md); loading a file twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per file.

        Raises:
            CommandError: a file is refused; its faults, one per line. Files before it are loaded.
        """
        for file in options["files"]:
            try:
                loaded = load_file(file, now=timezone.now())
            except PackRefused as refusal:
                count = len(refusal.problems)
                raise CommandError(
                    "\n".join([f"{file}: {count} lỗi, chưa nạp gì từ tệp này.", *refusal.lines])
                ) from refusal
            if options["verbosity"]:
                self.stdout.write(loaded.line)
