"""The shape of the workbook: sheets, columns and words, on which writing and reading agree."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from assessments.models import AnswerState
from assessments.outcome import AnswerValue
from criteria.models import Criterion, Group, Indicator
from criteria.scale import IndicatorKind

FORMAT = "CAP-1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GUIDE, ANSWERS, NOTES, FAULTS = "Hướng dẫn", "Chỉ số", "Thuyết minh", "Lỗi cần sửa"
HIDDEN, LISTS = "_thong_tin", "_danh_muc"
OURS = (GUIDE, ANSWERS, NOTES, FAULTS, HIDDEN, LISTS)
HEADER_ROW = 5

LONGEST = 30_000
"""A cell of a spreadsheet takes 32,767 characters; a longer text stays on the portal."""
TOO_LONG = "(Nội dung dài hơn 30.000 ký tự: xem, sửa trên cổng. Để nguyên ô này.)"

YES, NO = "Có", "Không"
YES_NO = {YES: True, NO: False}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet; `entry` when the station fills it in."""

    key: str
    header: str
    width: int
    entry: bool = False


CRITERION_CODE = Column("criterion", "Mã tiêu chí", 9)
FAULT = Column("fault", "Lỗi cần sửa", 44)

ANSWER_COLUMNS = (
    CRITERION_CODE,
    Column("indicator", "Mã chỉ số", 8),
    Column("criterion_title", "Tiêu chí", 34),
    Column("indicator_title", "Chỉ số", 44),
    Column("requirement", "Yêu cầu", 20),
    Column("unit", "Đơn vị tính", 11),
    Column("state", "Tình trạng", 15, entry=True),
    Column("answer", "Có/Không", 10, entry=True),
    Column("level", "Mức xếp loại, danh hiệu", 24, entry=True),
    Column("number", "Số lượng", 12, entry=True),
    Column("numerator", "Tử số (số đạt yêu cầu, thực có)", 15, entry=True),
    Column("denominator", "Mẫu số (tổng số, định mức)", 15, entry=True),
    Column("decision", "Quyết định, thông báo công nhận", 30, entry=True),
    Column("reason", "Lý do bất khả kháng", 30, entry=True),
    FAULT,
)
NOTE_COLUMNS = (
    CRITERION_CODE,
    Column("criterion_title", "Tiêu chí", 44),
    Column("outcome", "Kết quả khi tải về", 18),
    Column("note", "Thuyết minh", 60, entry=True),
    Column("explanation", "Giải trình khi thiếu tài liệu kiểm chứng", 50, entry=True),
    Column("confirmed", "Xác nhận kết quả mang sang", 16, entry=True),
    FAULT,
)
COLUMNS = {ANSWERS: ANSWER_COLUMNS, NOTES: NOTE_COLUMNS}

ENTRIES_OF_KIND = {
    IndicatorKind.YES_NO: ("answer",),
    IndicatorKind.COUNT: ("number",),
    IndicatorKind.RATIO: ("numerator", "denominator"),
    IndicatorKind.TITLE: ("level", "decision"),
}

Key = tuple[str, str]
"""An indicator: codes of its criterion and of itself."""
Texts = dict[str, str]
"""What stands in the entry cells of a row, by column key."""


def place_of(sheet: str, key: str) -> int:
    """Number of a column, from 1."""
    return next(n for n, column in enumerate(COLUMNS[sheet], 1) if column.key == key)


def group_title(group: Group) -> str:
    """What a row says that heads a group of criteria."""
    return f"Nhóm {group}"


def states_of(indicator: Indicator) -> list[AnswerState]:
    """What may be said of an indicator beside a result."""
    found = []
    if indicator.kind == IndicatorKind.TITLE:
        found.append(AnswerState.AWAITING)
    if indicator.no_case_possible:
        found.append(AnswerState.NO_CASE)
    if indicator.exemptible:
        found.append(AnswerState.EXEMPT)
    return [AnswerState.GIVEN, *found] if found else []


def entries_of(indicator: Indicator) -> frozenset[str]:
    """Which cells of an indicator's row are filled in; the others are locked."""
    found = {*ENTRIES_OF_KIND[IndicatorKind(indicator.kind)]}
    if states_of(indicator):
        found.add("state")
    if indicator.exemptible:
        found.add("reason")
    return frozenset(found)


def number_words(value: Decimal | None) -> str:
    """A number as people write it and as it reads back: decimal comma, no separators."""
    if value is None:
        return ""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",")


def texts_of(indicator: Indicator, value: AnswerValue | None) -> Texts:
    """What the entry cells of an indicator show of an answer."""
    if value is None:
        return {}
    given = value.state == AnswerState.GIVEN
    scale = indicator.scale
    found = {
        "state": "" if given else str(AnswerState(value.state).label),
        "answer": "" if value.yes is None else (YES if value.yes else NO),
        "level": scale.label(value.level) if scale and value.level else "",
        "number": number_words(value.number),
        "numerator": number_words(value.numerator),
        "denominator": number_words(value.denominator),
        "decision": value.decision,
        "reason": value.reason,
    }
    return {key: text for key, text in found.items() if text}


@dataclass(frozen=True, slots=True)
class Content:
    """What is said of one criterion: answers by indicator code, and the words that go with them."""

    values: Mapping[str, AnswerValue]
    note: str
    explanation: str

    def digest(self) -> str:
        """SHA-256 (hex) that is equal for equal content."""
        return _sha256(
            [
                [
                    [
                        code,
                        value.state,
                        value.yes,
                        *map(number_words, (value.number, value.numerator, value.denominator)),
                        value.level,
                        value.decision,
                        value.reason,
                    ]
                    for code, value in sorted(self.values.items())
                ],
                self.note,
                self.explanation,
            ]
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """What a workbook was made from: one criterion's version and the digest of its content."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which file a workbook belongs to, kept on a very hidden sheet."""

    assessment: str
    criteria_set: str
    year: int
    unit: str
    downloaded_at: str
    origins: Mapping[str, Origin]

    def as_json(self) -> dict[str, Any]:
        """For storing."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `as_json` stored."""
        origins = {code: Origin(**origin) for code, origin in data["origins"].items()}
        return cls(**{**data, "origins": origins})

    def checksum(self, structure: str) -> str:
        """SHA-256 (hex) over the identity and the structure it was written with."""
        return _sha256(
            [
                FORMAT,
                self.assessment,
                self.criteria_set,
                self.year,
                self.unit,
                self.downloaded_at,
                [[code, one.version, one.digest] for code, one in self.origins.items()],
                structure,
            ]
        )


def structure_of(criteria: Iterable[Criterion]) -> str:
    """SHA-256 (hex) over sheets, headers, and the codes of criteria and indicators."""
    return _sha256(
        [
            [[name, [column.header for column in columns]] for name, columns in COLUMNS.items()],
            [
                [criterion.code, [one.code for one in criterion.indicators.all()]]
                for criterion in criteria
            ],
        ]
    )


def _sha256(material: Sequence[object]) -> str:
    text = json.dumps(material, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
