"""`manage.py standing`: how each unit stands, and what is in its way."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reports.management.arguments import find_programme, read_day
from reports.management.tables import table
from reports.rollup import Count, programme_standings


class Command(BaseCommand):
    """Print the standing of each unit of a programme's latest round as of a day."""

    help = "In tình hình từng đơn vị của một chương trình ở kỳ gần nhất."

    def add_arguments(self, parser: CommandParser) -> None:
        """--programme, --as-of, --json."""
        parser.add_argument("--programme", metavar="MÃ", help="mã chương trình")
        parser.add_argument("--as-of", metavar="YYYY-MM-DD", help="số liệu đến ngày (hôm nay)")
        parser.add_argument("--json", action="store_true", help="in JSON thay cho bảng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the units.

        Raises:
            CommandError: unknown programme, or not a day.
        """
        programme = find_programme(options["programme"])
        as_of = read_day(options["as_of"], today=timezone.localdate())
        found = programme_standings(programme, as_of=as_of)
        if options["json"]:
            units = [standing.as_json() for standing in found]
            self.stdout.write(json.dumps(units, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            table(
                ("Mã", "Đơn vị", "Tự đánh giá", "Tỉnh", "Bộ", "Tình trạng", "Vướng mắc"),
                [
                    (
                        standing.unit.code,
                        standing.unit.heading_name,
                        _written(standing.self_assessed),
                        _written(standing.verified),
                        _written(standing.recognised),
                        standing.status_label,
                        str(len(standing.blockers)),
                    )
                    for standing in found
                ],
            )
        )


def _written(count: Count) -> str:
    return f"{count.met}/{count.of}"
