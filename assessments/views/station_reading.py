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

JOINED: tuple[str, ...] = (
    "asked",
    "given",
    "criterion__group",
    "updated_by",
    "carried_from",
    "assigned_to",
    "assessment__round__programme",
    "assessment__round__criteria_set",
    "assessment__unit__district",
    "assessment__unit__province",
    "assessment__reviewer",
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
    evidence = Attachment.objects.filter(
        assessment=pk,
        criterion=OuterRef("criterion"),
        removed_at__isnull=True,
        evidence__scan__in=USABLE_SCANS,
    )
    found = (
        CriterionResult.objects.filter(
            assessment__in=Assessment.objects.visible_to(user).filter(pk=pk), criterion__code=code
        )
        .annotate(
            asked=FilteredRelation("criterion__indicators"),
            given=FilteredRelation(
                "criterion__indicators__answers",
                condition=Q(criterion__indicators__answers__assessment=pk),
            ),
            has_evidence=Exists(evidence),
        )
        .select_related(*JOINED)
    )
    # Every indicator comes once with every answer: a handful of rows, told apart by their keys.
    rows: list[Any] = list(found)
    if not rows:
        raise Http404
    result: Any = rows[0]
    criterion: Criterion = result.criterion
    asked = {row.asked.pk: row.asked for row in rows if getattr(row, "asked", None) is not None}
    indicators = sorted(asked.values(), key=lambda one: one.position)
    # What `prefetch_related("indicators")` would leave there after one more query.
    cache = Indicator.objects.filter(criterion=criterion)
    cache._result_cache = indicators
    criterion._prefetched_objects_cache = {"indicators": cache}  # type: ignore[attr-defined]
    values = {
        row.given.indicator_id: value_of(row.given)
        for row in rows
        if getattr(row, "given", None) is not None
    }
    return Reading(result.assessment, criterion, Stored(result, values), result.has_evidence)
