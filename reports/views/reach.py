"""Whose figures a person reads: what the pages of the top floor start from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, When
from django.http import Http404

from accounts.models import User
from accounts.scope import Scoped
from criteria.models import Programme, Round
from criteria.querysets import ProgrammeQuerySet
from reports.rollup.plan import Plan
from reports.rollup.roadmap import load_plan
from wards.models import Province, Unit


def readable_programmes(user: Scoped) -> ProgrammeQuerySet:
    """Programmes whose figures this person, or token, may read.

    A national programme adds up units of all provinces, so its figures are for those who look
    across the country.
    """
    visible = Programme.objects.visible_to(user).select_related(
        "document", "province", "criteria_set"
    )
    if user.scope.everything:
        return visible
    return visible.filter(province__in=user.scope.provinces)


@dataclass(frozen=True, slots=True)
class Reading:
    """A programme as somebody reads it: with the part of a national one, None being all of it.

    `provinces` are those to choose between; none where there is nothing to choose.
    """

    programme: Programme
    plan: Plan
    province: Province | None
    provinces: tuple[Province, ...]
    programmes: tuple[Programme, ...]
    is_whole: bool
    """Whether the reader may read all of the programme, whatever part is looked at."""

    @property
    def code(self) -> str:
        """The province in an address; empty for the whole."""
        return self.province.code if self.province is not None else ""


def read(user: Scoped, code: str, asked: str, *, year: int | None = None, day: date) -> Reading:
    """The programme of this code, or its part in the province `asked` for by code.

    Who sees everything chooses freely. Everybody else reads of a national programme the part of
    one of their own provinces, the first one unless they ask for another.

    Raises:
        Http404: there is none, it is out of reach, the year lies outside it, or it has no units in
            such a province.
    """
    programmes = tuple(programmes_in_part(user))
    programme = next((one for one in programmes if one.code == code), None)
    if programme is None or not (year is None or programme.starts <= year <= programme.ends):
        raise Http404
    plan = load_plan(programme)
    if programme.province is not None:
        if asked not in {"", programme.province.code}:
            raise Http404
        return Reading(programme, plan, None, (), programmes, is_whole=True)
    within = _in_force(plan.provinces.values(), day)
    if not user.scope.everything:
        within = [one for one in within if one.pk in user.scope.provinces]
    province = next((one for one in within if one.code == asked), None)
    if province is None and not (user.scope.everything and not asked):
        if asked or not within:
            raise Http404
        province = within[0]
    choice = tuple(within) if len(within) > 1 else ()
    return Reading(programme, plan, province, choice, programmes, is_whole=user.scope.everything)


def programmes_in_part(user: Scoped) -> ProgrammeQuerySet:
    """Programmes of which this person, or token, may read at least the part of a province.

    Those of one's own provinces, and those of the country for who has any part in it.
    """
    scope = user.scope
    found = Programme.objects.visible_to(user).select_related(
        "document", "province", "criteria_set"
    )
    if scope.everything:
        return found
    own = Q(province__in=scope.provinces)
    return found.filter(own | Q(province__isnull=True) if scope.provinces else own)


def _in_force(provinces: Iterable[Province], day: date) -> list[Province]:
    """The provinces of a day in name order: codes are used again, so one of a day is one."""
    found = [one for one in provinces if one.existed_on(day)]
    return sorted(found, key=lambda one: (one.sort_key, one.code))


def default_round(user: User, today: date) -> Round | None:
    """The round a reader most likely comes for: the latest whose year has come.

    A round opened ahead of its year is taken only when there is no other; one of which only a part
    may be read, when no programme may be read whole.
    """
    is_reached = Q(year__lte=today.year)
    is_part = Case(When(programme__province__isnull=True, then=1), default=0)
    rounds = Round.objects.filter(programme__in=programmes_in_part(user))
    return (
        rounds.select_related("programme")
        .order_by(
            *(() if user.scope.everything else (is_part,)),
            Case(When(is_reached, then=0), default=1),
            Case(When(is_reached, then=F("year"))).desc(),
            "year",
            "programme__code",
        )
        .first()
    )


def reaches(user: User, unit: Unit) -> bool:
    """Whether the page of this unit opens for the person; what is out of reach is not linked."""
    scope = user.scope
    return scope.everything or unit.province_id in scope.provinces or unit.pk in scope.units
