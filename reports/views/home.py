"""The first page: what needs this person, first; then what is due; then the rest."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import STATION, PortalRequest, signed_in
from accounts.models import AuditHead, Role
from reports.views import desk
from reports.views.overview import unit_link
from reports.views.picture import Picture
from reports.views.reach import default_round, readable_programmes


@signed_in
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """One part per role; a person of several roles has several parts."""
    user, roles = request.user, request.roles
    today = timezone.localdate()
    context: dict[str, Any] = {"today": today, "roles": roles}
    if roles & set(STATION):
        context["station"] = desk.station_desk(user, today)
    if Role.REVIEWER in roles:
        context["review"] = desk.review_desk(user, today)
    if Role.COORDINATOR in roles:
        context["coordination"] = desk.coordination_desk(user, today)
    if roles & {Role.LEADER, Role.MINISTRY_VIEWER}:
        context["picture"] = picture = _picture(request)
        link = unit_link(user)
        context["missing"] = [(one, link(one)) for one in picture.missing] if picture else []
        context["programmes"] = readable_programmes(user)
    if Role.RAPPORTEUR in roles:
        context["duties"] = desk.duty_desk(user, today)
    if Role.SYSTEM_ADMINISTRATOR in roles:
        context["audit_head"] = AuditHead.objects.first() or AuditHead()
    return render(request, "reports/home.html", context)


def _picture(request: PortalRequest) -> Picture | None:
    """The latest round as of today; None for those who have no programme to look at."""
    round_ = default_round(request.user)
    today = timezone.localdate()
    if round_ is not None:
        programme = readable_programmes(request.user).get(pk=round_.programme_id)
        return Picture.load(programme, round_.year, as_of=today)
    running = readable_programmes(request.user).running_on(today).first()
    return Picture.load(running, today.year, as_of=today) if running else None
