"""More time: for units by the coordinator's decision, and for a file that came back."""

import uuid
from collections.abc import Collection
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import Role, User
from assessments.actions.telling import tell_extended
from assessments.deadlines import clock_words
from assessments.models import Assessment, DeadlineExtension
from assessments.permissions import require_care_of
from assessments.readiness import require_open
from assessments.workflow import CONCLUDED
from criteria.models import Round
from wards.calendar import add_working_days

NOBODY_CHOSEN = "Chưa chọn đơn vị nào để gia hạn."
REASON_NEEDED = "Cần nêu lý do gia hạn và người phê duyệt."


def extend_deadline(
    round_: Round,
    files: Collection[uuid.UUID],
    *,
    until: datetime,
    reason: str,
    approver: str,
    by: User,
    now: datetime,
) -> list[DeadlineExtension]:
    """Give these files of a round time `until`; all of them or none.

    Raises:
        NotAllowed: not a coordinator who takes care of the round.
        NotReady: no file or no reason given, `until` is past or not later than what a file has,
            or a file is concluded already; names the units.
        RoundClosed: the figures of the round are closed.
    """
    require_care_of(round_, by, Role.COORDINATOR)
    reason, approver = reason.strip(), approver.strip()
    if not files:
        raise NotReady(NOBODY_CHOSEN)
    if not reason or not approver:
        raise NotReady(REASON_NEEDED)
    if until <= now:
        raise NotReady(f"Hạn mới {clock_words(until)} đã qua; hãy chọn ngày sau hôm nay.")
    with transaction.atomic():
        before = _take_rows(round_, files, until)
        require_open(round_)
        extensions = [
            DeadlineExtension.objects.create(
                assessment=assessment,
                before=due_at,
                until=until,
                reason=reason,
                approver=approver,
                granted_at=now,
                granted_by=by,
            )
            for assessment, due_at in before
        ]
        for extension in extensions:
            _record(extension, by=by, now=now)
            tell_extended(extension, now=now)
    return extensions


def correction_due(assessment: Assessment, *, now: datetime) -> datetime:
    """Until when a file returned `now` is taken again: the later of what it has and the end of
    the last working day given for corrections."""
    day = add_working_days(timezone.localdate(now), settings.CORRECTION_WORKING_DAYS)
    return max(assessment.due_at, timezone.make_aware(datetime.combine(day, time.max)))


def _take_rows(
    round_: Round, files: Collection[uuid.UUID], until: datetime
) -> list[tuple[Assessment, datetime]]:
    """Write the new deadline to every row, in one order for all who do so, before anything else."""
    chosen = Assessment.objects.filter(round=round_, pk__in=files).with_places().order_by("pk")
    taken, refused = [], []
    for assessment in chosen:
        changed = (
            Assessment.objects.filter(pk=assessment.pk, due_at=assessment.due_at, due_at__lt=until)
            .exclude(status__in=CONCLUDED)
            .update(due_at=until)
        )
        if changed:
            taken.append((assessment, assessment.due_at))
            assessment.due_at = until
        else:
            refused.append(assessment.unit.full_name)
    if refused:
        raise NotReady(
            f"Chưa gia hạn cho đơn vị nào: {', '.join(refused)} đã có hạn bằng hoặc muộn hơn "
            f"{clock_words(until)}, hoặc phiếu đã kết luận."
        )
    if len(taken) != len(set(files)):
        raise NotReady("Có đơn vị không thuộc kỳ này; chưa gia hạn cho đơn vị nào.")
    return taken


def _record(extension: DeadlineExtension, *, by: User, now: datetime) -> None:
    assessment = extension.assessment
    audit.record(
        "deadline_extended",
        assessment,
        by=by,
        now=now,
        province_code=assessment.unit.province.code,
        unit_id=assessment.unit_id,
        details={
            "from": extension.before.isoformat(),
            "to": extension.until.isoformat(),
            "reason": extension.reason,
            "approver": extension.approver,
        },
    )
