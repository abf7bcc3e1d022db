"""The tables whose changes leave a mark (`wards.models.Edition`)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from wards import editions

TABLES = (
    "criteria_programme",
    "criteria_programme_roster",
    "criteria_target",
    "criteria_target_units",
    "criteria_targetrevision",
    "criteria_criteriaset",
    "criteria_group",
    "criteria_criterion",
    "criteria_round",
)


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers for the database in use; None, for their "%" is no place holder."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for statement in editions.create(vendor, table):
            schema_editor.execute(statement, None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for statement in editions.drop(vendor, table):
            schema_editor.execute(statement, None)

class Migration(migrations.Migration):
    dependencies = [("criteria", "0002_guards"), ("wards", "0002_editions")]

    operations = [migrations.RunPython(create, drop)]
