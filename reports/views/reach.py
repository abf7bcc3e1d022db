"""Whose figures a person reads: what the pages of the top floor start from."""

from datetime import date

from django.http import Http404

from accounts.models import User
from criteria.models import Programme, Round
from criteria.querysets import ProgrammeQuerySet
from wards.models import Unit


def readable_programmes(user: User) -> ProgrammeQuerySet:
    """Programmes whose figures this person may read.

    A national programme adds up units of all provinces, so its figures are for those who look
    across the country.
    """
    visible = Programme.objects.visible_to(user).select_related(
        "document", "province", "criteria_set"
    )
    if user.scope.everything:
        return visible
    return visible.filter(province__in=user.scope.provinces)


def readable_year(user: User, code: str, year: int) -> Programme:
    """The programme of this code, when the person may read it and it runs in the year.

    Raises:
        Http404: there is none, or it is out of reach, or the year lies outside it.
    """
    programme = readable_programmes(user).filter(code=code).first()
    if programme is None or not programme.starts <= year <= programme.ends:
        raise Http404
    return programme


def default_round(user: User, today: date) -> Round | None:
    """The round a reader most likely comes for: the latest whose year has come.

    A round opened ahead of its year is taken only when there is no other.
    """
    rounds = Round.objects.filter(programme__in=readable_programmes(user)).select_related(
        "programme"
    )
    reached = rounds.filter(year__lte=today.year).newest_first().first()
    return reached or rounds.order_by("year", "programme__code").first()


def reaches(user: User, unit: Unit) -> bool:
    """Whether the page of this unit opens for the person; what is out of reach is not linked."""
    scope = user.scope
    return scope.everything or unit.province_id in scope.provinces or unit.pk in scope.units
