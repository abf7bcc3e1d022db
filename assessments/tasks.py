"""Background work around files; anyone can call the same functions from a shell."""

from celery import shared_task
from django.utils import timezone

from assessments.actions import duty_reminding, reminding, reminding_plans, scanning, sweeping


@shared_task
def send_reminders() -> None:
    """Remind of what is due; a slot that was sent is not sent again."""
    reminding.remind(now=timezone.now())
    duty_reminding.remind(now=timezone.now())
    reminding_plans.remind(now=timezone.now())


@shared_task
def scan_waiting_evidence() -> None:
    """Scan evidence that came in while the virus scanner was silent."""
    scanning.scan_waiting(now=timezone.now())


@shared_task
def sweep_evidence_files() -> None:
    """Clear files that killed uploads left, and report rows whose file is missing."""
    sweeping.sweep_files(now=timezone.now())
