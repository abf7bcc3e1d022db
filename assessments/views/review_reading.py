"""What the review looks at: the frozen submission beside the verdicts, never the live answers."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Prefetch

from assessments.models import Assessment, Decision, Evidence, Submission, Verdict
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


def revisions(assessment: Assessment) -> dict[str, str]:
    """Which evidence of the unit stands in for which earlier one: new id to old id."""
    found = Evidence.objects.filter(unit=assessment.unit, replaces__isnull=False)
    return {str(new): str(old) for new, old in found.values_list("pk", "replaces_id")}


def replaced_by(
    before: dict[str, Any], after: dict[str, Any], revised: dict[str, str]
) -> dict[str, str]:
    """New evidence that is a later version of what stood there before: new id to old id."""
    earlier = {item["id"] for item in before["evidence"]}
    later = {item["id"] for item in after["evidence"]}
    found = {}
    for new in later - earlier:
        old = revised.get(new)
        # A version may have been replaced more than once between two submissions.
        while old is not None and old not in earlier:
            old = revised.get(old)
        if old is not None and old not in later:
            found[new] = old
    return found


def changes(
    before: dict[str, Any], after: dict[str, Any], revised: dict[str, str]
) -> tuple[str, ...]:
    """What the station changed from one submission to the next, in words; empty when nothing."""
    found = []
    if before["outcome"] != after["outcome"]:
        old, new = (Outcome(one["outcome"]).label for one in (before, after))
        found.append(f"kết quả từ “{old}” thành “{new}”")
    elif before["answers"] != after["answers"]:
        found.append("số liệu")
    if before["note"] != after["note"]:
        found.append("thuyết minh")
    if before["explanation"] != after["explanation"]:
        found.append("giải trình")
    replaced = replaced_by(before, after, revised)
    earlier = {item["id"] for item in before["evidence"]}
    later = {item["id"] for item in after["evidence"]}
    if replaced:
        found.append(f"thay bản mới {len(replaced)} tài liệu")
    if added := len(later - earlier - replaced.keys()):
        found.append(f"thêm {added} tài liệu")
    if removed := len(earlier - later - set(replaced.values())):
        found.append(f"gỡ {removed} tài liệu")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion of the file under review."""

    criterion: Criterion
    entry: dict[str, Any]
    verdict: Verdict | None
    changes: tuple[str, ...]
    earlier: Verdict | None = None
    """What was found the last time the file was reviewed."""

    @property
    def was_asked(self) -> bool:
        """Whether the station was asked for more the last time."""
        return self.earlier is not None and self.earlier.decision == Decision.MORE

    @property
    def lacks_evidence(self) -> bool:
        """Claimed as met with nothing to show for it."""
        return self.entry["outcome"] in COUNTS_AS_MET and not self.entry["evidence"]

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
        """Untouched, claimed as met, with evidence: what may be accepted with others.

        What the station was asked for, changed or explained is looked at one by one.
        """
        is_claimed = self.entry["outcome"] in COUNTS_AS_MET and bool(self.entry["evidence"])
        needs_a_look = bool(self.changes) or self.was_asked or bool(self.entry["explanation"])
        return self.is_open and is_claimed and not needs_a_look

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


def _verdicts(submission: Submission) -> dict[int, Verdict]:
    found = submission.verdicts.select_related("decided_by")
    return {verdict.criterion_id: verdict for verdict in found}


def _reviewed_before(assessment: Assessment, submission: Submission) -> Submission | None:
    """The last earlier submission that somebody reviewed: what was withdrawn unread is skipped."""
    return (
        assessment.submissions.filter(
            number__lt=submission.number,
            pk__in=Verdict.objects.filter(
                submission__assessment=assessment, is_carried=False
            ).values("submission"),
        )
        .order_by("-number")
        .first()
    )


@dataclass(frozen=True)
class ReviewFile:
    """The latest submission of an assessment with its verdicts, in the order of the criteria."""

    assessment: Assessment
    submission: Submission
    previous: Submission | None
    """What was handed in the last time the file was reviewed, to see what changed since."""
    revised: dict[str, str]
    rows: tuple[CriterionRow, ...]

    @classmethod
    def load(cls, assessment: Assessment) -> "ReviewFile | None":
        """The file as it was handed in last; None before the first time. Seven queries."""
        found = Verdict.objects.select_related("decided_by")
        submission = (
            assessment.submissions.select_related("submitted_by")
            .prefetch_related(Prefetch("verdicts", found))
            .last()
        )
        if submission is None:
            return None
        previous = _reviewed_before(assessment, submission)
        verdicts = {one.criterion_id: one for one in submission.verdicts.all()}
        earlier = _verdicts(previous) if previous else {}
        revised = revisions(assessment) if previous else {}
        rows = tuple(
            CriterionRow(
                criterion=criterion,
                entry=entry_of(submission, criterion),
                verdict=verdicts.get(criterion.pk),
                changes=changes(
                    entry_of(previous, criterion), entry_of(submission, criterion), revised
                )
                if previous
                else (),
                earlier=earlier.get(criterion.pk),
            )
            for criterion in assessment.round.criteria_set.criteria.with_indicators()
        )
        return cls(assessment, submission, previous, revised, rows)

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
    def answered_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria for which the station was asked for more the last time."""
        return tuple(row for row in self.rows if row.was_asked)

    @cached_property
    def unmet_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria with a verdict that the province did not find met."""
        return tuple(row for row in self.rows if not row.is_open and not row.is_found_met)

    @cached_property
    def met_rows(self) -> tuple[CriterionRow, ...]:
        """Criteria that the province found met."""
        return tuple(row for row in self.rows if row.is_found_met)

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
