"""Bars from left to right, one for each name, each made of parts that are told in words too."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts import svg

SIZE, LINE, BAR, GAP = 12.0, 15.0, 18.0, 10.0


@dataclass(frozen=True, slots=True)
class Series:
    """What one part of every bar is: its name, its paint, and the letter that stands in it."""

    name: str
    fill: str
    letter: str = ""
    ink: str = svg.INK


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, a word on it, how much each series has, and the same in lines of text."""

    label: str
    values: tuple[int, ...]
    texts: tuple[str, ...]
    note: str = ""
    fill: str = ""
    """Its own paint, instead of that of its one series."""


def bars_figure(
    series: Sequence[Series],
    bars: Sequence[Bar],
    *,
    description: str,
    beside: bool = False,
    most: int = 0,
    label_room: float = 330,
    text_room: float = 210,
    width: float = 860,
) -> svg.Figure:
    """Return the bars; the parts of each follow one another, or lie ``beside`` each other.

    The longest takes all the room, unless ``most`` says how much would.
    """
    longest = most or max([1, *((max if beside else sum)(one.values or (0,)) for one in bars)])
    scale = (width - label_room - text_room) / longest
    parts: list[str] = []
    top = 0.0
    if len(series) > 1:
        parts.append(_legend(series))
        top = 30.0
    for bar in bars:
        names = svg.wrap(bar.label, SIZE, label_room - 12)
        notes = svg.wrap(bar.note, SIZE - 1, label_room - 12, most=6)
        deep = BAR * (len(series) if beside else 1)
        height = max(deep, (len(names) + len(notes)) * LINE) + GAP
        for number, name in enumerate(names):
            parts.append(svg.label(0, top + LINE * (number + 1), name, size=SIZE))
        for number, note in enumerate(notes, start=len(names)):
            y = top + LINE * (number + 1)
            parts.append(svg.label(0, y, note, size=SIZE - 1, fill="#5b635f"))
        parts += _drawn(series, bar, label_room, top + 3, scale, beside=beside)
        parts.append(
            svg.path(f"M0 {svg.number(top + height - 3)}H{svg.number(width)}", stroke=svg.GRID)
        )
        x = width - text_room + 10
        # Bold letters are wider.
        told = [line for text in bar.texts for line in svg.wrap(text, SIZE * 1.12, text_room - 10)]
        for number, line in enumerate(told):
            parts.append(svg.label(x, top + LINE * (number + 1), line, size=SIZE, weight="600"))
        top += max(height, len(told) * LINE + GAP)
    return svg.Figure("".join(parts), width, top + 2, description)


def _drawn(
    series: Sequence[Series], bar: Bar, left: float, top: float, scale: float, *, beside: bool
) -> list[str]:
    parts = []
    for one, value in zip(series, bar.values, strict=True):
        if value:
            long = value * scale
            parts.append(
                svg.box(left, top, long, BAR - 3, fill=bar.fill or one.fill, stroke=svg.INK)
            )
            if one.letter and long >= 14:
                parts.append(
                    svg.label(
                        left + long / 2,
                        top + 12,
                        one.letter,
                        size=11,
                        anchor="middle",
                        weight="600",
                        fill=one.ink,
                    )
                )
            left += 0 if beside else long
        top += BAR if beside else 0
    return parts


def _legend(series: Sequence[Series]) -> str:
    parts, x = [], 0.0
    for one in series:
        parts.append(svg.box(x + 1, 3, 16, 14, fill=one.fill, stroke=svg.INK))
        parts.append(
            svg.label(x + 9, 14, one.letter, size=11, anchor="middle", weight="600", fill=one.ink)
        )
        parts.append(svg.label(x + 23, 15, one.name, size=SIZE))
        x += 48 + svg.width_of(one.name, SIZE)
    return "".join(parts)
