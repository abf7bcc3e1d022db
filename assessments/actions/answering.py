"""Saving what the station found."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.moving import localised, move
from assessments.judging import judge
from assessments.models import Answer, Assessment, CriterionResult
from assessments.outcome import AnswerValue
from assessments.permissions import require_station
from assessments.readiness import latest_submission
from assessments.workflow import EDITABLE, Status
from criteria.models import Criterion


class VersionConflict(NotReady):
    """The criterion was saved elsewhere after this form was opened; both versions are kept."""

    def __init__(self, current: CriterionResult) -> None:
        when = localised(current.updated_at) if current.updated_at else ""
        super().__init__(
            f"Nội dung đã được thay đổi ở nơi khác lúc {when}. "
            "Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


def hold_editable(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Keep the file editable until the transaction ends, starting it when it was not started.

    Raises:
        NotReady: the file was submitted; says when and under which receipt.
    """
    if assessment.status == Status.NOT_STARTED:
        move(assessment, Status.IN_PROGRESS, by=by, now=now)
        return
    # An UPDATE that changes nothing still takes the row: no submission slips in between.
    held = Assessment.objects.filter(pk=assessment.pk, status__in=EDITABLE).update(
        status=F("status")
    )
    if not held:
        raise NotReady(sent_sentence(assessment))


def sent_sentence(assessment: Assessment) -> str:
    """Why a submitted file cannot be edited, with time and receipt."""
    submission = latest_submission(assessment)
    if submission is None:
        return "Phiếu không ở trạng thái cho phép sửa."
    return (
        f"Phiếu đã được gửi lúc {localised(submission.submitted_at)} "
        f"(mã tiếp nhận {submission.receipt}) nên không sửa được. "
        "Nội dung vừa nhập được giữ bên dưới để sao chép."
    )


def save_criterion(
    assessment: Assessment,
    criterion: Criterion,
    answers: Mapping[int, AnswerValue],
    *,
    note: str,
    version: int,
    by: User,
    now: datetime,
) -> CriterionResult:
    """Save all indicators of one criterion; outcome and reason come from the engine.

    `answers` holds a value for each answered indicator id; an indicator left out is unanswered.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable.
        VersionConflict: saved elsewhere since version `version` was shown.
    """
    require_station(assessment, by)
    judgement = judge(criterion, answers)
    with transaction.atomic():
        hold_editable(assessment, by=by, now=now)
        changed = CriterionResult.objects.filter(
            assessment=assessment, criterion=criterion, version=version
        ).update(
            outcome=judgement.total.outcome,
            reason=judgement.total.reason,
            note=note,
            version=F("version") + 1,
            updated_at=now,
            updated_by=by,
        )
        result = CriterionResult.objects.select_related("updated_by").get(
            assessment=assessment, criterion=criterion
        )
        if not changed:
            raise VersionConflict(result)
        indicators = [indicator.pk for indicator in criterion.indicators.all()]
        Answer.objects.filter(assessment=assessment, indicator__in=indicators).delete()
        Answer.objects.bulk_create(
            Answer(assessment=assessment, indicator_id=pk, **asdict(answers[pk]))
            for pk in indicators
            if pk in answers
        )
        audit.record(
            "answer_saved",
            assessment,
            by=by,
            now=now,
            province_code=assessment.unit.province.code,
            unit_id=assessment.unit_id,
            details={
                "criterion": criterion.code,
                "outcome": result.outcome,
                "version": result.version,
                "answers": {
                    indicator.code: asdict(answers[indicator.pk])
                    for indicator in criterion.indicators.all()
                    if indicator.pk in answers
                },
                "note": note,
            },
        )
    return result
