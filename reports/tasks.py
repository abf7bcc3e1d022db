"""Background work: ids in, one function called; anyone can call the same from a shell."""

import uuid

from celery import shared_task
from django.utils import timezone

from criteria.models import Programme
from reports import actions, jobs


@shared_task
def make_report(report_id: str) -> None:
    """Make the file of one report; a second delivery does nothing."""
    jobs.run(uuid.UUID(report_id), clock=timezone.now)


@shared_task
def start_waiting_jobs() -> None:
    """Make every report that waits or whose worker fell silent."""
    for report_id in jobs.startable(timezone.now()):
        jobs.run(report_id, clock=timezone.now)


@shared_task
def produce_due_reports() -> None:
    """Ask once for the automatic report of every programme and year that is due."""
    now = timezone.now()
    today = timezone.localdate(now)
    for programme in Programme.objects.exclude(inputs_due="").select_related("province"):
        for year, as_of in actions.due_slots(programme, today=today):
            report = actions.ensure_due_report(programme, year, as_of=as_of, now=now)
            if report is not None:
                jobs.announce(report.pk)
