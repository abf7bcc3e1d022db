"""Questions about programmes and rounds."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Role, User
from accounts.scope import Scoped
from wards.models import Agency, Unit

if TYPE_CHECKING:
    from criteria.models import CriteriaSet, Criterion, Duty, Programme, Round


def _reach(user: Scoped, programme: str) -> Q:
    scope = user.scope
    if scope.everything:
        return Q()
    if not scope.roles:
        return Q(pk__in=[])
    wanted = Q(**{f"{programme}province__isnull": True})
    # Never a join with units: a province has hundreds, and every page asks this.
    for provinces in (
        scope.provinces,
        Unit.objects.filter(pk__in=scope.units).values("province"),
        Agency.objects.filter(pk__in=scope.agencies).values("province"),
    ):
        wanted |= Q(**{f"{programme}province__in": provinces})
    return wanted


class CriteriaSetQuerySet(models.QuerySet["CriteriaSet"]):
    """Criteria sets; what is asked is no secret among those who answer."""

    def visible_to(self, user: User) -> Self:
        """Sets of the whole country, and those of one's own province; drafts say that they are."""
        return self.filter(_reach(user, "")) if user.scope.roles else self.none()

    def drafted_by(self, user: User) -> Self:
        """The drafts this person may change: national ones, and those of the own province."""
        if Role.COORDINATOR not in user.scope.roles:
            return self.none()
        provinces = user.scope.provinces_as(Role.COORDINATOR)
        return self.filter(
            Q(province__isnull=True) | Q(province_id__in=provinces), published_at__isnull=True
        )

    def told(self) -> Self:
        """With what a list tells of them: how many criteria, rounds, and whether replaced."""
        newer = self.model._default_manager.filter(
            replaces=OuterRef("pk"), published_at__isnull=False
        )
        return self.select_related("document", "province", "replaces").annotate(
            entered=Count("criteria", distinct=True),
            round_count=Count("rounds", distinct=True),
            is_replaced=Exists(newer),
        )


class CriterionQuerySet(models.QuerySet["Criterion"]):
    """Criteria."""

    def with_indicators(self) -> Self:
        """In order, with groups and indicators, in two queries."""
        return self.select_related("group").prefetch_related("indicators")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes."""

    def visible_to(self, user: Scoped) -> Self:
        """National programmes, those of one's provinces, and those one's unit or agency is in."""
        return self.filter(_reach(user, ""))

    def running_on(self, day: date) -> Self:
        """Whose years include this day's."""
        return self.filter(starts__lte=day.year, ends__gte=day.year)


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds."""

    def visible_to(self, user: User) -> Self:
        """Rounds of visible programmes."""
        return self.filter(_reach(user, "programme__"))

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
