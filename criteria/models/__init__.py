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
    Correspondence,
    CriteriaSet,
    Criterion,
    FrozenSetError,
    Group,
    Indicator,
    PartOfSet,
    Relation,
)

__all__ = [
    "Correspondence",
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
    "Relation",
    "Round",
    "Target",
    "TargetRevision",
    "TargetScope",
]
