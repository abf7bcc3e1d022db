"""Small vocabulary for writing SVG by hand: numbers, text, rectangles, the frame.

Only presentation attributes and classes are written, never ``style``: the pages are served under
a Content-Security-Policy without inline styles, and the PDF renderer reads attributes as well.
Every piece of text passes through :func:`escape`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.utils.html import escape
from django.utils.safestring import SafeString

INK = "#1d2521"
RULE = "#8d9691"
GRID = "#dfe4e1"

# Mean advance of a letter against the font size, on the safe side for Liberation Serif and Be
# Vietnam Pro alike. Only used to decide whether a label fits; nothing is placed by it to the pixel.
_LETTER = 0.54


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def width_of(text: str, size: float) -> float:
    """Estimate how wide a text is drawn at this font size."""
    return len(text) * size * _LETTER


def shorten(text: str, size: float, room: float) -> str:
    """Return the text, cut with an ellipsis when it would not fit into the room given."""
    if width_of(text, size) <= room:
        return text
    letters = max(1, int(room / (size * _LETTER)) - 1)
    return text[:letters].rstrip() + "…"


def wrap(text: str, size: float, room: float, *, most: int = 3) -> list[str]:
    """Break the text into lines of at most this width; what is beyond ``most`` lines is cut."""
    lines: list[str] = []
    words = text.split()
    while words:
        line = words.pop(0)
        while words and width_of(f"{line} {words[0]}", size) <= room:
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [shorten(line, size, room) for line in lines]


def attributes(**values: str | float | None) -> str:
    """Write attributes; ``_`` in a name stands for ``-`` and a trailing one is dropped."""
    parts = []
    for name, value in values.items():
        if value is None:
            continue
        text = value if isinstance(value, str) else number(value)
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{escape(text)}"')
    return "".join(parts)


def label(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    anchor: str = "start",
    weight: str | None = None,
    fill: str = INK,
    turned: bool = False,
) -> str:
    """Write one line of text; ``turned`` reads upwards, for narrow column headings."""
    turn = f"rotate(-90 {number(x)} {number(y)})" if turned else None
    written = attributes(
        x=x,
        y=y,
        font_size=size,
        text_anchor=anchor,
        font_weight=weight,
        fill=fill,
        transform=turn,
    )
    return f"<text{written}>{escape(text)}</text>"


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str,
    stroke: str | None = None,
    class_: str | None = None,
) -> str:
    """Write a rectangle."""
    written = attributes(
        x=x,
        y=y,
        width=width,
        height=height,
        fill=fill,
        stroke=stroke,
        stroke_width=1 if stroke else None,
        class_=class_,
    )
    return f"<rect{written}/>"


def path(
    data: str,
    *,
    stroke: str | None = INK,
    width: float = 1,
    fill: str = "none",
    class_: str | None = None,
) -> str:
    """Write a path."""
    written = attributes(
        d=data,
        fill=fill,
        stroke=stroke,
        stroke_width=width if stroke else None,
        stroke_linejoin="round" if stroke else None,
        class_=class_,
    )
    return f"<path{written}/>"


@dataclass(frozen=True, slots=True)
class Figure:
    """What is drawn, its size, and the same in words: still without a title of its own."""

    body: str
    width: float
    height: float
    description: str


def frame(
    parts: Iterable[str],
    *,
    width: float,
    height: float,
    title: str,
    description: str,
    class_: str,
    font_family: str | None,
) -> SafeString:
    """Return the whole figure: sized, named and described for those who do not see it.

    Width and height are written out besides the viewBox because the PDF renderer prints no text
    in a figure without them.
    """
    body = "".join(parts)
    key = sha256(f"{title}\n{description}\n{body}".encode()).hexdigest()[:10]
    opening = attributes(
        xmlns="http://www.w3.org/2000/svg",
        class_=class_,
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"chart-{key}-title chart-{key}-description",
        font_family=font_family,
    )
    return SafeString(
        f"<svg{opening}>"
        f'<title id="chart-{key}-title">{escape(title)}</title>'
        f'<desc id="chart-{key}-description">{escape(description)}</desc>'
        f"{body}</svg>"
    )
