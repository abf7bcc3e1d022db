"""What the review looks at: the frozen submission beside the verdicts, never the live answers."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from assessments.models import Assessment, Decision, Submission, Verdict
from criteria.models import Criterion, Group
from criteria.scale import COUNTS_AS_MET, Outcome

NOTHING: dict[str, Any] = {
    "outcome": Outcome.UNANSWERED.value,
    "reason": "",
    "note": "",
    "explanation": "",
    "answers": {},
    "evidence": [],
}
"""What a submission says of a criterion that it does not hold."""


def entry_of(submission: Submission | None, criterion: Criterion) -> dict[str, Any]:
    """What the submission says of one criterion, in the shape of `assessments.snapshots`."""
    if submission is None:
        return NOTHING
    found: dict[str, Any] = submission.snapshot["criteria"].get(criterion.code, NOTHING)
    return found


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """What the station changed from one submission to the next, in words; empty when nothing."""
    found = []
    if before["outcome"] != after["outcome"]:
        old, new = (Outcome(one["outcome"]).label for one in (before, after))
        found.append(f"kết quả từ “{old}” thành “{new}”")
    elif before["answers"] != after["answers"]:
        found.append("số liệu")
    if before["note"] != after["note"]:
        found.append("thuyết minh")
    earlier = {item["id"] for item in before["evidence"]}
    later = {item["id"] for item in after["evidence"]}
    if added := len(later - earlier):
        found.append(f"thêm {added} tài liệu")
    if removed := len(earlier - later):
        found.append(f"gỡ {removed} tài liệu")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion of the file under review."""

    criterion: Criterion
    entry: dict[str, Any]
    verdict: Verdict | None
    changes: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether there is no verdict yet."""
        return self.verdict is None

    @property
    def is_adjusted(self) -> bool:
        """Whether the reviewer found something else than the station."""
        return self.verdict is not None and self.verdict.decision == Decision.ADJUST

    @property
    def is_asked(self) -> bool:
        """Whether the station is asked for more."""
        return self.verdict is not None and self.verdict.decision == Decision.MORE

    @property
    def is_found_met(self) -> bool:
        """Whether the province found the criterion met."""
        if self.verdict is None or self.is_asked:
            return False
        return self.verdict.outcome in COUNTS_AS_MET

    @property
    def is_plain(self) -> bool:
        """No verdict yet, claimed as met, with evidence: what may be accepted with others."""
        is_claimed = self.entry["outcome"] in COUNTS_AS_MET
        return self.is_open and is_claimed and bool(self.entry["evidence"])

    @property
    def change_line(self) -> str:
        """The changes in one line, beginning with a capital letter."""
        line = ", ".join(self.changes)
        return line[:1].upper() + line[1:]


@dataclass(frozen=True, slots=True)
class GroupRows:
    """A heading of the criteria set with the rows shown under it."""

    group: Group
    rows: tuple[CriterionRow, ...]
    reviewed: int
    total: int


@dataclass(frozen=True)
class ReviewFile:
    """The latest submission of an assessment with its verdicts, in the order of the criteria."""

    assessment: Assessment
    submission: Submission
    previous: Submission | None
    rows: tuple[CriterionRow, ...]

    @classmethod
    def load(cls, assessment: Assessment) -> "ReviewFile | None":
        """The file as it was handed in last; None before the first time. Five queries."""
        latest = list(assessment.submissions.select_related("submitted_by").order_by("-number")[:2])
        if not latest:
            return None
        submission, previous = latest[0], latest[1] if len(latest) > 1 else None
        verdicts = {
            verdict.criterion_id: verdict
            for verdict in submission.verdicts.select_related("decided_by")
        }
        rows = tuple(
            CriterionRow(
                criterion=criterion,
                entry=entry_of(submission, criterion),
                verdict=verdicts.get(criterion.pk),
                changes=changes(entry_of(previous, criterion), entry_of(submission, criterion))
                if previous
                else (),
            )
            for criterion in assessment.round.criteria_set.criteria.with_indicators()
        )
        return cls(assessment, submission, previous, rows)

    @cached_property
    def reviewed(self) -> int:
        """How many criteria have a verdict."""
        return sum(not row.is_open for row in self.rows)

    @cached_property
    def found_met(self) -> int:
        """How many criteria the province found met so far."""
        return sum(row.is_found_met for row in self.rows)

    @cached_property
    def open_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria without a verdict."""
        return tuple(row for row in self.rows if row.is_open)

    @cached_property
    def adjusted_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria whose result the reviewer changed."""
        return tuple(row for row in self.rows if row.is_adjusted)

    @cached_property
    def asked_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria for which the station is asked for more."""
        return tuple(row for row in self.rows if row.is_asked)

    @cached_property
    def changed_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria that the station changed since the submission before."""
        return tuple(row for row in self.rows if row.changes)

    @cached_property
    def plain_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria that may be accepted together."""
        return tuple(row for row in self.rows if row.is_plain)

    def position(self, code: str) -> int | None:
        """Where a criterion stands, from 0; None when the set has no such code."""
        return next((i for i, row in enumerate(self.rows) if row.criterion.code == code), None)

    def next_open(self, after: int = -1) -> CriterionRow | None:
        """The next criterion without a verdict after a position, from the top again at the end."""
        turned = self.rows[after + 1 :] + self.rows[: after + 1]
        return next((row for row in turned if row.is_open), None)

    def grouped(self, shown: tuple[CriterionRow, ...]) -> list[GroupRows]:
        """Some of the rows under their headings."""
        wanted = {row.criterion.pk for row in shown}
        found = []
        for _, members in groupby(self.rows, key=lambda row: row.criterion.group_id):
            rows = tuple(members)
            if kept := tuple(row for row in rows if row.criterion.pk in wanted):
                reviewed = sum(not row.is_open for row in rows)
                found.append(GroupRows(rows[0].criterion.group, kept, reviewed, len(rows)))
        return found
