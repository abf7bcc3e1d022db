"""Verdicts that an appeal changed later, as they stood before its decision.

A decision changes the verdict's own row, which then bears the day of the decision. Figures as of an
earlier day read the first verdict, frozen in the appeal, instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from assessments.deriving.days import end_of
from assessments.models import Appeal, Verdict


@dataclass(frozen=True, slots=True)
class FirstVerdict:
    """The verdict on a criterion of a submission before it was contested."""

    submission: int
    criterion: str
    decision: str
    outcome: str
    comment: str
    at: datetime


def first_verdicts(appeals: QuerySet[Appeal], *, as_of: date) -> Iterator[FirstVerdict]:
    """Of these appeals, the verdicts that stood at the end of `as_of` and do no more; one query."""
    end = end_of(as_of)
    unchanged = Verdict.objects.filter(
        submission=OuterRef("submission"), criterion=OuterRef("criterion"), decided_at__lte=end
    )
    found = (
        appeals.filter(first_at__lte=end, decided_at__gt=end)
        .exclude(Exists(unchanged))
        .order_by()
        .values_list(
            "submission",
            "criterion__code",
            "first_decision",
            "first_outcome",
            "first_comment",
            "first_at",
        )
    )
    for row in found:
        yield FirstVerdict(*row)
