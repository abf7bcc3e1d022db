"""Writes very many rows of one table at once, without an object for each."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Field, Model

PARAMETERS = 30_000
"""What a statement may have on either database."""


def insert_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows given as values of these columns; fields not named take their defaults.

    For values that can be keys of a dictionary, and models whose own keys the database counts.
    Nothing is validated here: the database's own constraints and guards hold.
    """
    fields: dict[str, Field[Any, Any]] = {
        field.attname: field for field in model._meta.concrete_fields if not field.primary_key
    }
    named = [fields.pop(name) for name in columns]
    prepare = [_preparing(field) for field in named]
    defaults = [_preparing(field)(field.get_default()) for field in fields.values()]
    names = ", ".join(
        connection.ops.quote_name(str(field.column)) for field in (*named, *fields.values())
    )
    row = f"({', '.join(['%s'] * (len(named) + len(defaults)))})"
    start = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES "  # noqa: S608 -- names of our own models
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(waiting, PARAMETERS // (len(named) + len(defaults)))):
            values = [
                value
                for one in batch
                for value in (
                    *(ready(given) for ready, given in zip(prepare, one, strict=True)),
                    *defaults,
                )
            ]
            cursor.execute(start + ", ".join([row] * len(batch)), values)


def _preparing(field: "Field[Any, Any]") -> Any:
    """What turns a value of a field into what the database takes; each different value once."""

    @cache
    def prepared(value: object) -> object:
        return field.get_db_prep_save(value, connection)

    return prepared
