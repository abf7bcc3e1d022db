"""`manage.py send_reminders`: what the scheduler does, by hand; or only show it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assessments.actions import due_files, duty_reminding, reminding, reminding_plans


class Command(BaseCommand):
    """Send the reminders that are due, or list them."""

    help = "Sends the reminders that are due; each is sent once however often this runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """--dry-run."""
        parser.add_argument(
            "--dry-run", action="store_true", help="list the files still to come, send nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, or show each file with its due day and the slot that has come."""
        now = timezone.now()
        if not options["dry_run"]:
            self.stdout.write(f"Đã nhắc {reminding.remind(now=now)} phiếu.")
            agencies = duty_reminding.remind(now=now)
            self.stdout.write(f"Đã nhắc {agencies} cơ quan báo cáo nhiệm vụ.")
            plans = reminding_plans.remind(now=now)
            self.stdout.write(f"Đã gửi {plans} lời nhắc về việc khắc phục và kiểm tra.")
            return
        for due in due_files.plan(now=now):
            slot = due.slot.name if due.slot else "-"
            self.stdout.write(
                f"{due.on:%d/%m/%Y}  {slot:<8}  {due.assessment.unit.heading_name}: {due.words}"
            )
        for reported in duty_reminding.plan(now=now):
            for task in reported.tasks:
                self.stdout.write(
                    f"{reported.last_day:%d/%m/%Y}  {reported.slot.name:<8}  "
                    f"{task.agency}: {reported.words}"
                )
