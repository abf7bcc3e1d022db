"""Publishing a draft: from then on nobody changes it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.access import NotReady
from accounts.models import User
from criteria.actions.holding import DraftConflict, record
from criteria.models import CriteriaSet
from criteria.permissions import require_draft, require_drafter
from criteria.readiness import gaps

CHANGED = (
    "Bản nháp đã được sửa ở nơi khác sau khi đồng chí mở trang này nên chưa công bố. "
    "Hãy xem lại rồi công bố."
)


def publish(criteria_set: CriteriaSet, *, version: int, by: User, now: datetime) -> None:
    """Freeze the draft as it was at `version`, the state its publisher has looked through.

    Raises:
        NotAllowed: not a coordinator who may draft it.
        NotReady: published already, or something is missing.
        DraftConflict: the draft changed since `version`.
    """
    require_drafter(by, criteria_set.province)
    with transaction.atomic():
        drafts = CriteriaSet.objects.filter(pk=criteria_set.pk, published_at__isnull=True)
        # The write that decides between two publishers comes before anything is read.
        taken = drafts.filter(version=version).update(version=F("version") + 1)
        criteria_set.refresh_from_db()
        require_draft(criteria_set)
        if not taken:
            raise DraftConflict(CHANGED)
        missing = gaps(criteria_set)
        if missing:
            raise NotReady(f"Chưa công bố được: còn {len(missing)} chỗ cần bổ sung.")
        drafts.update(published_at=now, published_by=by)
        criteria_set.refresh_from_db()
        record(
            "criteria_set_published",
            criteria_set,
            by=by,
            now=now,
            details={
                "criteria": criteria_set.criteria.count(),
                "replaces": criteria_set.replaces.code if criteria_set.replaces else "",
            },
        )
