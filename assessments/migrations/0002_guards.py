"""A second wall in the database: what was handed in does not change, whoever asks.

The actions refuse such writes with a sentence; these triggers refuse them to raw ORM writes, to
scripts and to a shell on the database as well (RELIABILITY WF-02, WF-03).
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

EDITABLE = "('not_started', 'in_progress', 'returned')"
HELD = """
    SELECT 1 FROM assessments_assessment a WHERE a.id = {row}.assessment_id AND (
        a.status NOT IN {editable}
        OR EXISTS (
            SELECT 1 FROM assessments_roundlock l
            WHERE l.round_id = a.round_id AND l.unlocked_at IS NULL
        )
    )
"""
OPEN_ONLY = ("assessments_answer", "assessments_criterionresult", "assessments_attachment")
"""Tables that change only while their file may be edited and its round is not closed."""
WRITTEN_ONCE = ("assessments_submission", "assessments_transition")
"""Tables whose rows are never changed and never deleted."""
REPORT, REPLY = "assessments_dutyreport", "assessments_dutyanswer"
"""An agency's report, which changes until it is handed in, and what it says of each duty."""
SENTENCE = "the file was handed in or its round is closed"
ONCE_SENTENCE = "rows of this table are written once"
REPORT_SENTENCE = "the duty report was handed in"


def held(row: str) -> str:
    """The condition under which a row's file must not change."""
    return HELD.format(row=row, editable=EDITABLE)


def reported(row: str) -> str:
    """The condition under which a row's duty report was handed in."""
    return (
        f"SELECT 1 FROM {REPORT} r WHERE r.id = {row}.report_id AND r.submitted_at IS NOT NULL"
    )


def sqlite_triggers() -> dict[str, str]:
    """Statements that create each trigger, by its name."""
    found = {}
    for table in OPEN_ONLY:
        for act, row in (("insert", "NEW"), ("update", "OLD"), ("delete", "OLD")):
            name = f"{table}_guard_{act}"
            found[name] = (
                f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH ROW "
                f"WHEN EXISTS ({held(row)}) BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
    for table in WRITTEN_ONCE:
        for act in ("update", "delete"):
            name = f"{table}_guard_{act}"
            found[name] = (
                f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{ONCE_SENTENCE}'); END"
            )
    for act in ("update", "delete"):
        name = f"{REPORT}_guard_{act}"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {REPORT} FOR EACH ROW "
            f"WHEN OLD.submitted_at IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{REPORT_SENTENCE}'); END"
        )
    # An update may also move a reply from or to a report, so both sides are asked.
    for act, rows in (("insert", ["NEW"]), ("update", ["OLD", "NEW"]), ("delete", ["OLD"])):
        name = f"{REPLY}_guard_{act}"
        condition = " OR ".join(f"EXISTS ({reported(row)})" for row in rows)
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {REPLY} FOR EACH ROW "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{REPORT_SENTENCE}'); END"
        )
    return found


POSTGRESQL = [
    f"""
    CREATE FUNCTION assessments_guard_open() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'DELETE' AND EXISTS ({held("NEW")}) THEN
            RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP <> 'INSERT' AND EXISTS ({held("OLD")}) THEN
            RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END $$
    """,
    f"""
    CREATE FUNCTION assessments_guard_once() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{ONCE_SENTENCE}' USING ERRCODE = 'check_violation';
    END $$
    """,
    f"""
    CREATE FUNCTION assessments_guard_report() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.submitted_at IS NOT NULL THEN
            RAISE EXCEPTION '{REPORT_SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE FUNCTION assessments_guard_reply() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'DELETE' AND EXISTS ({reported("NEW")}) THEN
            RAISE EXCEPTION '{REPORT_SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP <> 'INSERT' AND EXISTS ({reported("OLD")}) THEN
            RAISE EXCEPTION '{REPORT_SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION assessments_guard_open()"
        for table in OPEN_ONLY
    ),
    *(
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION assessments_guard_once()"
        for table in WRITTEN_ONCE
    ),
    f"CREATE TRIGGER {REPORT}_guard BEFORE UPDATE OR DELETE ON {REPORT} "
    "FOR EACH ROW EXECUTE FUNCTION assessments_guard_report()",
    f"CREATE TRIGGER {REPLY}_guard BEFORE INSERT OR UPDATE OR DELETE ON {REPLY} "
    "FOR EACH ROW EXECUTE FUNCTION assessments_guard_reply()",
]


def put_up(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of this database."""
    if schema_editor.connection.vendor == "postgresql":
        statements = POSTGRESQL
    else:
        statements = list(sqlite_triggers().values())
    for statement in statements:
        schema_editor.execute(statement)


def take_down(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    if schema_editor.connection.vendor == "postgresql":
        for table in (*OPEN_ONLY, *WRITTEN_ONCE, REPORT, REPLY):
            schema_editor.execute(f"DROP TRIGGER {table}_guard ON {table}")
        for function in ("open", "once", "report", "reply"):
            schema_editor.execute(f"DROP FUNCTION assessments_guard_{function}()")
    else:
        for name in sqlite_triggers():
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
