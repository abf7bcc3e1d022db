"""Who is told of recognitions that end."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Role, User
from assessments.actions.audience import others, paragraphs, people_at, people_of, short
from assessments.models import Recognition


def tell_revoked(recognition: Recognition, *, by: User, now: datetime) -> None:
    """Tell the station's commander, and the leaders and coordinators of the province."""
    unit, day = recognition.unit, timezone.localdate(now)
    told = [
        *people_at(unit, Role.COMMANDER, day=day),
        *people_of(unit.province, Role.LEADER, Role.COORDINATOR, day=day),
    ]
    notices.tell(
        others(told, by.pk),
        key=f"recognition-revoked:{recognition.pk}",
        event="recognition_revoked",
        title=f"{unit.heading_name}: công nhận năm {recognition.for_year} bị hủy từ ngày "
        f"{recognition.revoked_on:%d/%m/%Y}",
        body=paragraphs(
            f"Theo {recognition.revoking_document}. Lý do: {short(recognition.revocation_reason)}",
            "Số liệu tính đến các ngày trước đó không thay đổi.",
        ),
        path=reverse("recognition", args=[recognition.pk]),
        now=now,
    )
