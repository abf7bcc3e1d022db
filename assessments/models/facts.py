"""Dated facts about a unit in a programme: registration, recognition, state at the start."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models.answers import Assessment
from assessments.querysets import CommendationQuerySet, RecognitionQuerySet, RegistrationQuerySet
from criteria.models import Criterion, Group, Indicator, Programme
from wards.models import LegalDocument, Unit


class RegistrationSource(models.TextChoices):
    """Who put the unit on the year's list."""

    MINISTRY = "ministry", "Bộ giao"
    SELF = "self", "Tự đăng ký"
    PROVINCE = "province", "Cấp tỉnh"


class Registration(models.Model):
    """A unit that is to reach the standard in a year."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="registrations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="registrations")
    year = models.PositiveSmallIntegerField("năm")
    source = models.CharField("nguồn", max_length=10, choices=RegistrationSource.choices)
    selection = models.ForeignKey(
        "assessments.Selection",
        on_delete=models.PROTECT,
        related_name="registrations",
        null=True,
        blank=True,
    )
    """The approved list that opened it."""
    registered_at = models.DateTimeField("ghi nhận lúc", null=True, blank=True)
    """Empty for a registration that a document tells without its day: known since the start."""
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "đăng ký"
        verbose_name_plural = "đăng ký"
        ordering = ("year", "unit__district__code", "unit__sort_key", "unit__code")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "year", "source"], name="registration_once"
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=True, registered_by__isnull=True)
                | Q(registered_at__isnull=False, registered_by__isnull=False),
                name="registration_recorded_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} ({self.get_source_display()})"


class RegistrationQuota(models.Model):
    """How many units a year's list has by what documents tell, whichever units they are.

    Three separate figures: assigned by the Ministry, registered by the units themselves, added by
    the province. A figure that no document tells is empty; units that are known are registrations.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="quotas")
    year = models.PositiveSmallIntegerField("năm")
    assigned = models.PositiveIntegerField("Bộ giao", null=True, blank=True)
    registered = models.PositiveIntegerField("tự đăng ký", null=True, blank=True)
    added = models.PositiveIntegerField("cấp tỉnh bổ sung", null=True, blank=True)
    document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    text = models.TextField("trích nguyên văn", blank=True)

    class Meta:
        verbose_name = "chỉ tiêu Bộ giao"
        verbose_name_plural = "chỉ tiêu Bộ giao"
        constraints = [models.UniqueConstraint(fields=["programme", "year"], name="quota_once")]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.year}: {self.assigned}"


class Recognition(models.Model):
    """A decision that recognises a unit: a dated legal fact, in force until revoked."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="recognitions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recognitions")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("ngày quyết định")
    for_year = models.PositiveSmallIntegerField("năm xét")
    assessment = models.OneToOneField(
        Assessment,
        on_delete=models.PROTECT,
        related_name="recognition",
        null=True,
        blank=True,
    )
    lapses_on = models.DateField("hết hạn từ ngày", null=True, blank=True)
    """From this day no longer in force unless recognised again; empty: until revoked."""
    revoked_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    revoking_document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    revocation_reason = models.TextField("lý do hết hiệu lực", blank=True)
    kept_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="kept_as", null=True, blank=True
    )
    """The recognition of a predecessor that a person decided to keep for this unit."""
    note = models.TextField("ghi chú", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    recorded_at = models.DateTimeField("ghi nhận lúc")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        verbose_name = "công nhận"
        verbose_name_plural = "công nhận"
        ordering = ("decided_on", "unit__sort_key")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "for_year"], name="recognition_once_per_year"
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("decided_on")),
                name="recognition_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.for_year}: {self.document}"


class InheritanceChoice(models.TextChoices):
    """What becomes of a recognition when its unit becomes another."""

    KEEP = "keep", "Giữ công nhận"
    REASSESS = "reassess", "Đánh giá lại"
    LAPSE = "lapse", "Hết hiệu lực"


class Inheritance(models.Model):
    """A person's decision about the recognition of a predecessor for one of its successors.

    Until it is taken nothing is inherited. Decisions that are open are not stored: they are the
    recognitions in force whose unit has a successor without a row here.
    """

    recognition = models.ForeignKey(
        Recognition, on_delete=models.PROTECT, related_name="inheritances"
    )
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inheritances")
    choice = models.CharField("quyết định", max_length=10, choices=InheritanceChoice.choices)
    document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField("lý do")
    decided_at = models.DateTimeField("quyết định lúc")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "quyết định về công nhận của đơn vị trước"
        verbose_name_plural = "quyết định về công nhận của đơn vị trước"
        ordering = ("-decided_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["recognition", "successor"], name="inheritance_decided_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recognition} → {self.successor}: {self.get_choice_display()}"


class Commendation(models.Model):
    """A certificate of merit or the like, beside recognition and never counted as one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="commendations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="commendations")
    form = models.CharField("hình thức", max_length=200)
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("ngày quyết định")
    for_year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    note = models.TextField("ghi chú", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    recorded_at = models.DateTimeField("ghi nhận lúc")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = CommendationQuerySet.as_manager()

    class Meta:
        verbose_name = "khen thưởng"
        verbose_name_plural = "khen thưởng"
        ordering = ("-decided_on", "unit__sort_key")
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "unit", "document", "form"], name="commendation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.form} ({self.document})"


class Baseline(models.Model):
    """What a survey found before the first round. Only failures are known; nothing is found met."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="baselines")
    on = models.DateField("ngày")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "hiện trạng ban đầu"
        verbose_name_plural = "hiện trạng ban đầu"
        constraints = [models.UniqueConstraint(fields=["programme", "on"], name="baseline_once")]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.on:%d/%m/%Y}"


class BaselineFinding(models.Model):
    """One unit found failing a group, a criterion or an indicator."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="findings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="baseline_findings")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, null=True, blank=True)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        verbose_name = "hiện trạng chưa đạt"
        verbose_name_plural = "hiện trạng chưa đạt"
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False, criterion__isnull=True, indicator__isnull=True)
                | Q(group__isnull=True, criterion__isnull=False, indicator__isnull=True)
                | Q(group__isnull=True, criterion__isnull=True, indicator__isnull=False),
                name="finding_names_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.group or self.criterion or self.indicator}"
