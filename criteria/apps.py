"""What is asked."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Criteria sets, programmes, targets, rounds and duties."""

    name = "criteria"
    verbose_name = "Tiêu chí và chương trình"
