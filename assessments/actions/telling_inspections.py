"""What a station's commander is told of visits: planned, moved, called off, concluded."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Role, User
from assessments.actions.audience import others, paragraphs, people_at, short
from assessments.models import Inspection


def tell_planned(inspection: Inspection, *, by: User, now: datetime) -> None:
    """Tell that a visit is planned, by whom and for when."""
    _tell(
        inspection,
        "inspection_planned",
        f"{_subject(inspection)} dự kiến ngày {inspection.planned_for:%d/%m/%Y}",
        _facts(inspection),
        by=by,
        now=now,
    )


def tell_changed(inspection: Inspection, before: date, *, by: User, now: datetime) -> None:
    """Tell of the new plan, and of the day it had before when that changed."""
    moved = inspection.planned_for != before
    _tell(
        inspection,
        "inspection_changed",
        f"{_subject(inspection)} "
        + (
            f"chuyển sang ngày {inspection.planned_for:%d/%m/%Y}"
            if moved
            else f"ngày {before:%d/%m/%Y} thay đổi kế hoạch"
        ),
        paragraphs(
            f"Ngày dự kiến trước đây: {before:%d/%m/%Y}." if moved else "", _facts(inspection)
        ),
        by=by,
        now=now,
    )


def tell_cancelled(inspection: Inspection, *, by: User, now: datetime) -> None:
    """Tell that the visit will not take place, and why."""
    _tell(
        inspection,
        "inspection_cancelled",
        f"{_subject(inspection)} ngày {inspection.planned_for:%d/%m/%Y} đã được hủy",
        f"Lý do: {short(inspection.cancellation)}",
        by=by,
        now=now,
    )


def tell_concluded(
    inspection: Inspection, findings: int, *, corrected: bool, by: User, now: datetime
) -> None:
    """Tell the conclusion, and that what was found waits to be put into the plan."""
    said = "kết quả được sửa" if corrected else "đã có kết luận"
    number = f" số {inspection.conclusion_number}" if inspection.conclusion_number else ""
    _tell(
        inspection,
        "inspection_concluded",
        f"{_subject(inspection)}: {said}"
        + (f", {findings} tồn tại chưa có biện pháp" if findings else ""),
        paragraphs(
            f"Kết luận{number}: {short(inspection.conclusion)}",
            "Đồng chí mở trang của cuộc này để đưa từng tồn tại vào kế hoạch khắc phục."
            if findings
            else "",
        ),
        by=by,
        now=now,
    )


def _subject(inspection: Inspection) -> str:
    kind = inspection.get_kind_display()
    return f"{inspection.unit.heading_name}: cuộc {kind.lower()}"


def _facts(inspection: Inspection) -> str:
    plan = f"\nTheo kế hoạch số {inspection.plan_number}." if inspection.plan_number else ""
    return f"Cơ quan, đoàn tiến hành: {inspection.team}.{plan}"


def _tell(
    inspection: Inspection, event: str, title: str, body: str, *, by: User, now: datetime
) -> None:
    day = timezone.localdate(now)
    notices.tell(
        others(people_at(inspection.unit, Role.COMMANDER, day=day), by.pk),
        key=f"{event}:{inspection.pk}:{inspection.version}",
        event=event,
        title=title,
        body=body,
        path=reverse("inspection", args=[inspection.pk]),
        now=now,
    )
