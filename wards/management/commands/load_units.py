"""`manage.py load_units FILE`: load the official list of units, whole or not at all."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from wards.models import LegalDocument
from wards.unit_list.faults import ListRefused
from wards.unit_list.loading import load_list


class Command(BaseCommand):
    """Tell what a list changes, then change it; what ends a unit is done only when asked for."""

    help = "Nạp danh sách đơn vị hành chính (CSV, XLSX; xem docs/units.md); nạp lại không đổi gì."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file or the package, the day, and what may be done."""
        parser.add_argument("file", nargs="?", metavar="FILE", help="tệp CSV hoặc XLSX")
        parser.add_argument(
            "--from-package",
            action="store_true",
            help="danh sách của gói vietnam-provinces (phần cài thêm “units”)",
        )
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="ngày danh sách có hiệu lực")
        parser.add_argument("--document", metavar="CODE", help="mã văn bản ban hành danh sách")
        parser.add_argument("--preview", action="store_true", help="chỉ xem, không ghi gì")
        parser.add_argument(
            "--end-missing",
            action="store_true",
            help="kết thúc đơn vị không còn trong danh sách, thay đơn vị đã đổi tên, loại, tỉnh",
        )
        parser.add_argument(
            "--whole-country",
            action="store_true",
            help="danh sách của cả nước: tỉnh không có trong danh sách cũng kết thúc",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the preview, the progress and what was written.

        Raises:
            CommandError: the list is refused; its faults, one per line.
        """
        if bool(options["file"]) == options["from_package"]:
            raise CommandError("Hãy cho một tệp danh sách, hoặc --from-package.")
        if options["whole_country"] and not options["end_missing"]:
            raise CommandError("--whole-country chỉ dùng cùng --end-missing.")
        try:
            changes = load_list(
                options["file"],
                on=_day(options["on"]),
                document=_document(options["document"]),
                end_missing=options["end_missing"],
                whole_country=options["whole_country"],
                preview_only=options["preview"],
                now=timezone.now(),
                tell=self.stdout.write if options["verbosity"] else _say_nothing,
            )
        except ListRefused as refusal:
            name = options["file"] or "vietnam-provinces"
            count = len(refusal.faults)
            raise CommandError(
                "\n".join([f"{name}: {count} lỗi, chưa ghi gì.", *refusal.lines])
            ) from refusal
        said = "Chỉ xem trước, chưa ghi gì." if options["preview"] else changes.line
        if options["verbosity"]:
            self.stdout.write(said)


def _say_nothing(_: str) -> None:
    """For --verbosity 0."""


def _day(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise CommandError(
            f'"{written}" không phải một ngày; viết năm-tháng-ngày, ví dụ 2025-07-01.'
        ) from None


def _document(code: str | None) -> LegalDocument | None:
    if code is None:
        return None
    found = LegalDocument.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f'Không có văn bản mang mã "{code}"; nạp văn bản trước (load_pack).')
    return found
