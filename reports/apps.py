"""What it adds up to."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Roll-up, dashboards, unit page, annual report, audit page."""

    name = "reports"
    verbose_name = "Tổng hợp và báo cáo"
