"""Who is told of which change of status.

Only people who serve at the station or in the province on the day are told, and never the one who
made the move. Reviewers of a whole province get one mail when their queue fills, not one for every
file; what concerns one reviewer's own file always comes by mail.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Role, User
from assessments.actions.audience import (
    codes,
    commanders,
    coordinators,
    file_of,
    in_charge,
    name_of,
    others,
    paragraphs,
    people_at,
    reasons,
    reviewers,
    short,
)
from assessments.deadlines import full_words
from assessments.models import Assessment, Decision, Submission, Transition, Verdict
from assessments.readiness import latest_submission
from assessments.workflow import Status
from criteria.scale import COUNTS_AS_MET
from wards.calendar import WorkingCalendar


def tell_of_move(
    assessment: Assessment, transition: Transition, *, details: dict[str, Any], now: datetime
) -> None:
    """Tell those whom this change of status concerns; many changes concern nobody else."""
    teller = MOVES_TOLD.get(transition.event)
    if teller is not None:
        teller(assessment, transition, details, now)


def _submitted(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    everyone = reviewers(assessment, now)
    own = in_charge(assessment, everyone)
    late = "Phiếu nộp sau hạn chung của kỳ." if now > assessment.round.deadline else ""
    if own:
        _tell(
            own,
            transition,
            title=f"{name_of(assessment)}: đã nộp {file_of(assessment)}, chờ đồng chí thẩm định",
            body=late,
            page="review",
        )
        return
    others_wait = (
        Assessment.objects.filter(
            unit__province=assessment.unit.province,
            status=Status.SUBMITTED,
            reviewer__isnull=True,
        )
        .exclude(pk=assessment.pk)
        .exists()
    )
    _tell(
        everyone,
        transition,
        title=f"{name_of(assessment)}: đã nộp {file_of(assessment)}, chờ nhận thẩm định",
        body=paragraphs(late, "Các phiếu nộp tiếp theo hiện ở hàng chờ trong hệ thống."),
        page="review",
        mail=not others_wait,
    )


def _resubmitted(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    everyone = reviewers(assessment, now)
    own = in_charge(assessment, everyone)
    asked = _asked(latest_submission(assessment))
    _tell(
        own or everyone,
        transition,
        title=f"{name_of(assessment)}: đã bổ sung và nộp lại {file_of(assessment)}, "
        f"chờ {'đồng chí thẩm định tiếp' if own else 'nhận thẩm định'}",
        body=paragraphs(
            f"Lần nộp thứ {assessment.submissions_made}. Phiếu đứng đầu hàng chờ; tiêu chí không "
            "thay đổi giữ nguyên kết quả thẩm định.",
            f"Tiêu chí đã yêu cầu bổ sung: {codes(asked)}." if asked else "",
        ),
        page="review",
    )


def _withdrawn(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    everyone = reviewers(assessment, now)
    own = in_charge(assessment, everyone)
    _tell(
        own or everyone,
        transition,
        title=f"{name_of(assessment)}: đã rút {file_of(assessment)} về để sửa",
        body="Phiếu không còn trong hàng chờ; khi được nộp lại, hệ thống báo đồng chí.",
        page="review",
        mail=bool(own),
    )


def _returned(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    submission = latest_submission(assessment)
    asked = _asked(submission)
    assigned = set(
        assessment.results.filter(
            assigned_to__isnull=False,
            criterion_id__in=[verdict.criterion_id for verdict in asked],
        ).values_list("assigned_to_id", flat=True)
    )
    officers = people_at(assessment.unit, Role.OFFICER, day=timezone.localdate(now))
    _tell(
        [*commanders(assessment, now), *(one for one in officers if one.pk in assigned)],
        transition,
        title=f"{name_of(assessment)}: {file_of(assessment)} được trả lại, cần bổ sung "
        f"{len(asked)} tiêu chí trước {full_words(assessment.due_at)}",
        body=paragraphs(
            f"Đồng chí {transition.made_by} nêu: {transition.comment}"
            if transition.comment
            else f"Đồng chí {transition.made_by} trả lại phiếu.",
            f"Cần bổ sung:\n{reasons(asked)}",
            "Các tiêu chí khác giữ nguyên; sửa xong, Trưởng Công an phường nộp lại phiếu.",
        ),
    )


def _verified(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    submission = latest_submission(assessment)
    verdicts = list(submission.verdicts.select_related("criterion")) if submission else []
    unmet = [verdict for verdict in verdicts if verdict.outcome not in COUNTS_AS_MET]
    title = (
        f"{name_of(assessment)}: đã có kết luận thẩm định {file_of(assessment)}, "
        f"{len(verdicts) - len(unmet)}/{len(verdicts)} tiêu chí đạt"
    )
    listed = (
        "Chưa đạt:\n"
        + "\n".join(
            f"- {one.criterion.code} {one.criterion.title} ({one.get_outcome_display()})"
            + (f": {short(one.comment)}" if one.comment else "")
            for one in unmet
        )
        if unmet
        else "Tất cả tiêu chí được thẩm định đạt."
    )
    contest = (
        "Nếu không nhất trí với kết quả của tiêu chí nào, Trưởng Công an phường được đề nghị phúc "
        f"tra một lần, đến hết ngày {_last_day_to_contest(now):%d/%m/%Y}."
        if unmet and settings.APPEAL_WORKING_DAYS > 0
        else ""
    )
    conclusion = f"Kết luận: {transition.comment}" if transition.comment else ""
    _tell(
        commanders(assessment, now),
        transition,
        title=title,
        body=paragraphs(conclusion, listed, contest),
    )
    _tell(
        coordinators(assessment, now),
        transition,
        title=title,
        body=listed,
        page="review",
        mail=False,
    )


def _reopened(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    title = f"{name_of(assessment)}: thẩm định {file_of(assessment)} được mở lại"
    body = f"Lý do: {transition.comment}"
    _tell(commanders(assessment, now), transition, title=title, body=body)
    own = in_charge(assessment, reviewers(assessment, now))
    _tell(own, transition, title=title, body=body, page="review")


def _proposed(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    _tell(
        commanders(assessment, now),
        transition,
        title=f"{name_of(assessment)}: đã được đề nghị công nhận năm {assessment.round.year}",
        body="Công an tỉnh đã đề nghị; chờ quyết định của Bộ trưởng Bộ Công an.",
    )


def _proposal_withdrawn(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    _tell(
        commanders(assessment, now),
        transition,
        title=f"{name_of(assessment)}: đề nghị công nhận năm {assessment.round.year} được rút lại",
        body=f"Lý do: {transition.comment}",
    )


def _recognised(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    number = details.get("decision", "")
    _tell(
        [*commanders(assessment, now), *coordinators(assessment, now)],
        transition,
        title=f"{name_of(assessment)}: được công nhận năm {assessment.round.year}",
        body=f"Theo Quyết định {number}." if number else "",
    )


def _not_recognised(
    assessment: Assessment, transition: Transition, details: dict[str, Any], now: datetime
) -> None:
    _tell(
        [*commanders(assessment, now), *coordinators(assessment, now)],
        transition,
        title=f"{name_of(assessment)}: không được công nhận năm {assessment.round.year}",
        body=f"Lý do: {transition.comment}",
    )


Teller = Callable[[Assessment, Transition, dict[str, Any], datetime], None]

MOVES_TOLD: dict[str, Teller] = {
    "assessment_submitted": _submitted,
    "assessment_resubmitted": _resubmitted,
    "assessment_withdrawn": _withdrawn,
    "assessment_returned": _returned,
    "assessment_verified": _verified,
    "review_reopened": _reopened,
    "recognition_proposed": _proposed,
    "proposal_withdrawn": _proposal_withdrawn,
    "unit_recognised": _recognised,
    "unit_not_recognised": _not_recognised,
}
"""Moves that somebody else has to know of, by event."""


def _tell(
    people: Iterable[User],
    transition: Transition,
    *,
    title: str,
    body: str = "",
    page: str = "assessment",
    mail: bool = True,
) -> None:
    notices.tell(
        others(people, transition.made_by_id),
        key=f"move:{transition.pk}",
        event=transition.event,
        title=title,
        body=body,
        path=reverse(page, args=[transition.assessment_id]),
        now=transition.made_at,
        mail=mail,
    )


def _last_day_to_contest(now: datetime) -> date:
    first = timezone.localdate(now)
    calendar = WorkingCalendar.load(date(first.year, 1, 1))
    return calendar.add_working_days(first, settings.APPEAL_WORKING_DAYS)


def _asked(submission: Submission | None) -> list[Verdict]:
    if submission is None:
        return []
    return list(
        submission.verdicts.filter(decision=Decision.MORE)
        .select_related("criterion")
        .order_by("criterion__position")
    )
