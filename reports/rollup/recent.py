"""Which files came to another status last."""

from datetime import date

from django.db.models import F

from assessments.models import FileState
from assessments.workflow import Status
from criteria.models import Round
from reports.rollup.marks import Marks
from wards.models import Province
from wards.shelf import Shelf

SHOWN = 4
RECENT: Shelf[tuple[FileState, ...]] = Shelf(64)
"""The last changes in provinces and in the country on the days asked about lately."""


def latest_changes(
    round_: Round, *, as_of: date, marks: Marks, province: Province | None = None
) -> tuple[FileState, ...]:
    """The states in which files of the round came to another status last, by the end of `as_of`."""
    return RECENT.get(
        (round_.pk, province and province.pk, as_of),
        marks.here,
        lambda: read_changes(round_, as_of, province, number=SHOWN),
    )


def read_changes(
    round_: Round, as_of: date, province: Province | None, *, number: int
) -> tuple[FileState, ...]:
    """So many of those states, read anew."""
    changes = FileState.objects.filter(
        round=round_, since__lte=as_of, status_since=F("since")
    ).exclude(status=Status.NOT_STARTED)
    if province is not None:
        changes = changes.filter(unit__province=province)
    latest = changes.select_related("unit__district", "unit__province")
    return tuple(latest.order_by("-since", "-pk")[:number])
