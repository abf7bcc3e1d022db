"""`manage.py roadmap`: what is required by when, and what is reached."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reports.management.arguments import find_programme, read_day
from reports.management.tables import table
from reports.rollup import headline, latest_round, roadmap_rows, unit_word


class Command(BaseCommand):
    """Print the roadmap rows of a programme as of a day."""

    help = "In lộ trình của một chương trình: mỗi mốc một dòng."

    def add_arguments(self, parser: CommandParser) -> None:
        """--programme, --as-of, --json."""
        parser.add_argument("--programme", metavar="MÃ", help="mã chương trình")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="số liệu đến ngày (hôm nay)")
        parser.add_argument("--json", action="store_true", help="in JSON thay cho bảng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rows.

        Raises:
            CommandError: unknown programme, or not a day.
        """
        programme = find_programme(options["programme"])
        as_of = read_day(options["as_of"], today=timezone.localdate())
        rows = roadmap_rows(programme, as_of=as_of)
        if options["json"]:
            found = [row.as_json() for row in rows]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        round_ = latest_round(programme, as_of=as_of)
        self.stdout.write(
            headline(
                rows,
                as_of=as_of,
                counting=programme.counts_as_met,
                unit_word=unit_word(programme),
                round_year=round_.year if round_ is not None else None,
            )
        )
        self.stdout.write(
            table(
                (
                    "Đến ngày",
                    "Phạm vi",
                    "Chỉ tiêu",
                    "Lũy kế",
                    "Quy đổi",
                    "Tự đánh giá",
                    "Tỉnh",
                    "Bộ",
                    "Tình trạng",
                    "Văn bản",
                ),
                [
                    (
                        f"{row.by:%d/%m/%Y}",
                        row.scope_label,
                        row.as_approved,
                        f"{row.required}/{row.of}",
                        f"{row.required_now}/{row.roster_now}",
                        str(row.self_assessed),
                        str(row.verified),
                        str(row.recognised),
                        row.state_label,
                        row.document_number,
                    )
                    for row in rows
                ],
            )
        )
