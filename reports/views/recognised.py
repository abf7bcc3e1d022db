"""What a unit's page tells of recognition: each decision on the day, commendations beside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessments.models import Commendation, Recognition
from assessments.views.recognition_rows import RecognitionRow, rows_of
from wards.models import Unit

COMMENDATIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Recognised:
    """Recognitions of the unit, of those it comes from, and its commendations."""

    own: list[RecognitionRow]
    inherited: list[RecognitionRow]
    commendations: list[Commendation]


def recognition_of(
    unit: Unit, decided: Iterable[Recognition], user: User, *, day: date
) -> Recognised:
    """The part of the page; one query besides `decided`."""
    rows = rows_of(decided, day)
    commendations = (
        Commendation.objects.visible_to(user)
        .filter(unit=unit)
        .select_related("document")
        .order_by("-decided_on", "pk")[:COMMENDATIONS_SHOWN]
    )
    return Recognised(
        [row for row in rows if row.recognition.unit_id == unit.pk],
        [row for row in rows if row.recognition.unit_id != unit.pk],
        list(commendations),
    )
