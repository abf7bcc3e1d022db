"""What was found."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Answers, evidence, review and recognition."""

    name = "assessments"
    verbose_name = "Đánh giá"
