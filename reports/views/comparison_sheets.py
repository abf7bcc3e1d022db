"""The tables of a comparison as sheets of a workbook."""

from collections.abc import Iterable, Sequence

from criteria.scale import Outcome
from reports.rollup import Standing
from reports.rollup.comparison import Row
from reports.views.comparison_question import Kind, Question
from reports.views.comparison_sides import Comparison, Units
from reports.views.heat_table import WORDS
from reports.workbook import Sheet, Value


def comparison_sheets(question: Question, found: Comparison) -> list[Sheet]:
    """The tables of the page as sheets of a workbook."""
    basis = (
        f"{question.reading.programme.name} · Số liệu đến hết ngày {question.asked.day:%d/%m/%Y}"
    )
    if found.units is not None:
        return _of_units(question, found.units, f"{basis} · Kỳ {question.year}")
    if question.kind is Kind.PROVINCE:
        basis += f" · Năm {question.year}"
    names = [one.name for one in found.sides]
    title = f"So sánh {names[0]} với {names[1]}"
    summary = Sheet(
        "Kết quả chung", title, basis, _headings(names), _rows(one.row for one in found.summary)
    )
    sheets = [
        summary,
        Sheet(
            "Tóm tắt",
            title,
            basis,
            ("Bên", "Tóm tắt"),
            [(one.name, one.picture.sentence) for one in found.sides],
        ),
    ]
    if found.lines:
        rows = _rows(one.row for one in found.lines)
        sheets.append(Sheet("Tiêu chí", title, basis, _headings(names), rows))
    for place, (side, lines) in enumerate(found.apart, 1):
        rows = _rows(one.row for one in lines)
        sheets.append(Sheet(f"Tiêu chí {place}", side.name, basis, _headings(names), rows))
    return sheets


def _headings(names: Sequence[str]) -> list[str]:
    sides = [heading for name in names for heading in (name, f"{name}: trên tổng số", f"{name}: %")]
    return ["Mã", "Nội dung", *sides, "Chênh lệch (điểm %)", "Nhận xét"]


def _rows(rows: Iterable[Row]) -> list[list[Value]]:
    found = []
    for row in rows:
        codes = " / ".join(dict.fromkeys(one for one in row.codes if one))
        line: list[Value] = [codes, row.title]
        for share in row.sides:
            line += [share.number, share.of, share.percent] if share else [None, None, None]
        difference = row.difference
        line += [difference.points, str(difference.direction)] if difference else [None, None]
        found.append(line)
    return found


def _of_units(question: Question, units: Units, basis: str) -> list[Sheet]:
    names = [one.unit.full_name for one in units.sides]
    title = f"So sánh {names[0]} với {names[1]}"
    facts = [facts_of(one) for one in units.sides]
    lines = units.wanted(question.only_differences)
    return [
        Sheet(
            "Kết quả chung",
            title,
            basis,
            ("Nội dung", *names),
            [(label, first, second) for (label, first), (_, second) in zip(*facts, strict=True)],
        ),
        Sheet(
            "Tiêu chí",
            title,
            basis,
            ("Mã", "Tiêu chí", *names, "So sánh"),
            [
                (
                    one.code,
                    one.title,
                    *(_word(outcome) for outcome in one.outcomes),
                    "Khác nhau" if one.differs else "Như nhau",
                )
                for one in lines
            ],
        ),
    ]


def facts_of(one: Standing) -> list[tuple[str, Value]]:
    """How one unit stands, line by line."""
    recognition = one.recognition
    return [
        ("Tình trạng phiếu", one.status_label),
        ("Từ ngày", one.since),
        ("Nộp ngày", one.submitted_on),
        ("Tự đánh giá đạt", one.self_assessed.met),
        ("Tỉnh xác nhận đạt", one.verified.met if one.is_concluded else None),
        ("Số tiêu chí", one.self_assessed.of),
        ("Quyết định công nhận", recognition.document.number if recognition else None),
    ]


def _word(outcome: Outcome) -> str:
    return WORDS[outcome][1]
