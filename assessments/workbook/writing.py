"""Writing one file as a workbook: a guide, one row per indicator, one row per criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from assessments.judging import spec_of
from assessments.models import Assessment
from assessments.outcome import requirement_text
from assessments.workbook import styles
from assessments.workbook.faults import Fault
from assessments.workbook.guide import write_guide
from assessments.workbook.layout import (
    ANSWER_COLUMNS,
    ANSWERS,
    FAULTS,
    FORMAT,
    GUIDE,
    HEADER_ROW,
    HIDDEN,
    LISTS,
    NO,
    NOTE_COLUMNS,
    NOTES,
    YES,
    Column,
    Identity,
    Key,
    Texts,
    entries_of,
    group_title,
    states_of,
    structure_of,
)
from assessments.workbook.marking import mark, write_faults
from assessments.workbook.styles import put
from criteria.models import Criterion, Indicator
from criteria.scale import IndicatorKind
from wards.spreadsheet.cells import column_letters

NUMBERS = frozenset({"number", "numerator", "denominator"})
CHOICES = frozenset({"state", "answer", "confirmed"})


@dataclass(frozen=True, slots=True)
class Filling:
    """What stands in the entry cells, and what the sheet of notes tells beside them."""

    answers: Mapping[Key, Texts]
    notes: Mapping[str, Texts]
    outcomes: Mapping[str, str]
    """Outcome of each criterion in words, by its code."""
    carried: frozenset[str]
    """Codes of criteria carried over from an earlier round and not yet confirmed."""


@dataclass
class _Lists:
    """Drop-down lists, each standing once on a hidden sheet."""

    sheet: Worksheet
    known: dict[tuple[str, ...], DataValidation] = field(default_factory=dict)

    def offer(self, target: Worksheet, words: tuple[str, ...], row: int, column: int) -> None:
        """Let a cell choose from these words."""
        here = (target.title, *words)
        if here not in self.known:
            place = column_letters(len(self.known) + 1)
            for number, word in enumerate(words, 1):
                put(self.sheet, number, len(self.known) + 1, word, styles.FIXED)
            rule = DataValidation(
                type="list",
                formula1=f"'{LISTS}'!${place}$1:${place}${len(words)}",
                allow_blank=True,
                showErrorMessage=True,
                errorTitle="Chưa đúng",
                error="Hãy chọn một trong các giá trị của danh sách, hoặc để trống.",
            )
            target.add_data_validation(rule)
            self.known[here] = rule
        self.known[here].add(f"{column_letters(column)}{row}")


def write_workbook(
    assessment: Assessment,
    criteria: Sequence[Criterion],
    identity: Identity,
    filling: Filling,
    faults: Sequence[Fault] = (),
) -> bytes:
    """The workbook of a file (places selected, criteria with indicators), as .xlsx.

    `faults` mark the cells they name and stand on a sheet of their own.
    """
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)  # noqa: S101 -- a new workbook has one
    guide.title = GUIDE
    write_guide(guide, assessment, identity.downloaded_at)
    answers, notes = book.create_sheet(ANSWERS), book.create_sheet(NOTES)
    if faults:
        write_faults(book.create_sheet(FAULTS), faults)
    hidden, lists = book.create_sheet(HIDDEN), _Lists(book.create_sheet(LISTS))
    _write_answers(answers, assessment, criteria, filling, lists)
    _write_notes(notes, assessment, criteria, filling, lists)
    _write_identity(hidden, identity, structure_of(criteria))
    mark(book, faults)
    for sheet in (hidden, lists.sheet):
        sheet.sheet_state = "veryHidden"
        sheet.protection.sheet = True
    book.active = book.index(book[FAULTS if faults else GUIDE])
    return saved(book)


def answer_rows(criteria: Sequence[Criterion]) -> dict[tuple[str, ...], int]:
    """The row of every indicator; a group begins with a row of its own."""
    found: dict[tuple[str, ...], int] = {}
    row = HEADER_ROW
    for group, members in groupby(criteria, key=lambda one: one.group):
        row += 1
        found["", group.code] = row
        for criterion in members:
            for indicator in criterion.indicators.all():
                row += 1
                found[criterion.code, indicator.code] = row
    return found


def note_rows(criteria: Sequence[Criterion]) -> dict[tuple[str, ...], int]:
    """The row of every criterion on the sheet of notes."""
    return {(one.code,): row for row, one in enumerate(criteria, HEADER_ROW + 1)}


def saved(book: Workbook) -> bytes:
    """The workbook as a file."""
    book.properties.creator = "Cổng Công an phường kiểu mẫu"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_head(
    sheet: Worksheet, assessment: Assessment, columns: tuple[Column, ...], title: str
) -> None:
    styles.prepare(sheet, columns, frozen=f"C{HEADER_ROW + 1}", landscape=True)
    put(sheet, 1, 1, title, styles.TITLE)
    put(sheet, 2, 1, assessment.unit.station_name, styles.SUBTITLE)
    put(
        sheet,
        3,
        1,
        "Chỉ nhập vào ô nền vàng nhạt. Ô để trống là chưa có kết quả, không phải 0.",
        styles.SUBTITLE,
    )
    for number, column in enumerate(columns, 1):
        put(sheet, HEADER_ROW, number, column.header, styles.HEADER)


def _write_answers(
    sheet: Worksheet,
    assessment: Assessment,
    criteria: Sequence[Criterion],
    filling: Filling,
    lists: _Lists,
) -> None:
    year = assessment.round.year
    _write_head(sheet, assessment, ANSWER_COLUMNS, f"Kết quả từng chỉ số, kỳ đánh giá năm {year}")
    prompt = DataValidation(
        type="textLength",
        operator="lessThanOrEqual",
        formula1="40",
        allow_blank=True,
        showInputMessage=True,
        promptTitle="Nhập số",
        prompt="Ví dụ 12 hoặc 9,5. Không cần dấu phân cách hàng nghìn.",
    )
    sheet.add_data_validation(prompt)
    rows = answer_rows(criteria)
    for group, members in groupby(criteria, key=lambda one: one.group):
        for number in range(1, len(ANSWER_COLUMNS) + 1):
            text = group_title(group) if number == 1 else ""
            put(sheet, rows["", group.code], number, text, styles.GROUP)
        for criterion in members:
            for indicator in criterion.indicators.all():
                key = criterion.code, indicator.code
                texts = filling.answers.get(key, {})
                _write_indicator(sheet, rows[key], criterion, indicator, texts, lists, prompt)


def _write_indicator(
    sheet: Worksheet,
    row: int,
    criterion: Criterion,
    indicator: Indicator,
    texts: Texts,
    lists: _Lists,
    prompt: DataValidation,
) -> None:
    fixed = {
        "criterion": criterion.code,
        "indicator": indicator.code,
        "criterion_title": criterion.title,
        "indicator_title": indicator.title,
        "requirement": requirement_text(spec_of(indicator)),
        "unit": indicator.unit_label or ("%" if indicator.kind == IndicatorKind.RATIO else ""),
    }
    scale = indicator.scale
    offers = {
        "state": tuple(str(state.label) for state in states_of(indicator)),
        "answer": (YES, NO),
        "level": tuple(label for _, label in scale.levels) if scale else (),
    }
    open_keys = entries_of(indicator)
    for number, column in enumerate(ANSWER_COLUMNS, 1):
        if not column.entry:
            look = styles.CODE if column.key in {"criterion", "indicator"} else styles.FIXED
            put(sheet, row, number, fixed.get(column.key, ""), look)
            continue
        is_open = column.key in open_keys
        put(sheet, row, number, texts.get(column.key, ""), _look(column.key, is_open=is_open))
        if is_open and column.key in offers:
            lists.offer(sheet, offers[column.key], row, number)
        elif is_open and column.key in NUMBERS:
            prompt.add(f"{column_letters(number)}{row}")


def _look(key: str, *, is_open: bool) -> styles.Look:
    if not is_open:
        return styles.CLOSED
    if key in NUMBERS:
        return styles.NUMBER
    return styles.CHOICE if key in CHOICES else styles.ENTRY


def _write_notes(
    sheet: Worksheet,
    assessment: Assessment,
    criteria: Sequence[Criterion],
    filling: Filling,
    lists: _Lists,
) -> None:
    year = assessment.round.year
    title = f"Thuyết minh, giải trình từng tiêu chí, kỳ đánh giá năm {year}"
    _write_head(sheet, assessment, NOTE_COLUMNS, title)
    rows = note_rows(criteria)
    for criterion in criteria:
        row = rows[criterion.code,]
        fixed = {
            "criterion": criterion.code,
            "criterion_title": criterion.title,
            "outcome": filling.outcomes.get(criterion.code, ""),
        }
        texts = filling.notes.get(criterion.code, {})
        for number, column in enumerate(NOTE_COLUMNS, 1):
            if not column.entry:
                look = styles.CODE if column.key == "criterion" else styles.FIXED
                put(sheet, row, number, fixed.get(column.key, ""), look)
                continue
            is_open = column.key != "confirmed" or criterion.code in filling.carried
            text = texts.get(column.key, "")
            put(sheet, row, number, text, _look(column.key, is_open=is_open))
            if is_open and column.key == "confirmed":
                lists.offer(sheet, (YES,), row, number)


def _write_identity(sheet: Worksheet, identity: Identity, structure: str) -> None:
    rows = [
        ("format", FORMAT),
        ("assessment", identity.assessment),
        ("criteria_set", identity.criteria_set),
        ("year", str(identity.year)),
        ("unit", identity.unit),
        ("downloaded_at", identity.downloaded_at),
        ("checksum", identity.checksum(structure)),
    ]
    for row, texts in enumerate(rows, 1):
        for number, text in enumerate(texts, 1):
            put(sheet, row, number, text, styles.FIXED)
    for row, (code, origin) in enumerate(identity.origins.items(), len(rows) + 1):
        for number, text in enumerate(("origin", code, str(origin.version), origin.digest), 1):
            put(sheet, row, number, text, styles.FIXED)
