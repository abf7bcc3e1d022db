"""Who is to reach the standard in a year: three figures, told and known, never mixed.

What documents tell (so many units) and what is known (these units) stand side by side: a document
may tell a number whose units nobody has listed, and units may be listed that no document counted.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

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
    listed: tuple[Registration, ...]

    @property
    def label(self) -> str:
        """Who put the units on the list."""
        return str(self.source.label)

    @property
    def known(self) -> int:
        """How many units are listed by name."""
        return len(self.listed)

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

    @property
    def units(self) -> int:
        """How many different units are on the list; one may be there from two sources."""
        return len({row.unit_id for figure in self.figures for row in figure.listed})

    def figure(self, source: RegistrationSource) -> SourceFigure:
        """The figure of one source."""
        return next(one for one in self.figures if one.source == source)


def year_lists(
    programme: Programme,
    *,
    as_of: date,
    year: int | None = None,
    within: RegistrationQuerySet | None = None,
) -> list[YearList]:
    """The lists of a programme known at the end of `as_of`, year by year, in two queries.

    `year` asks for that one, which is there even when nothing is known of it; `within` narrows the
    units named. A registration without a moment was told by a document: known since the start.
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
    listed: dict[int, dict[str, list[Registration]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("unit__district", "unit__province", "registered_by"):
        listed[row.year][row.source].append(row)
    years = {*listed, *told} if year is None else {year}
    return [_year_list(one, listed[one], told.get(one)) for one in sorted(years)]


def _year_list(
    year: int, listed: dict[str, list[Registration]], quota: RegistrationQuota | None
) -> YearList:
    told = {
        RegistrationSource.MINISTRY: quota.assigned if quota else None,
        RegistrationSource.SELF: quota.registered if quota else None,
        RegistrationSource.PROVINCE: quota.added if quota else None,
    }
    return YearList(
        year,
        tuple(
            SourceFigure(
                source,
                told[source],
                # Databases disagree on where units without a district go.
                tuple(sorted(listed.get(source, ()), key=lambda row: row.unit.list_key)),
            )
            for source in RegistrationSource
        ),
        quota,
    )
