"""Verdicts as they stood on a day: one that an appeal changed later as it was before its decision.

A decision changes the verdict's own row, which then bears the day of the decision. Figures as of an
earlier day read the first verdict, frozen in the appeal, instead.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from assessments.deriving.days import end_of
from assessments.models import Appeal, Verdict


@dataclass(frozen=True, slots=True)
class StandingVerdict:
    """The verdict on a criterion of a submission that stood at the end of a day."""

    submission: int
    criterion: str
    decision: str
    outcome: str
    comment: str
    at: datetime


def verdicts_on(submissions: Collection[int], *, as_of: date) -> Iterator[StandingVerdict]:
    """The verdicts on these submissions that stood at the end of `as_of`, in one query."""
    end = end_of(as_of)
    unchanged = Verdict.objects.filter(
        submission=OuterRef("submission"), criterion=OuterRef("criterion"), decided_at__lte=end
    )
    first = Appeal.objects.filter(
        submission__in=submissions, first_at__lte=end, decided_at__gt=end
    ).exclude(Exists(unchanged))
    found = (
        Verdict.objects.filter(submission__in=submissions, decided_at__lte=end)
        .order_by()
        .values_list(
            "submission", "criterion__code", "decision", "outcome", "comment", "decided_at"
        )
        .union(
            first.order_by().values_list(
                "submission",
                "criterion__code",
                "first_decision",
                "first_outcome",
                "first_comment",
                "first_at",
            ),
            all=True,
        )
    )
    for row in found:
        yield StandingVerdict(*row)
