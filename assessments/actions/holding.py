"""All or nothing, in the database and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from assessments.models import Assessment


@contextmanager
def all_or_nothing(assessment: Assessment) -> Iterator[None]:
    """A transaction after whose refusal the object in memory says what the row says, too."""
    before = {
        field.attname: getattr(assessment, field.attname)
        for field in assessment._meta.concrete_fields
    }
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for name, value in before.items():
            setattr(assessment, name, value)
        raise
