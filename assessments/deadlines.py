"""Deadlines in words: full enough to act on without asking, always in Vietnamese time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
FIRST_FREE_WEEKDAY = 5
WEEKEND_NOTE = (
    "Hạn nộp rơi vào ngày nghỉ cuối tuần và không lùi sang ngày làm việc; "
    "hệ thống nhận phiếu cả ngày nghỉ."
)


def full_words(moment: datetime) -> str:
    """A moment with its weekday: "23:59 thứ Bảy ngày 14/11/2026"."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} {WEEKDAYS[local.weekday()]} ngày {local:%d/%m/%Y}"


def clock_words(moment: datetime) -> str:
    """A moment without its weekday: "23:59 ngày 14/11/2026"."""
    return f"{timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"


def weekend_note(moment: datetime) -> str:
    """What to know of a deadline on a Saturday or Sunday; empty on other days."""
    free = timezone.localtime(moment).weekday() >= FIRST_FREE_WEEKDAY
    return WEEKEND_NOTE if free else ""


def late_sentence(due_at: datetime) -> str:
    """What whoever comes too late reads (MLATE)."""
    return f"Hết hạn nộp lúc {clock_words(due_at)} (giờ Việt Nam). Phiếu được giữ ở dạng nháp."


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as the person reads it: when, how long is left, and how urgent that is."""

    at: datetime
    words: str
    state: str

    @property
    def full(self) -> str:
        """When, with the weekday."""
        return full_words(self.at)

    @property
    def weekend(self) -> str:
        """What to know when it falls on a weekend."""
        return weekend_note(self.at)

    @property
    def badge(self) -> str:
        """Class of the badge."""
        return f"state-{self.state}"


def time_left(due_at: datetime, now: datetime) -> Deadline:
    """How far off a deadline is."""
    days = (timezone.localdate(due_at) - timezone.localdate(now)).days
    if now > due_at:
        words = f"Đã quá hạn {-days} ngày" if days < 0 else "Đã quá hạn hôm nay"
        return Deadline(due_at, words, "not-met")
    if days == 0:
        return Deadline(due_at, "Hết hạn hôm nay", "not-met")
    return Deadline(due_at, f"Còn {days} ngày", "awaiting" if days <= 7 else "working")
