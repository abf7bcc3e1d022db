"""`manage.py verify_report FILE`: is this PDF one that we issued, unaltered?"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import AuditEntry
from reports.models import AnnualReport
from reports.pdf import report_fingerprint


class Command(BaseCommand):
    """Compare the SHA-256 of a file with those of the reports made here."""

    help = "Says whether a PDF is a report issued here, unaltered; exit 1 when it is not."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", help="tệp PDF cần kiểm tra")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print which version it is and how that version stands.

        Raises:
            CommandError: the file cannot be read, is unknown, or was altered.
        """
        path = Path(options["file"])
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Không đọc được “{path}”: {error.strerror}.") from error
        digest = sha256(content).hexdigest()
        # Versions frozen on the same figures are the same file.
        issued = list(AnnualReport.objects.filter(file_sha256=digest).select_related("programme"))
        for report in issued:
            self._say(report, str(report.get_state_display()).lower(), digest)
        if issued:
            return
        earlier = AuditEntry.objects.filter(
            event="report_rendered", details__file_sha256=digest
        ).first()
        if earlier is not None:
            report = AnnualReport.objects.get(pk=earlier.subject_id)
            now = report.get_state_display().lower()
            self._say(report, f"tệp lập trước đó; bản này nay là {now}", digest)
            return
        raise CommandError(_refusal(content, digest))

    def _say(self, report: AnnualReport, state: str, digest: str) -> None:
        self.stdout.write(
            f"Tệp do hệ thống lập, còn nguyên vẹn: báo cáo năm {report.year}, "
            f"chương trình {report.programme.code}, bản {report.version} ({state}), "
            f"số liệu đến {report.as_of:%d/%m/%Y}."
        )
        self.stdout.write(f"Tệp SHA-256:     {digest}")
        self.stdout.write(f"Số liệu SHA-256: {report.figures_sha256}")


def _refusal(content: bytes, digest: str) -> str:
    """Why the file is not ours: altered when it still bears the mark of figures that we froze."""
    claimed = report_fingerprint(content)
    report = AnnualReport.objects.filter(figures_sha256=claimed).first() if claimed else None
    if report is None:
        return f"Tệp không phải do hệ thống này lập, hoặc đã bị sửa (SHA-256 {digest})."
    return (
        f"Tệp đã bị sửa: mang dấu của báo cáo năm {report.year}, bản {report.version} "
        f"nhưng nội dung không khớp tệp đã lập (SHA-256 {digest})."
    )
