"""The annual report with the job that makes it, and saved scenarios of the coming years."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from criteria.models import Programme
from reports.querysets import AnnualReportQuerySet, ScenarioQuerySet
from wards.models import Province, Unit


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


class FrozenScenarioError(Exception):
    """A saved scenario is never changed; another one is saved beside it."""


class Scenario(models.Model):
    """A proposal of who reaches the standard in which coming year; it moves nothing real."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="scenarios")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="scenarios")
    """Whose units they are: of a national programme each province has scenarios of its own."""
    title = models.CharField("tên phương án", max_length=120)
    reason = models.TextField("lý do")
    as_of = models.DateField("số liệu đến ngày")
    figures = models.JSONField("số liệu khi lưu")
    """What it came to on the day it was saved: `reports.rollup.scenario.Figures`."""
    created_at = models.DateTimeField("lưu lúc")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = "phương án lộ trình"
        verbose_name_plural = "phương án lộ trình"
        ordering = ("-created_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="scenario_withdrawn_with_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} – {self.programme.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, once.

        Raises:
            FrozenScenarioError: it was saved before.
        """
        if not self._state.adding:
            raise FrozenScenarioError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never.

        Raises:
            FrozenScenarioError: always; a scenario may be withdrawn.
        """
        raise FrozenScenarioError

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back."""
        return self.withdrawn_at is not None


class ScenarioPlace(models.Model):
    """Where one unit stands in a scenario, and where the lists had it on that day."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    was = models.PositiveSmallIntegerField("năm theo danh sách khi lưu", null=True, blank=True)
    year = models.PositiveSmallIntegerField("năm theo phương án", null=True, blank=True)
    """Empty: in no year yet."""

    class Meta:
        verbose_name = "vị trí của đơn vị trong phương án"
        verbose_name_plural = "vị trí của đơn vị trong phương án"
        ordering = ("unit__sort_key", "unit__code", "pk")
        constraints = [
            models.UniqueConstraint(fields=["scenario", "unit"], name="scenario_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.year or 'chưa xếp năm'}"

    @property
    def is_moved(self) -> bool:
        """Whether the scenario has it elsewhere than the lists had."""
        return self.was != self.year
