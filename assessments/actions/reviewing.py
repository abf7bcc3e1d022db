"""The province's review: claim, find, return or conclude. Both answers are kept side by side."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import NotReady
from accounts.models import Role, User
from assessments.actions.moving import already_done, localised, move
from assessments.models import Assessment, Decision, Submission, Verdict
from assessments.permissions import (
    require_impartial,
    require_province,
    require_reviewer_in_charge,
)
from assessments.readiness import Gap, latest_submission, review_gaps
from assessments.workflow import Status
from criteria.models import Criterion
from criteria.scale import Outcome

COMMENT_REQUIRED = "Cần nêu ý kiến khi điều chỉnh kết quả hoặc yêu cầu bổ sung."
ADJUSTABLE = (Outcome.MET, Outcome.NOT_MET, Outcome.AWAITING)
"""What a reviewer may adjust a criterion to."""


class VerdictConflict(NotReady):
    """The verdict was saved elsewhere after this form was opened."""

    def __init__(self, current: Verdict) -> None:
        super().__init__(
            f"Đồng chí {current.decided_by} đã ghi kết quả tiêu chí này lúc "
            f"{localised(current.decided_at)}. Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


class ReviewIncomplete(NotReady):
    """Criteria without a verdict or still to be completed; `gaps` lists them."""

    def __init__(self, found: list[Gap]) -> None:
        listed = "; ".join(f"{gap.criterion.code}: {gap.sentence}" for gap in found)
        super().__init__(f"Chưa kết luận được: {listed}")
        self.gaps = found


def claim(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Take a submitted file for review.

    Raises:
        NotAllowed: not a reviewer of the province, or took part in the file.
        NotReady: another reviewer took it first.
    """
    require_province(assessment, by, Role.REVIEWER)
    require_impartial(assessment, by)
    with transaction.atomic():
        if assessment.status == Status.UNDER_REVIEW:
            raise NotReady(already_done(assessment))
        move(assessment, Status.UNDER_REVIEW, by=by, now=now, reviewer=by)


def release(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Put a claimed file back into the queue; verdicts given so far stay.

    Raises:
        NotAllowed: neither the reviewer in charge nor a coordinator of the province.
        NotReady: the file is not under review.
    """
    if Role.COORDINATOR not in by.scope.roles:
        require_reviewer_in_charge(assessment, by)
    with transaction.atomic():
        move(assessment, Status.SUBMITTED, by=by, now=now, reviewer=None)


def save_verdict(
    assessment: Assessment,
    criterion: Criterion,
    *,
    decision: str,
    outcome: str = "",
    comment: str,
    version: int,
    by: User,
    now: datetime,
) -> Verdict:
    """Record the verdict on one criterion of the latest submission.

    Accepting takes the station's outcome; adjusting needs another `outcome`; both adjusting and
    asking for more need a comment. `version` is that of the verdict shown, 0 when there was none.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review, or the comment or outcome does not fit the decision.
        VerdictConflict: saved elsewhere meanwhile.
    """
    require_reviewer_in_charge(assessment, by)
    comment = comment.strip()
    with transaction.atomic():
        submission = _hold_under_review(assessment)
        own = submission.snapshot["criteria"][criterion.code]["outcome"]
        found = _checked_outcome(Decision(decision), own, outcome, comment)
        values = {
            "decision": decision,
            "outcome": found,
            "comment": comment,
            "decided_at": now,
            "decided_by": by,
            "is_carried": False,
        }
        existing = Verdict.objects.filter(submission=submission, criterion=criterion)
        if version == 0 and not existing.exists():
            verdict = Verdict.objects.create(submission=submission, criterion=criterion, **values)
        else:
            changed = existing.filter(version=version).update(version=F("version") + 1, **values)
            found_now = existing.select_related("decided_by").first()
            if found_now is None:
                raise NotReady("Tiêu chí này chưa có kết quả thẩm định để thay. Hãy tải lại trang.")
            if not changed:
                raise VerdictConflict(found_now)
            verdict = found_now
        audit.record(
            "verdict_saved",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "criterion": criterion.code,
                "self_assessed": own,
                "decision": decision,
                "outcome": found,
                "comment": comment,
                "receipt": submission.receipt,
            },
        )
    return verdict


def return_to_station(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Send the file back, with the reasons that stand at its criteria.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review, or no criterion asks for more.
    """
    require_reviewer_in_charge(assessment, by)
    with transaction.atomic():
        submission = _hold_under_review(assessment)
        asked = list(submission.verdicts.filter(decision=Decision.MORE).select_related("criterion"))
        if not asked:
            raise NotReady(
                "Chưa trả lại được: cần chọn “Yêu cầu bổ sung” và nêu lý do ở ít nhất một tiêu chí."
            )
        move(
            assessment,
            Status.RETURNED,
            by=by,
            now=now,
            comment=comment.strip(),
            details={
                "receipt": submission.receipt,
                "reasons": {verdict.criterion.code: verdict.comment for verdict in asked},
            },
        )


def conclude(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Conclude the review: every criterion has a verdict and none asks for more.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review.
        ReviewIncomplete: criteria without a verdict, or to be completed.
    """
    require_reviewer_in_charge(assessment, by)
    with transaction.atomic():
        submission = _hold_under_review(assessment)
        found = review_gaps(submission)
        if found:
            raise ReviewIncomplete(found)
        move(
            assessment,
            Status.VERIFIED,
            by=by,
            now=now,
            comment=comment.strip(),
            details={"receipt": submission.receipt, "snapshot": submission.sha256},
            verified_at=now,
            verified_by=by,
            conclusion=comment.strip(),
        )


def reopen(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Open a concluded review again, e.g. when a title that was awaited has been decided.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: the file is not at this stage, or no reason is given.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if not comment.strip():
        raise NotReady("Cần nêu lý do mở lại thẩm định.")
    with transaction.atomic():
        move(
            assessment,
            Status.UNDER_REVIEW,
            by=by,
            now=now,
            comment=comment.strip(),
            verified_at=None,
            verified_by=None,
            conclusion="",
        )


def _hold_under_review(assessment: Assessment) -> Submission:
    held = Assessment.objects.filter(
        pk=assessment.pk, status=Status.UNDER_REVIEW, reviewer_id=assessment.reviewer_id
    ).update(status=F("status"))
    submission = latest_submission(assessment)
    if not held or submission is None:
        raise NotReady(already_done(assessment))
    return submission


def _checked_outcome(decision: Decision, own: str, wanted: str, comment: str) -> str:
    if decision != Decision.ACCEPT and not comment:
        raise NotReady(COMMENT_REQUIRED)
    if decision != Decision.ADJUST:
        return own
    if wanted not in ADJUSTABLE:
        raise NotReady("Cần chọn kết quả sau điều chỉnh.")
    if wanted == own:
        raise NotReady("Kết quả điều chỉnh phải khác kết quả tự đánh giá.")
    return wanted
