"""What every page of a review starts from: the file in scope, and why a button is disabled."""

import uuid
from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.access import PortalRequest, Refusal
from accounts.models import Role, User
from assessments.models import Assessment
from assessments.permissions import (
    require_impartial,
    require_province,
    require_reviewer_in_charge,
)
from assessments.views.blindness import require_sighted
from assessments.workflow import Status


def fetch(request: PortalRequest, pk: uuid.UUID) -> Assessment:
    """The assessment, or 404 when it is out of this person's reach.

    Raises:
        NotAllowed: the person may still review it a second time, blindly.
    """
    visible = Assessment.objects.visible_to(request.user).with_places()
    assessment = get_object_or_404(visible.select_related("verified_by"), pk=pk)
    require_sighted(assessment, request.user)
    return assessment


def crumbs(assessment: Assessment, current: str = "") -> list[tuple[str, str]]:
    """The way from the queue to this page."""
    unit = assessment.unit.heading_name
    queue = ("Thẩm định", reverse("review_queue"))
    if not current:
        return [queue, (unit, "")]
    return [queue, (unit, reverse("review", args=[assessment.pk])), (current, "")]


def sentence_of(check: Callable[..., None], *args: Any) -> str:
    """Why a check refuses; empty when it does not."""
    try:
        check(*args)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _require_claimable(assessment: Assessment, user: User) -> None:
    require_province(assessment, user, Role.REVIEWER)
    require_impartial(assessment, user)


def why_not_claim(assessment: Assessment, user: User) -> str:
    """Why this person cannot take a submitted file; empty when they can."""
    if assessment.status != Status.SUBMITTED:
        return assessment.next_step
    return sentence_of(_require_claimable, assessment, user)


def assigned_elsewhere(assessment: Assessment, user: User) -> bool:
    """Whether a waiting file is assigned to somebody else."""
    return (
        assessment.status == Status.SUBMITTED
        and assessment.reviewer_id is not None
        and assessment.reviewer_id != user.pk
    )


def why_not_review(assessment: Assessment, user: User) -> str:
    """Why this person cannot write verdicts now; empty when they can."""
    if assessment.status == Status.SUBMITTED:
        refused = why_not_claim(assessment, user)
        if not refused and assigned_elsewhere(assessment, user):
            return f"Phiếu đã được giao cho đồng chí {assessment.reviewer}, chưa nhận thẩm định."
        return refused or "Đồng chí cần nhận thẩm định trước khi ghi kết quả."
    if assessment.status != Status.UNDER_REVIEW:
        status = Status(assessment.status).label
        return f"Phiếu đang ở trạng thái “{status}” nên kết quả thẩm định chỉ xem, không sửa."
    return sentence_of(require_reviewer_in_charge, assessment, user)


def may_release(assessment: Assessment, user: User, *, is_in_charge: bool) -> bool:
    """Whether this person may put the file back into the queue."""
    if assessment.status != Status.UNDER_REVIEW:
        return False
    return is_in_charge or user.scope.serves(Role.COORDINATOR, assessment.unit.province_id)
