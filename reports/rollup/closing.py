"""How often criteria found not met were met later: read from what was handed in and concluded."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, TextField, Value, When
from django.db.models.fields.json import KT

from assessments.deriving.days import end_of
from assessments.models import Submission
from criteria.models import CriteriaSet, Programme
from criteria.scale import COUNTS_AS_MET, Outcome, settled
from reports.rollup.path import ClosingCase, Found, case_of
from wards.models import Province


def closing_cases(
    programme: Programme,
    province: Province,
    *,
    as_of: date,
    criteria_set: CriteriaSet,
    codes: Sequence[str],
) -> Iterator[ClosingCase]:
    """Every file and criterion of these, as known at the end of `as_of`, in one query.

    Of a national programme only the files of the province are read, and of its rounds only those
    with the same criteria set: a code means something else in another. The database takes the
    outcomes out of what was handed in, and only where the station had not counted all as met. What
    the province did not find met comes along, a row for each: few of many.
    """
    end = end_of(as_of)
    inside: dict[str, Any] = {
        "assessment__round__programme": programme,
        "assessment__round__criteria_set": criteria_set,
    }
    if programme.province_id is None:
        inside["assessment__unit__province"] = province
    rows = (
        Submission.objects.filter(submitted_at__lte=end, **inside)
        .annotate(
            **{
                f"found_{place}": Case(
                    When(met__lt=F("of"), then=KT(f"snapshot__criteria__{code}__outcome")),
                    default=Value(Outcome.MET.value),
                    output_field=TextField(),
                )
                for place, code in enumerate(codes)
            },
            unmet=FilteredRelation(
                "verdicts",
                condition=~Q(verdicts__outcome__in=COUNTS_AS_MET),
            ),
        )
        .order_by("assessment__unit", "assessment__round__year", "number")
        .values_list(
            "assessment__unit",
            "assessment__round__year",
            "pk",
            "assessment__verified_at",
            "unmet__criterion__code",
            "unmet__outcome",
            *(f"found_{place}" for place in range(len(codes))),
        )
    )
    handed_in: dict[int, Sequence[Any]] = {}
    unmet: dict[tuple[int, str], Outcome] = {}
    for unit, year, pk, verified_at, code, outcome, *found in rows:
        handed_in[pk] = unit, year, pk, verified_at, *found
        if code is not None:
            unmet[pk, code] = Outcome(outcome)
    for _, of_unit in groupby(handed_in.values(), key=lambda row: row[0]):
        files = [list(of_file) for _, of_file in groupby(of_unit, key=lambda row: row[1])]
        for listed, following in pairwise([*files, []]):
            for place, code in enumerate(codes):
                found = _found(listed, 4 + place, code, unmet, end)
                after = _found(following, 4 + place, code, unmet, end) if following else None
                if found is not None:
                    yield case_of(code, found, after)


def _found(
    rows: Sequence[Any], column: int, code: str, unmet: dict[tuple[int, str], Outcome], end: Any
) -> Found | None:
    """What the submissions of one file came to; None where the criterion was not handed in."""
    outcomes = [row[column] for row in rows]
    if None in outcomes:
        return None
    latest, verified_at = rows[-1][2], rows[-1][3]
    is_concluded = verified_at is not None and verified_at <= end
    last = unmet.get((latest, code), Outcome.MET) if is_concluded else settled(outcomes[-1])
    return Found(settled(outcomes[0]), last, is_concluded, len(rows) > 1)
