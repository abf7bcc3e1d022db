"""Two sides beside each other: what each comes to, and how far they are apart. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from criteria.scale import Outcome
from reports.rollup.frame import Frame
from reports.rollup.gathering import Gathering
from reports.rollup.heat import Tally
from reports.rollup.standing import Standing


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; nothing can be said of none."""

    number: int
    of: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down as on the overview: 100 is all of them. None of nobody."""
        return self.number * 100 // self.of if self.of else None


class Direction(StrEnum):
    """How the first side is against the second."""

    HIGHER = "cao hơn"
    LOWER = "thấp hơn"
    EQUAL = "bằng nhau"


@dataclass(frozen=True, slots=True)
class Difference:
    """How far the first side is from the second: the percents as shown, one minus the other."""

    points: int
    direction: Direction

    @property
    def text(self) -> str:
        """Sign, points and word: "+6 điểm, cao hơn"."""
        if self.direction is Direction.EQUAL:
            return str(self.direction)
        if not self.points:
            return f"dưới 1 điểm, {self.direction}"
        sign = "+" if self.points > 0 else "−"
        return f"{sign}{abs(self.points)} điểm, {self.direction}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; a side is None where the line is not among its own.

    `codes` are those of the line on each side: a new set may have renamed a criterion.
    """

    title: str
    sides: tuple[Share | None, Share | None]
    codes: tuple[str, str] = ("", "")
    is_group: bool = False

    @property
    def difference(self) -> Difference | None:
        """None unless there is a share on both sides."""
        first, second = self.sides
        if first is None or second is None or first.percent is None or second.percent is None:
            return None
        # Fractions decide the word: shown percents may be alike where the shares are not.
        apart = first.number * second.of - second.number * first.of
        direction = Direction.EQUAL
        if apart:
            direction = Direction.HIGHER if apart > 0 else Direction.LOWER
        return Difference(first.percent - second.percent, direction)


class Matching(Enum):
    """By what the criteria of the two sides are the same ones."""

    SAME = "same"
    MAPPED = "mapped"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Side:
    """What one side brings: its criteria, and what its files come to."""

    frame: Frame
    gathering: Gathering


@dataclass(frozen=True, slots=True)
class Criteria:
    """Groups and criteria line by line; of sets that have nothing in common, each side apart."""

    matching: Matching
    rows: tuple[Row, ...] = ()
    apart: tuple[tuple[Row, ...], tuple[Row, ...]] = ((), ())


def compare_criteria(first: Side, second: Side, kept: Mapping[int, int] | None) -> Criteria:
    """Groups and criteria of both sides.

    `kept` are the criteria of the first set with the one of the second set that each is, by id;
    None when both sides have the same set; empty when nothing ties the two.
    """
    if kept is None:
        return Criteria(Matching.SAME, _same(first, second))
    if not kept:
        return Criteria(Matching.APART, apart=(_alone(first, 0), _alone(second, 1)))
    return Criteria(Matching.MAPPED, _mapped(first, second, kept))


def _same(first: Side, second: Side) -> tuple[Row, ...]:
    sides = first.gathering, second.gathering
    # Where nobody has a file yet, the frame is empty: the other side knows it.
    frame = first.frame if first.frame.criteria else second.frame
    groups = [
        Row(one.name, _both(sides, "groups", one.code), (one.code, one.code), is_group=True)
        for one in frame.groups
    ]
    criteria = [
        Row(one.title, _both(sides, "criteria", one.code), (one.code, one.code))
        for one in frame.criteria
    ]
    return (*groups, *criteria)


def _both(sides: tuple[Gathering, Gathering], kind: str, code: str) -> tuple[Share, Share]:
    first, second = (_share(getattr(one, kind), code, one.files) for one in sides)
    return first, second


def _share(tallies: Mapping[str, Tally], code: str, files: int) -> Share:
    return Share(tallies[code].met if code in tallies else 0, files)


def _mapped(first: Side, second: Side, kept: Mapping[int, int]) -> tuple[Row, ...]:
    """Criteria only: what became of a group nobody has said."""
    former = {one.pk: one for one in second.frame.criteria}
    rows = []
    for one in first.frame.criteria:
        share = _share(first.gathering.criteria, one.code, first.gathering.files)
        before = former.pop(kept[one.pk], None) if one.pk in kept else None
        other = None
        if before is not None:
            other = _share(second.gathering.criteria, before.code, second.gathering.files)
        rows.append(Row(one.title, (share, other), (one.code, before.code if before else "")))
    for lost in former.values():
        share = _share(second.gathering.criteria, lost.code, second.gathering.files)
        rows.append(Row(lost.title, (None, share), ("", lost.code)))
    return tuple(rows)


def _alone(side: Side, place: int) -> tuple[Row, ...]:
    gathering = side.gathering
    listed = [
        *((one.code, one.name, True, gathering.groups) for one in side.frame.groups),
        *((one.code, one.title, False, gathering.criteria) for one in side.frame.criteria),
    ]
    rows = []
    for code, title, is_group, tallies in listed:
        share = _share(tallies, code, gathering.files)
        sides, codes = ((share, None), (code, "")) if place == 0 else ((None, share), ("", code))
        rows.append(Row(title, sides, codes, is_group=is_group))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One criterion at two units."""

    code: str
    title: str
    outcomes: tuple[Outcome, Outcome]

    @property
    def differs(self) -> bool:
        """Whether the two have it differently."""
        return self.outcomes[0] != self.outcomes[1]


def compare_units(first: Standing, second: Standing) -> Sequence[UnitLine]:
    """Criterion by criterion in the order of the set: what counts now at each of the two."""
    return [
        UnitLine(
            one.code,
            one.title,
            (
                first.outcomes.get(one.code, Outcome.UNANSWERED),
                second.outcomes.get(one.code, Outcome.UNANSWERED),
            ),
        )
        for one in first.frame.criteria
    ]
