"""Criteria sets as versions, programmes with their targets, and rounds that pin one version."""

from criteria.models.programmes import (
    Counting,
    Duty,
    Measure,
    Programme,
    Round,
    Target,
    TargetRevision,
    TargetScope,
)
from criteria.models.sets import (
    CriteriaSet,
    Criterion,
    FrozenSetError,
    Group,
    Indicator,
    PartOfSet,
)

__all__ = [
    "Counting",
    "CriteriaSet",
    "Criterion",
    "Duty",
    "FrozenSetError",
    "Group",
    "Indicator",
    "Measure",
    "PartOfSet",
    "Programme",
    "Round",
    "Target",
    "TargetRevision",
    "TargetScope",
]
