"""Whether units and programmes changed since they were last read."""

from django.db import models

from wards.querysets import EditionQuerySet


class Edition(models.Model):
    """A random mark left by each statement that changes places, documents, programmes or criteria.

    Written by triggers of the database alone, so that nothing can change unnoticed and a change
    that is undone leaves no mark. Marks are only ever added up; new rows take no lock of others.
    """

    mark = models.BigIntegerField()

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "dấu thay đổi dữ liệu nền"
        verbose_name_plural = "dấu thay đổi dữ liệu nền"

    def __str__(self) -> str:
        return str(self.mark)
