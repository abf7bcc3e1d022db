"""The figures of one annual report, gathered once and frozen: the file is made from these alone."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from assessments.deriving.days import end_of
from assessments.duties import State, YearlyTask, load_year
from assessments.models import Baseline, Registration, RegistrationSource
from criteria.models import CriteriaSet, Criterion, Programme, Round
from criteria.scale import Outcome
from reports.rollup import (
    Heat,
    RoadmapRow,
    Standing,
    by_criterion,
    by_group,
    headline,
    roadmap_rows,
    roster_standings,
    standings,
    unit_word,
)
from reports.rollup.registrations import year_lists
from wards.models import LegalDocument, Unit

SCHEMA = 1


def build_figures(programme: Programme, year: int, *, as_of: date) -> dict[str, Any]:
    """Everything the report of a programme and year says, known at the end of `as_of`.

    The same facts give the same figures. The narrative is left empty for people to write. The
    number of queries does not depend on the number of units.
    """
    round_ = (
        programme.rounds.filter(year=year, opened_at__lte=end_of(as_of))
        .select_related("criteria_set__document", "programme")
        .first()
    )
    rows = roadmap_rows(programme, as_of=as_of)
    found = (
        standings(round_, as_of=as_of)
        if round_ is not None
        else roster_standings(programme, as_of=as_of)
    )
    criteria, groups = by_criterion(found), by_group(found)
    return {
        "schema": SCHEMA,
        "programme": _programme(programme),
        "year": year,
        "as_of": as_of.isoformat(),
        "data_kind": "sample" if _is_sample(round_, found) else "real",
        "sentence": headline(
            rows,
            as_of=as_of,
            counting=programme.counts_as_met,
            unit_word=unit_word(programme),
            round_year=round_.year if round_ is not None else None,
        ),
        "criteria_set": _criteria_set(
            round_.criteria_set if round_ is not None else programme.criteria_set, criteria
        ),
        "roadmap": [_roadmap_row(row) for row in rows],
        "groups": _groups(groups, criteria),
        "criteria": [
            {
                "code": column.code,
                "title": column.title,
                "group": column.group,
                **column.tally.as_json(),
            }
            for column in criteria.columns
        ],
        "units": _units(programme, year, found),
        "matrix": {
            "criteria": [column.code for column in criteria.columns],
            "rows": _matrix(criteria),
        },
        "group_matrix": {
            "groups": [column.code for column in groups.columns],
            "rows": _matrix(groups),
        },
        "baseline": _baseline(programme, as_of),
        "registrations": _registrations(programme, year + 1, as_of),
        "duties": [
            {"entry": duty.entry, "agency": duty.agency.name, "text": duty.text}
            for duty in programme.duties.select_related("agency").order_by("position", "pk")
        ],
        "duty_reports": _duty_reports(programme, year, as_of),
        "late": [
            {
                "unit": standing.unit.full_name,
                "status_label": standing.status_label,
                "days_late": standing.days_late,
            }
            for standing in found
            if standing.is_missing and standing.days_late
        ],
        "narrative": {"difficulties": "", "tasks": "", "proposals": ""},
        "issuer": _issuer(programme),
    }


def canonical_json(figures: dict[str, Any]) -> bytes:
    """The one spelling of the figures: what is hashed, whatever a database did to key order."""
    return json.dumps(
        figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def figures_sha256(figures: dict[str, Any]) -> str:
    """SHA-256 (hex) of the canonical spelling."""
    return hashlib.sha256(canonical_json(figures)).hexdigest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _document(document: LegalDocument) -> dict[str, Any]:
    return {
        "number": document.number,
        "issued_on": _iso(document.issued_on),
        "issuer": document.issuer,
        "title": document.title,
    }


def _programme(programme: Programme) -> dict[str, Any]:
    due = programme.due_day(programme.starts)
    return {
        "code": programme.code,
        "name": programme.name,
        "document": _document(programme.document),
        "province": programme.province.name if programme.province is not None else "",
        "counts_as_met": programme.counts_as_met,
        "inputs_due": f"{due.day}/{due.month}" if due is not None else "",
    }


def _is_sample(round_: Round | None, found: Sequence[Standing]) -> bool:
    return (round_ is not None and round_.is_sample) or any(
        one.recognition is not None and one.recognition.is_sample for one in found
    )


def _criteria_set(criteria_set: CriteriaSet | None, criteria: Heat) -> dict[str, Any] | None:
    if criteria_set is None:
        return None
    return {
        "code": criteria_set.code,
        "name": criteria_set.name,
        "document_number": criteria_set.document.number if criteria_set.document else "",
        "confirmed": criteria_set.is_confirmed,
        "criteria_count": len(criteria.columns)
        or Criterion.objects.filter(criteria_set=criteria_set).count(),
    }


def _roadmap_row(row: RoadmapRow) -> dict[str, Any]:
    # A report cites the document by its number, not by the code packs know it by.
    return {**row.as_json(), "document": row.document_number}


def _place(unit: Unit) -> tuple[str, str]:
    """Name and district, apart: "Phường 1" and "TP Trà Vinh"."""
    name = unit.short_name
    return name, str(unit.district) if unit.district is not None else ""


def _groups(groups: Heat, criteria: Heat) -> list[dict[str, Any]]:
    return [
        {
            "code": column.code,
            "name": column.title,
            "criteria": [one.code for one in criteria.columns if one.group == column.code],
            **column.tally.as_json(),
            "units_not_met": [
                standing.unit.full_name
                for standing in groups.units_with(column.code, Outcome.NOT_MET)
            ],
        }
        for column in groups.columns
    ]


def _matrix(heat: Heat) -> list[dict[str, Any]]:
    rows = []
    for row in heat.rows:
        name, district = _place(row.standing.unit)
        cells = [str(cell) for cell in row.cells]
        rows.append({"unit": name, "district": district, "cells": cells})
    return rows


def _units(programme: Programme, year: int, found: Sequence[Standing]) -> list[dict[str, Any]]:
    sources: dict[Any, set[str]] = defaultdict(set)
    for unit, source in Registration.objects.filter(programme=programme, year=year).values_list(
        "unit", "source"
    ):
        sources[unit].add(source)
    return [_unit(standing, sources[standing.unit.pk]) for standing in found]


def _unit(standing: Standing, sources: set[str]) -> dict[str, Any]:
    name, district = _place(standing.unit)
    answered = any(outcome != Outcome.UNANSWERED for outcome in standing.self_outcomes.values())
    recognition = standing.recognition
    return {
        "code": standing.unit.code,
        "name": name,
        "district": district,
        "status": str(standing.status) if standing.status is not None else None,
        "status_label": standing.status_label,
        "self_assessed": standing.self_assessed.as_json() if answered else None,
        "verified": standing.verified.as_json() if standing.is_concluded else None,
        "recognition": {
            "number": recognition.document.number,
            "decided_on": recognition.decided_on.isoformat(),
            "sample": recognition.is_sample,
        }
        if recognition is not None
        else None,
        # One word for the table: who assigned it outweighs who volunteered.
        "registered": next((str(one) for one in RegistrationSource if one in sources), None),
        "blockers": _blockers(standing),
    }


def _blockers(standing: Standing) -> list[str]:
    """The sentences, with criteria that merely lack an answer gathered into one."""
    unanswered = {
        code for code, outcome in standing.outcomes.items() if outcome == Outcome.UNANSWERED
    }
    open_codes = [one.criterion for one in standing.blockers if one.criterion in unanswered]
    if len(open_codes) < 2:
        return [one.text for one in standing.blockers]
    sentences = [one.text for one in standing.blockers if one.criterion not in unanswered]
    return [
        *sentences,
        f"Chưa đánh giá {len(open_codes)} tiêu chí: {', '.join(open_codes)}.",
    ]


def _baseline(programme: Programme, as_of: date) -> dict[str, Any] | None:
    """What the survey found failing, by group; finer findings are no count of a group."""
    baseline = (
        Baseline.objects.filter(programme=programme, on__lte=as_of)
        .select_related("document")
        .order_by("-on")
        .first()
    )
    if baseline is None:
        return None
    units: dict[tuple[int, str, str], set[Any]] = defaultdict(set)
    for position, code, name, unit in baseline.findings.filter(group__isnull=False).values_list(
        "group__position", "group__code", "group__name", "unit"
    ):
        units[position, code, name].add(unit)
    groups = [
        {"code": code, "name": name, "units_not_met": len(units[position, code, name])}
        for position, code, name in sorted(units)
    ]
    return {
        "on": baseline.on.isoformat(),
        "document": baseline.document.number,
        "groups": groups,
        "total": sum(len(failing) for failing in units.values()),
    }


def _registrations(programme: Programme, year: int, as_of: date) -> dict[str, Any]:
    [listed] = year_lists(programme, as_of=as_of, year=year)
    by_unit: dict[Any, tuple[Unit, list[str]]] = {}
    for figure in listed.figures:
        for row in figure.listed:
            by_unit.setdefault(row.unit_id, (row.unit, []))[1].append(figure.label)
    units = []
    for unit, labels in sorted(by_unit.values(), key=lambda pair: pair[0].list_key):
        name, district = _place(unit)
        units.append({"name": name, "district": district, "source_label": ", ".join(labels)})
    return {
        "next_year": year,
        "assigned": listed.figure(RegistrationSource.MINISTRY).told,
        "sources": [
            {"label": figure.label, "told": figure.told, "known": figure.known}
            for figure in listed.figures
        ],
        "units": units,
    }


def _duty_reports(programme: Programme, year: int, as_of: date) -> dict[str, Any] | None:
    """How the agencies' reports of the year stood; None where nobody has duties."""
    found = load_year(programme, year, today=as_of, known_at=end_of(as_of))
    if not found.tasks:
        return None
    counts = found.counts()
    return {
        "last_day": _iso(found.last_day),
        "agencies": len(found.tasks),
        **{state.name.lower(): counts[state] for state in State},
        "reports": [_duty_report(task) for task in found.tasks],
    }


def _duty_report(task: YearlyTask) -> dict[str, Any]:
    first = task.first.submitted_at if task.first is not None else None
    return {
        "agency": task.agency.name,
        "state": task.state.name.lower(),
        "days": task.days,
        "submitted_on": _iso(timezone.localdate(first)) if first is not None else None,
        "times": task.latest.number if task.latest is not None else 0,
        "sample": task.latest is not None and task.latest.is_sample,
    }


def _issuer(programme: Programme) -> dict[str, Any]:
    report = programme.report
    place = programme.province.name if programme.province is not None else ""
    return {
        "parent": report.get("parent", "BỘ CÔNG AN"),
        "name": report.get("name", f"CÔNG AN TỈNH {place.upper()}" if place else ""),
        "symbol": report.get("symbol", ""),
        "place": report.get("place", place),
        "signer_capacity": report.get("signer_capacity", ""),
        "signer_name": report.get("signer_name", ""),
        "recipients": list(report.get("recipients", [])),
        "addressees": list(report.get("addressees", [])),
    }
