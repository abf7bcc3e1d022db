"""Whom a reorganisation concerns, and what they are told of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.access import STATION
from accounts.models import Role, User
from wards.boundaries import Draft
from wards.models import LegalDocument, Posting, Reorganisation, Unit

PROVINCE = (Role.LEADER, Role.COORDINATOR)
"""Who is told on the side of the provinces concerned."""


def tell_reorganised(
    row: Reorganisation,
    draft: Draft,
    begun: Sequence[Unit],
    document: LegalDocument,
    *,
    by: User,
    now: datetime,
) -> None:
    """Tell the stations of the predecessors, and the provinces concerned, all but the actor.

    To be called before any posting ends: afterwards nobody serves at units that ended long ago.
    """
    after = [*draft.successors, *begun]
    concerned = {unit.province_id for unit in (*draft.predecessors, *after)}
    at_station = Q(unit__in=draft.predecessors, role__in=STATION)
    in_province = Q(province__in=concerned, role__in=PROVINCE)
    serving = (
        Posting.objects.active_on(timezone.localdate(now))
        .filter(at_station | in_province)
        .exclude(user=by.pk)
        .select_related("user")
        .order_by("pk")
    )
    ends = not draft.keeps_predecessor
    stations: list[User] = []
    provinces: list[User] = []
    for posting in serving:
        (stations if posting.role in STATION else provinces).append(posting.user)
    # Whoever serves on both sides is told once, as one of the station.
    for people, more, path in (
        (stations, _of_the_posting(draft) if ends else "", reverse("home")),
        (provinces, "", reverse("reorganisation", args=[row.pk])),
    ):
        notices.tell(
            people,
            key=f"units_reorganised:{row.pk}",
            event="units_reorganised",
            title=f"{draft.kind.label.capitalize()} đơn vị từ {draft.on:%d/%m/%Y}: "
            f"{_names(draft.predecessors)}",
            body="\n\n".join(part for part in (_facts(draft, after, document), more) if part),
            path=path,
            now=now,
        )


def _facts(draft: Draft, after: Sequence[Unit], document: LegalDocument) -> str:
    stays = " (đơn vị trước vẫn còn)" if draft.keeps_predecessor else ""
    return (
        f"Trước: {_names(draft.predecessors)}{stays}.\nSau: {_names(after)}.\nVăn bản: {document}."
    )


def _of_the_posting(draft: Draft) -> str:
    return (
        f"Phân công của đồng chí ở đơn vị cũ kết thúc sau ngày {draft.eve:%d/%m/%Y}; từ ngày "
        f"{draft.on:%d/%m/%Y} đồng chí làm việc theo phân công mới."
    )


def _names(units: Sequence[Unit]) -> str:
    return ", ".join(unit.heading_name for unit in units)
