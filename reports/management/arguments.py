"""Reading what was typed after a command: one clear line when it is wrong."""

from datetime import date

from django.core.management.base import CommandError

from criteria.models import Programme

# No record lies outside these years; days far beyond them overflow when a time zone is added.
FIRST_YEAR, LAST_YEAR = 2000, 2999


def find_programme(code: str | None) -> Programme:
    """The programme with this code.

    Raises:
        CommandError: no code was given, or no programme has it.
    """
    if not code:
        raise CommandError("Cần nêu chương trình: --programme MÃ.")
    programme = Programme.objects.filter(code=code).select_related("document", "province").first()
    if programme is None:
        known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
        there_are = f"Các chương trình hiện có: {known}." if known else "Chưa có chương trình nào."
        raise CommandError(f"Không có chương trình “{code}”. {there_are}")
    return programme


def read_day(text: str | None, *, today: date) -> date:
    """The day as YYYY-MM-DD, today when none was given.

    Raises:
        CommandError: not a day of the calendar, or not written that way.
    """
    if text is None:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # The format alone: Python also reads 20231231 and week dates.
    if day is None or day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CommandError(
            f"Ngày “{text}” không hợp lệ: cần viết dạng YYYY-MM-DD, ví dụ 2026-11-22."
        )
    return day
