"""The day that figures speak of: today, or the one asked for by `?ngay=YYYY-MM-DD`."""

from dataclasses import dataclass
from datetime import date

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

    @property
    def is_today(self) -> bool:
        """Whether the figures are the live ones."""
        return self.day == self.today

    @property
    def query(self) -> str:
        """What keeps the day in an address: "?ngay=2026-11-15"; empty for today."""
        return "" if self.is_today else f"?ngay={self.day.isoformat()}"


def asked_day(request: PortalRequest) -> AsOf:
    """What the address asks for; a bad day shows today's figures, the error, and status 400."""
    today = timezone.localdate()
    form = AsOfForm(
        request.GET if "ngay" in request.GET else None, today=today, initial={"ngay": today}
    )
    if not form.is_bound:
        return AsOf(today, today, form, 200)
    if not form.is_valid():
        return AsOf(today, today, form, 400)
    day = form.cleaned_data["ngay"] or today
    return AsOf(day, today, form, 200)
