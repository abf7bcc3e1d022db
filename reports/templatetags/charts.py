"""Template tags that draw the figures of :mod:`reports.charts` on a page.

Load with ``{% load charts %}``. A figure is followed by its sentence in words::

    {% roadmap_chart points title="Lộ trình đến năm 2030" %}
    <p>{% roadmap_sentence points %}</p>
"""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from reports import charts
from reports.rollup.scenario import Figures

register = template.Library()


@register.simple_tag
def roadmap_chart(
    points: Sequence[charts.RoadmapPoint], title: str, width: int = 760, unit_word: str = "phường"
) -> SafeString:
    """Return the roadmap chart; ``points`` come from :func:`reports.charts.roadmap_points`."""
    return charts.roadmap_chart(points, title=title, width=width, unit_word=unit_word)


@register.simple_tag
def roadmap_sentence(points: Sequence[charts.RoadmapPoint], unit_word: str = "phường") -> str:
    """Return the roadmap chart in words."""
    return charts.chart_sentence(points, unit_word=unit_word)


@register.simple_tag
def scenario_chart(figures: Figures, title: str, width: int = 760) -> SafeString:
    """Return the chart of what a scenario comes to."""
    points = _points(figures)
    return charts.scenario_chart(points, title=title, width=width, unit_word=figures.unit_word)


@register.simple_tag
def scenario_sentence(figures: Figures) -> str:
    """Return the chart of a scenario in words."""
    return charts.scenario_sentence(_points(figures), unit_word=figures.unit_word)


def _points(figures: Figures) -> list[charts.ScenarioPoint]:
    return [
        charts.ScenarioPoint(one.year, one.required or 0, one.kept, one.today, one.planned)
        for one in figures.years
    ]


@register.simple_tag
def heat_matrix(
    columns: Sequence[str], rows: Sequence[charts.MatrixRow], title: str, width: int = 760
) -> SafeString:
    """Return the matrix of units by criteria or groups as one figure."""
    return charts.heat_matrix(columns, rows, title=title, width=width)


@register.simple_tag
def matrix_sentence(
    columns: Sequence[str], rows: Sequence[charts.MatrixRow], column_word: str = "nội dung"
) -> str:
    """Return the matrix in words."""
    return charts.matrix_sentence(columns, rows, column_word=column_word)
