"""Who may, and who did."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Ground floor: users, roles, access rules, the audit trail."""

    name = "accounts"
    verbose_name = "Tài khoản và nhật ký"

    def ready(self) -> None:
        """Connect the log-in records."""
        from accounts import signals  # noqa: F401 -- importing connects the receivers
