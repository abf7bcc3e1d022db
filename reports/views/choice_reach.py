"""Whose lists of a year a person works on, and for which province."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.access import READERS, PortalRequest
from accounts.models import Role, User
from criteria.models import Programme
from wards.models import Province

YEARS_AHEAD = 2


def programme_in_reach(user: User, code: str) -> Programme:
    """A programme within reach.

    Raises:
        Http404: none.
    """
    visible = Programme.objects.visible_to(user).select_related(
        "document", "province", "criteria_set"
    )
    found: Programme = get_object_or_404(visible, code=code)
    if found.province_id is not None and not (
        user.scope.everything or found.province_id in user.scope.provinces
    ):
        raise Http404
    return found


def programme_of_year(user: User, code: str, year: int) -> Programme:
    """A programme within reach that has this year.

    Raises:
        Http404: none.
    """
    found = programme_in_reach(user, code)
    if not found.starts <= year <= found.ends:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class ListLinks:
    """The lists of a programme's years that a person may open, and whether to choose for them."""

    years: tuple[int, ...]
    may_pick: bool


def list_links(user: User, programme: Programme, today: date) -> ListLinks | None:
    """This year's and the coming years' lists; None for those who read none."""
    scope = user.scope
    if not scope.roles & set(READERS):
        return None
    province = programme.province_id
    if province is not None and not scope.everything and province not in scope.provinces:
        return None
    years = range(programme.starts, programme.ends + 1)
    near = [year for year in years if today.year <= year <= today.year + YEARS_AHEAD]
    mine = scope.provinces_as(Role.COORDINATOR, Role.LEADER)
    may_pick = bool(mine) if province is None else province in mine
    return ListLinks(tuple(near or years[-1:]), may_pick)


def provinces_of(user: User, programme: Programme, *roles: Role) -> list[Province]:
    """Where the person works on this programme in one of these roles, in name order."""
    mine = user.scope.provinces_as(*roles)
    if programme.province is not None:
        return [programme.province] if programme.province_id in mine else []
    return sorted(Province.objects.filter(pk__in=mine), key=lambda one: (one.name, one.code))


def asked_province(request: PortalRequest, provinces: list[Province]) -> Province:
    """The province that the address names, else the first.

    Raises:
        Http404: none of these.
    """
    asked = request.GET.get("tinh", "")
    found = next((one for one in provinces if asked in ("", one.code)), None)
    if found is None:
        raise Http404
    return found
