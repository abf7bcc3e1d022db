"""`manage.py demo_data`: what `make demo` loads."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import MailState, Notice, User
from assessments.actions.opening import open_round
from criteria.models import Programme
from reports.actions import request_report
from reports.demo.inspections import inspect
from reports.demo.people import (
    LOGINS,
    PASSWORD,
    Staff,
    create_staff,
    create_stations,
    give_passwords,
)

PACKS = (
    "wards/packs/documents.yaml",
    "wards/packs/holidays.yaml",
    "wards/packs/tra-vinh-units.yaml",
    "criteria/packs/qd-5764.yaml",
    "criteria/packs/bo-tieu-chi-2024.yaml",
    "criteria/packs/tra-vinh-programme.yaml",
    "assessments/packs/tra-vinh-baseline.yaml",
    "wards/packs/programme-documents.yaml",
    "wards/packs/tay-ninh-units.yaml",
    "wards/packs/nghe-an-units.yaml",
    "wards/packs/ninh-binh-province.yaml",
    "criteria/packs/tay-ninh-programme.yaml",
    "criteria/packs/nghe-an-programme.yaml",
    "criteria/packs/national-programme.yaml",
    "criteria/packs/ninh-binh-2026-set.yaml",
    "criteria/packs/ninh-binh-2026-programme.yaml",
)
ROUND_NOTE = (
    "Dữ liệu mẫu: kỳ 2023 được mở lại để xem thử, hạn nộp lùi đến sau ngày tạo dữ liệu. "
    "Kết quả tự đánh giá, thẩm định và công nhận trong kỳ này không phải số liệu thật."
)
YEAR = 2023
DAYS_TO_DEADLINE = 10
REPORT_DAY = date(2024, 12, 31)


class Command(BaseCommand):
    """Load the real programme and, once, the sample people and their year."""

    help = "Loads the Trà Vinh programme with sample accounts and a lived-in year (idempotent)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and print the log-ins."""
        base = Path(settings.BASE_DIR)
        if not User.objects.filter(username="tonghop").exists():
            with transaction.atomic():
                call_command("load_pack", *[str(base / pack) for pack in PACKS], verbosity=0)
                staff = self._live_a_year(timezone.now())
            self._report(staff)
        self.stdout.write("Tài khoản dùng thử (dữ liệu mẫu), mật khẩu chung: " + PASSWORD)
        for username, whose in LOGINS:
            self.stdout.write(f"  {username:<36} {whose}")

    def _live_a_year(self, now: datetime) -> Staff:
        # Imported here: it brings WeasyPrint, and the second start should take no time.
        from reports.demo.story import Story

        programme = Programme.objects.get(code="tra-vinh-2023")
        opened = timezone.make_aware(datetime(YEAR, 10, 25, 8, 0))  # noqa: DTZ001 -- made aware
        last_day = timezone.localdate(now) + timedelta(days=DAYS_TO_DEADLINE)
        stations = create_stations(opened.date(), now)
        staff = create_staff(opened.date(), now)
        give_passwords()
        round_ = open_round(
            programme,
            YEAR,
            by=staff.coordinator,
            now=opened,
            deadline=timezone.make_aware(datetime.combine(last_day, time.max)),
            note=ROUND_NOTE,
            is_sample=True,
        )
        Story(round_, stations, staff, opened).play()
        inspect(round_, stations, staff, today=timezone.localdate(now))
        # What the story tells is long past: it is there to be read, and nobody gets mail of it.
        Notice.objects.filter(mail_state=MailState.WAITING).update(
            mail_state=MailState.NONE, mail_due=None
        )
        return staff

    def _report(self, staff: Staff) -> None:
        from reports.jobs import run

        report = request_report(
            Programme.objects.get(code="tra-vinh-2023"),
            YEAR,
            as_of=REPORT_DAY,
            by=staff.coordinator,
            now=timezone.now(),
        )
        run(report.pk, clock=timezone.now)
