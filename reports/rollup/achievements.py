"""The three kinds of "đạt" as dated facts: self-assessed, verified by the province, recognised.

They are separate: none implies another, and each is counted on its own.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import CharField, Min, Q
from django.db.models.functions import Cast

from assessments.models import FileState, Recognition
from criteria.models import Counting, Programme

Units = frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Achievement:
    """A unit that reached the standard for a year, in one of the three senses."""

    unit: uuid.UUID
    year: int
    kind: Counting
    until: date | None = None
    """The day from which it no longer counts because its term is over; None: it has no term."""


@dataclass(frozen=True, slots=True)
class Achievements:
    """What the units of a programme have reached by a day; `reaching` answers about them."""

    lasting: dict[Counting, dict[int, set[uuid.UUID]]] = field(default_factory=dict)
    """Per kind and year, the units that reached it for the year and keep it."""
    passing: tuple[Achievement, ...] = ()
    """What ends by itself some day."""
    _up_to: dict[tuple[Counting, int], Units] = field(default_factory=dict, compare=False)

    def reaching(self, kind: Counting, *, by_year: int, on: date) -> Units:
        """The units that reached the standard, in this sense, for a year up to `by_year`.

        What has lapsed by the day `on` does not count. A target of the past is asked about its own
        day: a term that ends later takes nothing from what was reached. What was revoked is not
        among the achievements at all.
        """
        found = self._lasting_up_to(kind, by_year)
        still = {
            one.unit
            for one in self.passing
            if one.kind == kind and one.year <= by_year and one.until is not None and one.until > on
        }
        return found | still if still else found

    def _lasting_up_to(self, kind: Counting, by_year: int) -> Units:
        """Units by the years up to one; each year's answer is made from the one before."""
        by_unit = self.lasting.get(kind, {})
        found = Units()
        for year in sorted(year for year in by_unit if year <= by_year):
            if (kind, year) not in self._up_to:
                self._up_to[kind, year] = found | by_unit[year]
            found = self._up_to[kind, year]
        return found


def known_achievements(
    programme: Programme, *, as_of: date, ids: Mapping[str, uuid.UUID] | None = None
) -> Achievements:
    """What the programme's units have reached by the end of `as_of`, in two queries.

    Of several years for which a unit reached a kind and keeps it, the first one counts. `ids` are
    those of units by their text (`Plan.ids`): reading thousands of them anew takes longer than the
    queries do.
    """
    known = ids or {}
    as_text = Cast("unit", CharField())
    files = (
        FileState.objects.on(as_of)
        .filter(
            Q(self_reached_on__isnull=False) | Q(verified_reached_on__isnull=False),
            round__programme=programme,
        )
        .order_by()
        .values_list(as_text)
        .annotate(
            self_assessed=Min("round__year", filter=Q(self_reached_on__isnull=False)),
            verified=Min("round__year", filter=Q(verified_reached_on__isnull=False)),
        )
    )
    lasting: dict[Counting, dict[int, set[uuid.UUID]]] = {
        kind: defaultdict(set) for kind in Counting
    }
    for text, self_assessed, verified in files:
        unit = known.get(text) or uuid.UUID(text)
        if self_assessed is not None:
            lasting[Counting.SELF_ASSESSED][self_assessed].add(unit)
        if verified is not None:
            lasting[Counting.VERIFIED][verified].add(unit)
    passing = []
    decided = Recognition.objects.filter(programme=programme).unrevoked_on(as_of).order_by()
    for text, until, year in decided.values_list(as_text, "lapses_on").annotate(
        first=Min("for_year")
    ):
        unit = known.get(text) or uuid.UUID(text)
        if until is None:
            lasting[Counting.RECOGNISED][year].add(unit)
        else:
            passing.append(Achievement(unit, year, Counting.RECOGNISED, until))
    return Achievements(lasting, tuple(passing))


def days_reached(
    programme: Programme, kind: Counting, *, as_of: date
) -> dict[tuple[uuid.UUID, int], date]:
    """The day on which each unit reached one kind for each year, as known at the end of `as_of`."""
    if kind == Counting.RECOGNISED:
        decided = Recognition.objects.filter(programme=programme).unrevoked_on(as_of)
        return {
            (unit, year): on
            for unit, year, on in decided.order_by().values_list("unit", "for_year", "decided_on")
        }
    column = "self_reached_on" if kind == Counting.SELF_ASSESSED else "verified_reached_on"
    files = FileState.objects.on(as_of).filter(
        round__programme=programme, **{f"{column}__isnull": False}
    )
    return {
        (unit, year): on
        for unit, year, on in files.order_by().values_list("unit", "round__year", column)
    }
