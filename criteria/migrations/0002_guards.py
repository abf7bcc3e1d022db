"""A second wall in the database: a published criteria set does not change, whoever asks.

The models refuse such writes; these triggers refuse them to `QuerySet.update`, to `bulk_create`, to
scripts and to a shell on the database as well. One thing may still be written into a published set:
the short name of a set that has none, because results cannot be told apart without it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SET_TABLE = "criteria_criteriaset"
OWNER = {
    "criteria_group": "SELECT {row}.criteria_set_id",
    "criteria_criterion": "SELECT {row}.criteria_set_id",
    "criteria_indicator": (
        "SELECT c.criteria_set_id FROM criteria_criterion c WHERE c.id = {row}.criterion_id"
    ),
    "criteria_correspondence": "SELECT {row}.criteria_set_id",
}
"""Tables of a set's parts, each with the query that finds whose part a row is."""
COLUMNS = (
    "id",
    "code",
    "name",
    "document_id",
    "province_id",
    "replaces_id",
    "stated_count",
    "is_confirmed",
    "version",
    "drafted_at",
    "drafted_by_id",
    "published_at",
    "published_by_id",
    "note",
)
"""What stays in a published set: every column but the short name."""
SENTENCE = "the criteria set is published"


def published(table: str, row: str) -> str:
    """The condition under which a part belongs to a published set."""
    owner = OWNER[table].format(row=row)
    return f"SELECT 1 FROM {SET_TABLE} s WHERE s.id = ({owner}) AND s.published_at IS NOT NULL"


def same() -> str:
    """The condition under which an update only gives a nameless set its short name."""
    kept = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in COLUMNS)
    return f"({kept} AND OLD.short_name = '')"


def sqlite_triggers() -> dict[str, str]:
    """Statements that create each trigger, by its name."""
    found = {}

    def add(table: str, act: str, row: str, condition: str) -> None:
        name = f"{table}_frozen_{act}_{row.lower()}"
        found[name] = (
            f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH ROW "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )

    for table in OWNER:
        for act, row in (("insert", "NEW"), ("update", "OLD"), ("update", "NEW"), ("delete", "OLD")):
            add(table, act, row, f"EXISTS ({published(table, row)})")
    add(SET_TABLE, "update", "OLD", f"OLD.published_at IS NOT NULL AND NOT {same()}")
    add(SET_TABLE, "delete", "OLD", "OLD.published_at IS NOT NULL")
    return found


def _function(table: str) -> str:
    return f"""
    CREATE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'DELETE' AND EXISTS ({published(table, "NEW")}) THEN
            RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP <> 'INSERT' AND EXISTS ({published(table, "OLD")}) THEN
            RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
        END IF;
        RETURN COALESCE(NEW, OLD);
    END $$
    """


POSTGRESQL = [
    *(_function(table) for table in OWNER),
    f"""
    CREATE FUNCTION {SET_TABLE}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.published_at IS NULL THEN
            RETURN COALESCE(NEW, OLD);
        END IF;
        IF TG_OP = 'UPDATE' AND {same()} THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'check_violation';
    END $$
    """,
    *(
        f"CREATE TRIGGER {table}_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_frozen()"
        for table in OWNER
    ),
    f"CREATE TRIGGER {SET_TABLE}_frozen BEFORE UPDATE OR DELETE ON {SET_TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {SET_TABLE}_frozen()",
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
        for table in (*OWNER, SET_TABLE):
            schema_editor.execute(f"DROP TRIGGER {table}_frozen ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_frozen()")
    else:
        for name in sqlite_triggers():
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("criteria", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
