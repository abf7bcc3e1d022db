"""The life-cycle of an assessment as plain tables. docs/workflow.md is generated from them."""

from dataclasses import dataclass

from django.db import models

from accounts.roles import Role


class Status(models.TextChoices):
    """Where an assessment stands."""

    NOT_STARTED = "not_started", "Chưa bắt đầu"
    IN_PROGRESS = "in_progress", "Đang tự đánh giá"
    SUBMITTED = "submitted", "Đã nộp, chờ thẩm định"
    UNDER_REVIEW = "under_review", "Đang thẩm định"
    RETURNED = "returned", "Trả lại để bổ sung"
    VERIFIED = "verified", "Đã thẩm định"
    PROPOSED = "proposed", "Đã đề nghị công nhận"
    RECOGNISED = "recognised", "Đã được công nhận"
    NOT_RECOGNISED = "not_recognised", "Không được công nhận"


OWNER: dict[Status, Role | None] = {
    Status.NOT_STARTED: Role.COMMANDER,
    Status.IN_PROGRESS: Role.COMMANDER,
    Status.SUBMITTED: Role.REVIEWER,
    Status.UNDER_REVIEW: Role.REVIEWER,
    Status.RETURNED: Role.COMMANDER,
    Status.VERIFIED: Role.COORDINATOR,
    Status.PROPOSED: Role.COORDINATOR,
    Status.RECOGNISED: None,
    Status.NOT_RECOGNISED: None,
}
"""Whose turn it is; None when the road has ended."""

NEXT_STEP: dict[Status, str] = {
    Status.NOT_STARTED: "Công an phường bắt đầu tự đánh giá.",
    Status.IN_PROGRESS: "Công an phường hoàn thành các tiêu chí và nộp phiếu.",
    Status.SUBMITTED: "Công an tỉnh nhận phiếu và thẩm định.",
    Status.UNDER_REVIEW: "Cán bộ thẩm định kết luận từng tiêu chí.",
    Status.RETURNED: "Công an phường bổ sung theo ý kiến và nộp lại.",
    Status.VERIFIED: "Công an tỉnh xem xét đề nghị Bộ Công an công nhận.",
    Status.PROPOSED: "Chờ quyết định của Bộ trưởng Bộ Công an.",
    Status.RECOGNISED: "Duy trì kết quả.",
    Status.NOT_RECOGNISED: "Khắc phục và đăng ký kỳ sau.",
}

COLOUR: dict[Status, str] = {
    Status.NOT_STARTED: "state-unanswered",
    Status.IN_PROGRESS: "state-working",
    Status.SUBMITTED: "state-working",
    Status.UNDER_REVIEW: "state-working",
    Status.RETURNED: "state-not-met",
    Status.VERIFIED: "state-working",
    Status.PROPOSED: "state-working",
    Status.RECOGNISED: "state-met",
    Status.NOT_RECOGNISED: "state-not-met",
}

ICON: dict[Status, str] = {
    Status.NOT_STARTED: "circle",
    Status.IN_PROGRESS: "pencil-square",
    Status.SUBMITTED: "send",
    Status.UNDER_REVIEW: "search",
    Status.RETURNED: "arrow-return-left",
    Status.VERIFIED: "check2-square",
    Status.PROPOSED: "file-earmark-arrow-up",
    Status.RECOGNISED: "award",
    Status.NOT_RECOGNISED: "x-circle-fill",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted change of status: who makes it and what the audit trail calls it."""

    source: Status
    target: Status
    roles: frozenset[Role]
    event: str
    label: str


def _move(source: Status, target: Status, event: str, label: str, *roles: Role) -> Move:
    return Move(source, target, frozenset(roles), event, label)


MOVES: tuple[Move, ...] = (
    _move(
        Status.NOT_STARTED,
        Status.IN_PROGRESS,
        "assessment_started",
        "Bắt đầu",
        Role.COMMANDER,
        Role.OFFICER,
    ),
    _move(Status.IN_PROGRESS, Status.SUBMITTED, "assessment_submitted", "Nộp", Role.COMMANDER),
    _move(Status.RETURNED, Status.SUBMITTED, "assessment_resubmitted", "Nộp lại", Role.COMMANDER),
    _move(
        Status.SUBMITTED,
        Status.IN_PROGRESS,
        "assessment_withdrawn",
        "Rút về để sửa",
        Role.COMMANDER,
    ),
    _move(Status.SUBMITTED, Status.UNDER_REVIEW, "review_started", "Nhận thẩm định", Role.REVIEWER),
    _move(
        Status.UNDER_REVIEW,
        Status.SUBMITTED,
        "review_released",
        "Trả về hàng chờ",
        Role.REVIEWER,
        Role.COORDINATOR,
    ),
    _move(Status.UNDER_REVIEW, Status.RETURNED, "assessment_returned", "Trả lại", Role.REVIEWER),
    _move(Status.UNDER_REVIEW, Status.VERIFIED, "assessment_verified", "Kết luận", Role.REVIEWER),
    _move(
        Status.VERIFIED,
        Status.UNDER_REVIEW,
        "review_reopened",
        "Mở lại thẩm định",
        Role.COORDINATOR,
    ),
    _move(
        Status.VERIFIED,
        Status.PROPOSED,
        "recognition_proposed",
        "Đề nghị công nhận",
        Role.COORDINATOR,
    ),
    _move(
        Status.PROPOSED,
        Status.VERIFIED,
        "proposal_withdrawn",
        "Rút đề nghị",
        Role.COORDINATOR,
    ),
    _move(
        Status.PROPOSED,
        Status.RECOGNISED,
        "unit_recognised",
        "Ghi nhận công nhận",
        Role.COORDINATOR,
    ),
    _move(
        Status.PROPOSED,
        Status.NOT_RECOGNISED,
        "unit_not_recognised",
        "Ghi nhận không công nhận",
        Role.COORDINATOR,
    ),
)

EDITABLE = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.RETURNED})
"""Statuses in which the station may change its answers."""

CONCLUDED = frozenset({Status.VERIFIED, Status.PROPOSED, Status.RECOGNISED, Status.NOT_RECOGNISED})
"""Statuses in which the province's conclusion stands."""


def find_move(source: str, target: Status) -> Move | None:
    """The move from one status to another, or None when the table has none."""
    return next((m for m in MOVES if m.source == source and m.target == target), None)
