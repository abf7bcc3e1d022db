"""The annual report and the job that makes it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models import Programme
from reports.querysets import AnnualReportQuerySet


class ReportState(models.TextChoices):
    """Which of several versions is the one that counts."""

    DRAFT = "draft", "Bản nháp"
    OFFICIAL = "official", "Chính thức"
    SUPERSEDED = "superseded", "Đã thay thế"


class JobState(models.TextChoices):
    """Where the making of the file stands. The database is the queue of record."""

    WAITING = "waiting", "Đang chờ"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Đã xong"
    FAILED = "failed", "Không thành công"


class AnnualReport(models.Model):
    """One version of a programme's report of a year: frozen figures, and the file made of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reports")
    year = models.PositiveSmallIntegerField("năm")
    version = models.PositiveSmallIntegerField("bản số")
    as_of = models.DateField("số liệu đến ngày")
    state = models.CharField(
        "tình trạng", max_length=12, choices=ReportState.choices, default=ReportState.DRAFT
    )
    slot = models.CharField("kỳ tự động", max_length=80, unique=True, null=True, blank=True)
    requested_at = models.DateTimeField("yêu cầu lúc")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="requested_reports",
        null=True,
        blank=True,
    )
    figures = models.JSONField("số liệu đã chốt", null=True, blank=True)
    figures_sha256 = models.CharField("SHA-256 số liệu", max_length=64, blank=True)
    file = models.FileField("tệp PDF", upload_to="reports/", max_length=160, blank=True)
    file_sha256 = models.CharField("SHA-256 tệp", max_length=64, blank=True)
    job_state = models.CharField(
        "tiến trình", max_length=8, choices=JobState.choices, default=JobState.WAITING
    )
    job_progress = models.PositiveSmallIntegerField("phần trăm", default=0)
    job_step = models.CharField("bước", max_length=120, blank=True)
    job_error = models.CharField("lỗi", max_length=300, blank=True)
    job_attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    job_lease = models.UUIDField(null=True, blank=True)
    job_heartbeat = models.DateTimeField(null=True, blank=True)

    objects = AnnualReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo năm"
        verbose_name_plural = "báo cáo năm"
        ordering = ("-year", "-version")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "version"], name="report_version_once"
            ),
            models.UniqueConstraint(
                fields=["programme", "year"],
                condition=Q(state="official"),
                name="one_official_report_a_year",
            ),
            models.CheckConstraint(
                condition=~Q(job_state="done") | (~Q(file="") & ~Q(file_sha256="")),
                name="finished_report_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo năm {self.year} – {self.programme.code} – bản {self.version}"

    @property
    def is_draft(self) -> bool:
        """Drafts carry a mark on every page."""
        return self.state == ReportState.DRAFT

    @property
    def is_finished(self) -> bool:
        """Whether the file is there to be read."""
        return self.job_state == JobState.DONE

    @property
    def is_being_made(self) -> bool:
        """Whether somebody waits for the file."""
        return self.job_state in {JobState.WAITING, JobState.RUNNING}
