"""Questions about places, people's postings and agencies. The day is always an argument."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q, Sum

from accounts.models import User

if TYPE_CHECKING:
    from wards.models import (
        Agency,
        ApiToken,
        Edition,
        Posting,
        Province,
        Reorganisation,
        Unit,
    )


def dated(day: date, starts: str = "valid_from", ends: str = "valid_to") -> Q:
    """In force on `day`, where an empty bound means "since ever" or "until further notice"."""
    return (Q(**{f"{starts}__isnull": True}) | Q(**{f"{starts}__lte": day})) & (
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day})
    )


class EditionQuerySet(models.QuerySet["Edition"]):
    """Marks of changes."""

    def current(self) -> tuple[int, int] | None:
        """What tells one edition of places and programmes from every other, in one query.

        None when nothing ever left a mark: then nobody can tell.
        """
        found = self.aggregate(number=Count("pk"), total=Sum("mark"))
        return (found["number"], found["total"]) if found["number"] else None


class PostingQuerySet(models.QuerySet["Posting"]):
    """Postings."""

    def active_on(self, day: date) -> Self:
        """In force on this day."""
        return self.filter(dated(day, "starts", "ends"))

    def of(self, user: User) -> Self:
        """This person's."""
        return self.filter(user=user)

    def visible_to(self, user: User) -> Self:
        """One's own, and for staff those in their provinces' stations."""
        scope = user.scope
        if scope.everything:
            return self.all()
        return self.filter(
            Q(user=user)
            | Q(province_id__in=scope.provinces)
            | Q(unit__province_id__in=scope.provinces)
            | Q(unit_id__in=scope.units)
        )


class ProvinceQuerySet(models.QuerySet["Province"]):
    """Provinces."""

    def existing_on(self, day: date) -> Self:
        """In force on this day."""
        return self.filter(dated(day))

    def visible_to(self, user: User) -> Self:
        """The provinces of one's postings."""
        scope = user.scope
        return self.all() if scope.everything else self.filter(pk__in=scope.provinces)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Commune-level units."""

    def existing_on(self, day: date) -> Self:
        """In force on this day."""
        return self.filter(dated(day))

    def of_kinds(self, kinds: list[str]) -> Self:
        """Of these kinds (`UnitKind` values)."""
        return self.filter(kind__in=kinds)

    def with_places(self) -> Self:
        """With province and district, for printing full names."""
        return self.select_related("province", "district")

    def visible_to(self, user: User) -> Self:
        """One's own unit, or the units of one's provinces, or all for the Ministry."""
        scope = user.scope
        if scope.everything:
            return self.all()
        return self.filter(Q(pk__in=scope.units) | Q(province_id__in=scope.provinces))


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Agencies with duties."""

    def visible_to(self, user: User) -> Self:
        """One's own agency, or those of one's provinces."""
        scope = user.scope
        if scope.everything:
            return self.all()
        return self.filter(Q(pk__in=scope.agencies) | Q(province_id__in=scope.provinces))


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of the API; the system administrator alone keeps them."""

    def valid_on(self, day: date) -> Self:
        """Those that open the API on this day."""
        return self.filter(revoked_at__isnull=True, expires_on__gte=day)


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    """Reorganisations."""

    def visible_to(self, user: User) -> Self:
        """Those that took from, or made, a unit one sees."""
        scope = user.scope
        if scope.everything:
            return self.all()
        reach = Q()
        for side in ("predecessor", "successor"):
            reach |= Q(**{f"successions__{side}__in": scope.units})
            reach |= Q(**{f"successions__{side}__province__in": scope.provinces})
        return self.filter(reach).distinct()

    def with_units(self) -> Self:
        """With document and the units on either side, in a fixed number of queries."""
        return self.select_related("document", "recorded_by").prefetch_related(
            "successions__predecessor__district", "successions__successor__district"
        )
