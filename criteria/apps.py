"""What is asked."""

from django.apps import AppConfig
from django.urls import register_converter

from criteria.converters import CodeConverter, PartConverter


class CriteriaConfig(AppConfig):
    """Criteria sets, programmes, targets, rounds and duties."""

    name = "criteria"
    verbose_name = "Tiêu chí và chương trình"

    def ready(self) -> None:
        """Let addresses name a code."""
        register_converter(CodeConverter, "code")
        register_converter(PartConverter, "part")
