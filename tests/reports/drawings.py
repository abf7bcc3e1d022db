"""Reading the drawings that the overview hands out, cell by cell."""

import re
from xml.etree import ElementTree

from reports.charts import OUTCOMES

SVG = "{http://www.w3.org/2000/svg}"


def drawn(content: bytes) -> ElementTree.Element:
    """The drawing, well-formed."""
    return ElementTree.fromstring(content)  # noqa: S314 -- our own drawing


def texts(root: ElementTree.Element) -> list[str]:
    """What is written in it, in the order of drawing."""
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def table_rows(root: ElementTree.Element, names: list[str], cells: int) -> dict[str, list[str]]:
    """The so many cells that follow each of these names."""
    found = texts(root)
    return {name: found[found.index(name) + 1 :][:cells] for name in names}


def matrix_cells(root: ElementTree.Element) -> list[list[str]]:
    """The outcomes of a matrix by row and column, read from where each tint lies."""
    places: dict[tuple[float, float], str] = {}
    for code, outcome in OUTCOMES.items():
        for path in root.iter(f"{SVG}path"):
            if path.get("fill") == outcome.tint:
                for x, y in re.findall(r"M([\d.]+) ([\d.]+)h", path.get("d", "")):
                    places[float(y), float(x)] = code
    rows = sorted({y for y, _ in places})
    columns = sorted({x for _, x in places})
    return [[places[y, x] for x in columns] for y in rows]
