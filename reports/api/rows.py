"""Rows of the API's answers, from what the pages and commands read."""

from datetime import date
from typing import Any

from django.utils import timezone

from assessments.deriving.days import end_of
from assessments.models import Assessment
from criteria.models import CriteriaSet, Programme, Round
from reports.rollup import Standing, latest_round, roster_standings, standings
from wards.models import District, Province, Unit


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _place(place: Province | District | None) -> dict[str, str] | None:
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
        "province": _place(programme.province),
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
        "province": _place(unit.province),
        "district": _place(unit.district),
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "key_area": unit.key_area,
    }


def standings_page(
    programme: Programme, year: int | None, *, as_of: date, rows: slice
) -> tuple[Round | None, int, list[Standing]]:
    """The round of a year (or the latest), how many units it has, and the standings of these rows.

    Only the rows asked for are added up. Without a round opened by `as_of` they are the units in
    scope with nothing counted.
    """
    if year is None:
        round_ = latest_round(programme, as_of=as_of)
    else:
        opened = programme.rounds.filter(year=year, opened_at__lte=end_of(as_of))
        round_ = opened.select_related("criteria_set", "programme").first()
    if round_ is None:
        found = roster_standings(programme, as_of=as_of)
        return None, len(found), found[rows]
    files = Assessment.objects.filter(round=round_, opened_at__lte=end_of(as_of))
    units = [file.unit for file in files.select_related("unit__district")]
    units.sort(key=lambda unit: unit.list_key)
    wanted = [unit.pk for unit in units[rows]]
    return round_, len(units), standings(round_, as_of=as_of, units=wanted)
