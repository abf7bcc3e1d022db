"""Whether files changed since they were last read."""

from django.db import models

from assessments.models.answers import Assessment
from assessments.querysets import FileMarkQuerySet
from criteria.models import Round
from wards.models import Province


class FileMark(models.Model):
    """Random marks of one file, others after each change: of its draft, of all else about it.

    Written by triggers of the database alone (`assessments.marks`), so that nothing can change
    unnoticed and a change that is undone leaves no mark. Marks are only ever added up.
    """

    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, primary_key=True, related_name="mark"
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="+", db_index=False)
    province = models.ForeignKey(
        Province, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    states = models.BigIntegerField("dấu của tình trạng")
    drafts = models.BigIntegerField("dấu của phiếu nháp")

    objects = FileMarkQuerySet.as_manager()

    class Meta:
        verbose_name = "dấu thay đổi của phiếu"
        verbose_name_plural = "dấu thay đổi của phiếu"
        indexes = [
            # Sums over a round read the index alone.
            models.Index(fields=["round", "province", "states", "drafts"], name="marks_of_round"),
        ]

    def __str__(self) -> str:
        return f"{self.states}/{self.drafts}"
