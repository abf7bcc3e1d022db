"""The matrices of units by criteria and by groups, and how many units each outcome has."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from criteria.scale import Outcome
from reports.rollup.frame import Frame
from reports.rollup.standing import Standing

View = Literal["outcomes", "self_outcomes", "verified_outcomes"]
"""Which outcomes: what counts now, the station's own, or the province's."""


WEAKEST_FIRST = (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED, Outcome.MET)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units have each outcome."""

    met: int = 0
    not_met: int = 0
    awaiting: int = 0
    unanswered: int = 0

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Tally":
        """Count these outcomes."""
        found = Counter(outcomes)
        return cls(
            met=found[Outcome.MET],
            not_met=found[Outcome.NOT_MET],
            awaiting=found[Outcome.AWAITING],
            unanswered=found[Outcome.UNANSWERED],
        )

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.met + other.met,
            self.not_met + other.not_met,
            self.awaiting + other.awaiting,
            self.unanswered + other.unanswered,
        )

    def as_json(self) -> dict[str, int]:
        """The four numbers by name."""
        return {
            "met": self.met,
            "not_met": self.not_met,
            "awaiting": self.awaiting,
            "unanswered": self.unanswered,
        }


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion or a group, with its tally over the units; `group` is the group's code."""

    code: str
    title: str
    group: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit's outcomes in the order of the columns."""

    standing: Standing
    cells: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A matrix of outcomes."""

    columns: tuple[Column, ...] = ()
    rows: tuple[HeatRow, ...] = ()

    def units_with(self, code: str, outcome: Outcome) -> list[Standing]:
        """The units behind one number of a column; none for a column that is not there."""
        for place, column in enumerate(self.columns):
            if column.code == code:
                return [row.standing for row in self.rows if row.cells[place] == outcome]
        return []

    def weakest_first(self, code: str) -> list[Standing]:
        """Units ordered by their outcome in a column; equals stay as they were."""
        place = next(place for place, one in enumerate(self.columns) if one.code == code)
        rows = sorted(self.rows, key=lambda row: WEAKEST_FIRST.index(row.cells[place]))
        return [row.standing for row in rows]

    def rows_of(self, standings: Iterable[Standing]) -> list[HeatRow]:
        """The rows of these units, in their order."""
        known = {id(row.standing): row for row in self.rows}
        return [known[id(one)] for one in standings]


def by_criterion(standings: Sequence[Standing], view: View = "outcomes") -> Heat:
    """Units × criteria."""
    frame = _frame(standings)
    headings = [(one.code, one.title, one.group) for one in frame.criteria]
    return _heat(standings, headings, [_outcomes(one, view) for one in standings])


def by_group(standings: Sequence[Standing], view: View = "outcomes") -> Heat:
    """Units × groups: a group is what its weakest criterion is."""
    frame = _frame(standings)
    headings = [(one.code, one.name, one.code) for one in frame.groups]
    return _heat(
        standings, headings, [frame.group_outcomes(_outcomes(one, view)) for one in standings]
    )


def fewest_missing_first(standings: Sequence[Standing]) -> list[Standing]:
    """Units ordered by how many criteria they meet by their own finding; equals stay."""
    return sorted(standings, key=lambda one: -one.self_assessed.met)


def _frame(standings: Sequence[Standing]) -> Frame:
    return standings[0].frame if standings else Frame()


def _outcomes(standing: Standing, view: View) -> Mapping[str, Outcome]:
    if view == "self_outcomes":
        return standing.self_outcomes
    return standing.verified_outcomes if view == "verified_outcomes" else standing.outcomes


def _heat(
    standings: Sequence[Standing],
    headings: Sequence[tuple[str, str, str]],
    outcomes: Sequence[Mapping[str, Outcome]],
) -> Heat:
    rows = tuple(
        HeatRow(
            standing,
            tuple(found.get(code, Outcome.UNANSWERED) for code, _, _ in headings),
        )
        for standing, found in zip(standings, outcomes, strict=True)
    )
    columns = tuple(
        Column(code, title, group, Tally.of(row.cells[place] for row in rows))
        for place, (code, title, group) in enumerate(headings)
    )
    return Heat(columns, rows)
