"""How files stood, day by day, in one compact row each: what every sum over many units reads."""

from django.db import models
from django.db.models import F, Q

from assessments.models.answers import Assessment
from assessments.querysets import FileStateQuerySet
from assessments.workflow import Status
from criteria.models import Round
from wards.models import Unit


class FileState(models.Model):
    """How one file stood at the end of each day from `since` until the day before `until`.

    Derived from the file's submissions, verdicts and changes of status by `assessments.deriving`,
    in the transaction that writes those; never entered, never a source. Outcomes are one letter for
    each criterion in the order of the set (`deriving.words`); the station's own ones of the day
    are on the file itself.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="states")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="states")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", null=True, blank=True)
    status = models.CharField("trạng thái", max_length=15, choices=Status.choices)
    status_since = models.DateField("ở trạng thái từ ngày")
    submitted_on = models.DateField("nộp lần đầu ngày", null=True, blank=True)
    handed_in_outcomes = models.CharField("đã nộp, từng tiêu chí", max_length=200, blank=True)
    verified_outcomes = models.CharField("kết luận từng tiêu chí", max_length=200, blank=True)
    self_reached_on = models.DateField("tự đánh giá đạt ngày", null=True, blank=True)
    verified_reached_on = models.DateField("tỉnh xác nhận đạt ngày", null=True, blank=True)

    objects = FileStateQuerySet.as_manager()

    class Meta:
        verbose_name = "tình trạng phiếu theo ngày"
        verbose_name_plural = "tình trạng phiếu theo ngày"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "since"], name="state_once_a_day"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="state_lasts"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "since", "until", "status"], name="state_of_day"),
            # Few of the rows tell of a file that reached the standard, and roadmaps ask for those
            # alone: all they ask is in the index.
            models.Index(
                fields=[
                    "round",
                    "since",
                    "until",
                    "unit",
                    "self_reached_on",
                    "verified_reached_on",
                ],
                name="state_reached",
                condition=Q(self_reached_on__isnull=False) | Q(verified_reached_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.status} {self.since:%d/%m/%Y}"
