"""The lineage drawn: generations side by side, everything said in words, bounded in size."""

import re
from datetime import date
from xml.etree import ElementTree

from reports.charts import Node, Step, lineage_chart, lineage_sentence

FIRST, SECOND = date(2025, 1, 1), date(2025, 7, 1)


def tra_vinh() -> tuple[list[Node], list[Step]]:
    """P2 and P6 into P3; then P1, P3 and P9 become phường Trà Vinh."""
    nodes = [Node(key, f"Phường {key}", f"mã {key}") for key in ("1", "2", "3", "6", "9")]
    nodes.append(Node("TV", "Phường Trà Vinh", "từ 01/07/2025", is_self=True))
    return nodes, [
        Step(FIRST, "1277/NQ-UBTVQH15", ("2", "6"), ("3",)),
        Step(SECOND, "1687/NQ-UBTVQH15", ("1", "3", "9"), ("TV",)),
    ]


def boxes(figure: str) -> dict[str, float]:
    """Where each name stands, from the left."""
    written = re.findall(r'<text x="([\d.]+)"[^>]*>(Phường [^<]+)</text>', figure)
    return {text: float(x) for x, text in written}


def test_generations_stand_side_by_side() -> None:
    figure = lineage_chart(*tra_vinh(), title="Trước và sau")
    ElementTree.fromstring(figure)  # noqa: S314
    where = boxes(figure)
    assert where["Phường 2"] == where["Phường 6"] < where["Phường 3"]
    assert where["Phường 1"] == where["Phường 3"] == where["Phường 9"] < where["Phường Trà Vinh"]
    for said in ("01/01/2025", "01/07/2025", "1277/NQ-UBTVQH15", "1687/NQ-UBTVQH15"):
        assert said in figure
    assert figure.count("<rect") == 6
    assert "style=" not in figure


def test_the_same_in_words() -> None:
    assert lineage_sentence(*tra_vinh()) == (
        "Ngày 01/01/2025, theo 1277/NQ-UBTVQH15: Phường 2; Phường 6 thành Phường 3. "
        "Ngày 01/07/2025, theo 1687/NQ-UBTVQH15: Phường 1; Phường 3; Phường 9 thành "
        "Phường Trà Vinh."
    )


def test_a_big_merge_stays_small_and_shows_whose_page_it_is() -> None:
    nodes = [Node(key, f"Phường {key}", "mã", is_self=key == 30) for key in range(40)]
    nodes.append(Node("X", "Phường Mới", "mã"))
    figure = lineage_chart(
        nodes, [Step(FIRST, "1/NQ", tuple(range(40)), ("X",))], title="Trước và sau"
    )
    assert figure.count("<rect") == 11
    assert "và 31 đơn vị khác" in figure
    assert ">Phường 30</text>" in figure
    assert "và 31 đơn vị khác thành Phường Mới" in lineage_sentence(
        nodes, [Step(FIRST, "1/NQ", tuple(range(40)), ("X",))]
    )


def test_names_are_written_as_text() -> None:
    nodes = [Node(1, "<b>&", "mã"), Node(2, "Phường 2", "mã")]
    figure = lineage_chart(nodes, [Step(FIRST, '"><x', (1,), (2,))], title="T")
    ElementTree.fromstring(figure)  # noqa: S314
    assert "<b>" not in figure
    assert "<x" not in figure


def test_nothing_is_drawn_where_nothing_happened() -> None:
    assert lineage_chart([], [], title="T") == ""
