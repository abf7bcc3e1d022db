"""A comparison to take along, as a workbook and as a drawing; none until there are two sides."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from reports.charts import leaf, source_line
from reports.views.comparison_figures import comparison_about, comparison_figures, title_of
from reports.views.comparison_question import Question, question_of
from reports.views.comparison_sheets import comparison_sheets
from reports.views.comparison_sides import Comparison, comparison_of
from reports.workbook import DRAWING_TYPE, MEDIA_TYPE, file_response, write_sheets


@allow(*READERS)
@require_safe
def comparison_workbook(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The tables of the page as a workbook."""
    question, found, name = _asked(request, code, year)
    content = write_sheets(comparison_sheets(question, found))
    return file_response(content, MEDIA_TYPE, f"{name}.xlsx")


@allow(*READERS)
@require_safe
def comparison_drawing(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The tables of the page drawn, as an SVG file of its own."""
    question, found, name = _asked(request, code, year)
    drawing = leaf(
        comparison_figures(question, found),
        title=title_of(found),
        about=comparison_about(question, found),
        source=source_line(),
    )
    return file_response(drawing.encode(), DRAWING_TYPE, f"{name}.svg")


def _asked(request: PortalRequest, code: str, year: int) -> tuple[Question, Comparison, str]:
    """What is compared, and what its files are named after."""
    question = question_of(request, code, year)
    if question.asked.status != 200:
        raise Http404
    found = comparison_of(question, request.user)
    if not found.is_complete:
        raise Http404
    return question, found, f"so-sanh-{code}-{year}-{question.asked.day:%Y-%m-%d}"
