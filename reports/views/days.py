"""The day that figures speak of: today, or the one asked for by `?ngay=YYYY-MM-DD`."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils import timezone

from accounts.access import PortalRequest
from reports.forms import AsOfForm


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day in force and the form that asked for it; `status` is 400 when it was no day."""

    day: date
    today: date
    form: AsOfForm
    status: int
    kept: tuple[tuple[str, str], ...] = ()
    """What else the address asks for and keeps when the day changes: names and values."""

    @property
    def is_today(self) -> bool:
        """Whether the figures are the live ones."""
        return self.day == self.today

    @property
    def query(self) -> str:
        """What keeps the day in an address: "?ngay=2026-11-15"; empty for today."""
        return self._query(() if self.is_today else (("ngay", self.day.isoformat()),))

    @property
    def query_of_day(self) -> str:
        """The day alone, for pages that keep nothing else."""
        return "" if self.is_today else f"?{urlencode((('ngay', self.day.isoformat()),))}"

    @property
    def query_of_today(self) -> str:
        """The same for today; "?" alone where nothing else is kept."""
        return self._query(()) or "?"

    @property
    def query_of_file(self) -> str:
        """The same with the day told always: a file that is kept says of which day it is."""
        return self._query((("ngay", self.day.isoformat()),))

    def _query(self, day: tuple[tuple[str, str], ...]) -> str:
        asked = (*self.kept, *day)
        return f"?{urlencode(asked)}" if asked else ""


def asked_day(request: PortalRequest, **kept: str) -> AsOf:
    """What the address asks for; a bad day shows today's figures, the error, and status 400.

    `kept` are other parameters of the address that links on the page keep; empty ones are not.
    """
    others = tuple((name, value) for name, value in kept.items() if value)
    today = timezone.localdate()
    form = AsOfForm(
        request.GET if "ngay" in request.GET else None, today=today, initial={"ngay": today}
    )
    if not form.is_bound:
        return AsOf(today, today, form, 200, others)
    if not form.is_valid():
        return AsOf(today, today, form, 400, others)
    day = form.cleaned_data["ngay"] or today
    return AsOf(day, today, form, 200, others)
