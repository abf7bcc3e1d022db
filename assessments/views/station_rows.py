"""One row for every criterion of an assessment: result, evidence, and the reviewer's word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessments.models import (
    USABLE_SCANS,
    Assessment,
    CriterionResult,
    Decision,
    Verdict,
)
from criteria.models import Criterion, Group
from criteria.scale import COUNTS_AS_MET, Outcome

STATE = {
    Outcome.MET: "met",
    Outcome.NO_CASE: "met",
    Outcome.EXEMPT: "met",
    Outcome.NOT_MET: "not-met",
    Outcome.AWAITING: "awaiting",
    Outcome.UNANSWERED: "unanswered",
}
"""Which of the five states draws an outcome."""


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion as the station's pages list it."""

    result: CriterionResult
    evidence_count: int
    touched_at: datetime | None
    """When its answers or its evidence last changed."""
    verdict: Verdict | None
    editable: bool

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.result.criterion

    @property
    def state(self) -> str:
        """Which of the five states draws the row."""
        return STATE[Outcome(self.result.outcome)]

    @property
    def unanswered(self) -> bool:
        """Nothing can be said yet."""
        return self.result.outcome == Outcome.UNANSWERED

    @property
    def met(self) -> bool:
        """Claimed as met."""
        return self.result.outcome in COUNTS_AS_MET

    @property
    def lacks_evidence(self) -> bool:
        """Claimed as met with nothing to show for it, and no word why."""
        return self.met and self.evidence_count == 0 and not self.result.explanation

    @property
    def is_explained(self) -> bool:
        """Claimed as met with an explanation in place of evidence."""
        return self.met and self.evidence_count == 0 and bool(self.result.explanation)

    @property
    def is_blank(self) -> bool:
        """Nobody has written anything into it."""
        return self.result.version == 0

    @property
    def to_confirm(self) -> bool:
        """Carried over from an earlier round, and not confirmed yet."""
        return self.result.carried_from_id is not None

    @property
    def asked(self) -> bool:
        """The reviewer asked for more."""
        return self.verdict is not None and self.verdict.decision == Decision.MORE

    @property
    def to_fix(self) -> bool:
        """Asked for more, and nothing was changed since."""
        if not self.editable or self.verdict is None or not self.asked:
            return False
        return self.touched_at is None or self.touched_at <= self.verdict.decided_at

    @property
    def unfinished(self) -> bool:
        """Still needs work of the station."""
        return self.unanswered or self.to_fix


def build_rows(assessment: Assessment, verdicts: Mapping[int, Verdict]) -> list[Row]:
    """The rows of an assessment in order, in two queries; `verdicts` by criterion id."""
    counts: dict[int, int] = {}
    touched: dict[int, datetime] = {}
    for criterion, added, removed, scan in assessment.attachments.values_list(
        "criterion_id", "added_at", "removed_at", "evidence__scan"
    ):
        counts[criterion] = counts.get(criterion, 0) + (removed is None and scan in USABLE_SCANS)
        latest = removed or added
        touched[criterion] = max(touched.get(criterion, latest), latest)
    results = assessment.results.select_related(
        "criterion__group", "updated_by", "assigned_to"
    ).order_by("criterion__position")
    return [
        Row(
            result=result,
            evidence_count=counts.get(result.criterion_id, 0),
            touched_at=max(
                (
                    moment
                    for moment in (result.updated_at, touched.get(result.criterion_id))
                    if moment is not None
                ),
                default=None,
            ),
            verdict=verdicts.get(result.criterion_id),
            editable=assessment.is_editable,
        )
        for result in results
    ]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A heading of the set with the rows under it."""

    group: Group
    rows: list[Row]
    answered: int
    total: int


def grouped(rows: list[Row], shown: list[Row]) -> list[RowGroup]:
    """The rows shown under their headings; the counts are of all rows."""
    found = []
    for group in dict.fromkeys(row.criterion.group for row in rows):
        everything = [row for row in rows if row.criterion.group_id == group.pk]
        visible = [row for row in shown if row.criterion.group_id == group.pk]
        if visible:
            answered = sum(not row.unanswered for row in everything)
            found.append(RowGroup(group, visible, answered, len(everything)))
    return found
