"""Programmes with their targets and duties, and rounds that pin one version of the criteria."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from criteria.models.sets import CriteriaSet
from criteria.querysets import DutyQuerySet, ProgrammeQuerySet, RoundQuerySet
from wards.models import Agency, LegalDocument, Province, Unit


class Counting(models.TextChoices):
    """Which of the three kinds of "đạt" a programme counts."""

    RECOGNISED = "recognised", "Bộ công nhận"
    VERIFIED = "verified", "Tỉnh xác nhận"
    SELF_ASSESSED = "self_assessed", "Tự đánh giá"


class Programme(models.Model):
    """A province's (or the nation's) plan: who is in, by when how many, who does what."""

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.TextField("tên")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT, related_name="programmes")
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="programmes", null=True, blank=True
    )
    unit_kinds = models.JSONField("loại đơn vị", default=list)
    starts = models.PositiveSmallIntegerField("từ năm")
    ends = models.PositiveSmallIntegerField("đến năm")
    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="programmes", null=True, blank=True
    )
    counts_as_met = models.CharField(
        "tính là đạt", max_length=15, choices=Counting.choices, default=Counting.RECOGNISED
    )
    inputs_due = models.CharField(
        "báo cáo trước ngày (tháng-ngày)", max_length=5, blank=True, help_text="MM-DD"
    )
    roster = models.ManyToManyField(Unit, related_name="rosters", blank=True)
    report = models.JSONField("thể thức báo cáo", default=dict, blank=True)
    stated_size = models.PositiveIntegerField("số đơn vị văn bản nêu", null=True, blank=True)
    stated_size_text = models.TextField("nguyên văn về số đơn vị", blank=True)
    """Where the document tells a number of units that nobody can list: "gần 1.800"."""
    recognition_years = models.PositiveSmallIntegerField(
        "công nhận lại sau (năm)", null=True, blank=True
    )
    """After how many years a recognition lapses; empty: in force until revoked."""
    oversight = models.TextField("theo dõi, kiểm tra, giám sát", blank=True)
    quotations = models.JSONField("trích nguyên văn", default=list, blank=True)
    """`[{"about": …, "text": …}]`, word for word from the document."""
    note = models.TextField("ghi chú", blank=True)
    """What is derived, unknown or unconfirmed."""

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình"
        ordering = ("starts", "code")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts")), name="programme_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def due_day(self, year: int) -> date | None:
        """The day strictly before which inputs are due in a year; None when none is set."""
        if not self.inputs_due:
            return None
        month, day = (int(part) for part in self.inputs_due.split("-"))
        return date(year, month, day)


class TargetRevision(models.Model):
    """A later decision that replaces the targets from its date on; the old ones stay."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="revisions")
    on = models.DateField("từ ngày")
    document = models.ForeignKey(LegalDocument, on_delete=models.PROTECT)

    class Meta:
        verbose_name = "điều chỉnh chỉ tiêu"
        verbose_name_plural = "điều chỉnh chỉ tiêu"
        ordering = ("on",)
        constraints = [
            models.UniqueConstraint(fields=["programme", "on"], name="revision_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.on:%d/%m/%Y}"


class Measure(models.TextChoices):
    """How a target is worded."""

    LEVEL = "level", "có"
    ADDITIONAL = "additional", "thêm"
    PERCENT = "percent", "ít nhất phần trăm"
    NEW_UNITS = "new_units", "đơn vị mới"


class TargetScope(models.TextChoices):
    """Whom a target concerns."""

    ALL = "all", "Toàn chương trình"
    DISTRICT = "district", "Theo địa bàn cấp huyện"
    KEY_AREA = "key_area", "Địa bàn trọng điểm"
    UNITS = "units", "Danh sách đơn vị"
    EACH_PROVINCE = "each_province", "Mỗi tỉnh, thành phố"


class Target(models.Model):
    """One target as approved. It has no state of its own: the roll-up gives it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="targets")
    revision = models.ForeignKey(
        TargetRevision, on_delete=models.PROTECT, related_name="targets", null=True, blank=True
    )
    by = models.DateField("đến ngày", null=True, blank=True)
    measure = models.CharField("cách tính", max_length=10, choices=Measure.choices)
    value = models.DecimalField("giá trị", max_digits=8, decimal_places=2)
    scope = models.CharField(
        "phạm vi", max_length=15, choices=TargetScope.choices, default=TargetScope.ALL
    )
    scope_code = models.CharField("mã phạm vi", max_length=20, blank=True)
    units = models.ManyToManyField(Unit, related_name="targets", blank=True)
    text = models.TextField("trích nguyên văn", blank=True)
    position = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(
                condition=Q(measure=Measure.NEW_UNITS, by__isnull=True)
                | (~Q(measure=Measure.NEW_UNITS) & Q(by__isnull=False)),
                name="target_has_date_unless_rule",
            ),
            models.CheckConstraint(
                condition=~Q(measure=Measure.PERCENT) | Q(value__lte=100),
                name="percent_at_most_100",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} {self.by or 'quy tắc'} {self.measure} {self.value}"


class Duty(models.Model):
    """What a programme assigns to an agency."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="duties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="duties")
    entry = models.CharField("mục", max_length=10, blank=True)
    text = models.TextField("nhiệm vụ")
    position = models.PositiveSmallIntegerField("thứ tự")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ được giao"
        verbose_name_plural = "nhiệm vụ được giao"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.agency}: {self.text[:60]}"


class Round(models.Model):
    """One period of a programme, with its data window, deadline and pinned criteria set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField("năm")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="rounds")
    window_starts = models.DateField("số liệu từ ngày")
    window_ends = models.DateField("số liệu đến hết ngày")
    deadline = models.DateTimeField("hạn nộp")
    note = models.TextField("ghi chú", blank=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)
    opened_at = models.DateTimeField("mở lúc")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="opened_rounds",
        null=True,
        blank=True,
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "kỳ đánh giá"
        verbose_name_plural = "kỳ đánh giá"
        ordering = ("-year",)
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="round_year_once"),
            models.CheckConstraint(
                condition=Q(window_ends__gte=F("window_starts")), name="round_window_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Kỳ {self.year}"
