"""Agencies, and the postings that decide what a person sees."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Role
from wards.models.places import Province, Unit
from wards.querysets import AgencyQuerySet, PostingQuerySet


class Agency(models.Model):
    """A body with duties in a programme."""

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.CharField("tên", max_length=200)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="agencies", null=True, blank=True
    )
    note = models.TextField("ghi chú", blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan"
        verbose_name_plural = "cơ quan"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """A person in a role at a place from a day to a day: this alone decides what one sees."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    title = models.CharField("chức danh", max_length=120, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="postings", null=True, blank=True
    )
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="postings", null=True, blank=True
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="postings", null=True, blank=True
    )
    starts = models.DateField("từ ngày")
    ends = models.DateField("đến hết ngày", null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ("-starts", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=[Role.COMMANDER, Role.OFFICER],
                    unit__isnull=False,
                    province__isnull=True,
                    agency__isnull=True,
                )
                | Q(
                    role__in=[Role.REVIEWER, Role.COORDINATOR, Role.LEADER],
                    unit__isnull=True,
                    province__isnull=False,
                    agency__isnull=True,
                )
                | Q(
                    role=Role.RAPPORTEUR,
                    unit__isnull=True,
                    province__isnull=True,
                    agency__isnull=False,
                )
                | Q(
                    role__in=[Role.MINISTRY_VIEWER, Role.SYSTEM_ADMINISTRATOR],
                    unit__isnull=True,
                    province__isnull=True,
                    agency__isnull=True,
                ),
                name="posting_place_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="posting_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.line}"

    @property
    def line(self) -> str:
        """Role and place in one line: "Trưởng Công an Phường 1, TP Trà Vinh"."""
        if self.unit is not None:
            head = "Trưởng" if self.role == Role.COMMANDER else "Cán bộ"
            return f"{self.title or head} {self.unit.station_name}"
        place = f"Công an tỉnh {self.province}" if self.province else (self.agency or "")
        return f"{self.title or self.get_role_display()}{f', {place}' if place else ''}"
