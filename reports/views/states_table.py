"""Where the files of a round stand: all of them, and province by province, each with its list."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.workflow import COLOUR, Status
from reports.rollup.numbers import number_text
from reports.views.days import AsOf
from reports.views.picture import Picture


@dataclass(frozen=True, slots=True)
class StateLine:
    """One status: how many files stand there, and the list of them."""

    status: Status
    number: int
    url: str

    @property
    def colour(self) -> str:
        """The class of its colours."""
        return COLOUR[self.status]


@dataclass(frozen=True, slots=True)
class States:
    """The lines of all files, and, of a country, its provinces × statuses ready to print."""

    lines: list[StateLine]
    provinces: SafeString


def states_of(picture: Picture, asked: AsOf) -> States:
    """Where the files stand that are looked at; statuses of nobody are left out."""
    address = reverse("overview_units", args=[picture.programme.code, picture.year])
    behind = f"{address}{asked.query}{'&' if asked.query else '?'}trang_thai="
    lines = [StateLine(one, number, f"{behind}{one}") for one, number in picture.statuses]
    return States(lines, _by_province(picture, asked, address))


def _by_province(picture: Picture, asked: AsOf, address: str) -> SafeString:
    if not picture.is_of_country:
        return SafeString("")
    day = "" if asked.is_today else f"&ngay={asked.day.isoformat()}"
    shown = [status for status, _ in picture.statuses]
    written = []
    for province, one in picture.country.provinces:
        behind = escape(f"{address}?tinh={province.code}{day}&trang_thai=")
        cells = "".join(
            f'<td class="num"><a href="{behind}{status}">{number_text(number)}</a></td>'
            if (number := one.statuses.get(status, 0))
            else '<td class="num">0</td>'
            for status in shown
        )
        written.append(
            f'<tr><th scope="row">{escape(province.name)}</th>'
            f'<td class="num">{number_text(one.files)}</td>{cells}</tr>'
        )
    return mark_safe("\n".join(written))  # noqa: S308 -- every part was escaped
