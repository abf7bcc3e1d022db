"""`manage.py open_round`: open a year's round for every unit of a programme."""

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.access import Refusal
from assessments.actions.opening import open_round
from criteria.models import Programme, Round


class Command(BaseCommand):
    """Open a round; opening it again only adds the units that are missing."""

    help = "Opens the round of a year for every unit of a programme (idempotent)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Programme, year and, if it differs from the programme's own, the deadline."""
        parser.add_argument("--programme", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, metavar="YYYY")
        parser.add_argument("--deadline", metavar="YYYY-MM-DD[THH:MM]")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line about the round.

        Raises:
            CommandError: no such programme, or no round can be opened for that year.
        """
        code, deadline = options["programme"], options["deadline"]
        programme = Programme.objects.filter(code=code).first()
        if programme is None:
            raise CommandError(f'Không có chương trình mang mã "{code}".')
        year = _year(str(options["year"]))
        due = _deadline(deadline) if deadline else None
        former = Round.objects.filter(programme=programme, year=year).first()
        before = former.assessments.count() if former else 0
        try:
            opened = open_round(programme, year, by=None, now=timezone.now(), deadline=due)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        count = opened.assessments.count()
        until = timezone.localtime(opened.deadline)
        if former is None:
            said = f"đã mở cho {count} đơn vị"
        elif count > before:
            said = f"đã mở từ trước, thêm {count - before} đơn vị (tất cả {count})"
        else:
            said = f"đã mở từ trước cho {count} đơn vị, không thay đổi"
        self.stdout.write(f"Kỳ {year} của {code}: {said}; hạn nộp {until:%H:%M ngày %d/%m/%Y}.")
        if due and former is not None and due != former.deadline:
            self.stdout.write("Hạn nộp của kỳ đã mở không đổi bằng lệnh này.")


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise CommandError(f'"{text}" không phải là năm, ví dụ 2023.')
    return int(text)


def _deadline(text: str) -> datetime:
    """A moment in Vietnamese time; a day alone means its last second."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = _moment(text)
    else:
        moment = datetime.combine(day, time(23, 59, 59))
    if moment is None:
        raise CommandError(f'Hạn nộp "{text}" sai dạng; viết 2023-11-14 hoặc 2023-11-14T17:00.')
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
