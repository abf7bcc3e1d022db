"""What stands around a file: extensions, closed figures, workbooks that wait to be imported."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.answers import Assessment
from criteria.models import Round


class DeadlineExtension(models.Model):
    """More time for one unit, with the reason and who approved it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="extensions")
    before = models.DateTimeField("hạn cũ")
    until = models.DateTimeField("hạn mới")
    reason = models.TextField("lý do")
    approver = models.CharField("người phê duyệt", max_length=200)
    granted_at = models.DateTimeField("gia hạn lúc")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "gia hạn"
        verbose_name_plural = "gia hạn"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("before")), name="extension_is_later")
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.until:%d/%m/%Y}"


class RoundLock(models.Model):
    """The figures of a round are closed; opening them again takes a reason and a second person."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="locks")
    locked_at = models.DateTimeField("chốt lúc")
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    unlock_reason = models.TextField("lý do mở chốt", blank=True)
    requested_at = models.DateTimeField("đề nghị mở chốt lúc", null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    unlocked_at = models.DateTimeField("mở chốt lúc", null=True, blank=True)
    unlocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "chốt số liệu kỳ"
        verbose_name_plural = "chốt số liệu kỳ"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(unlocked_at__isnull=True), name="one_lock_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(requested_at__isnull=True, requested_by__isnull=True)
                | Q(requested_at__isnull=False, requested_by__isnull=False),
                name="lock_requested_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_at__isnull=True, unlocked_by__isnull=True)
                | Q(unlocked_at__isnull=False, unlocked_by__isnull=False),
                name="lock_unlocked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_by__isnull=True) | ~Q(unlocked_by=F("requested_by")),
                name="lock_opened_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.locked_at:%d/%m/%Y}"


class WorkbookImport(models.Model):
    """A filled workbook that was read and waits for its sender's word; nothing is imported yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="imports")
    original_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    plan = models.JSONField("nội dung đã đọc")
    read_at = models.DateTimeField("đọc lúc")
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    applied_at = models.DateTimeField("nhập lúc", null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = "bảng tính đã nộp"
        verbose_name_plural = "bảng tính đã nộp"
        ordering = ("read_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True, applied_by__isnull=True)
                | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="import_applied_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.original_name}"
