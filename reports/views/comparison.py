"""Two years, two provinces or two units beside each other, on one day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.rollup.comparison import Matching
from reports.views.comparison_question import Kind, question_of
from reports.views.comparison_sides import comparison_of


@allow(*READERS)
@require_safe
def comparison(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Two sides as tables: what they come to, then criterion by criterion."""
    question = question_of(request, code, year)
    found = comparison_of(question, request.user)
    units = found.units
    context = {
        "question": question,
        "asked": question.asked,
        "reading": question.reading,
        "found": found,
        "unit_lines": units.wanted(question.only_differences) if units else [],
        "overview_url": question.overview(question.year, question.reading.province),
        # Of another year, the one beside it is found anew.
        "year_query": question.query(tinh=question.reading.code),
        "is_by_unit": question.kind is Kind.UNIT,
        "is_by_year": question.kind is Kind.YEAR,
        "is_mapped": bool(found.criteria and found.criteria.matching is Matching.MAPPED),
    }
    return render(request, "reports/comparison.html", context, status=question.asked.status)
