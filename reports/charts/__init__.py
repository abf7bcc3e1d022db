"""Figures drawn on the server as SVG, the same on the page and in the PDF.

Each comes with its text twin: whoever places a figure prints the sentence beside it.
"""

from reports.charts.bars import Bar, Series, bars_figure
from reports.charts.leaf import leaf, source_line
from reports.charts.lineage import Node, Step, lineage_chart, lineage_sentence
from reports.charts.matrix import MatrixRow, heat_matrix, matrix_figure, matrix_sentence
from reports.charts.outcomes import OUTCOMES, draw_signs
from reports.charts.points import RoadmapPoint, chart_sentence, roadmap_points
from reports.charts.roadmap import roadmap_chart, roadmap_figure
from reports.charts.scenario import ScenarioPoint, scenario_chart, scenario_sentence
from reports.charts.svg import Figure
from reports.charts.table import Cell, Column, legend_figure, table_figure

__all__ = [
    "OUTCOMES",
    "Bar",
    "Cell",
    "Column",
    "Figure",
    "MatrixRow",
    "Node",
    "RoadmapPoint",
    "ScenarioPoint",
    "Series",
    "Step",
    "bars_figure",
    "chart_sentence",
    "draw_signs",
    "heat_matrix",
    "leaf",
    "legend_figure",
    "lineage_chart",
    "lineage_sentence",
    "matrix_figure",
    "matrix_sentence",
    "roadmap_chart",
    "roadmap_figure",
    "roadmap_points",
    "scenario_chart",
    "scenario_sentence",
    "source_line",
    "table_figure",
]
