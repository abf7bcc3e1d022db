"""The roadmap: how many units must have reached the standard each year, and how many have.

Bars for the three kinds of achievement, a stepped line for what is required, and under every year
the numbers themselves, so that the figure is read without colour and without measuring.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Protocol

from django.utils.safestring import SafeString

from reports.charts import svg
from reports.charts.points import SERIES, RoadmapPoint, chart_sentence, count_text
from reports.rollup.numbers import number_text

REQUIRED_COLOUR = "#c8102e"


def roadmap_figure(rows: Sequence[RoadmapPoint], *, unit_word: str, width: int = 760) -> svg.Figure:
    """Return the roadmap as a part of a drawing."""
    sentence = chart_sentence(rows, unit_word=unit_word)
    return RoadmapDrawing(rows, width, unit_word, sentence).figure()


@lru_cache(maxsize=64)
def _drawn(
    rows: tuple[RoadmapPoint, ...],
    title: str,
    width: int,
    font_family: str | None,
    unit_word: str,
) -> SafeString:
    """The same figure is asked for again and again, and follows from what is drawn alone."""
    sentence = chart_sentence(rows, unit_word=unit_word)
    return RoadmapDrawing(rows, width, unit_word, sentence).draw(title, font_family)


def roadmap_chart(
    rows: Sequence[RoadmapPoint],
    *,
    title: str,
    width: int = 760,
    font_family: str | None = None,
    unit_word: str = "phường",
) -> SafeString:
    """Return the roadmap as SVG.

    ``font_family`` is for the PDF; on a page the figure takes the font of the page.
    """
    return _drawn(tuple(rows), title, width, font_family, unit_word)


def _step(highest: int) -> int:
    """Return the distance of the grid lines: 1, 2 or 5 times a power of ten, five lines or so."""
    wanted = max(1.0, highest / 6)
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= wanted:
                return factor * power
        power *= 10


class Point(Protocol):
    """One target date of any such figure."""

    @property
    def year(self) -> int:
        """The year written under it."""

    @property
    def required(self) -> int:
        """The height of the line."""


class RoadmapDrawing:
    """Places everything; one instance draws one figure.

    Another figure of the same kind names its own series: each is an attribute of its points.
    """

    SERIES = SERIES
    CLASS = "chart-svg chart-roadmap"
    SIZE = 12.0
    TOP = 26.0
    PLOT = 152.0
    ROW = 19.0
    LEFT = 132.0
    NARROW_LEFT = 54.0
    RIGHT = 8.0

    def __init__(self, points: Sequence[Point], width: int, unit_word: str, sentence: str) -> None:
        self.points = points
        self.width = float(width)
        self.unit_word = unit_word
        self.sentence = sentence
        highest = max(
            [1]
            + [point.required for point in points]
            + [value for point in points for value in self._achieved(point) if value is not None]
        )
        self.step = _step(highest)
        self.ceiling = ceil(highest / self.step) * self.step
        # On a phone numbers in the thousands would touch: names then stand above their numbers.
        widest = svg.width_of(number_text(highest), self.SIZE) + 8
        self.is_narrow = self._band(points, self.LEFT) < widest
        self.left = self.NARROW_LEFT if self.is_narrow else self.LEFT
        self.band = self._band(points, self.left)
        self.base = self.TOP + self.PLOT
        self.deep = self.ROW * (2 if self.is_narrow else 1)
        self.height = self.base + self.ROW + self.deep * (len(self.SERIES) + 1) + 6

    def _band(self, points: Sequence[Point], left: float) -> float:
        """How wide each target date is beside so much room for names."""
        return (self.width - left - self.RIGHT) / max(1, len(points))

    def _achieved(self, point: Point) -> tuple[int | None, ...]:
        return tuple(getattr(point, name) for name, _, _ in self.SERIES)

    def _y(self, value: float) -> float:
        return self.base - self.PLOT * value / self.ceiling

    def figure(self) -> svg.Figure:
        """What is drawn, without a frame."""
        if self.points:
            parts = [
                *self._grid(),
                *self._bars(),
                *self._required_line(),
                *self._numbers(),
            ]
        else:
            parts = [
                svg.label(
                    self.width / 2,
                    self.height / 2,
                    "Chưa có chỉ tiêu lộ trình",
                    size=self.SIZE,
                    anchor="middle",
                )
            ]
        return svg.Figure("".join(parts), self.width, self.height, self.sentence)

    def draw(self, title: str, font_family: str | None) -> SafeString:
        """The figure in its frame."""
        return svg.frame(
            [self.figure().body],
            width=self.width,
            height=self.height,
            title=title,
            description=self.sentence,
            class_=self.CLASS,
            font_family=font_family,
        )

    def _grid(self) -> list[str]:
        right = self.width - self.RIGHT
        parts = [
            svg.label(
                0 if self.is_narrow else self.left - 8,
                self.TOP - 12,
                f"Số {self.unit_word}",
                size=self.SIZE - 1,
                anchor="start" if self.is_narrow else "end",
            )
        ]
        for value in range(0, self.ceiling + 1, self.step):
            y = self._y(value)
            colour = svg.RULE if value == 0 else svg.GRID
            parts.append(
                svg.path(
                    f"M{svg.number(self.left)} {svg.number(y)}H{svg.number(right)}", stroke=colour
                )
            )
            parts.append(
                svg.label(
                    self.left - 8, y + 4, number_text(value), size=self.SIZE - 1, anchor="end"
                )
            )
        return parts

    def _bars(self) -> list[str]:
        bar = min(22.0, self.band * 0.26)
        parts = []
        for index, point in enumerate(self.points):
            left = self.left + self.band * (index + 0.5) - bar * len(self.SERIES) / 2
            for place, (value, (name, _, fill)) in enumerate(
                zip(self._achieved(point), self.SERIES, strict=True)
            ):
                if value:
                    y = self._y(value)
                    parts.append(
                        svg.box(
                            left + place * bar + 1,
                            y,
                            bar - 2,
                            self.base - y,
                            fill=fill,
                            stroke=svg.INK,
                            class_=f"bar-{name.replace('_', '-')}",
                        )
                    )
        return parts

    def _required_line(self) -> list[str]:
        """Draw the steps, over a white edge that keeps the line legible across a dark bar."""
        commands = []
        for index, point in enumerate(self.points):
            x, y = self.left + self.band * index, self._y(point.required)
            commands.append(f"{'L' if index else 'M'}{svg.number(x)} {svg.number(y)}")
            commands.append(f"H{svg.number(x + self.band)}")
        data = "".join(commands)
        parts = [
            svg.path(data, stroke="#ffffff", width=5),
            svg.path(data, stroke=REQUIRED_COLOUR, width=2.4, class_="line-required"),
        ]
        for index, point in enumerate(self.points):
            parts.append(
                self._marker(self.left + self.band * (index + 0.5), self._y(point.required))
            )
        last = self._y(self.points[-1].required)
        parts.append(
            svg.label(
                self.width - self.RIGHT,
                last - 9,
                "Chỉ tiêu lũy kế",
                size=self.SIZE,
                anchor="end",
                weight="bold",
                fill=REQUIRED_COLOUR,
            )
        )
        return parts

    @staticmethod
    def _marker(x: float, y: float) -> str:
        diamond = f"M{svg.number(x)} {svg.number(y - 5)}l5 5l-5 5l-5 -5Z"
        return svg.path(diamond, stroke="#ffffff", width=1, fill=REQUIRED_COLOUR)

    def _numbers(self) -> list[str]:
        """Draw the years and, below, each series by name with its numbers: legend and table."""
        lines: list[tuple[str, list[str], str | None]] = [
            ("Chỉ tiêu lũy kế", [number_text(point.required) for point in self.points], None)
        ]
        for place, (_, name, fill) in enumerate(self.SERIES):
            achieved = [self._achieved(point)[place] for point in self.points]
            lines.append((name, [count_text(count) for count in achieved], fill))
        parts = []
        for index, point in enumerate(self.points):
            parts.append(
                svg.label(
                    self.left + self.band * (index + 0.5),
                    self.base + self.ROW - 4,
                    str(point.year),
                    size=self.SIZE,
                    anchor="middle",
                    weight="bold",
                )
            )
        for row, (name, values, key) in enumerate(lines, start=1):
            top = self.base + self.ROW + self.deep * (row - 1) + 1
            y = top + self.ROW - 5
            parts.append(
                svg.path(
                    f"M0 {svg.number(top)}H{svg.number(self.width - self.RIGHT)}", stroke=svg.GRID
                )
            )
            if key is None:
                parts.append(
                    svg.path(f"M1 {svg.number(y - 4)}h16", stroke=REQUIRED_COLOUR, width=2.4)
                )
                parts.append(self._marker(9, y - 4))
            else:
                parts.append(svg.box(3, y - 10, 12, 12, fill=key, stroke=svg.INK))
            parts.append(svg.label(23, y, name, size=self.SIZE))
            for index, value in enumerate(values):
                parts.append(
                    svg.label(
                        self.left + self.band * (index + 0.5),
                        y + self.deep - self.ROW,
                        value,
                        size=self.SIZE,
                        anchor="middle",
                    )
                )
        return parts
