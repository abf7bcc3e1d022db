"""Who is to reach the standard in a year: three figures, told and known, never mixed.

What documents tell (so many units) and what is known (these units) stand side by side: a document
may tell a number whose units nobody has listed, and units may be listed that no document counted.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField
from django.db.models.functions import Cast

from assessments.deriving.days import end_of
from assessments.models import Registration, RegistrationQuota, RegistrationSource
from assessments.querysets import RegistrationQuerySet
from criteria.models import Programme


@dataclass(frozen=True, slots=True)
class SourceFigure:
    """One of the three figures of a year."""

    source: RegistrationSource
    told: int | None
    """By documents; None when none tells."""
    known: int
    """How many units are listed by name."""
    listed: tuple[Registration, ...]
    """The first of them, or all, in the order of lists."""

    @property
    def label(self) -> str:
        """Who put the units on the list."""
        return str(self.source.label)

    @property
    def known_words(self) -> str:
        """How many units are listed by name, in words."""
        return f"{self.known} đơn vị đã biết tên"


@dataclass(frozen=True, slots=True)
class YearList:
    """The list of one year."""

    year: int
    figures: tuple[SourceFigure, ...]
    quota: RegistrationQuota | None
    units: int
    """How many different units are on the list; one may be there from two sources."""

    def figure(self, source: RegistrationSource) -> SourceFigure:
        """The figure of one source."""
        return next(one for one in self.figures if one.source == source)


def year_lists(
    programme: Programme,
    *,
    as_of: date,
    year: int | None = None,
    within: RegistrationQuerySet | None = None,
    first: int | None = None,
) -> list[YearList]:
    """The lists of a programme known at the end of `as_of`, year by year, in three queries.

    `year` asks for that one, which is there even when nothing is known of it; `within` narrows the
    units named; so many of each figure are in `listed`, or all. A registration without a moment
    was told by a document: known since the start.
    """
    rows = Registration.objects.all() if within is None else within
    rows = rows.filter(programme=programme).known_at(end_of(as_of))
    quotas = RegistrationQuota.objects.filter(programme=programme).select_related("document")
    if year is not None:
        rows, quotas = rows.filter(year=year), quotas.filter(year=year)
    told = {
        one.year: one
        for one in quotas
        if one.document is None or one.document.issued_on is None or one.document.issued_on <= as_of
    }
    names: dict[tuple[int, str], list[tuple[str, str, str, int]]] = defaultdict(list)
    units: dict[int, set[str]] = defaultdict(set)
    # Of thousands of registrations only these columns are read; databases disagree on the order.
    for of_year, source, unit, district, sort_key, code, pk in rows.order_by().values_list(
        "year",
        "source",
        Cast("unit", CharField()),
        "unit__district__code",
        "unit__sort_key",
        "unit__code",
        "pk",
    ):
        names[of_year, source].append((district or "", sort_key, code, pk))
        units[of_year].add(unit)
    shown = {key: [pk for *_, pk in sorted(inside)[:first]] for key, inside in names.items()}
    wanted = [pk for inside in shown.values() for pk in inside]
    known = Registration.objects.select_related(
        "unit__district", "unit__province", "registered_by"
    ).in_bulk(wanted)
    years = {*units, *told} if year is None else {year}
    return [
        YearList(
            one,
            tuple(
                SourceFigure(
                    source,
                    _told(told.get(one), source),
                    len(names.get((one, source), ())),
                    tuple(known[pk] for pk in shown.get((one, source), ()) if pk in known),
                )
                for source in RegistrationSource
            ),
            told.get(one),
            len(units.get(one, ())),
        )
        for one in sorted(years)
    ]


def _told(quota: RegistrationQuota | None, source: RegistrationSource) -> int | None:
    if quota is None:
        return None
    return {
        RegistrationSource.MINISTRY: quota.assigned,
        RegistrationSource.SELF: quota.registered,
        RegistrationSource.PROVINCE: quota.added,
    }[source]
