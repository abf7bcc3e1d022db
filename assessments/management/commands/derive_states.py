"""`manage.py derive_states`: the derived states of files, checked or made anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from assessments.deriving.keeping import BATCH, derive, differences
from assessments.models import Assessment


class Command(BaseCommand):
    """Derive every file's states from what is stored, or only say where they differ."""

    help = (
        "Lập lại tình trạng theo ngày của mọi phiếu từ câu trả lời, lần nộp, kết quả thẩm định và "
        "các lần chuyển trạng thái. Với --check: chỉ đối chiếu, không ghi gì; có phiếu sai khác "
        "thì kết thúc với mã lỗi."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true", help="chỉ đối chiếu")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many files there are and how many differed.

        Raises:
            CommandError: with --check, files whose kept states are not what follows from their
                rows.
        """
        pks = list(Assessment.objects.order_by("pk").values_list("pk", flat=True))
        if options["check"]:
            found = [str(one.assessment) for one in differences(pks)]
            if found:
                raise CommandError(
                    f"{len(found)}/{len(pks)} phiếu có tình trạng không khớp, đầu tiên là "
                    f"{found[0]}. Chạy manage.py derive_states để lập lại."
                )
            self.stdout.write(f"Tình trạng của {len(pks)} phiếu đều khớp.")
            return
        changed = 0
        for start in range(0, len(pks), BATCH):
            chosen = pks[start : start + BATCH]
            with transaction.atomic():
                # Held: whoever writes one of these files now waits, and derives after us.
                held = Assessment.objects.select_for_update().filter(pk__in=chosen).order_by("pk")
                changed += derive(list(held.values_list("pk", flat=True)))
        self.stdout.write(f"Đã đối chiếu {len(pks)} phiếu, lập lại {changed} phiếu.")
