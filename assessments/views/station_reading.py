"""Everything about one criterion of one file, in a single query: saving must be quick."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.http import Http404

from accounts.models import User
from assessments.actions.answering import Stored
from assessments.judging import value_of
from assessments.models import USABLE_SCANS, Assessment, Attachment, CriterionResult
from criteria.models import Criterion, Indicator

FILE = (
    "found__assessment__round__programme",
    "found__assessment__round__criteria_set",
    "found__assessment__unit__district",
    "found__assessment__unit__province",
    "found__assessment__reviewer",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A criterion with its file, its indicators and what is stored of it."""

    assessment: Assessment
    criterion: Criterion
    stored: Stored
    has_evidence: bool


def read_criterion(user: User, pk: uuid.UUID, code: str) -> Reading:
    """One criterion of a file within the person's reach.

    Raises:
        Http404: no such file within reach, or no such criterion in its set.
    """
    reach = Assessment.objects.visible_to(user).filter(pk=pk)
    evidence = Attachment.objects.filter(
        assessment=pk,
        criterion=OuterRef("criterion"),
        removed_at__isnull=True,
        evidence__scan__in=USABLE_SCANS,
    )
    indicators = (
        Indicator.objects.annotate(
            found=FilteredRelation(
                "criterion__results", condition=Q(criterion__results__assessment=pk)
            ),
            mine=FilteredRelation("answers", condition=Q(answers__assessment=pk)),
            has_evidence=Exists(evidence),
        )
        .filter(criterion__code=code, found__assessment__in=reach)
        .select_related(
            "criterion__group",
            "mine",
            "found__updated_by",
            "found__carried_from",
            "found__assigned_to",
            *FILE,
        )
        .order_by("position")
    )
    # Relations named in the query are unknown to the model's type.
    rows: list[Any] = list(indicators)
    if not rows:
        raise Http404
    first = rows[0]
    criterion: Criterion = first.criterion
    result: CriterionResult = first.found
    # What `prefetch_related("indicators")` would leave there after one more query.
    criterion._prefetched_objects_cache = {"indicators": indicators}  # type: ignore[attr-defined]
    result.criterion = criterion
    answers = {row.pk: getattr(row, "mine", None) for row in rows}
    values = {pk: value_of(answer) for pk, answer in answers.items() if answer is not None}
    return Reading(result.assessment, criterion, Stored(result, values), first.has_evidence)
