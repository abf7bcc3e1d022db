"""Floor B: what the country's overview has to know, asked of the database by hand."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import connection

from criteria.models import Round

ACHIEVED = """
    SELECT unit.province_id, one.for_year, COUNT(DISTINCT one.unit_id)
    FROM assessments_recognition AS one JOIN wards_unit AS unit ON unit.id = one.unit_id
    WHERE one.programme_id = %s AND one.decided_on <= %s
      AND (one.revoked_on IS NULL OR one.revoked_on > %s)
      AND (one.lapses_on IS NULL OR one.lapses_on > %s)
    GROUP BY unit.province_id, one.for_year
"""
OUTCOMES = """
    SELECT unit.province_id, one.criterion_id, one.outcome, COUNT(*)
    FROM assessments_criterionresult AS one
    JOIN assessments_assessment AS file ON file.id = one.assessment_id
    JOIN wards_unit AS unit ON unit.id = file.unit_id
    WHERE file.round_id = %s
    GROUP BY unit.province_id, one.criterion_id, one.outcome
"""
STATES = """
    SELECT unit.province_id, letter.place, SUBSTR(one.handed_in_outcomes, letter.place, 1), COUNT(*)
    FROM assessments_filestate AS one
    JOIN wards_unit AS unit ON unit.id = one.unit_id
    CROSS JOIN ({places}) AS letter
    WHERE one.round_id = %s AND one.since <= %s AND (one.until IS NULL OR one.until > %s)
    GROUP BY unit.province_id, letter.place, SUBSTR(one.handed_in_outcomes, letter.place, 1)
"""
FILE_STATES = "assessments_filestate"


def by_hand(round_: Round, day: date) -> tuple[str, Callable[[], None]]:
    """What it reads, and the act: both aggregates of the round's programme at the end of a day."""
    statements = list(_statements(round_, day))
    source = "file states" if _has_file_states() else "criterion results"

    def act() -> None:
        with connection.cursor() as cursor:
            for statement, arguments in statements:
                cursor.execute(statement, arguments)
                cursor.fetchall()

    return f"achieved and {source} by hand (floor B)", act


def _statements(round_: Round, day: date) -> Iterator[tuple[str, list[Any]]]:
    # A key goes to the database as Django stores it: without hyphens where there is no such type.
    native = connection.features.has_native_uuid_field
    key = str(round_.pk) if native else round_.pk.hex
    yield ACHIEVED, [round_.programme_id, day, day, day]
    if _has_file_states():
        size = round_.criteria_set.criteria.count()
        places = " UNION ALL ".join(f"SELECT {place} AS place" for place in range(1, size + 1))
        yield STATES.format(places=places), [key, day, day]
    else:
        yield OUTCOMES, [key]


def _has_file_states() -> bool:
    return FILE_STATES in connection.introspection.table_names()
