"""Outcomes of a file as words: one sign for each criterion, in the order of its set.

A file carries two about itself: the outcome of each criterion, and the day on which the station
gave it, counted from the day the file was opened.
"""

import string
from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Substr

from criteria.scale import Outcome, settled

MET, NOT_MET, AWAITING, UNANSWERED = "m", "n", "a", "u"

OUTCOMES = {
    MET: Outcome.MET,
    NOT_MET: Outcome.NOT_MET,
    AWAITING: Outcome.AWAITING,
    UNANSWERED: Outcome.UNANSWERED,
}
"""What each letter stands for."""

LETTERS = {outcome: letter for letter, outcome in OUTCOMES.items()}

DIGITS = string.digits + string.ascii_lowercase
DAY_WIDTH = 3
"""Three digits to the base of 36: more than a hundred years."""
OPENING = "0" * DAY_WIDTH


def letter_of(outcome: str) -> str:
    """The letter of any outcome; "không phát sinh" and "bất khả kháng" are met."""
    return LETTERS[settled(outcome)]


def spread(places: int, found: Iterable[tuple[int, str]], *, blank: str = UNANSWERED) -> str:
    """A word of so many signs from (place, sign); `blank` where nothing is told."""
    word = [blank] * places
    for place, sign in found:
        word[place] = sign
    return "".join(word)


def day_sign(opened_on: date, day: date) -> str:
    """A day as three digits: how many days after the opening; the opening itself when before."""
    days = max(0, (day - opened_on).days)
    return "".join(
        DIGITS[days // len(DIGITS) ** power % len(DIGITS)] for power in reversed(range(DAY_WIDTH))
    )


def as_known(word: str, days: str, opened_on: date, day: date) -> str:
    """The word as known at the end of a day: what was given later is unanswered."""
    last = day_sign(opened_on, day)
    return "".join(
        letter if days[place * DAY_WIDTH : (place + 1) * DAY_WIDTH] <= last else UNANSWERED
        for place, letter in enumerate(word)
    )


def spliced(column: str, place: int, sign: str) -> Combinable:
    """An expression for UPDATE: the column with one criterion's sign replaced."""
    width = len(sign)
    return Concat(
        Substr(F(column), 1, place * width),
        Value(sign),
        Substr(F(column), (place + 1) * width + 1),
        output_field=CharField(),
    )
