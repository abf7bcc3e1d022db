"""Saving what the station found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, F
from django.db.models.expressions import Combinable

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.moving import localised, move
from assessments.deriving.days import day_of
from assessments.deriving.keeping import answered, in_step
from assessments.judging import judge, values_by_indicator
from assessments.models import Answer, Assessment, CriterionResult, RoundLock
from assessments.outcome import AnswerValue, Judgement
from assessments.permissions import require_station
from assessments.readiness import latest_submission, require_open
from assessments.workflow import EDITABLE, Status
from criteria.models import Criterion, Round
from criteria.scale import Outcome

NOT_EDITABLE = "Phiếu không ở trạng thái cho phép sửa."
ANSWER_PARTS = [part.name for part in fields(AnswerValue)]


class VersionConflict(NotReady):
    """The criterion was saved elsewhere after this form was opened; both versions are kept."""

    def __init__(self, current: CriterionResult) -> None:
        when = localised(current.updated_at) if current.updated_at else ""
        super().__init__(
            f"Nội dung đã được thay đổi ở nơi khác lúc {when}. "
            "Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class Stored:
    """A criterion as it was read: its result, and its answers at that version."""

    result: CriterionResult
    values: Mapping[int, AnswerValue]

    @classmethod
    def read(cls, assessment: Assessment, criterion: Criterion) -> Self:
        """What is stored now."""
        result = CriterionResult.objects.select_related("updated_by", "carried_from").get(
            assessment=assessment, criterion=criterion
        )
        answers = assessment.answers.filter(indicator__criterion=criterion)
        return cls(result, values_by_indicator(answers))

    def says(
        self,
        answers: Mapping[int, AnswerValue],
        *,
        note: str,
        explanation: str | None,
        confirmed: bool,
    ) -> bool:
        """Whether saving these would change nothing."""
        return (
            answers == self.values
            and note == self.result.note
            and explanation in {None, self.result.explanation}
            and not (confirmed and self.result.carried_from_id)
        )


def hold(assessment: Assessment, **written: Combinable) -> None:
    """Keep the file editable until the transaction ends; `written` goes into the same UPDATE.

    Raises:
        NotReady: the file was submitted; says when and under which receipt.
    """
    # An UPDATE that changes nothing still takes the row: no submission slips in between.
    held = Assessment.objects.filter(pk=assessment.pk, status__in=EDITABLE).update(
        status=F("status"), **written
    )
    if not held:
        raise NotReady(sent_sentence(assessment))


def hold_editable(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Keep the file editable until the transaction ends, starting it when it was not started.

    Raises:
        NotReady: the file was submitted, or the figures of its round are closed.
    """
    hold(assessment)
    require_open(assessment.round)
    start(assessment, by=by, now=now)


def start(assessment: Assessment, *, by: User, now: datetime) -> None:
    """Start a held file that nobody has started yet."""
    if assessment.status != Status.NOT_STARTED:
        return
    # Held: what is read now stays. A colleague may have started the file a moment ago.
    assessment.refresh_from_db(fields=["status"])
    if assessment.status == Status.NOT_STARTED:
        move(assessment, Status.IN_PROGRESS, by=by, now=now)


def sent_sentence(assessment: Assessment) -> str:
    """Why a submitted file cannot be edited, with time and receipt."""
    submission = latest_submission(assessment)
    if submission is None:
        return NOT_EDITABLE
    return (
        f"Phiếu đã được gửi lúc {localised(submission.submitted_at)} "
        f"(mã tiếp nhận {submission.receipt}) nên không sửa được. "
        "Nội dung vừa nhập được giữ bên dưới để sao chép."
    )


def unconfirmed(source: Round) -> Judgement:
    """What answers carried over come to until somebody confirms them."""
    return Judgement(Outcome.UNANSWERED, f"Mang sang từ kỳ {source.year}, chưa xác nhận.")


def save_criterion(
    assessment: Assessment,
    criterion: Criterion,
    answers: Mapping[int, AnswerValue],
    *,
    note: str,
    version: int,
    by: User,
    now: datetime,
    explanation: str | None = None,
    confirmed: bool = False,
    stored: Stored | None = None,
) -> CriterionResult:
    """Save all indicators of one criterion; outcome and reason come from the engine.

    `answers` holds a value for each answered indicator id; an indicator left out is unanswered.
    `explanation` None leaves the explanation as it is. Answers carried over stay open until
    `confirmed`. `stored` spares reading again what the caller read at this version.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable.
        VersionConflict: saved elsewhere since version `version` was shown.
    """
    require_station(assessment, by)
    with in_step():
        if stored is None or stored.result.version != version:
            hold(assessment)
            stored = Stored.read(assessment, criterion)
        result = stored.result
        # Nothing is left to confirm once the answers are taken back.
        source = result.carried_from if answers and not confirmed else None
        judgement = unconfirmed(source) if source else judge(criterion, answers).total
        derived = answered(
            result.place, judgement.outcome, opened_on=day_of(assessment.opened_at), day=day_of(now)
        )
        hold(assessment, **derived)
        start(assessment, by=by, now=now)
        written: dict[str, Any] = {
            "outcome": judgement.outcome,
            "reason": judgement.reason,
            "note": note,
            "explanation": result.explanation if explanation is None else explanation,
            "carried_from": source,
            "updated_at": now,
            "updated_by": by,
        }
        write(assessment, result, version, written)
        changed = {pk: value for pk, value in answers.items() if stored.values.get(pk) != value}
        store_answers(assessment, changed, gone=stored.values.keys() - answers.keys())
        told = {
            name: written[name]
            for name in ("note", "explanation")
            if written[name] != getattr(result, name)
        }
        for name, value in {**written, "version": version + 1}.items():
            setattr(result, name, value)
        codes = {indicator.pk: indicator.code for indicator in criterion.indicators.all()}
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
                "answers": {codes[pk]: asdict(value) for pk, value in answers.items()},
                **told,
            },
        )
    return result


def write(
    assessment: Assessment, result: CriterionResult, version: int, written: Mapping[str, Any]
) -> None:
    """Write a result if it still is at this version; the answers of that version go with it.

    The file is held, so that this statement sees a round that was closed meanwhile.

    Raises:
        RoundClosed: the figures of the round are closed.
        VersionConflict: saved elsewhere meanwhile.
    """
    closed = RoundLock.objects.filter(round=assessment.round_id, unlocked_at__isnull=True)
    changed = CriterionResult.objects.filter(~Exists(closed), pk=result.pk, version=version).update(
        version=F("version") + 1, **written
    )
    if not changed:
        require_open(assessment.round)
        current = CriterionResult.objects.select_related("updated_by").get(pk=result.pk)
        raise VersionConflict(current)


def store_answers(
    assessment: Assessment, changed: Mapping[int, AnswerValue], *, gone: set[int]
) -> None:
    """Put these answers in place of what is stored, and take away those that are gone."""
    if gone:
        Answer.objects.filter(assessment=assessment, indicator__in=gone).delete()
    if changed:
        Answer.objects.bulk_create(
            [
                Answer(assessment=assessment, indicator_id=pk, **asdict(value))
                for pk, value in changed.items()
            ],
            update_conflicts=True,
            unique_fields=["assessment", "indicator"],
            update_fields=ANSWER_PARTS,
        )
