"""Words of an official document: dates, counts, names, citations, after Nghị định 30/2020."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reports.rollup.numbers import number_text

DASH = "–"

_KINDS = {
    "QĐ": "Quyết định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "ĐA": "Đề án",
    "TTr": "Tờ trình",
    "TT": "Thông tư",
    "NĐ": "Nghị định",
    "CV": "Công văn",
    "HD": "Hướng dẫn",
}
_KIND_NAMES = tuple(_KINDS.values())
_ABBREVIATIONS = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
_DISTRICTS = {"TP": "thành phố", "TX": "thị xã", "TT": "thị trấn"}


def _two_digits(value: int, *, below: int) -> str:
    return f"{value:02d}" if value < below else str(value)


def legal_date(day: date) -> str:
    """Return "ngày 05 tháng 3 năm 2026".

    Days below ten and the months January and February take a leading zero, other months do not
    (Nghị định 30/2020, Phụ lục I).
    """
    return (
        f"ngày {_two_digits(day.day, below=10)} tháng {_two_digits(day.month, below=3)} "
        f"năm {day.year}"
    )


def short_date(day: date) -> str:
    """Return "05/3/2026", with the same leading zeros as the long form."""
    return f"{_two_digits(day.day, below=10)}/{_two_digits(day.month, below=3)}/{day.year}"


def as_date(value: object) -> date | None:
    """Return the date of an ISO string of the figures, or ``None`` when there is none."""
    text = str(value or "")[:10]
    return date.fromisoformat(text) if text else None


def counted(value: int) -> str:
    """Return a count as written in running text: "06", "11", "1.473"."""
    return f"0{value}" if 0 <= value < 10 else number_text(value)


def signed(value: int | None) -> str:
    """Return a difference with its sign: "+1", "0", "−2"; a dash when unknown."""
    if value is None:
        return DASH
    if value == 0:
        return "0"
    return f"+{number_text(value)}" if value > 0 else f"−{number_text(-value)}"


def lines_of(text: str | None) -> list[str]:
    """Return the paragraphs of a free text, without empty ones."""
    return [line.strip() for line in (text or "").split("\n") if line.strip()]


def stopped(text: str, mark: str = ".") -> str:
    """Return the text ending in exactly this mark."""
    return text.rstrip(" .;,/") + mark


def lowered(text: str) -> str:
    """Return a label to stand inside a sentence; "Bộ …", the Ministry, keeps its capital."""
    return text if text.startswith("Bộ ") else text[:1].lower() + text[1:]


def raised(text: str) -> str:
    """Return a text to stand at the beginning of a line."""
    return text[:1].upper() + text[1:]


def listed(items: Iterable[str]) -> list[str]:
    """Return the items of a list, each ending in ";" and the last in "."."""
    texts = [item for item in items if item.strip()]
    marks = [";"] * (len(texts) - 1) + ["."]
    return [stopped(text, mark) for text, mark in zip(texts, marks, strict=False)]


def unit_name(name: str) -> str:
    """Return a unit's name as written inside a sentence.

    Names are stored that way ("phường Trà Vinh"); one named by a number always has its capital
    ("Phường 1"), as Nghị định 30/2020, Phụ lục II asks.
    """
    kind, _, rest = name.partition(" ")
    return f"{kind.capitalize()} {rest}" if rest[:1].isdigit() else name


def district_name(name: str) -> str:
    """Return a district in full: "TP Trà Vinh" becomes "thành phố Trà Vinh"."""
    short, _, rest = name.partition(" ")
    return f"{_DISTRICTS[short]} {rest}" if short in _DISTRICTS and rest else name


def place_name(unit: str, district: str) -> str:
    """Return "Phường 1, thành phố Trà Vinh", or the unit alone when it has no district."""
    return ", ".join(part for part in (unit_name(unit), district_name(district)) if part)


def joined_place(text: str) -> str:
    """Return :func:`place_name` of a text that already joins both: "Phường 1, TP Trà Vinh"."""
    unit, _, district = text.partition(", ")
    return place_name(unit, district)


def agency_name(capitals: str, province: str) -> str:
    """Return an agency as in a sentence: "CÔNG AN TỈNH TRÀ VINH" → "Công an tỉnh Trà Vinh".

    A name not written in capitals is returned unchanged.
    """
    if capitals != capitals.upper():
        return capitals
    text = capitals.lower()
    if province:
        text = text.replace(province.lower(), province)
    return text[:1].upper() + text[1:]


def _kind_of(number: str) -> str:
    parts = number.replace("/", "-").split("-")
    return next((_KINDS[part] for part in parts if part in _KINDS), "Văn bản")


def _in_full(name: str) -> str:
    for short, full in _ABBREVIATIONS.items():
        name = name.replace(short, full)
    return name


def short_citation(number: str) -> str:
    """Return type and number, as every citation after the first: "Quyết định số 1578/QĐ-UBND"."""
    return f"{_kind_of(number)} số {number}" if number else ""


def full_citation(document: Mapping[str, Any] | None) -> str:
    """Return the first citation of a document: type, number, date, issuer, subject.

    Parts that are not known (a directive printed without number or date) are left out; an empty
    text means that there is no document.
    """
    document = document or {}
    title = str(document.get("title") or "").strip()
    number = str(document.get("number") or "").strip()
    day = as_date(document.get("issued_on"))
    issuer = _in_full(str(document.get("issuer") or ""))
    parts = [short_citation(number)] if number else []
    if day:
        parts.append(legal_date(day))
    if issuer and parts:
        parts.append(f"của {issuer}")
    if not parts:
        return f"“{title}”" if title else ""
    if title:
        parts.append(_subject(title))
    return " ".join(parts)


def _subject(title: str) -> str:
    for kind in _KIND_NAMES:
        rest = title.removeprefix(kind + " ")
        if rest != title and kind != "Đề án":
            title = rest
            break
    opening = title[:1].lower() + title[1:]
    return opening if opening.startswith("về ") else f"về việc {opening}"


def programme_phrase(name: str) -> str:
    """Return a programme's name so that it can follow "thực hiện"."""
    if name.startswith((*_KIND_NAMES, "Chương trình")):
        return name
    if name.startswith("Xây dựng"):
        return "x" + name[1:]
    return f"Chương trình “{name.strip('“”')}”"
