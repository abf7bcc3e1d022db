"""Reads from the derived states of files what a forecast is made from, in two queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from assessments.models import FileState, Recognition
from assessments.workflow import Status
from criteria.models import Counting, Programme
from reports.rollup.evidence import Run, State, Waiting
from reports.rollup.stays import STAGE_OF
from wards.models import Province

CONCLUDED = (Status.VERIFIED, Status.PROPOSED)
HANDED_IN = (Status.SUBMITTED, Status.UNDER_REVIEW)
ALL_MET = Case(
    When(Q(status__in=CONCLUDED, verified_reached_on__isnull=False), then=Value(value=True)),
    When(Q(status__in=HANDED_IN, self_reached_on__isnull=False), then=Value(value=True)),
    default=Value(value=False),
    output_field=BooleanField(),
)
"""Whether all criteria were met: as concluded, or until then as handed in."""


def load_runs(
    programme: Programme,
    kind: Counting,
    years: Collection[int],
    *,
    as_of: date,
    province: Province | None = None,
) -> list[Run]:
    """How the files of these rounds, or those of a province among them, stood until a day's end.

    Files are counted by those alike, in one query. Left aside are files of units that counted
    already for an earlier year: there was nothing more for them to reach.
    """
    runs = FileState.objects.filter(
        round__programme=programme,
        round__year__in=years,
        since__lte=as_of,
        status__in=list(STAGE_OF),
    )
    if province is not None:
        runs = runs.filter(unit__province=province)
    reached, before = _reaching(programme, kind, as_of)
    columns = ("round__year", "status", "is_met", "since", "until", "reached_on")
    alike = (
        runs.filter(~before)
        .annotate(is_met=ALL_MET, reached_on=reached)
        .order_by()
        .values_list(*columns)
        .annotate(files=Count("pk"))
    )
    return [
        Run(
            year,
            State(Status(status), is_met),
            since,
            until if until is not None and until <= as_of else None,
            reached_on,
            files,
        )
        for year, status, is_met, since, until, reached_on, files in alike
    ]


def _reaching(programme: Programme, kind: Counting, as_of: date) -> tuple[Subquery, Exists]:
    """The day on which the file of a run made its unit count; whether the unit did before."""
    year = OuterRef("round__year")
    if kind == Counting.RECOGNISED:
        decided = Recognition.objects.filter(programme=programme, unit=OuterRef("unit"))
        decided = decided.unrevoked_on(as_of).order_by()
        before = decided.filter(
            Q(lapses_on__isnull=True) | Q(lapses_on__gt=OuterRef("since")), for_year__lt=year
        )
        return Subquery(decided.filter(for_year=year).values("decided_on")[:1]), Exists(before)
    column = "self_reached_on" if kind == Counting.SELF_ASSESSED else "verified_reached_on"
    there = FileState.objects.on(as_of).filter(**{f"{column}__isnull": False}).order_by()
    before_it = there.filter(
        round__programme=programme, unit=OuterRef("unit"), round__year__lt=year
    )
    same_file = there.filter(assessment=OuterRef("assessment"))
    return Subquery(same_file.values(column)[:1]), Exists(before_it)


def load_waiting(
    programme: Programme,
    ids: Mapping[str, uuid.UUID],
    *,
    as_of: date,
    within: Collection[uuid.UUID] | None = None,
) -> dict[uuid.UUID, list[Waiting]]:
    """Where the files of each unit wait at the end of a day, in one query.

    `ids` are those of units by their text; `within` are the units asked about, None being all.
    """
    states = FileState.objects.on(as_of).filter(
        round__programme=programme, status__in=list(STAGE_OF)
    )
    if within is not None:
        states = states.filter(unit__in=within)
    rows = (
        states.annotate(is_met=ALL_MET)
        .order_by()
        .values_list(Cast("unit", CharField()), "round__year", "status", "is_met", "since")
    )
    found: dict[uuid.UUID, list[Waiting]] = defaultdict(list)
    for text, year, status, is_met, since in rows:
        unit = ids.get(text) or uuid.UUID(text)
        found[unit].append(Waiting(year, State(Status(status), is_met), since))
    return found
