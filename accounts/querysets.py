"""Questions about the audit trail and about notices."""

from typing import TYPE_CHECKING, Any, NoReturn, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.models import AuditEntry, Notice, User


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """The trail: readable, appendable one by one, and nothing else."""

    def about(self, subject_type: str, subject_id: object) -> "AuditEntryQuerySet":
        """Entries about one object, newest first."""
        return self.filter(subject_type=subject_type, subject_id=str(subject_id))

    def in_provinces(self, codes: set[str]) -> "AuditEntryQuerySet":
        """Entries about units, rounds or reports of these provinces."""
        return self.filter(province_code__in=codes)

    def _refuse(self) -> NoReturn:
        raise TypeError("Audit entries are neither changed nor deleted.")

    def update(self, **kwargs: Any) -> int:
        """Refuse: raises TypeError."""
        self._refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: raises TypeError."""
        self._refuse()

    def bulk_update(self, objs: Any, fields: Any, batch_size: Any = None) -> int:
        """Refuse: raises TypeError."""
        self._refuse()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list["AuditEntry"]:
        """Refuse: raises TypeError; entries are chained one after the other."""
        self._refuse()


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, user: "User") -> Self:
        """A person's own notices, and nobody else's."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Those that were not opened yet."""
        return self.filter(read_at__isnull=True)
