"""What a comparison is asked for: by year, by province or by unit, which two, on which day."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from accounts.access import PortalRequest
from reports.views.days import AsOf, asked_day
from reports.views.reach import Reading, read
from wards.models import Province

KEPT = ("theo", "tinh", "don_vi", "voi", "khac")


class Kind(StrEnum):
    """What `?theo=` says."""

    YEAR = "nam"
    PROVINCE = "tinh"
    UNIT = "don-vi"


LABELS = {Kind.YEAR: "Theo năm", Kind.PROVINCE: "Theo tỉnh", Kind.UNIT: "Theo đơn vị"}


@dataclass(frozen=True, slots=True)
class Question:
    """The address of a comparison, understood; `other` is the second side as it was written."""

    kind: Kind
    reading: Reading
    year: int
    asked: AsOf
    other: str
    unit: str
    only_differences: bool

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """What can be compared: its words, its address, whether it is being compared."""
        possible = [Kind.YEAR, Kind.PROVINCE, Kind.UNIT]
        if not self.reading.provinces:
            possible.remove(Kind.PROVINCE)
        return [
            (LABELS[one], self.query(theo=one, tinh=self.reading.code), one == self.kind)
            for one in possible
        ]

    def query(self, **others: str) -> str:
        """The query of an address on the same day: "?tinh=86&ngay=2026-11-15"; "?" of nothing."""
        day = "" if self.asked.is_today else self.asked.day.isoformat()
        kept = {name: value for name, value in {**others, "ngay": day}.items() if value}
        return f"?{urlencode(kept)}"

    def overview(self, year: int, province: Province | None) -> str:
        """The overview of one side."""
        code = province.code if province is not None else ""
        address = reverse("overview", args=[self.reading.programme.code, year])
        return f"{address}{self.query(tinh=code)}".removesuffix("?")

    def behind(self, year: int, province: Province | None, **narrowed: str) -> str:
        """The list of units behind a figure of one side."""
        code = province.code if province is not None else ""
        address = reverse("overview_units", args=[self.reading.programme.code, year])
        return f"{address}{self.query(tinh=code, **narrowed)}".removesuffix("?")

    def other_year(self, years: Sequence[int]) -> int | None:
        """The second year: as asked, else the one before with a round, else the next one.

        Raises:
            Http404: what is asked for is no year of the programme.
        """
        programme = self.reading.programme
        if self.other:
            asked = int(self.other) if self.other.isdecimal() and len(self.other) <= 4 else 0
            if not programme.starts <= asked <= programme.ends:
                raise Http404
            return asked if asked != self.year else None
        before = [one for one in years if one < self.year]
        after = [one for one in years if one > self.year]
        return before[-1] if before else next(iter(after), None)

    def two_provinces(self) -> list[Province]:
        """The two provinces in reach; the first others where fewer were asked for.

        Raises:
            Http404: an asked one is out of reach or does not exist.
        """
        within = self.reading.provinces
        first = self.reading.province or next(iter(within), None)
        if first is None:
            raise Http404
        second = next((one for one in within if one.code == self.other), None)
        if self.other and second is None:
            raise Http404
        if not self.other:
            second = next((one for one in within if one.pk != first.pk), None)
        return [first] if second is None or second.pk == first.pk else [first, second]

    def two_units(self) -> list[uuid.UUID | None]:
        """The units asked for; None where none was.

        Raises:
            Http404: what was asked for is no id.
        """
        try:
            return [uuid.UUID(one) if one else None for one in (self.unit, self.other)]
        except ValueError:
            raise Http404 from None


def question_of(request: PortalRequest, code: str, year: int) -> Question:
    """The address, understood.

    Raises:
        Http404: there is no such thing for this person.
    """
    values = {name: request.GET.get(name, "") for name in KEPT}
    asked = asked_day(request, **values)
    if values["theo"] not in {"", *Kind}:
        raise Http404
    kind = Kind(values["theo"] or Kind.YEAR)
    reading = read(request.user, code, values["tinh"], year=year, day=asked.day)
    if kind is Kind.PROVINCE and reading.programme.province_id is not None:
        raise Http404
    return Question(
        kind, reading, year, asked, values["voi"], values["don_vi"], bool(values["khac"])
    )
