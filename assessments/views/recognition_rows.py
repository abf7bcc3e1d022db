"""Recognitions as lists show them: each with its state on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assessments.models import Recognition
from assessments.recognition_terms import (
    STATE_LOOK,
    RecognitionState,
    lapses_soon,
    last_day,
    state_on,
)


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """One recognition on a day, in words and colours."""

    recognition: Recognition
    state: RecognitionState
    last_day: date | None
    """The last day in force by its term."""
    lapses_soon: bool

    @property
    def colour(self) -> str:
        """The colour of the state."""
        return STATE_LOOK[self.state][0]

    @property
    def icon(self) -> str:
        """The sign of the state."""
        return STATE_LOOK[self.state][1]

    @property
    def is_from_document(self) -> bool:
        """Whether it was written down from its document, without a round in the portal."""
        return self.recognition.assessment_id is None and self.recognition.kept_from_id is None

    @property
    def label(self) -> str:
        """The state in words, with the day it began for those that ended."""
        if self.state == RecognitionState.REVOKED and self.recognition.revoked_on:
            return f"{self.state.label} từ {self.recognition.revoked_on:%d/%m/%Y}"
        if self.state == RecognitionState.LAPSED and self.last_day:
            return f"{self.state.label} sau {self.last_day:%d/%m/%Y}"
        return str(self.state.label)


def row_of(recognition: Recognition, day: date) -> RecognitionRow:
    """One recognition on a day."""
    return RecognitionRow(
        recognition,
        state_on(recognition, day),
        last_day(recognition),
        lapses_soon(recognition, day),
    )


def rows_of(recognitions: Iterable[Recognition], day: date) -> list[RecognitionRow]:
    """Several, in their order."""
    return [row_of(one, day) for one in recognitions]
