"""Phúc tra: the station contests a verdict once, and another reviewer decides.

All views stay: the station's answer in the submission, the first verdict frozen in the appeal, what
the station contests, and the decision.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.moving import already_done, localised
from assessments.actions.reviewing import ADJUSTABLE
from assessments.actions.telling import tell_appeal_decided, tell_appeal_filed
from assessments.deriving.keeping import in_step, touch
from assessments.models import Appeal, Assessment, Decision, Submission, Verdict
from assessments.permissions import require_impartial, require_province, require_station
from assessments.readiness import latest_submission, require_open
from assessments.workflow import Status
from criteria.models import Criterion
from criteria.scale import COUNTS_AS_MET
from wards.calendar import WorkingCalendar

ONLY_COMMANDER = "Chỉ Trưởng Công an phường được đề nghị phúc tra."
NOT_THE_FIRST = "Đồng chí đã thẩm định tiêu chí này; phúc tra do cán bộ thẩm định khác kết luận."
NOT_THE_CONCLUDING = (
    "Đồng chí đã kết luận thẩm định phiếu này; phúc tra do cán bộ thẩm định khác kết luận."
)
NOT_CONCLUDED = (
    "Chỉ đề nghị và kết luận phúc tra khi phiếu ở trạng thái “Đã thẩm định”. "
    "Nội dung vừa nhập được giữ bên dưới."
)
NOT_CONTESTABLE = (
    "Kết quả thẩm định tiêu chí này trùng với kết quả tự đánh giá đạt nên không có gì để phúc tra."
)
TEXT_REQUIRED = "Cần nêu nội dung đề nghị phúc tra."
COMMENT_REQUIRED = "Cần nêu ý kiến phúc tra."
OUTCOME_REQUIRED = "Cần chọn kết quả phúc tra."


@dataclass(frozen=True, slots=True)
class Window:
    """Until when verdicts may be contested: the end of a working day, Vietnamese time."""

    closes_at: datetime
    working_days: int
    days_left: int
    """Working days left after today; 0 on the last day and later."""
    is_open: bool
    unknown_years: tuple[int, ...]
    """Years within the period of whose public holidays nothing is known."""


def window(verified_at: datetime, *, now: datetime) -> Window:
    """The period that a conclusion opens, as seen at `now`, in one query."""
    first, today = timezone.localdate(verified_at), timezone.localdate(now)
    calendar = WorkingCalendar.load(date(first.year, 1, 1))
    days: int = settings.APPEAL_WORKING_DAYS
    last = calendar.add_working_days(first, days) if days > 0 else first
    closes_at = timezone.make_aware(datetime.combine(last, time.max))
    return Window(
        closes_at=closes_at,
        working_days=days,
        days_left=calendar.working_days_between(today, last),
        is_open=now <= closes_at,
        unknown_years=tuple(
            year for year in range(first.year, last.year + 1) if year not in calendar.years
        ),
    )


def too_late(closes_at: datetime) -> str:
    """What whoever contests after the period reads."""
    return (
        f"Hết hạn đề nghị phúc tra lúc {localised(closes_at)} (giờ Việt Nam). "
        "Đề nghị chưa được ghi; nội dung vừa nhập được giữ bên dưới để sao chép."
    )


def is_contestable(verdict: Verdict, own: str) -> bool:
    """Whether there is something to contest: another result than the station's, or one not met."""
    return verdict.outcome != own or verdict.outcome not in COUNTS_AS_MET


def own_outcome(submission: Submission, criterion: Criterion) -> str:
    """What the station found of this criterion when it handed in."""
    return str(submission.snapshot["criteria"][criterion.code]["outcome"])


def require_contesting(assessment: Assessment, user: User) -> None:
    """The commander of this station.

    Raises:
        NotAllowed: an officer, or somebody of another station.
    """
    require_station(assessment, user)
    if assessment.unit_id not in user.scope.commands:
        raise NotAllowed(ONLY_COMMANDER)


def require_deciding(appeal: Appeal, user: User) -> None:
    """A reviewer of the province with no part in the file, its verdict or its conclusion.

    A verdict carried over from an earlier submission names its author; whoever concluded the file
    with it stands behind it, too.

    Raises:
        NotAllowed: anyone else.
    """
    require_province(appeal.assessment, user, Role.REVIEWER)
    require_impartial(appeal.assessment, user)
    if appeal.first_by_id == user.pk:
        raise NotAllowed(NOT_THE_FIRST)
    if appeal.assessment.verified_by_id == user.pk:
        raise NotAllowed(NOT_THE_CONCLUDING)


def file_appeal(
    assessment: Assessment, criterion: Criterion, *, text: str, by: User, now: datetime
) -> Appeal:
    """Contest the verdict on one criterion, with the first verdict frozen beside the text.

    Raises:
        NotAllowed: not the commander of the station.
        NotReady: not concluded, too late, contested before, nothing to contest, or no text.
    """
    require_contesting(assessment, by)
    text = text.strip()
    with transaction.atomic():
        verified_at = _hold_verified(assessment)
        period = window(verified_at, now=now)
        if not period.is_open:
            raise NotReady(too_late(period.closes_at))
        earlier = Appeal.objects.filter(assessment=assessment, criterion=criterion).first()
        if earlier is not None:
            raise NotReady(
                f"Tiêu chí {criterion.code} đã được đề nghị phúc tra lúc "
                f"{localised(earlier.filed_at)}; mỗi tiêu chí chỉ đề nghị một lần."
            )
        if not text:
            raise NotReady(TEXT_REQUIRED)
        submission = latest_submission(assessment)
        verdict = (
            Verdict.objects.filter(submission=submission, criterion=criterion).first()
            if submission
            else None
        )
        if submission is None or verdict is None:
            raise NotReady(NOT_CONCLUDED)
        if not is_contestable(verdict, own_outcome(submission, criterion)):
            raise NotReady(NOT_CONTESTABLE)
        appeal = Appeal.objects.create(
            assessment=assessment,
            submission=submission,
            criterion=criterion,
            text=text,
            filed_at=now,
            filed_by=by,
            first_decision=verdict.decision,
            first_outcome=verdict.outcome,
            first_comment=verdict.comment,
            first_at=verdict.decided_at,
            first_by=verdict.decided_by,
        )
        audit.record(
            "appeal_filed",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "criterion": criterion.code,
                "text": text,
                "receipt": submission.receipt,
                "first": {
                    "decision": verdict.decision,
                    "outcome": verdict.outcome,
                    "comment": verdict.comment,
                    "by": verdict.decided_by.username,
                },
            },
        )
        tell_appeal_filed(appeal, now=now)
    return appeal


def decide_appeal(appeal: Appeal, *, outcome: str, comment: str, by: User, now: datetime) -> Appeal:
    """Decide what was contested; the verdict changes only when its outcome does.

    Raises:
        NotAllowed: the first or the concluding reviewer, somebody with a part in the file, or of
            another province.
        NotReady: decided by somebody else meanwhile, not concluded, or no outcome or comment.
    """
    require_deciding(appeal, by)
    comment = comment.strip()
    assessment = appeal.assessment
    with in_step():
        _hold_verified(assessment)
        if outcome not in ADJUSTABLE:
            raise NotReady(OUTCOME_REQUIRED)
        if not comment:
            raise NotReady(COMMENT_REQUIRED)
        changed = Appeal.objects.filter(pk=appeal.pk, decided_at__isnull=True).update(
            outcome=outcome, comment=comment, decided_at=now, decided_by=by
        )
        appeal = Appeal.objects.with_views().get(pk=appeal.pk)
        if not changed:
            raise NotReady(already_decided(appeal))
        if outcome != appeal.first_outcome:
            touch(assessment)
            own = own_outcome(appeal.submission, appeal.criterion)
            Verdict.objects.filter(submission=appeal.submission, criterion=appeal.criterion).update(
                decision=Decision.ACCEPT if outcome == own else Decision.ADJUST,
                outcome=outcome,
                comment=comment,
                decided_at=now,
                decided_by=by,
                is_carried=False,
                version=F("version") + 1,
            )
        audit.record(
            "appeal_decided",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "criterion": appeal.criterion.code,
                "first_outcome": appeal.first_outcome,
                "outcome": outcome,
                "comment": comment,
                "receipt": appeal.submission.receipt,
            },
        )
        tell_appeal_decided(appeal, now=now)
    return appeal


def already_decided(appeal: Appeal) -> str:
    """Who decided first, for the one who came second (MDONE)."""
    if appeal.decided_at is None:
        return ""
    return (
        f"Đồng chí {appeal.decided_by} đã kết luận phúc tra tiêu chí {appeal.criterion.code} lúc "
        f"{localised(appeal.decided_at)}; thao tác của đồng chí chưa được ghi."
    )


def _hold_verified(assessment: Assessment) -> datetime:
    """Keep the file concluded until the transaction ends; the moment of the conclusion."""
    held = Assessment.objects.filter(pk=assessment.pk, status=Status.VERIFIED).update(
        status=F("status")
    )
    verified_at = (
        Assessment.objects.filter(pk=assessment.pk).values_list("verified_at", flat=True).first()
    )
    if not held or verified_at is None:
        if assessment.status == Status.VERIFIED:
            raise NotReady(already_done(assessment))
        raise NotReady(NOT_CONCLUDED)
    require_open(assessment.round)
    return verified_at
