"""One writer of a draft at a time, and nobody writes over what another has just written."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Model

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from criteria.models import CriteriaSet
from criteria.permissions import PUBLISHED, require_drafter


class DraftConflict(NotReady):
    """Somebody else changed the same thing since the page was opened."""


def fingerprint(row: Model, fields: tuple[str, ...]) -> str:
    """What a row said when it was read; equal only while it still says that."""
    said = [str(getattr(row, field)) for field in fields]
    return hashlib.sha256(json.dumps([row.pk, *said]).encode()).hexdigest()[:16]


def hold(criteria_set: CriteriaSet, *, by: User, now: datetime) -> None:
    """Take the draft until the end of the transaction; everyone who writes does this first.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: it was published meanwhile.
    """
    require_drafter(by, criteria_set.province)
    taken = CriteriaSet.objects.filter(pk=criteria_set.pk, published_at__isnull=True).update(
        version=F("version") + 1, drafted_at=now, drafted_by=by
    )
    if not taken:
        raise NotReady(PUBLISHED)
    criteria_set.refresh_from_db()


def require_seen(row: Model, fields: tuple[str, ...], seen: str, now: datetime) -> None:
    """The row is as its editor saw it.

    Raises:
        DraftConflict: it says something else now.
    """
    if fingerprint(row, fields) != seen:
        raise DraftConflict(
            "Nội dung đã được thay đổi ở nơi khác. Hãy so sánh hai bản và chọn bản giữ lại."
        )


def record(
    event: str,
    criteria_set: CriteriaSet,
    *,
    by: User,
    now: datetime,
    details: Mapping[str, Any],
) -> None:
    """The audit entry of one act on a set, for its province when it has one."""
    audit.record(
        event,
        criteria_set,
        by=by,
        now=now,
        province_code=criteria_set.province.code if criteria_set.province else "",
        details=dict(details),
    )
