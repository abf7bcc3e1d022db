"""Where."""

from django.apps import AppConfig


class WardsConfig(AppConfig):
    """Units with dates, reorganisations, agencies and postings."""

    name = "wards"
    verbose_name = "Đơn vị"
