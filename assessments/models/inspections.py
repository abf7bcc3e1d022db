"""Inspections of stations, planned and done, with findings that feed the improvement plan."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.remedies import Remedy
from assessments.querysets import InspectionFindingQuerySet, InspectionQuerySet
from criteria.models import Criterion, Programme
from wards.models import Unit


class InspectionKind(models.TextChoices):
    """What kind of visit it is."""

    INSPECTION = "inspection", "Kiểm tra"
    SUPERVISION = "supervision", "Giám sát"


class Inspection(models.Model):
    """One visit to a station: planned for a day, done on a day, with a conclusion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="inspections")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inspections")
    kind = models.CharField("hình thức", max_length=12, choices=InspectionKind.choices)
    planned_for = models.DateField("dự kiến ngày")
    done_on = models.DateField("đã tiến hành ngày", null=True, blank=True)
    team = models.CharField("cơ quan, đoàn tiến hành", max_length=200)
    plan_number = models.CharField("số, ký hiệu kế hoạch", max_length=80, blank=True)
    conclusion_number = models.CharField("số, ký hiệu kết luận", max_length=80, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    cancelled_on = models.DateField("hủy ngày", null=True, blank=True)
    cancellation = models.TextField("lý do hủy", blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    created_at = models.DateTimeField("lập lúc")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("sửa lúc")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc kiểm tra, giám sát"
        verbose_name_plural = "cuộc kiểm tra, giám sát"
        ordering = ("-planned_for", "unit__sort_key", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(conclusion=""),
                name="inspection_concluded_when_done",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancellation="")
                | Q(~Q(cancellation=""), cancelled_on__isnull=False, done_on__isnull=True),
                name="inspection_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit} {self.planned_for:%d/%m/%Y}"

    @property
    def is_done(self) -> bool:
        """Whether its result is recorded."""
        return self.done_on is not None

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not take place."""
        return self.cancelled_on is not None

    @property
    def is_planned(self) -> bool:
        """Whether it is still to take place."""
        return self.done_on is None and self.cancelled_on is None

    def days_overdue(self, today: date) -> int:
        """How many days past its planned day it has no result; 0 when it is not."""
        return max(0, (today - self.planned_for).days) if self.is_planned else 0


class InspectionFinding(models.Model):
    """One thing found, about a criterion or in general; a remedy may answer it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="findings", null=True, blank=True
    )
    text = models.TextField("nội dung")
    position = models.PositiveSmallIntegerField("thứ tự")
    remedy = models.OneToOneField(
        Remedy, on_delete=models.PROTECT, related_name="finding", null=True, blank=True
    )

    objects = InspectionFindingQuerySet.as_manager()

    class Meta:
        verbose_name = "tồn tại được phát hiện"
        verbose_name_plural = "tồn tại được phát hiện"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.text[:60]
