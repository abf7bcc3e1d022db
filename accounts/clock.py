"""The database's clock: one for all processes, and the one that decides about deadlines."""

from datetime import UTC, datetime

from django.db import connection

POSTGRESQL = "SELECT clock_timestamp()"
SQLITE = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"


def database_now() -> datetime:
    """The moment by the database's clock, in one query."""
    statement = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    with connection.cursor() as cursor:
        cursor.execute(statement)
        (told,) = cursor.fetchone()
    return told if isinstance(told, datetime) else datetime.fromisoformat(told).replace(tzinfo=UTC)
