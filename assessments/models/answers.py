"""The station's own file: one assessment per unit and round, answered indicator by indicator."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.querysets import AssessmentQuerySet
from assessments.workflow import EDITABLE, NEXT_STEP, OWNER, Status
from criteria.models import Criterion, Indicator, Round
from criteria.scale import Outcome
from wards.models import Unit


class Assessment(models.Model):
    """One unit's file in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(
        "trạng thái", max_length=15, choices=Status.choices, default=Status.NOT_STARTED
    )
    opened_at = models.DateTimeField("mở lúc")
    due_at = models.DateTimeField("hạn nộp của phiếu")
    """Until when the next submission is taken: the round's deadline, later when extended or
    when the file came back."""
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submissions_made = models.PositiveSmallIntegerField("số lần nộp", default=0)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reviews",
        null=True,
        blank=True,
    )
    verified_at = models.DateTimeField("kết luận lúc", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    conclusion = models.TextField("kết luận thẩm định", blank=True)
    draft_outcomes = models.CharField("tự đánh giá từng tiêu chí", max_length=200, blank=True)
    """The outcomes of all `results` in one word, for sums over many files; written with them and
    derived from them (`assessments.deriving`)."""
    draft_days = models.CharField("ngày trả lời từng tiêu chí", max_length=600, blank=True)
    draft_changed_on = models.DateField("trả lời lần cuối ngày", null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phiếu tự đánh giá"
        verbose_name_plural = "phiếu tự đánh giá"
        ordering = ("unit__district__code", "unit__sort_key", "unit__code")
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="assessment_once_per_round"),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="assessment_verified_at_and_by",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "submitted_at"]),
            # The review queue shows those concluded last.
            models.Index(fields=["-verified_at", "id"], name="assessment_concluded_last"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} – {self.round}"

    @property
    def is_editable(self) -> bool:
        """Whether the station may still change its answers."""
        return self.status in EDITABLE

    @property
    def next_step(self) -> str:
        """What happens next, in one sentence."""
        return NEXT_STEP[Status(self.status)]

    @property
    def owner_label(self) -> str:
        """Whose turn it is, in words; empty when the road has ended."""
        owner = OWNER[Status(self.status)]
        return str(owner.label) if owner else ""


class CriterionResult(models.Model):
    """The station's result for one criterion; outcome and reason are what the engine says."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="results")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="results")
    place = models.PositiveSmallIntegerField("thứ tự trong bộ tiêu chí")
    """From 0: where the criterion stands in its set, and its outcome in `draft_outcomes`."""
    outcome = models.CharField(
        "kết quả", max_length=12, choices=Outcome.choices, default=Outcome.UNANSWERED
    )
    reason = models.TextField("vì sao", blank=True)
    note = models.TextField("thuyết minh", blank=True)
    explanation = models.TextField("giải trình khi thiếu tài liệu kiểm chứng", blank=True)
    carried_from = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="mang sang từ kỳ, chưa xác nhận",
    )
    """The round whose answers stand here until somebody confirms them; the outcome is open."""
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assigned_results",
        null=True,
        blank=True,
        verbose_name="giao cho",
    )
    version = models.PositiveIntegerField("phiên bản", default=0)
    updated_at = models.DateTimeField("sửa lúc", null=True, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "kết quả tiêu chí"
        verbose_name_plural = "kết quả tiêu chí"
        ordering = ("criterion__position",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="result_once"),
            models.CheckConstraint(
                condition=Q(updated_at__isnull=True, updated_by__isnull=True)
                | Q(updated_at__isnull=False, updated_by__isnull=False),
                name="result_updated_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.criterion.code}"


class AnswerState(models.TextChoices):
    """Beside a value, an indicator may be one of these."""

    GIVEN = "given", "Có kết quả"
    AWAITING = "awaiting", "Chờ xếp loại"
    NO_CASE = "no_case", "Không phát sinh"
    EXEMPT = "exempt", "Bất khả kháng"


class Answer(models.Model):
    """The station's answer to one indicator. No row, or no value, means unanswered; never zero."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(
        "tình trạng", max_length=10, choices=AnswerState.choices, default=AnswerState.GIVEN
    )
    yes = models.BooleanField("có", null=True, blank=True)
    number = models.DecimalField("số", max_digits=14, decimal_places=2, null=True, blank=True)
    numerator = models.DecimalField("tử số", max_digits=14, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(
        "mẫu số", max_digits=14, decimal_places=2, null=True, blank=True
    )
    level = models.CharField("mức", max_length=20, blank=True)
    decision = models.CharField("quyết định công nhận", max_length=200, blank=True)
    reason = models.TextField("lý do", blank=True)

    class Meta:
        verbose_name = "câu trả lời"
        verbose_name_plural = "câu trả lời"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="answer_once"),
            models.CheckConstraint(
                condition=(Q(number__isnull=True) | Q(number__gte=0))
                & (Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
                name="answer_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.EXEMPT) | ~Q(reason=""),
                name="exemption_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.indicator.code}"
