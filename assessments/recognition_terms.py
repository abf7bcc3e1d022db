"""How long a recognition is in force, and in which state it is on a day."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from assessments.models import Recognition
from criteria.models import Programme

SOON_MONTHS = 12
"""A recognition that lapses within so many months is listed as about to lapse."""


class RecognitionState(models.TextChoices):
    """The state of a recognition on a day."""

    NOT_YET = "not_yet", "Chưa ban hành"
    IN_FORCE = "in_force", "Còn hiệu lực"
    LAPSED = "lapsed", "Đã hết hạn"
    REVOKED = "revoked", "Đã hủy"


STATE_LOOK = {
    RecognitionState.NOT_YET: ("unanswered", "circle"),
    RecognitionState.IN_FORCE: ("met", "award-fill"),
    RecognitionState.LAPSED: ("awaiting", "hourglass-split"),
    RecognitionState.REVOKED: ("not-met", "slash-circle"),
}
"""Colour and sign of each state."""


def default_lapse(programme: Programme, for_year: int) -> date | None:
    """The day from which a recognition for this year is no longer in force by the programme's rule.

    Where the programme recognises again after n years: 1 January after the end of year + n. None
    where the programme has no such rule (docs/decisions/0014).
    """
    if programme.recognition_years is None:
        return None
    return date(for_year + programme.recognition_years + 1, 1, 1)


def last_day(recognition: Recognition) -> date | None:
    """The last day in force by its term, whether or not it was revoked before."""
    return recognition.lapses_on - timedelta(days=1) if recognition.lapses_on else None


def state_on(recognition: Recognition, day: date) -> RecognitionState:
    """The state at the end of a day; whichever of the two ends came first names it."""
    if recognition.decided_on > day:
        return RecognitionState.NOT_YET
    revoked = recognition.revoked_on
    if revoked is not None and revoked <= day:
        return RecognitionState.REVOKED
    if recognition.lapses_on is not None and recognition.lapses_on <= day:
        return RecognitionState.LAPSED
    return RecognitionState.IN_FORCE


def in_state(state: RecognitionState, day: date) -> Q:
    """The same question asked of the database."""
    revoked = Q(revoked_on__isnull=False, revoked_on__lte=day)
    lapsed = Q(lapses_on__isnull=False, lapses_on__lte=day)
    decided = Q(decided_on__lte=day)
    return {
        RecognitionState.NOT_YET: ~decided,
        RecognitionState.REVOKED: decided & revoked,
        RecognitionState.LAPSED: decided & lapsed & ~revoked,
        RecognitionState.IN_FORCE: decided & ~lapsed & ~revoked,
    }[state]


def lapsing_soon(day: date) -> Q:
    """In force on the day, and no longer 12 months later."""
    return in_state(RecognitionState.IN_FORCE, day) & Q(lapses_on__lte=_a_year_after(day))


def lapses_soon(recognition: Recognition, day: date) -> bool:
    """The same of one recognition."""
    lapse = recognition.lapses_on
    return (
        lapse is not None
        and lapse <= _a_year_after(day)
        and state_on(recognition, day) == RecognitionState.IN_FORCE
    )


def _a_year_after(day: date) -> date:
    if day.year == date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
