"""Rows of the API's answers, from what the pages and commands read."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from assessments.deriving.days import end_of
from assessments.models import Assessment
from criteria.models import CriteriaSet, Programme, Round
from criteria.roster import units_in_scope
from reports.rollup import (
    RoadmapRow,
    Standing,
    latest_round,
    roadmap_rows,
    roster_standings,
    standings,
)
from reports.views.reach import Reading
from wards.models import District, Province, Unit


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def place_facts(place: Province | District | None) -> dict[str, str] | None:
    """A province or district as `Place` describes it."""
    return {"code": place.code, "name": place.name} if place is not None else None


def _set_name(criteria_set: CriteriaSet | None) -> dict[str, str] | None:
    if criteria_set is None:
        return None
    return {"code": criteria_set.code, "name": criteria_set.name}


def programme_facts(programme: Programme) -> dict[str, Any]:
    """A programme as `ProgrammeFacts` describes it."""
    document = programme.document
    return {
        "code": programme.code,
        "name": programme.name,
        "document": {
            "code": document.code,
            "number": document.number,
            "issued_on": _day(document.issued_on),
        },
        "province": place_facts(programme.province),
        "unit_kinds": programme.unit_kinds,
        "starts": programme.starts,
        "ends": programme.ends,
        "counts_as_met": programme.counts_as_met,
        "criteria_set": _set_name(programme.criteria_set),
    }


def programme_details(programme: Programme, *, as_of: date) -> dict[str, Any]:
    """A programme as `ProgrammeDetails` describes it, with the rounds opened by `as_of`."""
    rounds = programme.rounds.filter(opened_at__lte=end_of(as_of)).select_related("criteria_set")
    return {
        **programme_facts(programme),
        "rounds": [
            {
                "year": one.year,
                "deadline": timezone.localtime(one.deadline).isoformat(),
                "criteria_set": one.criteria_set.code,
            }
            for one in rounds
        ],
    }


def unit_facts(unit: Unit) -> dict[str, Any]:
    """A unit as `UnitFacts` describes it."""
    return {
        "code": unit.code,
        "name": unit.heading_name,
        "kind": unit.kind,
        "province": place_facts(unit.province),
        "district": place_facts(unit.district),
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "key_area": unit.key_area,
    }


def units_of_part(reading: Reading, *, as_of: date) -> list[Unit]:
    """The units in force on a day that what is read of the programme concerns."""
    found = units_in_scope(reading.programme, as_of)
    part = reading.province
    return found if part is None else [one for one in found if one.province_id == part.pk]


def roadmap_of_part(reading: Reading, *, as_of: date) -> Sequence[RoadmapRow]:
    """The roadmap of all of the programme, or of the province whose part is read."""
    scope = f"province:{reading.code}" if reading.province is not None else None
    return roadmap_rows(reading.programme, as_of=as_of, plan=reading.plan, scope=scope)


def standings_page(
    reading: Reading, year: int | None, *, as_of: date, rows: slice
) -> tuple[Round | None, int, list[Standing]]:
    """The round of a year (or the latest), how many units it has, and the standings of these rows.

    Only the rows asked for are added up. Without a round opened by `as_of` they are the units in
    scope with nothing counted.
    """
    programme, part = reading.programme, reading.province
    if year is None:
        round_ = latest_round(programme, as_of=as_of)
    else:
        opened = programme.rounds.filter(year=year, opened_at__lte=end_of(as_of))
        round_ = opened.select_related("criteria_set", "programme").first()
    if round_ is None:
        found = roster_standings(programme, as_of=as_of, province=part)
        return None, len(found), found[rows]
    files = Assessment.objects.filter(round=round_, opened_at__lte=end_of(as_of))
    if part is not None:
        files = files.filter(unit__province=part)
    units = [file.unit for file in files.select_related("unit__district")]
    units.sort(key=lambda unit: unit.list_key)
    wanted = [unit.pk for unit in units[rows]]
    return (
        round_,
        len(units),
        standings(round_, as_of=as_of, units=wanted, province=part, plan=reading.plan),
    )
