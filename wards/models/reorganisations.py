"""Units that became other units."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from wards.models.documents import LegalDocument
from wards.models.places import Unit
from wards.querysets import ReorganisationQuerySet


class ReorganisationKind(models.TextChoices):
    """What happened to the units."""

    MERGE = "merge", "nhập"
    SPLIT = "split", "chia, tách"
    RENAME = "rename", "đổi tên"
    KIND_CHANGE = "kind_change", "đổi loại"
    PROVINCE_CHANGE = "province_change", "chuyển tỉnh"

    @property
    def is_one_to_one(self) -> bool:
        """Whether one unit becomes one: the same place under another name, kind or province."""
        return self not in {ReorganisationKind.MERGE, ReorganisationKind.SPLIT}

    @property
    def takes_one(self) -> bool:
        """Whether it has a single predecessor."""
        return self != ReorganisationKind.MERGE

    @property
    def makes_one(self) -> bool:
        """Whether it has a single successor."""
        return self != ReorganisationKind.SPLIT


class Reorganisation(models.Model):
    """Units that became other units on a day, by a document."""

    on = models.DateField("ngày hiệu lực")
    kind = models.CharField("hình thức", max_length=15, choices=ReorganisationKind.choices)
    document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="reorganisations"
    )
    note = models.TextField("ghi chú", blank=True)
    key = models.UUIDField("lượt ghi", null=True, blank=True, unique=True, editable=False)
    """The form it came from, so that the same press twice is one reorganisation."""
    recorded_at = models.DateTimeField("ghi nhận lúc", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "sắp xếp đơn vị"
        verbose_name_plural = "sắp xếp đơn vị"
        ordering = ("on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | Q(recorded_at__isnull=False),
                name="reorganisation_recorded_with_its_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on:%d/%m/%Y} ({self.document})"


class Succession(models.Model):
    """One predecessor of one successor."""

    reorganisation = models.ForeignKey(
        Reorganisation, on_delete=models.CASCADE, related_name="successions"
    )
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "predecessor", "successor"], name="succession_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
