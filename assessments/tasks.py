"""Background work around files; anyone can call the same functions from a shell."""

from celery import shared_task
from django.utils import timezone

from assessments.actions import reminding


@shared_task
def send_reminders() -> None:
    """Remind of what is due; a slot that was sent is not sent again."""
    reminding.remind(now=timezone.now())
