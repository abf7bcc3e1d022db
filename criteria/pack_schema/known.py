"""Criteria sets and programmes that a pack may name, in the database and in the pack itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo

from criteria.models import CriteriaSet, Programme
from wards.pack_schema.known import Known, Paper, entries
from wards.pack_schema.references import named
from wards.pack_schema.sentences import wrong

PARTS = ("group", "criterion", "indicator")


@dataclass(slots=True, eq=False)
class KnownSet(Known[CriteriaSet]):
    """A criteria set with the codes of its parts."""

    parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """For every code in the set, which of `PARTS` bear it."""


@dataclass(slots=True, eq=False)
class KnownProgramme(Known[Programme]):
    """A programme with what later facts are checked against."""

    starts: int | None = None
    ends: int | None = None
    set_code: str = ""

    def runs_in(self, year: int) -> bool:
        """Whether a year lies in the programme; unreadable bounds exclude nothing."""
        return (self.starts is None or self.starts <= year) and (
            self.ends is None or year <= self.ends
        )

    @property
    def years(self) -> str:
        """The years in words."""
        return f"{self.starts}–{self.ends}"


@dataclass
class Catalogue:
    """Everything of `criteria` that a pack may name."""

    sets: dict[str, KnownSet] = field(default_factory=dict)
    programmes: dict[str, KnownProgramme] = field(default_factory=dict)

    @classmethod
    def load(cls, data: dict[str, Any]) -> "Catalogue":
        """The database as it is, and the entries of a pack."""
        catalogue = cls()
        catalogue._load_rows()
        for _, raw in entries(data, "criteria_sets"):
            code = raw.get("code")
            if isinstance(code, str) and code not in catalogue.sets:
                catalogue.sets[code] = KnownSet(code, parts=_parts(raw))
        for _, raw in entries(data, "programmes"):
            code = raw.get("code")
            if isinstance(code, str):
                known = catalogue.programmes.setdefault(code, KnownProgramme(code))
                known.starts = _whole(raw.get("starts"), known.starts)
                known.ends = _whole(raw.get("ends"), known.ends)
                if isinstance(raw.get("criteria_set"), str):
                    known.set_code = raw["criteria_set"]
        return catalogue

    def _load_rows(self) -> None:
        for row in CriteriaSet.objects.prefetch_related("groups", "criteria__indicators"):
            known = self.sets[row.code] = KnownSet(row.code, row)
            for group in row.groups.all():
                known.parts[group.code].add("group")
            for criterion in row.criteria.all():
                known.parts[criterion.code].add("criterion")
                for indicator in criterion.indicators.all():
                    known.parts[indicator.code].add("indicator")
        for programme in Programme.objects.select_related("criteria_set"):
            self.programmes[programme.code] = KnownProgramme(
                programme.code,
                programme,
                starts=programme.starts,
                ends=programme.ends,
                set_code=programme.criteria_set.code if programme.criteria_set else "",
            )


def _whole(value: Any, otherwise: int | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _parts(raw_set: dict[str, Any]) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = defaultdict(set)
    for level, raw in _walk(raw_set, 0):
        if isinstance(raw.get("code"), str):
            parts[raw["code"]].add(PARTS[level])
    return parts


def _walk(raw: dict[str, Any], level: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for section in ("groups", "criteria", "indicators")[level : level + 1]:
        for _, inner in entries(raw, section):
            yield level, inner
            yield from _walk(inner, level + 1)


def catalogue_of(info: ValidationInfo) -> Catalogue:
    """What may be named, as the loader gave it."""
    found = info.context["catalogue"] if info.context else None
    if not isinstance(found, Catalogue):
        raise TypeError("A pack is validated with the context of the loader.")
    return found


def known_set(value: Any, info: ValidationInfo) -> KnownSet:
    """The criteria set that a code names.

    Raises:
        PydanticCustomError: there is none.
    """
    code = named(value)
    if code not in catalogue_of(info).sets:
        raise wrong(f'không có bộ tiêu chí mang mã "{code}".')
    return catalogue_of(info).sets[code]


def _programme(value: Any, info: ValidationInfo) -> KnownProgramme:
    code = named(value)
    if code not in catalogue_of(info).programmes:
        raise wrong(f'không có chương trình mang mã "{code}".')
    return catalogue_of(info).programmes[code]


CriteriaSetRef = Annotated[KnownSet, PlainValidator(known_set)]
ProgrammeRef = Annotated[KnownProgramme, PlainValidator(_programme)]


def programme_day(info: ValidationInfo) -> date | None:
    """The day on which a programme's own references are read: that of its document.

    Without a known day of issue it is the first day of the programme, as for its roster.
    """
    paper: Paper | None = info.data.get("document")
    starts: int | None = info.data.get("starts")
    if paper is None:
        return None
    return paper.issued_on or (date(starts, 1, 1) if starts else None)
