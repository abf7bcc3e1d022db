"""Who is told of registrations and of proposed lists."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Role, User
from assessments.actions.audience import others, paragraphs, people_at, people_of, short
from assessments.models import Registration, Selection, SelectionState

DECIDED = {
    SelectionState.APPROVED: "đã được duyệt",
    SelectionState.DECLINED: "không được duyệt",
}


def tell_self_registered(registration: Registration, *, now: datetime) -> None:
    """Tell the province's coordinators, in the portal only, that a unit put itself on the list."""
    province = registration.programme.province or registration.unit.province
    notices.tell(
        people_of(province, Role.COORDINATOR, day=timezone.localdate(now)),
        key=f"self-registered:{registration.pk}",
        event="unit_registered",
        title=f"{registration.unit.heading_name}: tự đăng ký năm {registration.year}",
        path=reverse("registrations", args=[registration.programme.code, registration.year]),
        now=now,
        mail=False,
    )


def tell_registered(registrations: Sequence[Registration], *, by: User, now: datetime) -> None:
    """Tell each unit's commander that the unit is on the list of a year."""
    day = timezone.localdate(now)
    for one in registrations:
        notices.tell(
            others(people_at(one.unit, Role.COMMANDER, day=day), by.pk),
            key=f"registered:{one.pk}",
            event="unit_registered",
            title=f"{one.unit.heading_name}: có trong danh sách đăng ký năm {one.year}",
            body=paragraphs(
                f"Chương trình: {one.programme}.",
                f"Nguồn: {one.get_source_display()}. Người ghi: đồng chí {by}.",
            ),
            path=reverse("unit", args=[one.unit_id]),
            now=now,
        )


def tell_removed(registration: Registration, *, reason: str, by: User, now: datetime) -> None:
    """Tell the unit's commander that the unit was taken off the list, and why."""
    unit = registration.unit
    notices.tell(
        others(people_at(unit, Role.COMMANDER, day=timezone.localdate(now)), by.pk),
        key=f"registration-removed:{registration.programme_id}:{unit.pk}:{now.isoformat()}",
        event="registration_removed",
        title=f"{unit.heading_name}: gỡ khỏi danh sách đăng ký năm {registration.year} "
        f"({registration.get_source_display()})",
        body=f"Lý do: {short(reason)}",
        path=reverse("unit", args=[unit.pk]),
        now=now,
    )


def tell_proposed(selection: Selection, *, units: Sequence[str], now: datetime) -> None:
    """Tell the province's leaders that a list waits for their approval."""
    leaders = people_of(selection.province, Role.LEADER, day=timezone.localdate(now))
    notices.tell(
        others(leaders, selection.proposed_by_id),
        key=f"selection-proposed:{selection.pk}",
        event="selection_proposed",
        title=f"Đề xuất {len(units)} đơn vị đăng ký năm {selection.year}, chờ duyệt",
        body=paragraphs(
            f"Người đề xuất: đồng chí {selection.proposed_by}.",
            "\n".join(f"- {name}" for name in units),
            short(selection.note) if selection.note else "",
        ),
        path=reverse("selection", args=[selection.pk]),
        now=now,
    )


def tell_decided(selection: Selection, *, now: datetime) -> None:
    """Tell the author what became of the list."""
    state = SelectionState(selection.state)
    notices.tell(
        others([selection.proposed_by], selection.decided_by_id or 0),
        key=f"selection-decided:{selection.pk}",
        event=f"selection_{state}",
        title=f"Đề xuất danh sách đăng ký năm {selection.year} {DECIDED[state]}",
        body=paragraphs(
            f"Người quyết định: đồng chí {selection.decided_by}.",
            f"Ý kiến: {short(selection.decision_note)}" if selection.decision_note else "",
        ),
        path=reverse("selection", args=[selection.pk]),
        now=now,
    )
