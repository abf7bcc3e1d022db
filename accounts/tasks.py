"""Housekeeping of accounts."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import jobs


@shared_task
def clear_expired_sessions() -> None:
    """Remove sessions that have ended."""
    call_command("clearsessions")


@shared_task
def send_notices() -> None:
    """Send the mails of notices that are due."""
    jobs.send_waiting(clock=timezone.now)
