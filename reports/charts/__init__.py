"""Figures drawn on the server as SVG, the same on the page and in the PDF.

Each comes with its text twin: whoever places a figure prints the sentence beside it.
"""

from reports.charts.lineage import Node, Step, lineage_chart, lineage_sentence
from reports.charts.matrix import MatrixRow, heat_matrix, matrix_sentence
from reports.charts.outcomes import OUTCOMES, draw_signs
from reports.charts.roadmap import (
    RoadmapPoint,
    chart_sentence,
    roadmap_chart,
    roadmap_points,
)
from reports.charts.scenario import ScenarioPoint, scenario_chart, scenario_sentence

__all__ = [
    "OUTCOMES",
    "MatrixRow",
    "Node",
    "RoadmapPoint",
    "ScenarioPoint",
    "Step",
    "chart_sentence",
    "draw_signs",
    "heat_matrix",
    "lineage_chart",
    "lineage_sentence",
    "matrix_sentence",
    "roadmap_chart",
    "roadmap_points",
    "scenario_chart",
    "scenario_sentence",
]
