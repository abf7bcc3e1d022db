"""Questions about programmes and rounds."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from accounts.models import User

if TYPE_CHECKING:
    from criteria.models import CriteriaSet, Criterion, Duty, Programme, Round


def _reach(user: User, programme: str) -> Q:
    scope = user.scope
    if scope.everything:
        return Q()
    if not scope.roles:
        return Q(pk__in=[])
    return (
        Q(**{f"{programme}province__isnull": True})
        | Q(**{f"{programme}province_id__in": scope.provinces})
        | Q(**{f"{programme}province__units__in": scope.units})
        | Q(**{f"{programme}province__agencies__in": scope.agencies})
    )


class CriteriaSetQuerySet(models.QuerySet["CriteriaSet"]):
    """Criteria sets; what is asked is no secret among those who answer."""

    def visible_to(self, user: User) -> Self:
        """Published sets for everyone with a posting; drafts for coordinators."""
        return self.all() if user.scope.roles else self.none()


class CriterionQuerySet(models.QuerySet["Criterion"]):
    """Criteria."""

    def with_indicators(self) -> Self:
        """In order, with groups and indicators, in two queries."""
        return self.select_related("group").prefetch_related("indicators")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes."""

    def visible_to(self, user: User) -> Self:
        """National programmes, those of one's provinces, and those one's unit or agency is in."""
        return self.filter(_reach(user, "")).distinct()

    def running_on(self, day: date) -> Self:
        """Whose years include this day's."""
        return self.filter(starts__lte=day.year, ends__gte=day.year)


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds."""

    def visible_to(self, user: User) -> Self:
        """Rounds of visible programmes."""
        return self.filter(_reach(user, "programme__")).distinct()

    def newest_first(self) -> Self:
        """The latest year first."""
        return self.order_by("-year", "programme__code")


class DutyQuerySet(models.QuerySet["Duty"]):
    """Assigned duties."""

    def visible_to(self, user: User) -> Self:
        """Those of one's agency, or of the programmes of one's provinces."""
        scope = user.scope
        if scope.everything:
            return self.all()
        return self.filter(
            Q(agency_id__in=scope.agencies) | Q(programme__province_id__in=scope.provinces)
        )
