"""What agencies report every year about the duties a programme gives them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.querysets import DutyReportQuerySet
from criteria.models import Duty, Programme
from wards.models import Agency


class DutyProgress(models.TextChoices):
    """How far a duty is in the year."""

    DONE = "done", "Đã thực hiện"
    DOING = "doing", "Đang thực hiện"
    NOT_DONE = "not_done", "Chưa thực hiện"
    NO_CASE = "no_case", "Không phát sinh trong năm"


class DutyReport(models.Model):
    """One agency's report of a year: a draft until it is handed in, never changed afterwards.

    A correction is a further report of the same year, which replaces the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="duty_reports")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="duty_reports")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveSmallIntegerField("lần nộp", default=1)
    difficulties = models.TextField("khó khăn, vướng mắc", blank=True)
    proposals = models.TextField("kiến nghị, đề xuất", blank=True)
    paper_number = models.CharField("số, ký hiệu văn bản báo cáo", max_length=80, blank=True)
    paper_date = models.DateField("ngày văn bản", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    updated_at = models.DateTimeField("sửa lúc")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    receipt = models.CharField("mã tiếp nhận", max_length=40, blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = DutyReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo thực hiện nhiệm vụ"
        verbose_name_plural = "báo cáo thực hiện nhiệm vụ"
        ordering = ("-year", "agency__name", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "agency", "year", "number"], name="duty_report_number_once"
            ),
            models.UniqueConstraint(
                fields=["programme", "agency", "year"],
                condition=Q(submitted_at__isnull=True),
                name="duty_report_one_draft",
            ),
            models.UniqueConstraint(
                fields=["receipt"], condition=~Q(receipt=""), name="duty_report_receipt_once"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True, receipt="")
                | (Q(submitted_at__isnull=False, submitted_by__isnull=False) & ~Q(receipt="")),
                name="duty_report_handed_in_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year}"

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in."""
        return self.submitted_at is not None


class DutyAnswer(models.Model):
    """What an agency says of one of its duties."""

    report = models.ForeignKey(DutyReport, on_delete=models.PROTECT, related_name="answers")
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="answers")
    progress = models.CharField(
        "tình hình", max_length=10, choices=DutyProgress.choices, blank=True
    )
    text = models.TextField("kết quả", blank=True)

    class Meta:
        verbose_name = "kết quả một nhiệm vụ"
        verbose_name_plural = "kết quả một nhiệm vụ"
        ordering = ("duty__position",)
        constraints = [
            models.UniqueConstraint(fields=["report", "duty"], name="duty_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty}: {self.get_progress_display()}"
