"""Units that became other units."""

from django.db import models
from django.db.models import F, Q

from wards.models.documents import LegalDocument
from wards.models.places import Unit


class ReorganisationKind(models.TextChoices):
    """What happened to the units."""

    MERGE = "merge", "nhập"
    SPLIT = "split", "chia, tách"
    RENAME = "rename", "đổi tên"
    KIND_CHANGE = "kind_change", "đổi loại"


class Reorganisation(models.Model):
    """Units that became other units on a day, by a document."""

    on = models.DateField("ngày hiệu lực")
    kind = models.CharField("hình thức", max_length=12, choices=ReorganisationKind.choices)
    document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="reorganisations"
    )
    note = models.TextField("ghi chú", blank=True)

    class Meta:
        verbose_name = "sắp xếp đơn vị"
        verbose_name_plural = "sắp xếp đơn vị"
        ordering = ("on", "pk")

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
