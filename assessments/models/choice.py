"""Choosing the units of a year: a proposed list with what it was based on, and its approval."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.querysets import SelectionQuerySet
from criteria.models import Programme
from wards.models import Province, Unit


class SelectionState(models.TextChoices):
    """How far a proposed list is."""

    PROPOSED = "proposed", "Chờ duyệt"
    APPROVED = "approved", "Đã duyệt"
    DECLINED = "declined", "Không duyệt"
    WITHDRAWN = "withdrawn", "Đã rút"


class Selection(models.Model):
    """Units proposed for a year by a person; approving it opens their registrations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="selections")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="selections")
    """Whose units they are: a national programme is chosen for province by province."""
    year = models.PositiveSmallIntegerField("năm")
    as_of = models.DateField("xếp theo số liệu đến ngày")
    basis = models.JSONField("căn cứ", default=dict)
    """What the list was weighed against when it was proposed: the year's target and the load."""
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    state = models.CharField(
        "tình trạng", max_length=10, choices=SelectionState.choices, default=SelectionState.PROPOSED
    )
    note = models.TextField("thuyết minh", blank=True)
    proposed_at = models.DateTimeField("đề xuất lúc")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField("ý kiến", blank=True)
    decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = "đề xuất danh sách đăng ký"
        verbose_name_plural = "đề xuất danh sách đăng ký"
        ordering = ("-year", "-proposed_at")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="selection_decided_with_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=SelectionState.PROPOSED, decided_at__isnull=True)
                | (~Q(state=SelectionState.PROPOSED) & Q(decided_at__isnull=False)),
                name="selection_state_fits_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.year}: {self.get_state_display()}"


class SelectedUnit(models.Model):
    """One unit of a proposed list, with what was known of it when it was chosen."""

    selection = models.ForeignKey(Selection, on_delete=models.PROTECT, related_name="chosen")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="selections")
    position = models.PositiveSmallIntegerField("thứ tự")
    unmet = models.PositiveSmallIntegerField("số tiêu chí chưa đạt")
    unmet_alone = models.PositiveSmallIntegerField("trong đó tự phường làm được")
    of = models.PositiveSmallIntegerField("trên tổng số tiêu chí")
    label = models.CharField("theo", max_length=80, blank=True)
    """By which version, or by which survey, it was ranked: "QĐ 5764"."""
    missing = models.JSONField("còn thiếu", default=list)
    """What was not met: code, title, owner, whether the ward alone acts, whether it is building."""

    class Meta:
        verbose_name = "đơn vị được đề xuất"
        verbose_name_plural = "đơn vị được đề xuất"
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["selection", "unit"], name="selected_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.unit}"
