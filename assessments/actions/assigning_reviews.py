"""Who reviews what: the coordinator gives files to reviewers, who then take them up themselves."""

from datetime import datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.holding import all_or_nothing
from assessments.actions.moving import already_done, move
from assessments.actions.telling import tell_assigned_review
from assessments.models import Assessment, Verdict
from assessments.permissions import require_impartial, require_province
from assessments.readiness import require_open
from assessments.workflow import Status
from wards.models import Posting
from wards.postings import attach_scope

NOT_A_REVIEWER = "Người được giao không phải cán bộ thẩm định của tỉnh phụ trách đơn vị này."


def reviewers_of(provinces: frozenset[int], *, now: datetime) -> QuerySet[User]:
    """The people who review for these provinces today, by name."""
    postings = Posting.objects.active_on(timezone.localdate(now)).filter(
        role=Role.REVIEWER, province_id__in=provinces
    )
    return User.objects.filter(pk__in=postings.values("user"), is_active=True).order_by(
        "full_name", "pk"
    )


def assign(assessment: Assessment, reviewer: User | None, *, by: User, now: datetime) -> None:
    """Give a file to a reviewer, who finds it on top of the queue; None takes it from anyone.

    A file under review goes back to the queue with its new reviewer as long as the one in charge
    has written no verdict: nobody's work changes hands unasked. Once there are verdicts, putting
    the file back is a step of its own, which keeps them.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: the reviewer may not review it, it is not waiting for review, verdicts were
            written, or somebody else moved the file first.
    """
    require_province(assessment, by, Role.COORDINATOR)
    if reviewer is not None:
        _require_able(assessment, reviewer, now)
    target = reviewer.pk if reviewer else None
    if assessment.reviewer_id == target:
        return
    before = assessment.reviewer
    with all_or_nothing(assessment):
        held = Assessment.objects.filter(
            pk=assessment.pk, status=assessment.status, reviewer_id=assessment.reviewer_id
        ).update(status=F("status"))
        if not held:
            raise NotReady(already_done(assessment))
        require_open(assessment.round)
        if assessment.status == Status.UNDER_REVIEW:
            _require_untouched(assessment)
            move(assessment, Status.SUBMITTED, by=by, now=now, reviewer=None)
        if assessment.status != Status.SUBMITTED:
            status = Status(assessment.status).label
            raise NotReady(f"Phiếu đang ở trạng thái “{status}” nên không giao thẩm định được.")
        Assessment.objects.filter(pk=assessment.pk).update(reviewer=reviewer)
        assessment.reviewer = reviewer
        audit.record(
            "review_assigned",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "reviewer": reviewer.username if reviewer else "",
                "before": before.username if before else "",
            },
        )
        if reviewer is not None:
            tell_assigned_review(assessment, reviewer, by=by, now=now)


def _require_able(assessment: Assessment, reviewer: User, now: datetime) -> None:
    provinces = frozenset({assessment.unit.province_id})
    if not reviewers_of(provinces, now=now).filter(pk=reviewer.pk).exists():
        raise NotReady(NOT_A_REVIEWER)
    try:
        require_impartial(assessment, attach_scope(reviewer, timezone.localdate(now)))
    except NotAllowed as refusal:
        raise NotReady(
            f"Đồng chí {reviewer} có tham gia lập phiếu này nên không được giao thẩm định."
        ) from refusal


def _require_untouched(assessment: Assessment) -> None:
    written = Verdict.objects.filter(
        submission__assessment=assessment,
        submission__number=assessment.submissions_made,
        decided_by=assessment.reviewer,
        is_carried=False,
    ).count()
    if written:
        raise NotReady(
            f"Đồng chí {assessment.reviewer} đã ghi kết quả {written} tiêu chí. Hãy trả phiếu về "
            "hàng chờ trước (kết quả đã ghi vẫn được giữ), rồi giao cho cán bộ khác."
        )
