"""What a rapporteur has to report, as the home page shows it: one year first, one main button."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessments.views.duty_list import OwnProgramme, OwnYear, own_programmes
from assessments.views.duty_page import day_words


@dataclass(frozen=True, slots=True)
class DutyWork:
    """One agency's reports in one programme: the year to turn to first, and others still owed."""

    part: OwnProgramme
    first: OwnYear
    owed: list[OwnYear]

    @property
    def due_words(self) -> str:
        """The last day in time, with its weekday; empty where none is set."""
        last = self.first.task.last_day
        return day_words(last) if last is not None else ""


def duty_work(user: User, today: date) -> list[DutyWork]:
    """One's agencies' programmes, each with the newest year still owed, in two queries."""
    return [_work(part) for part in own_programmes(user, today) if part.years]


def _work(part: OwnProgramme) -> DutyWork:
    owed = [one for one in part.years if one.task.is_owed]
    begun = [one for one in part.years if one.task.draft is not None]
    first = next(iter([*owed, *begun, *part.years]))
    return DutyWork(part, first, [one for one in owed if one is not first])
