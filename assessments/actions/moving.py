"""The single way by which an assessment changes status."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.telling_moves import tell_of_move
from assessments.deriving.keeping import touch
from assessments.models import Assessment, Transition
from assessments.permissions import require_move
from assessments.readiness import require_open
from assessments.workflow import CONCLUDED, Status, find_move


def move(
    assessment: Assessment,
    target: Status,
    *,
    by: User,
    now: datetime,
    comment: str = "",
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> Transition:
    """Change the status by compare-and-set, with its transition, audit entry and notices.

    Must run inside `in_step`. `fields` are written in the same UPDATE.

    Raises:
        NotAllowed: this person may not make this move.
        NotReady: the table has no such move, or somebody else moved the file first.
        RoundClosed: the figures of the round are closed; what follows a conclusion (proposal,
            recognition) is a later fact and stays possible.
    """
    source = Status(assessment.status)
    found = find_move(source, target)
    if found is None:
        raise NotReady(
            f"Phiếu đang ở trạng thái “{source.label}” nên chưa thể chuyển sang "
            f"“{target.label}”. Nội dung không thay đổi."
        )
    require_move(assessment, by, found)
    touch(assessment)
    changed = Assessment.objects.filter(pk=assessment.pk, status=source).update(
        status=target, **fields
    )
    if not changed:
        raise NotReady(already_done(assessment))
    if source not in CONCLUDED or target not in CONCLUDED:
        require_open(assessment.round)
    assessment.status = target
    for name, value in fields.items():
        setattr(assessment, name, value)
    transition = Transition.objects.create(
        assessment=assessment,
        source=source,
        target=target,
        event=found.event,
        comment=comment,
        made_at=now,
        made_by=by,
    )
    audit.record(
        found.event,
        assessment,
        by=by,
        now=now,
        province_code=assessment.unit.province.code,
        unit_id=assessment.unit_id,
        details={"from": source, "to": target, "comment": comment, **(details or {})},
    )
    tell_of_move(assessment, transition, details=details or {}, now=now)
    return transition


def already_done(assessment: Assessment) -> str:
    """Who moved the file meanwhile, for the one who came second."""
    last = (
        Transition.objects.filter(assessment=assessment)
        .select_related("made_by")
        .order_by("-pk")
        .first()
    )
    if last is None:
        return "Phiếu vừa được thay đổi ở nơi khác. Hãy tải lại trang."
    return (
        f"Đồng chí {last.made_by} đã xử lý phiếu này lúc {localised(last.made_at)}; "
        "thao tác của đồng chí chưa được ghi."
    )


def localised(moment: datetime) -> str:
    """A moment in Vietnamese time: 14:05 ngày 12/11/2026."""
    return timezone.localtime(moment).strftime("%H:%M ngày %d/%m/%Y")
