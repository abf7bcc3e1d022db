"""The groups and criteria of one version of the criteria set, and what outcomes add up to."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from assessments.deriving.words import OUTCOMES
from criteria.models import CriteriaSet, Criterion
from criteria.scale import Outcome
from wards.shelf import Shelf

WORST_FIRST = (Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED)
"""A group is what its weakest criterion is."""


@dataclass(frozen=True, slots=True)
class FrameCriterion:
    """One criterion: its place, and who decides whether it is met."""

    pk: int
    code: str
    title: str
    group: str
    owner: str = ""
    ward_alone: bool = True
    needs_building: bool = False


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """One group with the codes of its criteria, in order."""

    code: str
    name: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Groups and criteria in the order of the set."""

    groups: tuple[FrameGroup, ...] = ()
    criteria: tuple[FrameCriterion, ...] = ()

    @classmethod
    def load(cls, criteria_set: CriteriaSet | None) -> "Frame":
        """The frame of a set in one query; empty without a set."""
        if criteria_set is None:
            return cls()
        rows = list(
            Criterion.objects.filter(criteria_set=criteria_set)
            .select_related("group")
            .order_by("group__position", "position")
        )
        codes: dict[str, list[str]] = {}
        for row in rows:
            codes.setdefault(row.group.code, []).append(row.code)
        names = {row.group.code: row.group.name for row in rows}
        return cls(
            tuple(FrameGroup(code, names[code], tuple(inside)) for code, inside in codes.items()),
            tuple(
                FrameCriterion(
                    row.pk,
                    row.code,
                    row.title,
                    row.group.code,
                    row.owner,
                    row.ward_alone,
                    row.needs_building,
                )
                for row in rows
            ),
        )

    @classmethod
    def kept(cls, criteria_set: CriteriaSet | None, edition: Hashable | None) -> "Frame":
        """The frame of a set, read once for an edition of programmes and criteria."""
        key = criteria_set.pk if criteria_set is not None else None
        return FRAMES.get(key, edition, lambda: cls.load(criteria_set))

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all groups and criteria."""
        groups = (group.code for group in self.groups)
        return frozenset((*groups, *(criterion.code for criterion in self.criteria)))

    def outcomes_of(self, word: str) -> dict[str, Outcome]:
        """The outcomes of a word by criterion code; none of an empty one."""
        return {
            criterion.code: OUTCOMES[letter]
            for criterion, letter in zip(self.criteria if word else (), word, strict=True)
        }

    def group_outcomes(self, outcomes: Mapping[str, Outcome]) -> dict[str, Outcome]:
        """The outcome of each group from those of its criteria."""
        return {
            group.code: worst(outcomes.get(code, Outcome.UNANSWERED) for code in group.criteria)
            for group in self.groups
        }


FRAMES: Shelf[Frame] = Shelf(64)
"""The versions of the criteria set in use."""


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Not met if any is; else awaiting if any is; else unanswered if any is; else met."""
    found = set(outcomes)
    return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.MET)
