"""A second pair of eyes: what a station contests, and the blind second review of a sample."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.answers import Assessment
from assessments.models.review import Decision, Submission
from assessments.querysets import AppealQuerySet, SecondReviewQuerySet
from criteria.models import Criterion
from criteria.scale import Outcome


class Appeal(models.Model):
    """The station contests one verdict, once; another reviewer decides. All views are kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="appeals")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="appeals")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField("nội dung đề nghị phúc tra")
    filed_at = models.DateTimeField("đề nghị lúc")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals"
    )
    first_decision = models.CharField("kết quả thẩm định", max_length=10, choices=Decision.choices)
    first_outcome = models.CharField(
        "kết quả sau thẩm định", max_length=12, choices=Outcome.choices
    )
    first_comment = models.TextField("ý kiến thẩm định", blank=True)
    first_at = models.DateTimeField("thẩm định lúc")
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(
        "kết quả phúc tra", max_length=12, choices=Outcome.choices, blank=True
    )
    comment = models.TextField("ý kiến phúc tra", blank=True)
    decided_at = models.DateTimeField("phúc tra lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị phúc tra"
        verbose_name_plural = "đề nghị phúc tra"
        ordering = ("filed_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="appeal_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome=""),
                name="appeal_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("first_by")),
                name="appeal_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.criterion.code}"


class SecondReview(models.Model):
    """A verdict drawn by lot that another reviewer gives again without seeing the first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="second_reviews"
    )
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, related_name="second_reviews"
    )
    drawn_at = models.DateTimeField("chọn mẫu lúc")  # by the system, so nobody is named
    first_outcome = models.CharField("kết quả lần một", max_length=12, choices=Outcome.choices)
    outcome = models.CharField(
        "kết quả lần hai", max_length=12, choices=Outcome.choices, blank=True
    )
    comment = models.TextField("ý kiến", blank=True)
    decided_at = models.DateTimeField("lúc", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = SecondReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "thẩm định lần hai"
        verbose_name_plural = "thẩm định lần hai"
        ordering = ("drawn_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["submission", "criterion"], name="second_review_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome=""),
                name="second_review_decided_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.criterion.code}"
