"""The derived states of files on a day, as rows that every sum starts from."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessments.deriving.days import day_of
from assessments.deriving.words import as_known
from assessments.querysets import FileStateQuerySet
from assessments.workflow import CONCLUDED, Status

COLUMNS = (
    "assessment",
    "unit",
    "status",
    "status_since",
    "submitted_on",
    "verified_outcomes",
    "own_word",
    "own_days",
    "opened",
)


@dataclass(frozen=True, slots=True)
class StateRow:
    """One file on a day, outcomes still in words (`assessments.deriving.words`)."""

    assessment: uuid.UUID
    unit: uuid.UUID
    status: Status
    status_since: date
    submitted_on: date | None
    verified_outcomes: str
    own_outcomes: str

    @property
    def outcomes(self) -> str:
        """The province's outcomes once it has concluded, the station's own until then."""
        return self.verified_outcomes if self.status in CONCLUDED else self.own_outcomes


def load_rows(states: FileStateQuerySet, day: date) -> list[StateRow]:
    """These states at the end of a day, in one query and no order."""
    return [row for row, _ in rows_with(states, day)]


def rows_with(
    states: FileStateQuerySet, day: date, *columns: str
) -> Iterator[tuple[StateRow, tuple[Any, ...]]]:
    """The same, each with the values of further columns."""
    found = states.with_words(day).order_by().values_list(*COLUMNS, *columns)
    for values in found:
        file, unit, status, since, submitted_on, verified, *own = values[: len(COLUMNS)]
        word = own_word(*own, day=day)
        row = StateRow(file, unit, Status(status), since, submitted_on, verified, word)
        yield row, values[len(COLUMNS) :]


def own_word(word: str, days: str, opened: datetime | None, *, day: date) -> str:
    """The station's outcomes without what was given after the day (`with_words`)."""
    return as_known(word, days, day_of(opened), day) if opened is not None else word
