"""What a pack may name: rows of the database together with the entries of the pack itself.

Codes of the pack are gathered before anything is validated, from whatever has a readable code, so
that one broken entry does not make every reference to it look unknown.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model

from wards.models import Agency, District, LegalDocument, Province, Unit
from wards.pack_schema.problems import Loc

Row = TypeVar("Row", bound=Model)


@dataclass(slots=True, eq=False)
class Known(Generic[Row]):
    """Something that may be named by its code."""

    code: str
    row: Row | None = None
    """The row in the database; None until the pack's own entry is written."""

    @property
    def written(self) -> Row:
        """The row, once it is there."""
        if self.row is None:
            raise LookupError(self.code)
        return self.row


@dataclass(slots=True, eq=False)
class Paper(Known[LegalDocument]):
    """A legal document."""

    issued_on: date | None = None


@dataclass(slots=True, eq=False)
class Bearer(Known[Row]):
    """Who bears an official code from a day to a day."""

    starts: date | None = None
    ends: date | None = None
    loc: Loc | None = None
    """Where the pack speaks of it, when it does."""
    is_vague: bool = False
    """Its dates in the pack are unreadable, which is told there; it is not judged by them."""
    name: str = ""
    kind: str = ""
    province: str = ""
    district: str = ""

    def exists_on(self, day: date) -> bool:
        """In force on this day."""
        return self.is_vague or (
            (self.starts is None or self.starts <= day) and (self.ends is None or self.ends >= day)
        )

    def meets(self, starts: date | None, ends: date | None) -> bool:
        """In force on some day of a period."""
        return self.is_vague or not (
            (self.ends is not None and starts is not None and self.ends < starts)
            or (self.starts is not None and ends is not None and self.starts > ends)
        )

    @property
    def period(self) -> str:
        """The period in words."""
        since = f"từ {self.starts:%d/%m/%Y}" if self.starts else ""
        until = f"đến hết {self.ends:%d/%m/%Y}" if self.ends else ""
        return " ".join(part for part in (since, until) if part) or "không ghi thời hạn"


class Register(Generic[Row]):
    """Bearers of codes that are used again over time; (code, start) is the key."""

    def __init__(self) -> None:
        self._bearers: dict[str, list[Bearer[Row]]] = defaultdict(list)

    def __contains__(self, code: str) -> bool:
        return code in self._bearers

    def add(self, bearer: Bearer[Row]) -> None:
        """Take in a row of the database."""
        self._bearers[bearer.code].append(bearer)

    def mention(self, loc: Loc, raw: dict[str, Any]) -> None:
        """Take in an entry of the pack; one that is in the database already is that one."""
        code = raw.get("code")
        if not isinstance(code, str):
            return
        starts, ends = raw.get("valid_from"), raw.get("valid_to")
        vague = any(day is not None and not isinstance(day, date) for day in (starts, ends))
        if vague:
            starts = ends = None
        same = [one for one in self._bearers[code] if one.starts == starts and one.loc is None]
        bearer = same[0] if same else Bearer(code, starts=starts)
        if not same:
            self._bearers[code].append(bearer)
            bearer.name, bearer.kind = str(raw.get("name")), str(raw.get("kind"))
            bearer.province = str(raw.get("province"))
            bearer.district = str(raw.get("district") or "")
        bearer.loc, bearer.is_vague = loc, vague
        bearer.ends = ends or bearer.ends

    def by_loc(self) -> dict[Loc, Bearer[Row]]:
        """The bearers of which the pack speaks."""
        return {bearer.loc: bearer for bearer in self if bearer.loc is not None}

    def on(self, code: str, day: date) -> Bearer[Row] | None:
        """Who bears this code on this day."""
        return next((one for one in self._bearers.get(code, ()) if one.exists_on(day)), None)

    def during(
        self, code: str, starts: date | None = None, ends: date | None = None
    ) -> Bearer[Row] | None:
        """The last to bear this code in a period."""
        found = [one for one in self._bearers.get(code, ()) if one.meets(starts, ends)]
        return max(found, key=lambda one: one.starts or date.min, default=None)

    def bearers(self, code: str) -> list[Bearer[Row]]:
        """All who ever bore this code, the first of them first."""
        return sorted(self._bearers.get(code, ()), key=lambda one: one.starts or date.min)

    def __iter__(self) -> Iterator[Bearer[Row]]:
        for bearers in self._bearers.values():
            yield from bearers

    def overlaps(self) -> Iterator[tuple[Bearer[Row], Bearer[Row]]]:
        """Pairs that bear one code on one day; the second of each pair is in the pack."""
        for code in self._bearers:
            met: list[Bearer[Row]] = []
            # What the database holds comes first; what the pack adds is what is blamed.
            for bearer in sorted(self._bearers[code], key=lambda one: one.loc or ()):
                if bearer.is_vague:
                    continue
                other = next((one for one in met if one.meets(bearer.starts, bearer.ends)), None)
                if other is not None and bearer.loc is not None:
                    yield other, bearer
                met.append(bearer)


@dataclass
class Places:
    """Everything of `wards` that a pack may name."""

    documents: dict[str, Paper] = field(default_factory=dict)
    agencies: dict[str, Known[Agency]] = field(default_factory=dict)
    provinces: Register[Province] = field(default_factory=Register)
    districts: Register[District] = field(default_factory=Register)
    units: Register[Unit] = field(default_factory=Register)

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Places":
        """The database as it is, and the entries of a pack."""
        places = cls()
        places._load_rows()
        for _, raw in entries(data, "documents"):
            if isinstance(raw.get("code"), str):
                paper = places.documents.setdefault(raw["code"], Paper(raw["code"]))
                issued_on = raw.get("issued_on")
                paper.issued_on = issued_on if isinstance(issued_on, date) else paper.issued_on
        for _, raw in entries(data, "agencies"):
            if isinstance(raw.get("code"), str):
                places.agencies.setdefault(raw["code"], Known(raw["code"]))
        registers: dict[str, Register[Any]] = {
            "provinces": places.provinces,
            "districts": places.districts,
            "units": places.units,
        }
        for section, register in registers.items():
            for index, raw in entries(data, section):
                register.mention((section, index), raw)
        return places

    def _load_rows(self) -> None:
        for document in LegalDocument.objects.all():
            self.documents[document.code] = Paper(document.code, document, document.issued_on)
        for agency in Agency.objects.select_related("province"):
            self.agencies[agency.code] = Known(agency.code, agency)
        for province in Province.objects.all():
            self.provinces.add(_bearer(province))
        for district in District.objects.select_related("province"):
            self.districts.add(_bearer(district, province=district.province.code))
        for unit in Unit.objects.with_places():
            self.units.add(
                _bearer(
                    unit,
                    province=unit.province.code,
                    district=unit.district.code if unit.district else "",
                )
            )


def _bearer(row: Any, province: str = "", district: str = "") -> Bearer[Any]:
    return Bearer(
        row.code,
        row,
        starts=row.valid_from,
        ends=row.valid_to,
        name=row.name,
        kind=row.kind,
        province=province,
        district=district,
    )


def entries(data: dict[str, Any], section: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a section that are groups of keys, whatever is wrong with them."""
    listed = data.get(section)
    if isinstance(listed, list):
        for index, raw in enumerate(listed):
            if isinstance(raw, dict):
                yield index, raw
