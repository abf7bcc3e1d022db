"""Making the file of an annual report: claim, freeze, render, keep.

The row is the only queue of record. Whoever works on it holds a lease: a random token written by
compare-and-set, without which nothing more is written. A second delivery finds no row to claim; a
worker that was taken for dead finds that its token no longer opens anything.
"""

import logging
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from reports.actions import record
from reports.figures import build_figures, figures_sha256
from reports.models import AnnualReport, JobState
from reports.pdf import render_annual_report

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)
"""A running job without a sign of life for this long is free to be taken over."""
MAX_ATTEMPTS = 3

Clock = Callable[[], datetime]


class LeaseLost(Exception):
    """Somebody else holds this job now; whatever is at hand is thrown away."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one report, until somebody takes the worker for dead."""

    report_id: uuid.UUID
    token: uuid.UUID
    clock: Clock

    def update(self, **fields: Any) -> None:
        """Write on the row, with a sign of life.

        Raises:
            LeaseLost: the row is no longer ours.
        """
        held = AnnualReport.objects.filter(
            pk=self.report_id, job_lease=self.token, job_state=JobState.RUNNING
        )
        if not held.update(job_heartbeat=self.clock(), **fields):
            raise LeaseLost(self.report_id)

    def step(self, progress: int, step: str) -> None:
        """Show how far the work is; a transaction of its own, so that readers see it at once."""
        self.update(job_progress=progress, job_step=step)

    def report(self) -> AnnualReport:
        """The row as it stands."""
        return AnnualReport.objects.select_related("programme__province").get(pk=self.report_id)

    @property
    def file_name(self) -> str:
        """Where this worker keeps its file: a name that no other worker uses."""
        return _file_name(self.report_id, self.token)


def announce(report_id: uuid.UUID) -> None:
    """Wake a worker once the row is committed; without a broker the sweeper finds the row."""
    transaction.on_commit(partial(_send, report_id))


def run(report_id: uuid.UUID, *, clock: Clock) -> bool:
    """Make the file of this report; False when it is not ours to make, or when it failed."""
    lease = _claim(report_id, clock)
    if lease is None:
        return False
    try:
        if lease.report().job_attempts > MAX_ATTEMPTS:
            _give_up(lease, "Việc lập tệp bị gián đoạn nhiều lần.")
            return False
        figures = _frozen_figures(lease)
        lease.step(45, "Dựng tệp PDF")
        report = lease.report()
        content = render_annual_report(figures, draft=report.is_draft)
        lease.step(90, "Lưu tệp")
        outdated = _finish(lease, content)
    except LeaseLost:
        logger.warning("Report %s was taken over by another worker.", report_id)
        _forget(lease.file_name)
        return False
    except Exception:
        logger.exception("Report %s could not be made.", report_id)
        _forget(lease.file_name)
        _after_failure(lease)
        return False
    _forget(outdated)
    return True


def startable(now: datetime) -> list[uuid.UUID]:
    """Reports that wait, or whose worker fell silent, the oldest first."""
    waiting = AnnualReport.objects.startable(now - SILENCE).order_by("requested_at", "pk")
    return list(waiting.values_list("pk", flat=True))


def _send(report_id: uuid.UUID) -> None:
    try:
        current_app.send_task("reports.tasks.make_report", args=[str(report_id)], retry=False)
    except Exception:
        # Nothing a broker does may undo what was accepted: the row is already in the queue.
        logger.exception("No worker could be woken for report %s.", report_id)


def _claim(report_id: uuid.UUID, clock: Clock) -> Lease | None:
    now, token = clock(), uuid.uuid4()
    before = AnnualReport.objects.filter(pk=report_id).values_list("job_lease", "file").first()
    claimed = (
        AnnualReport.objects.filter(pk=report_id)
        .startable(now - SILENCE)
        .update(
            job_state=JobState.RUNNING,
            job_lease=token,
            job_heartbeat=now,
            job_attempts=F("job_attempts") + 1,
            job_progress=5,
            job_step="Chuẩn bị",
            job_error="",
        )
    )
    if not claimed or before is None:
        return None
    dead, kept = before
    if dead is not None and _file_name(report_id, dead) != kept:
        # The worker before us may have died between writing its file and saying so.
        _forget(_file_name(report_id, dead))
    return Lease(report_id, token, clock)


def _frozen_figures(lease: Lease) -> dict[str, Any]:
    """The figures as frozen; frozen now when they are not yet."""
    with transaction.atomic():
        lease.update(job_progress=15, job_step="Chốt số liệu")
        report = lease.report()
        if report.figures is None:
            figures = build_figures(report.programme, report.year, as_of=report.as_of)
            digest = figures_sha256(figures)
            lease.update(figures=figures, figures_sha256=digest)
            record("report_frozen", report, by=None, now=lease.clock(), figures_sha256=digest)
            report = lease.report()
    frozen: dict[str, Any] = report.figures or {}
    return frozen


def _finish(lease: Lease, content: bytes) -> str:
    """Keep the file and say so; the name of the file it replaces, empty when there is none."""
    name = default_storage.save(lease.file_name, ContentFile(content))
    _flush(name)
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        report = lease.report()
        lease.update(
            file=name,
            file_sha256=digest,
            job_state=JobState.DONE,
            job_progress=100,
            job_step="",
            job_lease=None,
        )
        record(
            "report_rendered",
            report,
            by=None,
            now=lease.clock(),
            state=report.state,
            figures_sha256=report.figures_sha256,
            file_sha256=digest,
        )
    return report.file.name or ""


def _after_failure(lease: Lease) -> None:
    report = lease.report()
    with suppress(LeaseLost):
        if report.job_attempts >= MAX_ATTEMPTS:
            _give_up(lease, "Có lỗi khi dựng tệp.")
        else:
            lease.update(
                job_state=JobState.WAITING,
                job_step="",
                job_lease=None,
                job_error=f"Lần {report.job_attempts} chưa thành công; hệ thống tự thử lại.",
            )


def _give_up(lease: Lease, what: str) -> None:
    error = (
        f"{what} Đã thử {MAX_ATTEMPTS} lần. Số liệu đã chốt được giữ nguyên; "
        "đồng chí bấm “Lập lại tệp” hoặc báo quản trị hệ thống."
    )
    with transaction.atomic():
        lease.update(job_state=JobState.FAILED, job_step="", job_lease=None, job_error=error)
        record("report_failed", lease.report(), by=None, now=lease.clock(), error=what)


def _file_name(report_id: uuid.UUID, token: uuid.UUID) -> str:
    return f"reports/{report_id}/{token}.pdf"


def _flush(name: str) -> None:
    """Have the file on the disk before a row says so; other storages do that themselves."""
    with suppress(NotImplementedError), Path(default_storage.path(name)).open("rb") as file:
        os.fsync(file.fileno())


def _forget(name: str) -> None:
    if name:
        with suppress(OSError):
            default_storage.delete(name)
