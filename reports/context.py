"""What every page shows around its content. It must never be what breaks a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse

from accounts.access import READERS, STATION
from accounts.models import Notice, Role, User
from criteria.models import Round

QUIET: dict[str, Any] = {"sample_data": False, "unread_notices": 0}
OUTSIDE: dict[str, Any] = {"nav": [], "posting_line": "", **QUIET}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: where it leads, who has it, which pages belong to it."""

    name: str
    label: str
    icon: str
    roles: frozenset[Role]
    pages: frozenset[str] = frozenset()

    def is_for(self, roles: frozenset[Role]) -> bool:
        """Whether someone with these roles has this entry."""
        return bool(self.roles & roles)

    def entry(self, current: str) -> dict[str, Any]:
        """The entry as base.html draws it."""
        return {
            "url": reverse(self.name),
            "label": self.label,
            "icon": self.icon,
            "active": current == self.name or current in self.pages,
        }


def _place(name: str, label: str, icon: str, roles: tuple[Role, ...], *pages: str) -> Place:
    return Place(name, label, icon, frozenset(roles), frozenset(pages))


PLACES = (
    _place(
        "home",
        "Trang chủ",
        "house-door",
        tuple(Role),
        "assessment",
        "criterion",
        "check",
        "receipt",
        "remedies",
        "remedy_add",
        "remedy",
        "appeals",
        "appeal_new",
    ),
    _place(
        "default_overview",
        "Tổng quan",
        "speedometer2",
        READERS,
        "overview",
        "comparison",
        "roadmap",
    ),
    _place(
        "review_queue",
        "Thẩm định",
        "inboxes",
        (Role.REVIEWER, Role.COORDINATOR),
        "review",
        "review_accept",
        "review_criterion",
        "review_conclude",
        "appeal_list",
        "appeal",
        "second_review_list",
        "second_review",
        "second_review_agreement",
    ),
    _place(
        "recognition_list",
        "Công nhận",
        "award",
        (Role.COORDINATOR, Role.LEADER),
        "recognise",
        "recognition_register",
        "recognition",
        "record_recognition",
        "revoke",
        "correct_term",
        "commendation_list",
        "commend",
        "remove_commendation",
    ),
    _place("remedy_list", "Khắc phục", "tools", (Role.COORDINATOR, Role.LEADER)),
    _place(
        "inspection_list",
        "Kiểm tra",
        "clipboard-check",
        READERS,
        "finding_list",
        "unvisited_list",
        "inspection_new",
        "inspection",
        "inspection_edit",
        "inspection_cancel",
        "inspection_result",
        "finding_remedy",
    ),
    _place(
        "duty_reports",
        "Nhiệm vụ",
        "list-check",
        (*READERS, Role.RAPPORTEUR),
        "duty_report",
        "duty_check",
        "duty_handed_in",
        "duty_summary",
        "duty_replies",
    ),
    _place(
        "unit_list",
        "Đơn vị",
        "geo-alt",
        READERS,
        "unit",
        "unit_history",
        "province",
        "province_list",
        "reorganisation_list",
        "reorganisation_new",
        "reorganisation",
        "inheritance_list",
        "inheritance",
    ),
    _place(
        "programme_list",
        "Chương trình",
        "bullseye",
        (*READERS, *STATION, Role.RAPPORTEUR),
        "programme",
        "picker",
        "selection_list",
        "selection",
        "registrations",
        "remove_registration",
        "criteria_set",
        "criteria_sets",
        "criteria_set_new",
        "criteria_comparison",
        "criteria_draft",
        "criteria_facts",
        "criteria_mapping",
        "criteria_publication",
        "criteria_part_add",
        "criteria_part",
        "criteria_part_delete",
    ),
    _place(
        "reports",
        "Báo cáo",
        "file-earmark-text",
        (*READERS, *STATION, Role.RAPPORTEUR),
        "report",
    ),
    _place(
        "audit",
        "Nhật ký",
        "clock-history",
        (Role.COORDINATOR, Role.LEADER, Role.SYSTEM_ADMINISTRATOR),
    ),
    _place("calendar", "Lịch làm việc", "calendar3", (Role.SYSTEM_ADMINISTRATOR,)),
    _place("mail", "Thư điện tử", "envelope", (Role.SYSTEM_ADMINISTRATOR,)),
    *(
        [
            _place(
                "api_tokens",
                "Mã truy cập API",
                "key",
                (Role.SYSTEM_ADMINISTRATOR,),
                "api_token_issue",
            )
        ]
        if settings.API_IS_INSTALLED
        else []
    ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Navigation of the person's roles, the posting in one line, unread notices, sample data."""
    user: User | AnonymousUser | None = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return OUTSIDE
    return {
        "nav": _entries(request, user),
        "posting_line": "; ".join(user.scope.lines),
        **_around(request, user),
    }


def _entries(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    match = request.resolver_match
    current = (match.url_name or "") if match else ""
    entries = [place.entry(current) for place in PLACES if place.is_for(user.scope.roles)]
    units = sorted(user.scope.units)
    if units and not user.scope.roles & set(READERS):
        # People of a station have one unit: straight to its story.
        entries.insert(
            1,
            {
                "url": reverse("unit", args=[units[0]]),
                "label": "Đơn vị",
                "icon": "geo-alt",
                "active": current in {"unit", "unit_history"},
            },
        )
    return entries


def _around(request: HttpRequest, user: User) -> Mapping[str, Any]:
    """Whether data is sample and how many notices are unread: one query for every page."""
    known: dict[str, Any] = getattr(request, "around", {})
    if not known:
        unread = (
            Notice.objects.filter(recipient=OuterRef("pk"))
            .unread()
            .order_by()
            .values("recipient")
            .annotate(count=Count("pk"))
            .values("count")
        )
        try:
            sample_data, unread_notices = User.objects.values_list(
                Exists(Round.objects.visible_to(user).filter(is_sample=True)),
                Coalesce(Subquery(unread), 0),
            ).get(pk=user.pk)
            known = {"sample_data": sample_data, "unread_notices": unread_notices}
        except DatabaseError:
            # An error page of a broken transaction: the page matters more than what is around it.
            return QUIET
        request.around = known  # type: ignore[attr-defined]
    return known
