"""Two years, two provinces or two units beside each other, on one day."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from criteria.scale import Outcome
from reports.rollup import Standing
from reports.rollup.comparison import Matching, Row
from reports.views.comparison_question import Kind, Question, question_of
from reports.views.comparison_sides import Comparison, Units, comparison_of
from reports.views.heat_table import WORDS
from reports.workbook import MEDIA_TYPE, Sheet, Value, file_response, write_sheets


@allow(*READERS)
@require_safe
def comparison(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Two sides as tables: what they come to, then criterion by criterion."""
    question = question_of(request, code, year)
    found = comparison_of(question, request.user)
    units = found.units
    context = {
        "question": question,
        "asked": question.asked,
        "reading": question.reading,
        "found": found,
        "unit_lines": _wanted(question, units) if units else [],
        "overview_url": question.overview(question.year, question.reading.province),
        # Of another year, the one beside it is found anew.
        "year_query": question.query(tinh=question.reading.code),
        "is_by_unit": question.kind is Kind.UNIT,
        "is_by_year": question.kind is Kind.YEAR,
        "is_mapped": bool(found.criteria and found.criteria.matching is Matching.MAPPED),
    }
    return render(request, "reports/comparison.html", context, status=question.asked.status)


@allow(*READERS)
@require_safe
def comparison_workbook(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """The tables of the page as a workbook; there is none until there are two sides."""
    question = question_of(request, code, year)
    if question.asked.status != 200:
        raise Http404
    found = comparison_of(question, request.user)
    if not found.is_complete:
        raise Http404
    name = f"so-sanh-{code}-{year}-{question.asked.day:%Y-%m-%d}.xlsx"
    return file_response(write_sheets(_sheets(question, found)), MEDIA_TYPE, name)


def _wanted(question: Question, units: Units) -> Sequence[object]:
    return units.differing if question.only_differences else units.lines


def _sheets(question: Question, found: Comparison) -> list[Sheet]:
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
    facts = [_facts(one) for one in units.sides]
    lines = units.differing if question.only_differences else units.lines
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


def _facts(one: Standing) -> list[tuple[str, Value]]:
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
