"""Who is told of what is not a change of status: receipts, deadlines, assignments, appeals."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Role, User
from assessments.actions.audience import (
    commanders,
    file_of,
    name_of,
    others,
    paragraphs,
    people_of,
    reviewers,
    short,
)
from assessments.deadlines import clock_words, full_words
from assessments.models import (
    Appeal,
    Assessment,
    DeadlineExtension,
    Submission,
)
from criteria.models import Criterion


def tell_receipt(submission: Submission, *, now: datetime) -> None:
    """Confirm to the station's commander that the file was taken in, with its receipt code."""
    assessment = submission.assessment
    notices.tell(
        commanders(assessment, now),
        key=f"receipt:{submission.pk}",
        event="assessment_received",
        title=f"{name_of(assessment)}: {file_of(assessment)} đã được tiếp nhận, "
        f"mã {submission.receipt}",
        body=paragraphs(
            f"Nộp lúc {clock_words(submission.submitted_at)}"
            f"{', theo gia hạn' if submission.is_late else ''}; tự đánh giá đạt "
            f"{submission.met}/{submission.of} tiêu chí.",
            "Không cần gửi lại. Phiếu còn rút về được đến khi cán bộ thẩm định nhận.",
        ),
        path=reverse("receipt", args=[assessment.pk]),
        now=now,
    )


def tell_assigned_review(
    assessment: Assessment, reviewer: User, *, by: User, now: datetime
) -> None:
    """Tell a reviewer that a coordinator gave them this file."""
    notices.tell(
        others([reviewer], by.pk),
        key=f"review-assigned:{assessment.pk}:{now.isoformat()}",
        event="review_assigned",
        title=f"{name_of(assessment)}: {file_of(assessment)} được giao cho đồng chí thẩm định",
        body=f"Người giao: đồng chí {by}.",
        path=reverse("review", args=[assessment.pk]),
        now=now,
    )


def tell_extended(extension: DeadlineExtension, *, now: datetime) -> None:
    """Tell the station's commander of the new deadline, its reason and who approved it."""
    assessment = extension.assessment
    notices.tell(
        commanders(assessment, now),
        key=f"extension:{extension.pk}",
        event="deadline_extended",
        title=f"{name_of(assessment)}: hạn nộp {file_of(assessment)} được lùi đến "
        f"{full_words(extension.until)}",
        body=f"Hạn cũ: {clock_words(extension.before)}. Lý do: {extension.reason}\n"
        f"Người phê duyệt: {extension.approver}.",
        path=reverse("assessment", args=[assessment.pk]),
        now=now,
    )


def tell_criterion_assigned(
    assessment: Assessment, criteria: Sequence[Criterion], to: User, *, by: User, now: datetime
) -> None:
    """Tell somebody which criteria of the station's file are theirs now; one notice for all."""
    listed = "\n".join(f"- {criterion.code} {criterion.title}" for criterion in criteria)
    notices.tell(
        others([to], by.pk),
        key=f"criterion-assigned:{assessment.pk}:{now.isoformat()}",
        event="criterion_assigned",
        title=f"{name_of(assessment)}: đồng chí được giao {len(criteria)} tiêu chí của "
        f"{file_of(assessment)}",
        body=paragraphs(listed, f"Hạn nộp của phiếu: {full_words(assessment.due_at)}."),
        path=reverse("assessment", args=[assessment.pk]),
        now=now,
    )


def tell_appeal_filed(appeal: Appeal, *, now: datetime) -> None:
    """Tell the province's coordinators and the reviewers who may decide.

    Appeals on several criteria of a file on one day are one notice.
    """
    assessment = appeal.assessment
    day = timezone.localdate(now)
    deciding = people_of(assessment.unit.province, Role.COORDINATOR, Role.REVIEWER, day=day)
    notices.tell(
        others(deciding, appeal.first_by_id),
        key=f"appeal-filed:{assessment.pk}:{day:%Y-%m-%d}",
        event="appeal_filed",
        title=f"{name_of(assessment)}: đề nghị phúc tra {file_of(assessment)}",
        body="Cần một cán bộ thẩm định khác, không phải người đã thẩm định tiêu chí, kết luận. "
        f"Tiêu chí đầu tiên được đề nghị: {appeal.criterion.code} {appeal.criterion.title}.",
        path=reverse("appeal_list"),
        now=now,
    )


def tell_appeal_decided(appeal: Appeal, *, now: datetime) -> None:
    """Tell the station's commander, and in the portal the reviewer whose verdict was contested."""
    assessment = appeal.assessment
    changed = appeal.outcome != appeal.first_outcome
    title = (
        f"{name_of(assessment)}: phúc tra tiêu chí {appeal.criterion.code} "
        f"{'thay đổi kết quả' if changed else 'giữ nguyên kết quả'}"
    )
    body = paragraphs(
        f"Thẩm định: {appeal.get_first_outcome_display()}. "
        f"Phúc tra: {appeal.get_outcome_display()}.",
        f"Ý kiến phúc tra: {short(appeal.comment)}" if appeal.comment else "",
    )
    key = f"appeal-decided:{appeal.pk}"
    notices.tell(
        commanders(assessment, now),
        key=key,
        event="appeal_decided",
        title=title,
        body=body,
        path=reverse("appeals", args=[assessment.pk]),
        now=now,
    )
    first = [one for one in reviewers(assessment, now) if one.pk == appeal.first_by_id]
    notices.tell(
        first,
        key=key,
        event="appeal_decided",
        title=title,
        body=body,
        path=reverse("appeal", args=[appeal.pk]),
        now=now,
        mail=False,
    )
