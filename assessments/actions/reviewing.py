"""The province's review: claim, find, return or conclude. Both answers are kept side by side."""

from datetime import datetime
from typing import Any

from django.db.models import F

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.extending import correction_due
from assessments.actions.holding import all_or_nothing
from assessments.actions.moving import already_done, localised, move
from assessments.actions.second_look import draw_second_reviews, require_no_open_appeal
from assessments.deriving.keeping import touch
from assessments.models import (
    Appeal,
    Assessment,
    Decision,
    ExplanationVerdict,
    Submission,
    Transition,
    Verdict,
)
from assessments.permissions import NOT_YOUR_REVIEW, require_impartial, require_province
from assessments.readiness import Gap, latest_submission, require_open, review_gaps
from assessments.workflow import Status
from criteria.models import Criterion
from criteria.scale import COUNTS_AS_MET, Outcome

SUBMITTED_AGAIN = (
    "Đơn vị đã nộp lại phiếu sau khi đồng chí mở trang này. Thao tác chưa được ghi; nội dung vừa "
    "nhập được giữ bên dưới, hãy đối chiếu với bản nộp mới rồi ghi lại."
)
EXPLANATION_UNJUDGED = "Cần chọn chấp nhận hay không chấp nhận giải trình của đơn vị."
EXPLANATION_REJECTED = (
    "Không công nhận “Đạt” được khi không có tài liệu kiểm chứng và giải trình không được chấp "
    "nhận; hãy điều chỉnh kết quả hoặc yêu cầu bổ sung."
)
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


def claim(
    assessment: Assessment, *, by: User, now: datetime, instead_of_assigned: bool = False
) -> None:
    """Take a submitted file for review.

    A file assigned to somebody else is taken only knowingly, with `instead_of_assigned`.

    Raises:
        NotAllowed: not a reviewer of the province, or took part in the file.
        NotReady: another reviewer took it first, or it is assigned to another one.
    """
    require_province(assessment, by, Role.REVIEWER)
    require_impartial(assessment, by)
    with all_or_nothing(assessment):
        # The page that was read shows to whom the file was assigned: that, too, must still hold.
        held = Assessment.objects.filter(
            pk=assessment.pk, status=Status.SUBMITTED, reviewer_id=assessment.reviewer_id
        ).update(status=F("status"))
        if not held:
            raise NotReady(already_done(assessment))
        assigned = assessment.reviewer
        if assigned is not None and assigned != by and not instead_of_assigned:
            raise NotReady(
                f"Phiếu này đã được giao cho đồng chí {assigned}. Nếu cần nhận thay, đồng chí mở "
                "phiếu và bấm “Nhận thay”."
            )
        move(
            assessment,
            Status.UNDER_REVIEW,
            by=by,
            now=now,
            details={"assigned_to": assigned.username if assigned else ""},
            reviewer=by,
        )


def release(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Put a claimed file back into the queue; verdicts given so far stay.

    Raises:
        NotAllowed: neither the reviewer in charge nor a coordinator of the province.
        NotReady: the file is not under review.
    """
    if not by.scope.serves(Role.COORDINATOR, assessment.unit.province_id):
        require_in_charge(assessment, by)
    with all_or_nothing(assessment):
        move(assessment, Status.SUBMITTED, by=by, now=now, reviewer=None)


def require_in_charge(assessment: Assessment, by: User) -> None:
    """The reviewer in charge; one who was until somebody moved the file learns who and when.

    Raises:
        NotAllowed: never was in charge, or took part in the file.
        NotReady: was in charge, and the file moved on meanwhile.
    """
    require_province(assessment, by, Role.REVIEWER)
    require_impartial(assessment, by)
    if assessment.reviewer_id == by.pk:
        return
    if _took_up(assessment, by):
        raise NotReady(already_done(assessment))
    raise NotAllowed(NOT_YOUR_REVIEW)


def save_verdict(
    assessment: Assessment,
    criterion: Criterion,
    *,
    decision: str,
    outcome: str = "",
    comment: str,
    explanation: str = "",
    version: int,
    submission: int | None = None,
    by: User,
    now: datetime,
) -> Verdict:
    """Record the verdict on one criterion of the latest submission.

    Accepting takes the station's outcome; adjusting needs another `outcome`; both adjusting and
    asking for more need a comment. Where the station explains itself instead of showing evidence,
    `explanation` accepts or rejects that. `version` is that of the verdict shown, 0 when there was
    none; `submission` is the number of the submission shown, when a page showed one.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review, another submission came, the parts do not fit each other, or an
            appeal against this reviewer's own verdict was decided on what still is handed in.
        VerdictConflict: saved elsewhere meanwhile.
    """
    require_in_charge(assessment, by)
    comment = comment.strip()
    with all_or_nothing(assessment):
        handed_in = _hold_under_review(assessment, submission)
        entry = handed_in.snapshot["criteria"][criterion.code]
        _require_not_overruled(assessment, criterion, entry, by)
        own = entry["outcome"]
        found = _checked_outcome(Decision(decision), own, outcome, comment)
        _check_explanation(entry, Decision(decision), explanation)
        values = {
            "decision": decision,
            "outcome": found,
            "comment": comment,
            "explanation": explanation,
            "decided_at": now,
            "decided_by": by,
            "is_carried": False,
        }
        existing = Verdict.objects.filter(submission=handed_in, criterion=criterion)
        if version == 0 and not existing.exists():
            verdict = Verdict.objects.create(submission=handed_in, criterion=criterion, **values)
        else:
            changed = existing.filter(version=version).update(version=F("version") + 1, **values)
            found_now = existing.select_related("decided_by").first()
            if found_now is None:
                raise NotReady("Tiêu chí này chưa có kết quả thẩm định để thay. Hãy tải lại trang.")
            if not changed:
                raise VerdictConflict(found_now)
            verdict = found_now
        if assessment.states.exclude(verified_outcomes="").exists():
            # Once concluded and opened again: what stood on those days is told by the verdicts.
            touch(assessment)
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
                "explanation": explanation,
                "receipt": handed_in.receipt,
            },
        )
    return verdict


def return_to_station(
    assessment: Assessment,
    *,
    comment: str,
    submission: int | None = None,
    by: User,
    now: datetime,
) -> None:
    """Send the file back, with the reasons that stand at its criteria and a new deadline.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review, another submission came, or no criterion asks for more.
    """
    require_in_charge(assessment, by)
    with all_or_nothing(assessment):
        handed_in = _hold_under_review(assessment, submission)
        asked = list(handed_in.verdicts.filter(decision=Decision.MORE).select_related("criterion"))
        if not asked:
            raise NotReady(
                "Chưa trả lại được: cần chọn “Yêu cầu bổ sung” và nêu lý do ở ít nhất một tiêu chí."
            )
        # More time may have been granted since this copy was read.
        assessment.refresh_from_db(fields=["due_at"])
        due = correction_due(assessment, now=now)
        move(
            assessment,
            Status.RETURNED,
            by=by,
            now=now,
            comment=comment.strip(),
            details={
                "receipt": handed_in.receipt,
                "reasons": {verdict.criterion.code: verdict.comment for verdict in asked},
                "due_at": due.isoformat(),
            },
            due_at=due,
        )


def conclude(
    assessment: Assessment,
    *,
    comment: str,
    submission: int | None = None,
    by: User,
    now: datetime,
) -> None:
    """Conclude the review: every criterion has a verdict and none asks for more.

    Raises:
        NotAllowed: not the reviewer in charge.
        NotReady: not under review, or another submission came.
        ReviewIncomplete: criteria without a verdict, or to be completed.
    """
    require_in_charge(assessment, by)
    with all_or_nothing(assessment):
        handed_in = _hold_under_review(assessment, submission)
        found = review_gaps(handed_in)
        if found:
            raise ReviewIncomplete(found)
        move(
            assessment,
            Status.VERIFIED,
            by=by,
            now=now,
            comment=comment.strip(),
            details={"receipt": handed_in.receipt, "snapshot": handed_in.sha256},
            verified_at=now,
            verified_by=by,
            conclusion=comment.strip(),
        )
        draw_second_reviews(handed_in, now=now)


def reopen(assessment: Assessment, *, comment: str, by: User, now: datetime) -> None:
    """Open a concluded review again, e.g. when a title that was awaited has been decided.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: the file is not at this stage, a verdict is contested, or no reason is given.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if not comment.strip():
        raise NotReady("Cần nêu lý do mở lại thẩm định.")
    with all_or_nothing(assessment):
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
        # Asked once the row is ours: no appeal comes between the question and the move.
        require_no_open_appeal(assessment, "mở lại thẩm định")


def _took_up(assessment: Assessment, by: User) -> bool:
    return Transition.objects.filter(
        assessment=assessment, target=Status.UNDER_REVIEW, made_by=by
    ).exists()


def _hold_under_review(assessment: Assessment, number: int | None) -> Submission:
    """Lock the file for this transaction and read the submission that the reviewer looked at."""
    held = Assessment.objects.filter(
        pk=assessment.pk, status=Status.UNDER_REVIEW, reviewer_id=assessment.reviewer_id
    ).update(status=F("status"))
    submission = latest_submission(assessment)
    if not held or submission is None:
        raise NotReady(already_done(assessment))
    if number is not None and number != submission.number:
        raise NotReady(SUBMITTED_AGAIN)
    require_open(assessment.round)
    # A copy read before the file came back would move it from a status it no longer has.
    assessment.status = Status.UNDER_REVIEW
    return submission


def explanation_rule(entry: dict[str, Any], decision: str, explanation: str) -> str:
    """Why a verdict does not fit the station's explanation; empty when it does.

    `entry` is what the submission says of the criterion. Form and action ask the same question.
    """
    if not entry["explanation"]:
        return "" if not explanation else "Đơn vị không gửi giải trình ở tiêu chí này."
    if explanation not in ExplanationVerdict.values:
        return EXPLANATION_UNJUDGED
    unproved = entry["outcome"] in COUNTS_AS_MET and not entry["evidence"]
    if explanation == ExplanationVerdict.REJECTED and unproved and decision == Decision.ACCEPT:
        return EXPLANATION_REJECTED
    return ""


def _require_not_overruled(
    assessment: Assessment, criterion: Criterion, entry: dict[str, Any], by: User
) -> None:
    """Whoever was contested does not change what another reviewer decided on the same answer."""
    appeal = (
        Appeal.objects.filter(
            assessment=assessment, criterion=criterion, first_by=by, decided_at__isnull=False
        )
        .select_related("submission", "decided_by")
        .first()
    )
    if appeal is None or appeal.decided_at is None:
        return
    if appeal.submission.snapshot["criteria"][criterion.code] != entry:
        return
    raise NotReady(
        f"Đồng chí {appeal.decided_by} đã kết luận phúc tra tiêu chí {criterion.code} lúc "
        f"{localised(appeal.decided_at)}; người đã thẩm định lần đầu không sửa kết quả này. Nếu có "
        "tình tiết mới, đề nghị cán bộ tổng hợp giao phiếu cho cán bộ thẩm định khác."
    )


def _check_explanation(entry: dict[str, Any], decision: str, explanation: str) -> None:
    if sentence := explanation_rule(entry, decision, explanation):
        raise NotReady(sentence)


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
