"""From the frozen figures to what the template prints: every word and number, nothing else.

Pure: no database, no clock, no fetch. Whatever is missing in the figures (no units, no baseline,
no document) turns into a sentence that says so, never into a hole in the document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessments.printing.text import clean
from reports.pdf import passages, tables, words
from reports.pdf.drawings import Drawing, matrix_drawings, roadmap_drawing
from reports.pdf.letter import Letterhead, letterhead

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """Everything the template prints."""

    head: Letterhead
    marks: str
    title: str
    subject: str
    opening: str
    sentence: str
    year: int
    next_year: int
    as_of: str
    unit_word: str
    criteria_set: str
    criteria_count: int
    criteria_note: str
    duties: list[str]
    duty_entries: int
    inputs_due: str
    late: list[str]
    duty_reports: str
    duties_owed: list[str]
    counted_sentence: str
    roadmap: list[tables.RoadmapLine]
    roadmap_scopes: list[tables.RoadmapLine]
    roadmap_notes: list[str]
    chart: Drawing
    groups: list[tables.GroupLine]
    baseline: str
    has_baseline: bool
    units: list[tables.UnitLine]
    weakest: list[str]
    blocked: list[tables.Blocked]
    difficulties: list[str]
    next_target: str
    registrations: list[str]
    registration_sentence: str
    tasks: list[str]
    proposals: list[str]
    group_matrix: list[Drawing]
    criterion_matrix: list[Drawing]
    criteria: list[tables.CriterionLine]
    details: list[tables.UnitDetail]
    digest: str


def build_report(
    figures: Figures, *, issued_on: date | None, number: str, draft: bool, digest: str
) -> Report:
    """Return what is printed for these figures; ``digest`` is their fingerprint."""
    # The fingerprint was taken before, from the figures as they are.
    figures = clean(figures)
    programme = figures["programme"]
    year = int(figures["year"])
    as_of = date.fromisoformat(figures["as_of"])
    unit_word = passages.unit_word_of(figures)
    head = letterhead(
        figures.get("issuer") or {},
        province=programme.get("province") or "",
        issued_on=issued_on,
        number=number,
    )
    phrase = words.programme_phrase(programme["name"])
    counts_as = programme.get("counts_as_met") or "recognised"
    criteria_set = figures.get("criteria_set") or {}
    baseline = figures.get("baseline") or {}
    registrations = figures.get("registrations") or {}
    next_year = int(registrations.get("next_year") or year + 1)
    narrative = figures.get("narrative") or {}
    rows = figures.get("roadmap") or []
    duties = figures.get("duties") or []
    cited = words.full_citation(programme.get("document"))
    marks = ["BẢN NHÁP"] if draft else []
    if figures.get("data_kind") == "sample":
        marks.append("DỮ LIỆU MẪU")
    basis = f"Thực hiện {cited}" if cited else f"Thực hiện {phrase}"
    return Report(
        head=head,
        marks=" · ".join(marks),
        title=f"Báo cáo kết quả năm {year} thực hiện {phrase}",
        subject=f"Kết quả năm {year} thực hiện {phrase}",
        opening=(
            f"{basis}, {head.agency} báo cáo kết quả năm {year} "
            f"(số liệu tính đến {words.legal_date(as_of)}) như sau:"
        ),
        sentence=str(figures.get("sentence") or ""),
        year=year,
        next_year=next_year,
        as_of=words.short_date(as_of),
        unit_word=unit_word,
        criteria_set=passages.criteria_set_name(criteria_set),
        criteria_count=int(criteria_set.get("criteria_count") or 0),
        criteria_note="" if criteria_set.get("confirmed") else "chưa đối chiếu văn bản gốc",
        duties=words.listed(dict.fromkeys(str(duty["agency"]) for duty in duties)),
        duty_entries=len({str(duty.get("entry")) for duty in duties}),
        inputs_due=str(programme.get("inputs_due") or ""),
        late=words.listed(passages.late_unit(item) for item in figures.get("late") or []),
        duty_reports=passages.duty_reports_sentence(figures.get("duty_reports") or {}, year),
        duties_owed=words.listed(passages.duties_owed(figures.get("duty_reports") or {})),
        counted_sentence=passages.counted_sentence(counts_as, unit_word),
        roadmap=[tables.roadmap_line(row) for row in rows if tables.is_whole(row)],
        roadmap_scopes=[tables.roadmap_line(row) for row in rows if not tables.is_whole(row)],
        roadmap_notes=passages.restated_targets(rows, unit_word),
        chart=roadmap_drawing(rows, as_of=as_of, unit_word=unit_word),
        groups=tables.group_lines(figures, baseline),
        baseline=passages.baseline_sentence(baseline),
        has_baseline=bool(baseline),
        units=[tables.unit_line(unit) for unit in figures.get("units") or []],
        weakest=words.listed(passages.weakest_criteria(figures.get("criteria") or [], unit_word)),
        blocked=tables.blocked_units(figures.get("units") or []),
        difficulties=passages.sentences_of(narrative.get("difficulties")),
        next_target=passages.next_target(rows, next_year, unit_word),
        registrations=words.listed(
            passages.registered_unit(item) for item in registrations.get("units") or []
        ),
        registration_sentence=passages.registration_sentence(registrations, next_year, unit_word),
        tasks=passages.sentences_of(narrative.get("tasks")),
        proposals=passages.sentences_of(narrative.get("proposals")),
        group_matrix=matrix_drawings(
            figures.get("group_matrix") or {}, "groups", unit_word=unit_word, column_word="nhóm"
        ),
        criterion_matrix=matrix_drawings(
            figures.get("matrix") or {}, "criteria", unit_word=unit_word, column_word="tiêu chí"
        ),
        criteria=[tables.criterion_line(item) for item in figures.get("criteria") or []],
        details=tables.unit_details(figures.get("matrix") or {}),
        digest=digest,
    )
