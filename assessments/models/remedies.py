"""The improvement plan: what is to be done about an unmet criterion, by whom, when, from what."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.answers import Assessment
from assessments.querysets import RemedyQuerySet
from criteria.models import Criterion, Programme
from wards.models import Agency, Unit


class RemedyOwner(models.TextChoices):
    """Who acts."""

    STATION = "station", "Công an phường"
    AGENCY = "agency", "Cơ quan, ban, ngành"


class FundSource(models.TextChoices):
    """Where the money comes from: the Ministry, the local budget, other lawful sources.

    Đề án kèm theo Quyết định 1578/QĐ-UBND ngày 20/10/2023 (Trà Vinh), phần IV. Of the last it says:
    "Việc huy động các nguồn kinh phí hợp pháp khác (nếu có) … phải báo cáo Ủy ban nhân dân tỉnh cho
    chủ trương trước khi thực hiện", so a remedy paid from there names the document that allows it.
    """

    NONE = "none", "Không cần kinh phí"
    MINISTRY = "ministry", "Bộ Công an cấp"
    LOCAL = "local", "Ngân sách địa phương"
    OTHER = "other", "Nguồn hợp pháp khác"


class RemedyState(models.TextChoices):
    """How far it is."""

    PLANNED = "planned", "Chưa thực hiện"
    DOING = "doing", "Đang thực hiện"
    DONE = "done", "Đã hoàn thành"
    DROPPED = "dropped", "Không thực hiện nữa"


OPEN_STATES = frozenset({RemedyState.PLANNED, RemedyState.DOING})
"""States in which a remedy goes with its unit into the next round."""


class Remedy(models.Model):
    """One act of a unit's improvement plan. It belongs to the unit, so the next round has it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="remedies")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="remedies")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="remedies")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="remedies")
    """In which round it was planned."""
    action = models.TextField("việc cần làm")
    owner = models.CharField("người thực hiện", max_length=10, choices=RemedyOwner.choices)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="remedies",
        null=True,
        blank=True,
        verbose_name="cơ quan",
    )
    due_on = models.DateField("hạn hoàn thành")
    cost = models.DecimalField(
        "kinh phí (đồng)", max_digits=15, decimal_places=0, null=True, blank=True
    )
    fund_source = models.CharField(
        "nguồn kinh phí", max_length=10, choices=FundSource.choices, default=FundSource.NONE
    )
    fund_approval = models.CharField("văn bản chấp thuận nguồn khác", max_length=300, blank=True)
    state = models.CharField(
        "tình trạng", max_length=10, choices=RemedyState.choices, default=RemedyState.PLANNED
    )
    note = models.TextField("ghi chú", blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    created_at = models.DateTimeField("lập lúc")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("sửa lúc")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = RemedyQuerySet.as_manager()

    class Meta:
        verbose_name = "việc khắc phục"
        verbose_name_plural = "việc khắc phục"
        ordering = ("due_on", "criterion__position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner=RemedyOwner.AGENCY, agency__isnull=False)
                | Q(owner=RemedyOwner.STATION, agency__isnull=True),
                name="remedy_names_its_agency",
            ),
            models.CheckConstraint(
                condition=~Q(fund_source=FundSource.OTHER) | ~Q(fund_approval=""),
                name="remedy_other_funds_approved",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="remedy_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.criterion.code}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in OPEN_STATES

    @property
    def owner_name(self) -> str:
        """Who acts, in words."""
        return self.agency.name if self.agency is not None else self.unit.station_name

    def days_overdue(self, today: date) -> int:
        """How many days past its due day it is still open; 0 when it is not."""
        return max(0, (today - self.due_on).days) if self.is_open else 0
