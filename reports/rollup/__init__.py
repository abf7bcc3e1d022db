"""What it adds up to, as of any day: every number shown anywhere comes from here."""

from reports.rollup.achievements import Achievement, Achievements, known_achievements
from reports.rollup.blockers import Blocker
from reports.rollup.frame import Frame
from reports.rollup.heat import Heat, Tally, by_criterion, by_group
from reports.rollup.loading import (
    latest_round,
    programme_standings,
    roster_standings,
    standings,
)
from reports.rollup.roadmap import roadmap_rows
from reports.rollup.roadmap_row import RoadmapRow
from reports.rollup.roster import unit_word
from reports.rollup.sentence import headline
from reports.rollup.standing import Count, Standing
from reports.rollup.targets import RowState

__all__ = [
    "Achievement",
    "Achievements",
    "Blocker",
    "Count",
    "Frame",
    "Heat",
    "RoadmapRow",
    "RowState",
    "Standing",
    "Tally",
    "by_criterion",
    "by_group",
    "headline",
    "known_achievements",
    "latest_round",
    "programme_standings",
    "roadmap_rows",
    "roster_standings",
    "standings",
    "unit_word",
]
