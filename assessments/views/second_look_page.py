"""What the pages of appeals and second reviews share: the criterion as handed in, lists, errors."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet

from accounts.access import PortalRequest
from assessments.models import Assessment, Submission
from assessments.views.review_answers import (
    EvidenceLine,
    IndicatorLine,
    evidence_lines,
    indicator_lines,
)
from assessments.views.review_reading import CriterionRow, entry_of
from criteria.models import Criterion

PER_PAGE = 20
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class HandedIn:
    """One criterion of a submission: the station's own words, and nothing that anybody found."""

    assessment: Assessment
    submission: Submission
    criterion: Criterion

    @cached_property
    def row(self) -> CriterionRow:
        """The criterion as the page of the review shows it, without any verdict."""
        criteria = self.assessment.round.criteria_set.criteria.with_indicators()
        criterion = criteria.get(pk=self.criterion.pk)
        return CriterionRow(criterion, entry_of(self.submission, criterion), None, ())

    @cached_property
    def indicators(self) -> list[IndicatorLine]:
        """Each indicator with its answer and what that comes to."""
        return indicator_lines(self.row, None)

    @cached_property
    def evidence(self) -> list[EvidenceLine]:
        """The evidence that the submission names."""
        return evidence_lines(self.assessment, self.row, None, {})

    def as_context(self) -> dict[str, Any]:
        """What the templates of the review read."""
        return {
            "assessment": self.assessment,
            "submission": self.submission,
            "row": self.row,
            "indicators": self.indicators,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list with the filters above it."""

    page: Page[Row]
    chips: list[tuple[str, str, int, bool]]
    chosen: str
    total: int


def listing(
    request: PortalRequest, rows: QuerySet[Row], filters: dict[str, tuple[str, Q]]
) -> Listing[Row]:
    """The page and filter that the address asks for, in three queries; the first one otherwise.

    Raises:
        BadRequest: a filter that is not there.
    """
    chosen = request.GET.get("loc", next(iter(filters)))
    if chosen not in filters:
        raise BadRequest(f"Unknown filter {chosen!r}")
    counts = rows.order_by().aggregate(
        total=Count("pk"),
        **{f"in_{name}": Count("pk", filter=wanted) for name, (_, wanted) in filters.items()},
    )
    page = Paginator(rows.filter(filters[chosen][1]), PER_PAGE).get_page(request.GET.get("page"))
    chips = [
        (name, label, counts[f"in_{name}"], name == chosen) for name, (label, _) in filters.items()
    ]
    return Listing(page, chips, chosen, counts["total"])


def errors_of(form: forms.Form) -> list[dict[str, str]]:
    """What is wrong with a form, each with the place to put it right."""
    places = {"outcome": "#ket-qua"}
    return [
        {"text": str(error), "url": places.get(name, f"#id_{name}")}
        for name, errors in form.errors.items()
        for error in errors
    ]
