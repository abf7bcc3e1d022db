"""The two sides of a comparison, read through the pictures of the overview."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import Http404

from accounts.models import User
from assessments.models import FileState
from assessments.workflow import Status
from criteria.models import CriteriaSet, Round
from criteria.succession import kept_from
from reports.rollup import Standing, standings
from reports.rollup.comparison import (
    Criteria,
    Row,
    Share,
    Side,
    UnitLine,
    compare_criteria,
    compare_units,
)
from reports.views.comparison_question import Kind, Question
from reports.views.overview import picture_of
from reports.views.picture import Picture
from wards.models import Unit

UNITS_SHOWN = 200
"""So many units are offered: the largest province has 168."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One side: its name, its picture, and the way to its overview."""

    name: str
    picture: Picture
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the addresses behind its two figures; empty where there is nothing behind."""

    row: Row
    urls: tuple[str, str]

    @property
    def cells(self) -> list[tuple[Share | None, str]]:
        """Figure and address of each side."""
        return list(zip(self.row.sides, self.urls, strict=True))


@dataclass(frozen=True, slots=True)
class Units:
    """Two units of a round: those to choose between, and, once chosen, how each stands."""

    choices: list[list[Unit]]
    chosen: list[Unit | None]
    sides: list[Standing] = field(default_factory=list)
    lines: list[UnitLine] = field(default_factory=list)
    without_file: list[Unit] = field(default_factory=list)
    """Chosen units that have no file in the round by the day."""

    @property
    def differing(self) -> list[UnitLine]:
        """The criteria that the two have differently."""
        return [one for one in self.lines if one.differs]

    def wanted(self, only_differences: bool) -> list[UnitLine]:
        """The criteria that are asked for."""
        return self.differing if only_differences else self.lines


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides and what is told of them; one side alone while nothing stands beside it."""

    sides: list[Shown]
    years: list[int]
    summary: list[Line] = field(default_factory=list)
    criteria: Criteria | None = None
    lines: list[Line] = field(default_factory=list)
    apart: list[tuple[Shown, list[Line]]] = field(default_factory=list)
    units: Units | None = None

    @property
    def other_years(self) -> list[int]:
        """The years to set beside the first side."""
        first = self.sides[0].picture.year
        second = [one.picture.year for one in self.sides[1:]]
        return sorted({*self.years, *second} - {first})

    @property
    def is_complete(self) -> bool:
        """Whether there are two sides to show."""
        return len(self.sides) > 1 or bool(self.units and self.units.sides)


def comparison_of(question: Question, user: User) -> Comparison:
    """Everything the page and the workbook show.

    Raises:
        Http404: a side is out of reach or does not exist.
    """
    picture = picture_of(question.reading, question.year, question.asked)
    years = sorted({one.year for one in picture.rounds} | {question.year})
    if question.kind is Kind.UNIT:
        return Comparison([], years, units=_units(question, picture, user))
    if question.kind is Kind.YEAR:
        other = question.other_year([one.year for one in picture.rounds])
        both = [picture] if other is None else [picture, replace(picture, year=other)]
        sides = [_shown(question, one, f"Năm {one.year}") for one in both]
    else:
        both = [replace(picture, province=one) for one in question.two_provinces()]
        sides = [_shown(question, one, one.place.name if one.place else "") for one in both]
    if len(sides) < 2:
        return Comparison(sides, years)
    found = _criteria(*both)
    return Comparison(
        sides,
        years,
        _summary(question, both),
        found,
        _linked(question, both, found.rows) if found else [],
        [
            (side, _linked(question, both, rows))
            for side, rows in zip(sides, found.apart if found else (), strict=False)
            if rows
        ],
    )


def _shown(question: Question, picture: Picture, name: str) -> Shown:
    return Shown(name, picture, question.overview(picture.year, picture.province))


def _criteria(first: Picture, second: Picture) -> Criteria | None:
    """None where a side has no round, and so nothing to compare."""
    if first.round is None or second.round is None:
        return None
    kept = _kept(first.round.criteria_set, second.round.criteria_set)
    return compare_criteria(
        Side(first.frame, first.gathering), Side(second.frame, second.gathering), kept
    )


def _kept(first: CriteriaSet, second: CriteriaSet) -> Mapping[int, int] | None:
    """Criteria of the first set with those of the second that each is, whichever is newer."""
    found = kept_from(second, first)
    if found == {}:
        return {before: now for now, before in (kept_from(first, second) or {}).items()}
    return found


def _summary(question: Question, both: list[Picture]) -> list[Line]:
    """The three kinds, what is required, who has handed in, and where the files stand."""
    overviews = _addresses(both, lambda one: question.overview(one.year, one.province))
    reached: list[tuple[str, list[int | None]]] = [
        ("Bộ công nhận", [one.reached.recognised for one in both]),
        ("Tỉnh xác nhận", [one.reached.verified for one in both]),
        ("Tự đánh giá đạt", [one.reached.self_assessed for one in both]),
        ("Cần đạt theo lộ trình", [one.reached.required for one in both]),
    ]
    found = [
        Line(_row(title, numbers, [one.reached.of for one in both]), overviews)
        for title, numbers in reached
    ]
    files: list[tuple[str, list[int], dict[str, str]]] = [
        ("Đã nộp phiếu", [one.gathering.handed_in for one in both], {}),
        ("Chưa nộp phiếu", [one.gathering.missing for one in both], {"chua_nop": "on"}),
    ]
    for status in Status:
        numbers = [one.gathering.statuses.get(status, 0) for one in both]
        if any(numbers):
            files.append((f"Phiếu: {status.label}", numbers, {"trang_thai": status.value}))
    for title, numbers, narrowed in files:
        known = [number if one.round else None for one, number in zip(both, numbers, strict=True)]
        row = _row(title, known, [one.gathering.files for one in both])
        found.append(Line(row, _lists(question, both, narrowed)))
    return found


def _row(title: str, numbers: Sequence[int | None], of: Sequence[int]) -> Row:
    first, second = (
        Share(number, whole) if number is not None else None
        for number, whole in zip(numbers, of, strict=True)
    )
    return Row(title, (first, second))


def _lists(question: Question, both: list[Picture], narrowed: Mapping[str, str]) -> tuple[str, str]:
    """The lists behind a figure of each side; none of a year without a round."""
    return _addresses(
        both,
        lambda one: question.behind(one.year, one.province, **narrowed) if one.round else "",
    )


def _addresses(both: list[Picture], address: Callable[[Picture], str]) -> tuple[str, str]:
    return address(both[0]), address(both[1])


def _linked(question: Question, both: list[Picture], rows: Iterable[Row]) -> list[Line]:
    """Each figure with the list of units behind it."""
    return [
        Line(
            row,
            (
                _part(question, both[0], row.codes[0]),
                _part(question, both[1], row.codes[1]),
            ),
        )
        for row in rows
    ]


def _part(question: Question, picture: Picture, code: str) -> str:
    return question.behind(picture.year, picture.province, muc=code) if code else ""


def _units(question: Question, picture: Picture, user: User) -> Units:
    ids = question.two_units()
    asked = {one for one in ids if one is not None}
    reached = Unit.objects.visible_to(user)
    found = {one.pk: one for one in reached.filter(pk__in=asked).with_places()} if asked else {}
    if asked - found.keys():
        raise Http404
    chosen = [found[one] if one is not None else None for one in ids]
    if picture.round is None:
        return Units([[], []], chosen, without_file=list(found.values()))
    states = FileState.objects.on(picture.as_of).filter(round=picture.round).order_by()
    offered: list[Unit] = []
    if not picture.is_of_country:
        within = reached.filter(pk__in=states.values("unit"))
        here = within.filter(province=picture.province) if picture.province else within
        listed = sorted(here.with_places(), key=lambda one: one.list_key)
        offered = listed[:UNITS_SHOWN]
    choices = [
        [one, *offered] if one is not None and one not in offered else offered for one in chosen
    ]
    if len(asked) < len(ids):
        return Units(choices, chosen)
    known = _standings(picture, picture.round, list(found.values()))
    if missing := [one for pk, one in found.items() if pk not in known]:
        return Units(choices, chosen, without_file=missing)
    first, second = (known[one] for one in ids if one is not None)
    return Units(choices, chosen, [first, second], list(compare_units(first, second)))


def _standings(picture: Picture, round_: Round, units: Sequence[Unit]) -> dict[uuid.UUID, Standing]:
    """How each unit with a file stands; read together where they are of one province."""
    found: dict[uuid.UUID, Standing] = {}
    for province in {one.province_id: one.province for one in units}.values():
        for one in standings(
            round_,
            as_of=picture.as_of,
            units=[unit.pk for unit in units if unit.province_id == province.pk],
            province=province,
            plan=picture.plan,
            with_blockers=False,
        ):
            found[one.unit.pk] = one
    return found
