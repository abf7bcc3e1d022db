"""The first page: what needs this person, first; then what is due; then the rest."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import STATION, PortalRequest, signed_in
from accounts.models import AuditHead, Role, User
from assessments.inspections import coming_for
from reports.rollup.waiting import Wait, longest_waits
from reports.views import desk
from reports.views.duty_desk import duty_work
from reports.views.heat_table import UnitLink
from reports.views.overview import missing_of, unit_link
from reports.views.own_registrations import own_registrations
from reports.views.picture import Picture
from reports.views.reach import default_round, programmes_in_part, read, readable_programmes
from reports.views.station_desk import station_desk

WAITS_SHOWN = 5


@signed_in
@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """One part per role; a person of several roles has several parts."""
    user, roles = request.user, request.roles
    today = timezone.localdate()
    context: dict[str, Any] = {"today": today, "roles": roles}
    if roles & set(STATION):
        context["station"] = station_desk(user, today)
        context["visits"] = [(one, one.days_overdue(today)) for one in coming_for(user.scope.units)]
    if Role.COMMANDER in roles:
        context["own_registrations"] = own_registrations(user, today)
    if Role.REVIEWER in roles:
        context["review"] = desk.review_desk(user, today)
    if Role.COORDINATOR in roles:
        context["coordination"] = desk.coordination_desk(user, today)
    if Role.LEADER in roles:
        context["proposals"] = desk.waiting_proposals(user)
    if roles & {Role.LEADER, Role.MINISTRY_VIEWER}:
        programmes = list(readable_programmes(user))
        picture, link = _picture(user, today), unit_link(user)
        context |= {
            "programmes": programmes,
            "picture": picture,
            **(missing_of(picture, link) if picture else {}),
            "waits": _waits(picture, link) if picture else [],
        }
    if Role.RAPPORTEUR in roles:
        context["duties"] = desk.duty_desk(user, today)
        context["duty_work"] = duty_work(user, today)
    if Role.SYSTEM_ADMINISTRATOR in roles:
        context["audit_head"] = AuditHead.objects.first() or AuditHead()
    return render(request, "reports/home.html", context)


def _waits(picture: Picture, link: UnitLink) -> list[tuple[Wait, str]]:
    """The units where something has waited longest, each with the address of its page."""
    if picture.round is None or picture.is_of_country:
        # Every answer of the country is not read for a list of five.
        return []
    longest = longest_waits(picture.standings, as_of=picture.as_of)
    return [(one, link(one.standing)) for one in longest[:WAITS_SHOWN]]


def _picture(user: User, today: date) -> Picture | None:
    """The latest round as of today; None for those who have no programme to look at."""
    round_ = default_round(user, today)
    if round_ is not None:
        code, year = round_.programme.code, round_.year
    else:
        programme = programmes_in_part(user).running_on(today).first()
        if programme is None:
            return None
        code, year = programme.code, today.year
    try:
        reading = read(user, code, "", day=today)
    except Http404:
        # A programme of the country without units in this person's provinces.
        return None
    return Picture.load(
        reading.programme,
        year,
        as_of=today,
        plan=reading.plan,
        province=reading.province,
        with_blockers=True,
    )
