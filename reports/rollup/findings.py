"""What the station found and what the reviewer ruled, as known at the end of a day."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessments.deriving.days import day_of, end_of
from assessments.deriving.history import FileHistory, load_histories
from assessments.models import Appeal, Assessment, CriterionResult, Submission, Verdict
from assessments.workflow import CONCLUDED, Status
from criteria.scale import Outcome, settled
from reports.rollup.blockers import Blocker, Finding, Ruling, find_blockers
from reports.rollup.contested import first_verdicts
from reports.rollup.frame import Frame

NOT_KNOWN = Finding(Outcome.UNANSWERED)

ByCode = dict[str, Finding]


def load_findings(
    assessments: QuerySet[Assessment],
    frame: Frame,
    histories: Mapping[uuid.UUID, FileHistory],
    *,
    as_of: date,
) -> dict[uuid.UUID, ByCode]:
    """The station's outcome and reason per file and criterion, in two queries at most.

    A file unchanged since `as_of` is read as it is. One that changed later is read from what was
    handed in last by `as_of`; of a draft never handed in, a criterion changed later is not known.
    """
    live: dict[uuid.UUID, ByCode] = defaultdict(dict)
    changed_later: dict[uuid.UUID, set[str]] = defaultdict(set)
    codes = {criterion.pk: criterion.code for criterion in frame.criteria}
    rows = CriterionResult.objects.filter(assessment__in=assessments.order_by().values("pk"))
    for assessment, criterion, outcome, reason, updated_at in rows.order_by().values_list(
        "assessment", "criterion", "outcome", "reason", "updated_at"
    ):
        if assessment not in histories or criterion not in codes:
            continue
        code = codes[criterion]
        since = day_of(updated_at) if updated_at is not None else histories[assessment].opened_on
        live[assessment][code] = Finding(settled(outcome), reason, since)
        if since > as_of:
            changed_later[assessment].add(code)
    handed_in = {
        assessment: submission
        for assessment in changed_later
        if (submission := histories[assessment].submission_on(as_of)) is not None
    }
    snapshots = dict(
        Submission.objects.filter(pk__in=[one.pk for one in handed_in.values()]).values_list(
            "pk", "snapshot"
        )
    )
    found: dict[uuid.UUID, ByCode] = {}
    for assessment in histories:
        if assessment in handed_in:
            submission = handed_in[assessment]
            known = from_snapshot(snapshots[submission.pk], submission.on)
        else:
            later = changed_later[assessment]
            known = {code: one for code, one in live[assessment].items() if code not in later}
        found[assessment] = {
            criterion.code: known.get(criterion.code, NOT_KNOWN) for criterion in frame.criteria
        }
    return found


def from_snapshot(snapshot: Mapping[str, Any], since: date) -> ByCode:
    """The findings a submission froze."""
    return {
        code: Finding(settled(entry["outcome"]), entry.get("reason", ""), since)
        for code, entry in snapshot["criteria"].items()
    }


def load_rulings(
    assessments: QuerySet[Assessment],
    histories: Mapping[uuid.UUID, FileHistory],
    *,
    as_of: date,
) -> dict[uuid.UUID, dict[str, Ruling]]:
    """The reviewer's rulings that the station has been told by `as_of`, in two queries.

    Those are the ones on what was handed in last, once the file is returned or concluded.
    """
    told = {
        submission.pk: assessment
        for assessment, history in histories.items()
        if history.status_on(as_of) in CONCLUDED | {Status.RETURNED}
        and (submission := history.submission_on(as_of)) is not None
    }
    found: dict[uuid.UUID, dict[str, Ruling]] = defaultdict(dict)
    rows = Verdict.objects.filter(
        submission__assessment__in=assessments.order_by().values("pk"),
        decided_at__lte=end_of(as_of),
    )
    for pk, code, decision, outcome, comment, decided_at in rows.order_by().values_list(
        "submission", "criterion__code", "decision", "outcome", "comment", "decided_at"
    ):
        if pk in told:
            found[told[pk]][code] = Ruling(decision, settled(outcome), comment, day_of(decided_at))
    contested = Appeal.objects.filter(assessment__in=assessments.order_by().values("pk"))
    for one in first_verdicts(contested, as_of=as_of):
        if one.submission in told:
            found[told[one.submission]][one.criterion] = Ruling(
                one.decision, settled(one.outcome), one.comment, day_of(one.at)
            )
    return dict(found)


def load_blockers(
    files: QuerySet[Assessment],
    frame: Frame,
    stations: Mapping[uuid.UUID, str],
    *,
    as_of: date,
) -> dict[uuid.UUID, tuple[Blocker, ...]]:
    """What is in the way of each of these files at the end of `as_of`, in seven queries at most.

    `stations` are the names of their stations; a file without one is left out.
    """
    histories = load_histories(files)
    findings = load_findings(files, frame, histories, as_of=as_of)
    rulings = load_rulings(files, histories, as_of=as_of)
    return {
        pk: find_blockers(
            frame,
            history.status_on(as_of),
            findings[pk],
            rulings.get(pk, {}),
            station=stations[pk],
            since=history.since(as_of),
            comment=last.comment if (last := history.last_step(as_of)) is not None else "",
        )
        for pk, history in histories.items()
        if pk in stations
    }
