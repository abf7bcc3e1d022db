"""One target date of a roadmap: what is required, and what is reached."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.rollup.targets import RowState


@dataclass(frozen=True, slots=True)
class RoadmapRow:
    """One target date.

    `required` of `of` is as approved; `…_now` is restated on the units in force at `as_of`;
    `…_then` on those of the day that decides (the due day once past, `as_of` until then), and
    `achieved` is measured against it.
    """

    by: date
    scope: str
    scope_label: str
    as_approved: str
    additional: int | None
    required: int
    of: int
    roster_now: int
    required_now: int
    roster_then: int
    required_then: int
    self_assessed: int
    verified: int
    recognised: int
    achieved: int
    state: RowState
    document: str
    document_number: str
    text: str
    stated_size: int | None = None
    stated_size_text: str = ""
    """How many units the document tells where nobody can list them; only beside what is loaded."""
    list_is_short: bool = False
    """Whether fewer units are loaded than the document tells."""

    @property
    def is_of_province(self) -> bool:
        """Whether the row is one province's part of a target of every province."""
        return self.scope.startswith("province:")

    @property
    def year(self) -> int:
        """The year of the due day."""
        return self.by.year

    @property
    def difference(self) -> int:
        """Achieved beyond (or, negative, short of) what is required."""
        return self.achieved - self.required_then

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.state.label)

    def as_json(self) -> dict[str, Any]:
        """The row as CONTRACT.md names it, with further facts after those keys."""
        return {
            "by": self.by.isoformat(),
            "scope": self.scope,
            "as_approved": self.as_approved,
            "required": self.required,
            "of": self.of,
            "roster_now": self.roster_now,
            "required_now": self.required_now,
            "recognised": self.recognised,
            "verified": self.verified,
            "self_assessed": self.self_assessed,
            "state": str(self.state),
            "document": self.document,
            "document_number": self.document_number,
            "year": self.year,
            "scope_label": self.scope_label,
            "state_label": self.state_label,
            "additional": self.additional,
            "roster_then": self.roster_then,
            "required_then": self.required_then,
            "achieved": self.achieved,
            "difference": self.difference,
            "text": self.text,
            "stated_size": self.stated_size,
            "stated_size_text": self.stated_size_text,
        }
