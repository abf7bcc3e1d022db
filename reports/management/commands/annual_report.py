"""`manage.py annual_report`: freeze the figures of a year and write its report as PDF."""

import os
import time
import uuid
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.access import NotReady
from criteria.models import Programme
from reports import actions, jobs
from reports.management.arguments import find_programme, read_day
from reports.models import AnnualReport, JobState
from reports.pdf import render_annual_report

PATIENCE_SECONDS = 150
PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    """The report of a programme and year; asked for twice it is the same, byte for byte."""

    help = "Freezes the figures when they are not frozen yet and writes the annual report as PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        """Programme, year, day of the figures, file to write."""
        parser.add_argument("--programme", required=True, help="mã chương trình")
        parser.add_argument("--year", required=True, type=int, help="năm báo cáo")
        parser.add_argument("--as-of", help="số liệu đến hết ngày, YYYY-MM-DD; mặc định hôm nay")
        parser.add_argument("--out", required=True, help="tệp PDF sẽ ghi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the SHA-256 of figures and file.

        Raises:
            CommandError: an unknown programme, a year or day that cannot be reported on, a place
                that cannot be written to, or a file that could not be made.
        """
        now = timezone.now()
        programme = find_programme(options["programme"])
        as_of = read_day(options["as_of"], today=timezone.localdate(now))
        out = _writable(Path(options["out"]))
        report = self._frozen(programme, options["year"], as_of=as_of)
        content = _content(report)
        _write(out, content)
        self.stdout.write(f"Báo cáo năm {report.year}, bản {report.version}, đến {as_of:%d/%m/%Y}")
        self.stdout.write(f"Số liệu SHA-256: {report.figures_sha256}")
        self.stdout.write(f"Tệp SHA-256:     {sha256(content).hexdigest()}")
        self.stdout.write(f"Đã ghi: {out}")

    def _frozen(self, programme: Programme, year: int, *, as_of: date) -> AnnualReport:
        """The finished report on these figures: one that exists, or a new version."""
        report = (
            AnnualReport.objects.filter(programme=programme, year=year, as_of=as_of)
            .exclude(job_state=JobState.FAILED)
            .order_by("-version")
            .first()
        )
        if report is None:
            try:
                report = actions.request_report(
                    programme, year, as_of=as_of, by=None, now=timezone.now()
                )
            except NotReady as refusal:
                raise CommandError(refusal.sentence) from refusal
        return _finished(report.pk)


def _finished(report_id: uuid.UUID) -> AnnualReport:
    """Make the report here, or wait for the worker that was faster."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        jobs.run(report_id, clock=timezone.now)
        report = AnnualReport.objects.get(pk=report_id)
        if report.job_state == JobState.DONE:
            return report
        if report.job_state == JobState.FAILED or time.monotonic() > deadline:
            raise CommandError(report.job_error or "Báo cáo đang được lập ở nơi khác; thử lại sau.")
        time.sleep(PAUSE_SECONDS)


def _content(report: AnnualReport) -> bytes:
    """The file as issued; made again from the frozen figures when it is gone or was altered."""
    try:
        with report.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        content = b""
    if sha256(content).hexdigest() == report.file_sha256:
        return content
    content = render_annual_report(report.figures or {}, draft=report.is_draft)
    if sha256(content).hexdigest() != report.file_sha256:
        raise CommandError(
            "Tệp đã lập không còn nguyên vẹn trên máy chủ và không dựng lại được giống hệt; "
            "hãy lập bản mới."
        )
    return content


def _writable(out: Path) -> Path:
    """The path when a file can be written there; asked before anything is frozen."""
    if out.is_dir() or not out.parent.is_dir():
        raise CommandError(f"Không ghi được “{out}”: thư mục không có, hoặc đây là một thư mục.")
    if not os.access(out if out.exists() else out.parent, os.W_OK):
        raise CommandError(f"Không có quyền ghi “{out}”.")
    return out


def _write(out: Path, content: bytes) -> None:
    """All of the file or nothing of it."""
    unfinished = out.with_name(f".{out.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CommandError(f"Không ghi được “{out}”: {error.strerror}.") from error
