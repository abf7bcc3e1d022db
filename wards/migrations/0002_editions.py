"""The tables whose changes leave a mark (`wards.models.Edition`)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from wards import editions

TABLES = (
    "wards_province",
    "wards_district",
    "wards_unit",
    "wards_reorganisation",
    "wards_succession",
    "wards_legaldocument",
)


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers for the database in use."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(editions.FUNCTION)
    for table in TABLES:
        for statement in editions.create(vendor, table):
            schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for statement in editions.drop(vendor, table):
            schema_editor.execute(statement)
    if vendor == "postgresql":
        schema_editor.execute(editions.NO_FUNCTION)


class Migration(migrations.Migration):
    dependencies = [("wards", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
