"""Who became whom, drawn from left to right: a column for each time between reorganisations."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from reports.charts import svg

BOX, HEIGHT, GAP, SPACE, TOP = 190.0, 46.0, 116.0, 12.0, 58.0
SHOWN = 9
"""Units of one column that are drawn; the others are counted in one more box."""
SELF_FILL, FILL, REST_FILL = "#dcefe4", "#ffffff", "#f3f4f4"


@dataclass(frozen=True, slots=True)
class Node:
    """One unit: its name, and the days between which it was there, in words."""

    key: Hashable
    name: str
    period: str
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One reorganisation: when, by what, and who became whom."""

    on: date
    document: str
    before: tuple[Hashable, ...]
    after: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class _Box:
    node: Node
    x: float
    y: float

    @property
    def middle(self) -> float:
        return self.y + HEIGHT / 2


def lineage_chart(nodes: Sequence[Node], steps: Sequence[Step], *, title: str) -> SafeString:
    """Return the figure; nothing for a unit that was never reorganised."""
    if not steps:
        return SafeString("")
    days = sorted({step.on for step in steps})
    columns = _columns(nodes, steps, days)
    boxes, places = _place(columns)
    bottom = max((box.y for box in boxes), default=TOP) + HEIGHT + 2
    width = len(columns) * BOX + (len(columns) - 1) * GAP + 4
    parts = [_heading(place, day, steps) for place, day in enumerate(days)]
    parts += _edges(steps, places)
    parts += [_drawn(box) for box in boxes]
    return svg.frame(
        parts,
        width=width,
        height=bottom,
        title=title,
        description=lineage_sentence(nodes, steps),
        class_="chart-lineage",
        font_family=None,
    )


def lineage_sentence(nodes: Sequence[Node], steps: Sequence[Step]) -> str:
    """Return the figure in words."""
    names = {node.key: node.name for node in nodes}

    def listed(keys: Sequence[Hashable]) -> str:
        shown = [names[key] for key in keys[:SHOWN] if key in names]
        more = len(keys) - SHOWN
        return "; ".join(shown) + (f" và {more} đơn vị khác" if more > 0 else "")

    return " ".join(
        f"Ngày {step.on:%d/%m/%Y}, theo {step.document}: {listed(step.before)} thành "
        f"{listed(step.after)}."
        for step in sorted(steps, key=lambda one: one.on)
    )


def _columns(
    nodes: Sequence[Node], steps: Sequence[Step], days: Sequence[date]
) -> list[list[Node]]:
    """A unit stands after the last change that made it, or right before the first that took it."""
    column: dict[Hashable, int] = {}
    for step in sorted(steps, key=lambda one: one.on, reverse=True):
        for key in step.before:
            column[key] = days.index(step.on)
    for step in sorted(steps, key=lambda one: one.on):
        for key in step.after:
            column[key] = days.index(step.on) + 1
    found: list[list[Node]] = [[] for _ in range(len(days) + 1)]
    for node in nodes:
        if node.key in column:
            found[column[node.key]].append(node)
    _near_their_heirs(found, steps)
    return found


def _near_their_heirs(columns: list[list[Node]], steps: Sequence[Step]) -> None:
    """From right to left, each unit as high as what it became: lines cross as little as can be."""
    heirs: dict[Hashable, list[Hashable]] = defaultdict(list)
    for step in steps:
        for key in step.before:
            heirs[key] += step.after
    rank: dict[Hashable, float] = {}
    for column in reversed(columns):

        def height(node: Node) -> float:
            known = [rank[key] for key in heirs[node.key] if key in rank]
            return sum(known) / len(known) if known else 0.0

        column.sort(key=height)
        own = next((place for place, node in enumerate(column) if node.is_self), 0)
        if own >= SHOWN:
            # Whoever the page is about is drawn, however many stand beside it.
            column.insert(0, column.pop(own))
        for place, node in enumerate(column):
            rank[node.key] = place / max(1, len(column))


def _place(columns: list[list[Node]]) -> tuple[list[_Box], dict[Hashable, _Box]]:
    tallest = max(min(len(column), SHOWN + 1) for column in columns)
    boxes: list[_Box] = []
    places: dict[Hashable, _Box] = {}
    for number, column in enumerate(columns):
        shown, rest = column[:SHOWN], column[SHOWN:]
        drawn = [*shown, *([_rest(len(rest))] if rest else [])]
        room = (tallest - len(drawn)) * (HEIGHT + SPACE) / 2
        for place, node in enumerate(drawn):
            x = 2 + number * (BOX + GAP)
            box = _Box(node, x, TOP + room + place * (HEIGHT + SPACE))
            boxes.append(box)
            places[node.key] = box
        for node in rest:
            places[node.key] = boxes[-1]
    return boxes, places


def _rest(number: int) -> Node:
    return Node(("rest", number), f"và {number} đơn vị khác", "")


def _heading(place: int, day: date, steps: Sequence[Step]) -> str:
    """Above the gap: the day, and the document by which it happened."""
    documents = sorted({step.document for step in steps if step.on == day})
    middle = 2 + (place + 1) * BOX + place * GAP + GAP / 2
    more = f" (+{len(documents) - 1})" if len(documents) > 1 else ""
    number = svg.shorten(f"{documents[0]}{more}", 10.5, GAP + 40)
    line = f"M{svg.number(middle)} 42V{svg.number(TOP - 4)}"
    return (
        svg.label(middle, 16, f"{day:%d/%m/%Y}", size=13, anchor="middle", weight="700")
        + svg.label(middle, 34, number, size=10.5, anchor="middle")
        + svg.path(line, stroke=svg.GRID)
    )


def _edges(steps: Sequence[Step], places: Mapping[Hashable, _Box]) -> list[str]:
    drawn: dict[tuple[Hashable, Hashable], str] = {}
    for step in steps:
        for old in step.before:
            for new in step.after:
                if old in places and new in places:
                    start, end = places[old], places[new]
                    drawn.setdefault((start.node.key, end.node.key), _edge(start, end))
    return list(drawn.values())


def _edge(start: _Box, end: _Box) -> str:
    n = svg.number
    x, goal = start.x + BOX, end.x - 7
    half = (goal - x) / 2
    curve = (
        f"M{n(x)} {n(start.middle)}C{n(x + half)} {n(start.middle)} "
        f"{n(goal - half)} {n(end.middle)} {n(goal)} {n(end.middle)}"
    )
    head = (
        f"M{n(goal)} {n(end.middle - 4)}L{n(end.x)} {n(end.middle)}L{n(goal)} {n(end.middle + 4)}Z"
    )
    return svg.path(curve, stroke=svg.RULE, width=1.5) + svg.path(head, stroke=None, fill=svg.RULE)


def _drawn(box: _Box) -> str:
    node = box.node
    fill = SELF_FILL if node.is_self else FILL if node.period else REST_FILL
    stroke = "#0b5d3b" if node.is_self else svg.RULE
    name = svg.shorten(node.name, 12.5, BOX - 14)
    y = box.y + (19 if node.period else 28)
    return (
        svg.box(box.x, box.y, BOX, HEIGHT, fill=fill, stroke=stroke)
        + svg.label(box.x + 9, y, name, size=12.5, weight="700" if node.is_self else "500")
        + (svg.label(box.x + 9, box.y + 36, node.period, size=11) if node.period else "")
    )
