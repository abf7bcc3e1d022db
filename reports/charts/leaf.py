"""A drawing that leaves the portal: everything one must know of it is inside.

Its title, what it speaks of, and whence it comes stand on it; fonts are asked for by name, with
others to fall back on, and nothing is fetched.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.safestring import SafeString

from reports.charts import svg

FONTS = "Be Vietnam Pro, Arial, Helvetica, sans-serif"
MARGIN, BETWEEN = 28.0, 26.0
SOFT = "#4a524d"


def source_line() -> str:
    """Whence a drawing comes: the portal by its name and address."""
    site = settings.SITE_URL.split("://")[-1]
    return f"Nguồn: Cổng đánh giá Công an phường điển hình, kiểu mẫu ({site})."


def leaf(
    figures: Sequence[svg.Figure], *, title: str, about: Sequence[str], source: str
) -> SafeString:
    """Return the figures below each other on one leaf; ``about`` are the lines under the title."""
    inner = max(one.width for one in figures)
    width = inner + 2 * MARGIN
    parts, top = [], MARGIN
    for size, texts, weight, fill in (
        (20.0, (title,), "700", "#0b5d3b"),
        (12.5, tuple(about), None, SOFT),
    ):
        for text in texts:
            for line in svg.wrap(text, size, inner, most=4):
                top += size
                label = svg.label(MARGIN, top, line, size=size, weight=weight, fill=fill)
                parts.append(label)
                top += size * 0.45
    top += BETWEEN - 10
    for one in figures:
        move = svg.attributes(transform=f"translate({svg.number(MARGIN)} {svg.number(top)})")
        parts.append(f"<g{move}>{one.body}</g>")
        top += one.height + BETWEEN
    parts.append(
        svg.path(
            f"M{svg.number(MARGIN)} {svg.number(top - 10)}h{svg.number(inner)}", stroke=svg.RULE
        )
    )
    for line in svg.wrap(source, 11, inner):
        top += 9
        parts.append(svg.label(MARGIN, top, line, size=11, fill=SOFT))
        top += 7
    height = top + MARGIN - 8
    ground = svg.box(0, 0, width, height, fill="#ffffff")
    words = [*about, *(one.description for one in figures), source]
    return svg.frame(
        [ground, *parts],
        width=width,
        height=height,
        title=title,
        description=" ".join(words),
        class_="leaf",
        font_family=FONTS,
    )
