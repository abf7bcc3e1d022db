"""Triggers that leave a mark whenever a table changes (`wards.models.Edition`).

Marks are random and below 2^48, so that thousands of them add up within 64 bits. PostgreSQL keeps
the last 256: each is a row of its own, because a row that all writers share would make them wait
for each other. SQLite, where they wait anyway, keeps one.
"""

FUNCTION = """
    CREATE FUNCTION wards_leave_mark() RETURNS trigger AS $$
    DECLARE latest bigint;
    BEGIN
        INSERT INTO wards_edition (mark) VALUES (floor(random() * 281474976710656)::bigint)
            RETURNING id INTO latest;
        IF latest % 256 = 0 THEN
            DELETE FROM wards_edition WHERE id IN (
                SELECT id FROM wards_edition WHERE id <= latest - 256 FOR UPDATE SKIP LOCKED
            );
        END IF;
        RETURN NULL;
    END $$ LANGUAGE plpgsql
"""
NO_FUNCTION = "DROP FUNCTION wards_leave_mark"
MARK = (
    "DELETE FROM wards_edition; "
    "INSERT INTO wards_edition (mark) VALUES (abs(random() % 281474976710656))"
)


def create(vendor: str, table: str) -> list[str]:
    """The statements that make a table leave marks."""
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION wards_leave_mark()"
        ]
    return [
        f"CREATE TRIGGER {table}_mark_{act} AFTER {act.upper()} ON {table} FOR EACH ROW "
        f"BEGIN {MARK}; END"
        for act in ("insert", "update", "delete")
    ]


def drop(vendor: str, table: str) -> list[str]:
    """The statements that undo `create`."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER {table}_mark ON {table}"]
    return [f"DROP TRIGGER {table}_mark_{act}" for act in ("insert", "update", "delete")]
