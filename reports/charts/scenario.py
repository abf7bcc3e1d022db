"""A scenario on the roadmap: required each coming year, and reached with and without the moves."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reports.charts.roadmap import RoadmapDrawing
from reports.rollup.numbers import number_text


@dataclass(frozen=True)
class ScenarioPoint:
    """One coming year; all counts are cumulative."""

    year: int
    required: int
    kept: int
    today: int
    planned: int


class ScenarioDrawing(RoadmapDrawing):
    """The roadmap with what is there, what today's lists give and what the scenario gives."""

    # Told apart by lightness alone, as on the roadmap itself.
    SERIES = (
        ("kept", "Đã đạt đến nay", "#ffffff"),
        ("today", "Theo danh sách", "#8cc3a5"),
        ("planned", "Theo phương án", "#0b5d3b"),
    )
    CLASS = "chart-svg chart-roadmap chart-scenario"


def scenario_sentence(points: Sequence[ScenarioPoint], *, unit_word: str = "phường") -> str:
    """Return the chart in words, year by year."""
    if not points:
        return "Chương trình không còn năm nào phía trước."
    years = "; ".join(
        f"năm {one.year} cần {number_text(one.required)}, "
        f"theo danh sách {number_text(one.today)}, theo phương án {number_text(one.planned)}"
        for one in points
    )
    return f"Số {unit_word} đạt, lũy kế: {years}."


def scenario_chart(
    points: Sequence[ScenarioPoint], *, title: str, width: int = 760, unit_word: str = "phường"
) -> SafeString:
    """Return the chart as SVG, in the font of the page."""
    sentence = scenario_sentence(points, unit_word=unit_word)
    return ScenarioDrawing(points, width, unit_word, sentence).draw(title, None)
