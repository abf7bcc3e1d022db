"""The tables whose changes leave a mark (`assessments.models.FileMark`, `wards.models.Edition`)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from assessments import marks
from wards import editions

RECOGNITIONS = "assessments_recognition"


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers for the database in use; None, for their "%" is no place holder."""
    vendor = schema_editor.connection.vendor
    for statement in (*marks.create(vendor), *editions.create(vendor, RECOGNITIONS)):
        schema_editor.execute(statement, None)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them again."""
    vendor = schema_editor.connection.vendor
    for statement in (*marks.drop(vendor), *editions.drop(vendor, RECOGNITIONS)):
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_guards"), ("wards", "0002_editions")]

    operations = [migrations.RunPython(create, drop)]
