"""How the outcome of a criterion is named, tinted and drawn: one sign each, besides the colour."""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.charts import svg

Centre = tuple[float, float]

# Length of the handles of a Bézier curve that follows a quarter of a circle.
_CIRCLE = 0.5523


@dataclass(frozen=True)
class Outcome:
    """The word, the tint of a cell and the ink of its sign."""

    word: str
    tint: str
    ink: str


OUTCOMES = {
    "met": Outcome("Đạt", "#dcefe4", "#0b5d3b"),
    "not_met": Outcome("Chưa đạt", "#f7d4d8", "#a50d26"),
    "awaiting": Outcome("Chờ xếp loại", "#fdf0c8", "#7a5600"),
    "unanswered": Outcome("Chưa đánh giá", "#f3f4f4", "#5b635f"),
}


def draw_signs(code: str, centres: Iterable[Centre], size: float = 9.0) -> str:
    """Draw the sign of an outcome (disc, cross, half disc, dash) around each centre.

    All signs of one outcome are one path: a matrix has hundreds, and the number of elements is
    what costs time in the PDF.
    """
    places = list(centres)
    if not places:
        return ""
    ink = OUTCOMES[code].ink
    class_ = f"sign-{code.replace('_', '-')}"
    data = "".join(_outline(code, centre, size) for centre in places)
    if code == "met":
        return svg.path(data, stroke=None, fill=ink, class_=class_)
    if code == "awaiting":
        rings = "".join(_disc(centre, size) for centre in places)
        halves = svg.path(data, stroke=None, fill=ink)
        return halves + svg.path(rings, stroke=ink, width=1.3, class_=class_)
    return svg.path(data, stroke=ink, width=2 if code == "not_met" else 1.6, class_=class_)


def _outline(code: str, centre: Centre, size: float) -> str:
    start = f"M{svg.number(centre[0])} {svg.number(centre[1])}"
    r, d = svg.number(size / 2), svg.number(size)
    if code == "met":
        return _disc(centre, size)
    if code == "not_met":
        arm, whole = svg.number(size * 0.45), svg.number(size * 0.9)
        return f"{start}m-{arm} -{arm}l{whole} {whole}m0 -{whole}l-{whole} {whole}"
    if code == "awaiting":
        return f"{start}m0 -{r}{_left_half(size)}Z"
    return f"{start}m-{r} 0h{d}"


def _left_half(size: float) -> str:
    """Continue from the top of a circle down its left side.

    Curves, not arcs: the PDF renderer flattens an arc of half a circle to a visible polygon.
    """
    r, k = size / 2, size / 2 * _CIRCLE
    n = svg.number
    return f"c{n(-k)} 0 {n(-r)} {n(r - k)} {n(-r)} {n(r)}c0 {n(k)} {n(r - k)} {n(r)} {n(r)} {n(r)}"


def _disc(centre: Centre, size: float) -> str:
    r, k = size / 2, size / 2 * _CIRCLE
    n = svg.number
    start = f"M{n(centre[0])} {n(centre[1] - r)}"
    right = f"c{n(k)} 0 {n(r)} {n(k - r)} {n(r)} {n(-r)}"
    right += f"c0 {n(-k)} {n(k - r)} {n(-r)} {n(-r)} {n(-r)}"
    return f"{start}{_left_half(size)}{right}Z"
