"""`manage.py verify_audit`: is the audit trail as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import first_broken
from accounts.models import AuditEntry


class Command(BaseCommand):
    """Walk the audit chain; exit 1 at the first entry that was altered."""

    help = "Walks the audit chain and names the first broken entry."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the number of entries walked.

        Raises:
            CommandError: an entry was changed, removed or moved.
        """
        broken = first_broken()
        if broken is not None:
            raise CommandError(f"Nhật ký bị thay đổi ở mục {broken.sequence}: {broken.reason}.")
        self.stdout.write(f"Nhật ký nguyên vẹn: {AuditEntry.objects.count()} mục.")
