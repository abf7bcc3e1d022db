"""Legal documents: what facts cite."""

from django.db import models


class LegalDocument(models.Model):
    """A document that facts cite: decision, plan, circular, resolution."""

    code = models.CharField("mã", max_length=60, unique=True)
    number = models.CharField("số, ký hiệu", max_length=80)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.TextField("trích yếu", blank=True)
    note = models.TextField("ghi chú", blank=True)
    is_confirmed = models.BooleanField("đã đối chiếu", default=True)
    is_sample = models.BooleanField("dữ liệu mẫu", default=False)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        ordering = ("issued_on", "code")

    def __str__(self) -> str:
        return self.number
