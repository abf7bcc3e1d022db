"""All or nothing, in the database and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from assessments.deriving.keeping import in_step
from assessments.models import Assessment


@contextmanager
def all_or_nothing(assessment: Assessment) -> Iterator[None]:
    """Like `in_step`; after a refusal the object in memory says what the row says, too."""
    before = {
        field.attname: getattr(assessment, field.attname)
        for field in assessment._meta.concrete_fields
    }
    try:
        with in_step():
            yield
    except BaseException:
        for name, value in before.items():
            setattr(assessment, name, value)
        raise
