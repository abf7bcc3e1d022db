"""Submission and review: what was handed in, what the reviewer found, every change of status."""

from django.conf import settings
from django.db import models

from assessments.models.answers import Assessment
from assessments.workflow import Status
from criteria.models import Criterion
from criteria.scale import Outcome


class Submission(models.Model):
    """What the station handed in, frozen: both the receipt and what the review looks at."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField("lần nộp")
    receipt = models.CharField("mã tiếp nhận", max_length=20, unique=True)
    submitted_at = models.DateTimeField("nộp lúc")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    is_late = models.BooleanField("nộp sau hạn", default=False)
    met = models.PositiveSmallIntegerField("số tiêu chí tự đánh giá đạt")
    of = models.PositiveSmallIntegerField("số tiêu chí")
    snapshot = models.JSONField("nội dung đã nộp")
    sha256 = models.CharField("SHA-256 của nội dung", max_length=64)

    class Meta:
        verbose_name = "lần nộp"
        verbose_name_plural = "lần nộp"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submission_number_once")
        ]

    def __str__(self) -> str:
        return self.receipt


class Decision(models.TextChoices):
    """What the reviewer does with the station's own result."""

    ACCEPT = "accept", "Công nhận kết quả tự đánh giá"
    ADJUST = "adjust", "Điều chỉnh kết quả"
    MORE = "more", "Yêu cầu bổ sung"


class ExplanationVerdict(models.TextChoices):
    """What the reviewer says of a written explanation that stands in for evidence."""

    ACCEPTED = "accepted", "Chấp nhận giải trình"
    REJECTED = "rejected", "Không chấp nhận giải trình"


class Verdict(models.Model):
    """The reviewer's verdict on one criterion of one submission, beside the station's answer."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="verdicts")
    decision = models.CharField("kết quả thẩm định", max_length=10, choices=Decision.choices)
    outcome = models.CharField("kết quả sau thẩm định", max_length=12, choices=Outcome.choices)
    comment = models.TextField("ý kiến", blank=True)
    explanation = models.CharField(
        "về giải trình", max_length=10, choices=ExplanationVerdict.choices, blank=True
    )
    decided_at = models.DateTimeField("lúc")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts"
    )
    is_carried = models.BooleanField("giữ từ lần nộp trước", default=False)
    version = models.PositiveIntegerField("phiên bản", default=1)

    class Meta:
        verbose_name = "kết quả thẩm định"
        verbose_name_plural = "kết quả thẩm định"
        ordering = ("criterion__position",)
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion"], name="verdict_once"),
            models.CheckConstraint(
                condition=models.Q(decision=Decision.ACCEPT) | ~models.Q(comment=""),
                name="differing_verdict_has_comment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.criterion.code} {self.decision}"


class Transition(models.Model):
    """One change of status: history, statistics and notices all read this row."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="transitions")
    source = models.CharField("từ", max_length=15, choices=Status.choices)
    target = models.CharField("đến", max_length=15, choices=Status.choices)
    event = models.CharField("sự kiện", max_length=60)
    comment = models.TextField("ý kiến", blank=True)
    made_at = models.DateTimeField("lúc")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "chuyển trạng thái"
        verbose_name_plural = "chuyển trạng thái"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.assessment}: {self.source} → {self.target}"
