"""The lines of the report's tables, taken from the frozen figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.pdf import words
from reports.rollup.numbers import number_text, of_text

Figures = Mapping[str, Any]

# A unit's open points beyond these are counted, not listed: the second appendix has them all.
BLOCKERS_SHOWN = 6

COUNTED_AS = {
    "recognised": "Bộ công nhận",
    "verified": "Tỉnh xác nhận",
    "self_assessed": "Tự đánh giá đạt",
}


@dataclass(frozen=True)
class RoadmapLine:
    """One target of the roadmap, as printed in the first table."""

    when: str
    approved: str
    required: str
    restated: str
    achieved: tuple[str, str, str]
    difference: str
    state: str
    scope: str = ""


@dataclass(frozen=True)
class GroupLine:
    """One group of criteria with the number of units per outcome."""

    code: str
    name: str
    size: int
    met: int
    not_met: int
    awaiting: int
    unanswered: int
    found: str
    criteria: str
    failing: str


@dataclass(frozen=True)
class UnitLine:
    """One unit: its two counts, its state and its recognition."""

    district: str
    name: str
    self_assessed: str
    verified: str
    status: str
    recognition: str


@dataclass(frozen=True)
class Blocked:
    """One unit and what stands between it and the standard."""

    district: str
    unit: str
    points: list[str]
    more: int


@dataclass(frozen=True)
class CriterionLine:
    """One criterion with the number of units per outcome."""

    code: str
    title: str
    met: int
    not_met: int
    awaiting: int
    unanswered: int


@dataclass(frozen=True)
class UnitDetail:
    """One unit's criteria that are not met, by code: the matrix in words."""

    unit: str
    text: str


def is_whole(row: Figures) -> bool:
    return bool(row.get("scope", "all") == "all")


def restated_level(row: Figures) -> str:
    """Return the target restated on the units left after mergers, empty when nothing changed.

    What decides is the roster on the due day; before that day, the roster of today.
    """
    of = row.get("roster_then", row.get("roster_now"))
    required = row.get("required_then", row.get("required_now"))
    if of is None or required is None or of == row["of"]:
        return ""
    return of_text(int(required), int(of))


def roadmap_line(row: Figures) -> RoadmapLine:
    reached = row.get("state") != "future"
    achieved = tuple(
        number_text(int(row[name])) if reached and row.get(name) is not None else words.DASH
        for name in COUNTED_AS
    )
    return RoadmapLine(
        when=str(row["by"])[:4],
        approved=str(row.get("as_approved") or words.DASH),
        required=of_text(row["required"], row["of"]) if row["of"] else words.DASH,
        restated=restated_level(row),
        achieved=(achieved[2], achieved[1], achieved[0]),
        difference=words.signed(row.get("difference")) if reached else words.DASH,
        state=str(row.get("state_label") or words.DASH),
        scope=str(row.get("scope_label") or ""),
    )


def group_lines(figures: Figures, baseline: Figures) -> list[GroupLine]:
    found = {str(item["code"]): item["units_not_met"] for item in baseline.get("groups") or []}
    return [
        GroupLine(
            code=str(group["code"]),
            name=str(group["name"]),
            size=len(group.get("criteria") or []),
            met=int(group["met"]),
            not_met=int(group["not_met"]),
            awaiting=int(group["awaiting"]),
            unanswered=int(group["unanswered"]),
            found=str(found.get(str(group["code"]), words.DASH)),
            criteria=", ".join(str(code) for code in group.get("criteria") or []),
            failing=_by_district(group.get("units_not_met") or []),
        )
        for group in figures.get("groups") or []
    ]


def _by_district(places: Sequence[str]) -> str:
    """Return units gathered by district: "Phường 1, Phường 4 (thành phố Trà Vinh); …"."""
    gathered: dict[str, list[str]] = {}
    for place in places:
        unit, _, district = place.partition(", ")
        gathered.setdefault(words.district_name(district), []).append(words.unit_name(unit))
    return "; ".join(
        ", ".join(units) + (f" ({district})" if district else "")
        for district, units in gathered.items()
    )


def _band(unit: Figures) -> str:
    """Return the district that heads a run of units in a table, empty when there is none."""
    return words.raised(words.district_name(str(unit.get("district") or "")))


def _fraction(count: Figures | None) -> str:
    return f"{count['met']}/{count['of']}" if count else words.DASH


def unit_line(unit: Figures) -> UnitLine:
    recognition = unit.get("recognition")
    text = words.DASH
    if recognition:
        parts = [str(recognition.get("number") or "")]
        decided = words.as_date(recognition.get("decided_on"))
        if decided:
            parts.append(f"ngày {words.short_date(decided)}")
        if recognition.get("sample"):
            parts.append("(mẫu)")
        text = " ".join(part for part in parts if part)
    return UnitLine(
        district=_band(unit),
        name=words.raised(words.unit_name(str(unit["name"]))),
        self_assessed=_fraction(unit.get("self_assessed")),
        verified=_fraction(unit.get("verified")),
        status=str(unit.get("status_label") or words.DASH),
        recognition=text,
    )


def blocked_units(units: Sequence[Figures]) -> list[Blocked]:
    blocked = []
    for unit in units:
        points = [str(point) for point in unit.get("blockers") or []]
        if points:
            blocked.append(
                Blocked(
                    district=_band(unit),
                    unit=words.raised(words.unit_name(str(unit["name"]))),
                    points=words.listed(points[:BLOCKERS_SHOWN]),
                    more=max(0, len(points) - BLOCKERS_SHOWN),
                )
            )
    return blocked


def criterion_line(item: Figures) -> CriterionLine:
    return CriterionLine(
        code=str(item["code"]),
        title=str(item["title"]),
        met=int(item["met"]),
        not_met=int(item["not_met"]),
        awaiting=int(item["awaiting"]),
        unanswered=int(item["unanswered"]),
    )


def unit_details(matrix: Figures) -> list[UnitDetail]:
    codes = [str(code) for code in matrix.get("criteria") or []]
    details = []
    for row in matrix.get("rows") or []:
        parts = []
        for outcome, word in (
            ("not_met", "chưa đạt"),
            ("awaiting", "chờ xếp loại"),
            ("unanswered", "chưa đánh giá"),
        ):
            found = [
                code for code, cell in zip(codes, row["cells"], strict=True) if cell == outcome
            ]
            if found and len(found) == len(codes):
                parts.append(f"{word} toàn bộ {len(codes)} tiêu chí")
            elif found:
                parts.append(f"{word} {', '.join(found)}")
        if not parts:
            parts = [f"đạt {len(codes)}/{len(codes)} tiêu chí"]
        unit = words.place_name(str(row["unit"]), str(row.get("district") or ""))
        details.append(UnitDetail(unit=unit, text="; ".join(parts) + "."))
    return details
