"""A comparison drawn: two bars for every line; of two units, their outcomes beside each other."""

from collections.abc import Sequence
from datetime import date

from criteria.scale import Outcome
from reports.charts import Bar, Cell, Column, Figure, Series, bars_figure, table_figure
from reports.rollup.comparison import Row, Share
from reports.rollup.numbers import of_text
from reports.views.comparison_question import Kind, Question
from reports.views.comparison_sheets import facts_of
from reports.views.comparison_sides import Comparison, Line, Units
from reports.views.heat_table import WORDS
from reports.workbook import Value

FIRST, SECOND = ("#0b5d3b", "#ffffff"), ("#cfe1f4", "#0d4a8a")
"""Paint and ink of the two sides: dark and light, told apart without colour too."""


def title_of(found: Comparison) -> str:
    """What is compared with what."""
    first, second = _names(found)
    return f"So sánh {first} với {second}"


def comparison_about(question: Question, found: Comparison) -> list[str]:
    """The lines under the title: of what, of when, counted how."""
    programme, province = question.reading.programme, question.reading.province
    place = f" · {province.name}" if question.kind is Kind.YEAR and province else ""
    year = "" if question.kind is Kind.YEAR else f"Năm {question.year} · "
    lines = [
        f"{programme.name}{place}",
        f"{year}Số liệu đến hết ngày {question.asked.day:%d/%m/%Y}",
        "Kết quả thẩm định nếu phiếu đã kết luận, nếu chưa là kết quả tự đánh giá.",
    ]
    if found.units is None:
        lines.append(
            "Phần trăm làm tròn xuống; chênh lệch là điểm phần trăm của bên 1 so với bên 2."
        )
    rounds = [one.picture.round for one in found.sides]
    if found.units is not None:
        rounds = [one.round for one in found.units.sides]
    if any(one is not None and one.is_sample for one in rounds):
        lines.append("Có dữ liệu mẫu, không phải số liệu thật")
    return lines


def comparison_figures(question: Question, found: Comparison) -> list[Figure]:
    """What is drawn, from top to bottom."""
    if found.units is not None:
        return _of_units(question, found.units)
    names = _names(found)
    drawn = [_bars(names, found.summary, "Kết quả chung")]
    if found.lines:
        drawn.append(_bars(names, found.lines, "Đơn vị đạt từng nhóm, tiêu chí"))
    drawn += [_bars(names, lines, f"Tiêu chí của {side.name}") for side, lines in found.apart]
    return drawn


def _names(found: Comparison) -> tuple[str, str]:
    if found.units is not None:
        first, second = (one.unit.heading_name for one in found.units.sides)
    else:
        first, second = (one.name for one in found.sides)
    return first, second


def _bars(names: tuple[str, str], lines: Sequence[Line], what: str) -> Figure:
    series = [
        Series(f"{place}. {name}", fill, str(place), ink)
        for place, (name, (fill, ink)) in enumerate(zip(names, (FIRST, SECOND), strict=True), 1)
    ]
    bars = [_bar(one.row) for one in lines]
    words = "; ".join(f"{one.label}: {', '.join(one.texts)}" for one in bars)
    return bars_figure(
        series,
        bars,
        description=f"{what}, phần trăm. {words}.",
        beside=True,
        most=100,
        label_room=300,
        text_room=210,
        width=860,
    )


def _bar(row: Row) -> Bar:
    codes = " / ".join(dict.fromkeys(one for one in row.codes if one))
    heading = f"{codes}. {row.title}" if codes else row.title
    told = tuple(f"{place}: {_told(one)}" for place, one in enumerate(row.sides, 1))
    return Bar(
        f"Nhóm {heading}" if row.is_group else heading,
        tuple((one.percent or 0) if one else 0 for one in row.sides),
        told,
        row.difference.text if row.difference else "",
    )


def _told(share: Share | None) -> str:
    if share is None:
        return "–"
    percent = "" if share.percent is None else f" ({share.percent} %)"
    return f"{of_text(share.number, share.of)}{percent}"


def _of_units(question: Question, units: Units) -> list[Figure]:
    names = [one.unit.heading_name for one in units.sides]
    facts = [facts_of(one) for one in units.sides]
    columns = [Column("Nội dung", 380), *(Column(name, 260) for name in names)]
    rows = [
        [Cell(label), Cell(_written(first)), Cell(_written(second))]
        for (label, first), (_, second) in zip(*facts, strict=True)
    ]
    lines = [
        [
            Cell(f"{one.code}. {one.title}"),
            *(_outcome(outcome) for outcome in one.outcomes),
            Cell("Khác nhau" if one.differs else "Như nhau"),
        ]
        for one in units.wanted(question.only_differences)
    ]
    differing = len(units.differing)
    return [
        table_figure(columns, rows, description="Kết quả chung của hai đơn vị."),
        table_figure(
            [
                Column("Tiêu chí", 380),
                *(Column(name, 200) for name in names),
                Column("So sánh", 120),
            ],
            lines,
            description=f"{differing} trong {len(units.lines)} tiêu chí khác nhau.",
        ),
    ]


def _outcome(outcome: Outcome) -> Cell:
    return Cell(WORDS[outcome][1], "", str(outcome))


def _written(value: Value) -> str:
    if value is None:
        return "–"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
