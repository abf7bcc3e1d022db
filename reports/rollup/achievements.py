"""The three kinds of "đạt" as dated facts: self-assessed, verified by the province, recognised.

They are separate: none implies another, and each is counted on its own.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from assessments.models import Appeal, Assessment, Recognition, Verdict
from criteria.models import Counting, Programme
from criteria.scale import COUNTS_AS_MET
from reports.rollup.contested import first_verdicts
from reports.rollup.days import end_of
from reports.rollup.history import FileHistory, load_histories


@dataclass(frozen=True, slots=True)
class Achievement:
    """A unit that reached the standard of a year, in one of the three senses, on a day."""

    unit: uuid.UUID
    year: int
    kind: Counting
    on: date
    until: date | None = None
    """The day from which it no longer counts because its term is over; None: it has no term."""


def from_file(
    unit: uuid.UUID, year: int, history: FileHistory, accepted: dict[int, int], *, as_of: date
) -> Iterator[Achievement]:
    """What one file shows at `as_of`.

    `accepted` gives, per submission, how many criteria the reviewer found met. A criterion
    without a verdict is not found met, so every criterion handed in needs one.
    """
    handed_in = history.submission_on(as_of)
    if handed_in is None or not handed_in.of:
        return
    if handed_in.met == handed_in.of:
        yield Achievement(unit, year, Counting.SELF_ASSESSED, handed_in.on)
    verified = history.verified_since(as_of)
    if verified is not None and accepted.get(handed_in.pk, 0) == handed_in.of:
        yield Achievement(unit, year, Counting.VERIFIED, verified)


def known_achievements(programme: Programme, *, as_of: date) -> list[Achievement]:
    """Every achievement of the programme's units known at the end of `as_of`, in seven queries."""
    files = Assessment.objects.filter(round__programme=programme)
    histories = load_histories(files)
    places = {pk: (unit, year) for pk, unit, year in files.values_list("pk", "unit", "round__year")}
    accepted = dict(
        Verdict.objects.filter(
            submission__assessment__round__programme=programme,
            outcome__in=COUNTS_AS_MET,
            decided_at__lte=end_of(as_of),
        )
        .order_by()
        .values_list("submission")
        .annotate(number=Count("pk"))
    )
    appeals = Appeal.objects.filter(assessment__round__programme=programme)
    for first in first_verdicts(appeals, as_of=as_of):
        if first.outcome in COUNTS_AS_MET:
            accepted[first.submission] = accepted.get(first.submission, 0) + 1
    found = [
        achievement
        for pk, history in histories.items()
        for achievement in from_file(*places[pk], history, accepted, as_of=as_of)
    ]
    decided = Recognition.objects.filter(programme=programme).unrevoked_on(as_of)
    found.extend(
        Achievement(unit, year, Counting.RECOGNISED, on, until)
        for unit, year, on, until in decided.values_list(
            "unit", "for_year", "decided_on", "lapses_on"
        )
    )
    return found


def units_reaching(
    achievements: Iterable[Achievement], kind: Counting, *, by_year: int, on: date
) -> set[uuid.UUID]:
    """The units that reached the standard, in this sense, for a year up to `by_year`.

    What has lapsed by the day `on` does not count. A target of the past is asked about its own day:
    a term that ends later takes nothing from what was reached. What was revoked is not among the
    achievements at all.
    """
    return {
        one.unit
        for one in achievements
        if one.kind == kind and one.year <= by_year and (one.until is None or one.until > on)
    }
