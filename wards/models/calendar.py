"""The working calendar: days off and working days that replace them, as they were announced."""

from django.db import models

from wards.models.documents import LegalDocument


class Holiday(models.Model):
    """A day that departs from the ordinary week: a public holiday, or a Saturday worked."""

    on = models.DateField("ngày", unique=True)
    name = models.CharField("tên", max_length=200)
    is_working_day = models.BooleanField("là ngày làm bù", default=False)
    document = models.ForeignKey(
        LegalDocument, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_confirmed = models.BooleanField("đã đối chiếu", default=True)

    class Meta:
        verbose_name = "ngày nghỉ, ngày làm bù"
        verbose_name_plural = "ngày nghỉ, ngày làm bù"
        ordering = ("on",)

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.name}"
