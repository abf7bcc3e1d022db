"""Mang sang: last round's answers as this round's draft, open until somebody confirms them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.answering import hold_editable, store_answers, unconfirmed, write
from assessments.deriving.keeping import in_step, touch
from assessments.judging import value_of
from assessments.models import Answer, AnswerState, Assessment, CriterionResult
from assessments.outcome import AnswerValue
from assessments.permissions import require_station
from criteria.models import Criterion, Indicator, Round
from criteria.scale import IndicatorKind
from criteria.succession import kept_from

NOTHING_TO_CARRY = (
    "Không mang sang được: tiêu chí đã có nội dung trong kỳ này, hoặc kỳ trước không có kết quả. "
    "Nội dung hiện có không thay đổi."
)


OTHER_VERSION = (
    "Không mang sang được: kỳ trước theo bộ tiêu chí khác ({former}) và không có tiêu chí nào còn "
    "trống được đối chiếu là giữ nguyên. Nội dung hiện có không thay đổi."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be carried into a criterion that is still blank."""

    result: CriterionResult
    earlier: CriterionResult
    values: dict[int, AnswerValue]
    """The earlier answers, by the ids of this round's indicators."""

    @property
    def criterion(self) -> Criterion:
        """The criterion of this round."""
        return self.result.criterion


def earlier_file(assessment: Assessment) -> Assessment | None:
    """The same unit's file in the latest earlier round of the same programme."""
    return (
        Assessment.objects.filter(
            unit=assessment.unit_id,
            round__programme=assessment.round.programme_id,
            round__year__lt=assessment.round.year,
        )
        .select_related("round__criteria_set")
        .order_by("-round__year")
        .first()
    )


def offers(assessment: Assessment, source: Assessment) -> list[Offer]:
    """Every blank criterion with what it said in `source`.

    Between two versions of the criteria only what was kept by their mapping is offered.
    """
    kept = kept_from(source.round.criteria_set, assessment.round.criteria_set)
    answered = set(assessment.answers.values_list("indicator__criterion_id", flat=True))
    blank = [
        result
        for result in assessment.results.filter(note="", explanation="")
        .select_related("criterion")
        .prefetch_related("criterion__indicators")
        if result.criterion_id not in answered
    ]
    earlier = {result.criterion_id: result for result in source.results.all()}
    said: dict[tuple[int, str], Answer] = {
        (answer.indicator.criterion_id, answer.indicator.code): answer
        for answer in source.answers.select_related("indicator")
    }
    found = []
    for result in blank:
        former = result.criterion_id if kept is None else kept.get(result.criterion_id)
        if former is None or former not in earlier:
            continue
        values = {
            indicator.pk: value_of(said[former, indicator.code])
            for indicator in result.criterion.indicators.all()
            if (former, indicator.code) in said and fits(indicator, said[former, indicator.code])
        }
        if values:
            found.append(Offer(result, earlier[former], values))
    return found


def fits(indicator: Indicator, answer: Answer) -> bool:
    """Whether an earlier answer can be read as one to this indicator.

    A title that was awaited then was never given: there is nothing to carry.
    """
    if answer.indicator.kind != indicator.kind or answer.state == AnswerState.AWAITING:
        return False
    if indicator.kind == IndicatorKind.TITLE:
        return answer.indicator.scale_code == indicator.scale_code
    return True


def carry_over(
    assessment: Assessment, criteria: Sequence[Criterion], *, by: User, now: datetime
) -> list[CriterionResult]:
    """Fill those of the criteria that are still blank from the latest earlier round.

    Answers and note are copied; the outcome stays open until somebody confirms it. A criterion
    that has any content is left as it is.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, or nothing could be carried.
        VersionConflict: somebody filled one of them at the same instant.
    """
    require_station(assessment, by)
    source = earlier_file(assessment)
    wanted = {criterion.pk for criterion in criteria}
    with in_step():
        hold_editable(assessment, by=by, now=now)
        found = [
            offer
            for offer in (offers(assessment, source) if source else [])
            if offer.result.criterion_id in wanted
        ]
        if source is None or not found:
            former = source.round.criteria_set if source else None
            if former is not None and former.pk != assessment.round.criteria_set_id:
                raise NotReady(OTHER_VERSION.format(former=former.label))
            raise NotReady(NOTHING_TO_CARRY)
        touch(assessment)
        for offer in found:
            _fill(assessment, offer, source.round, by=by, now=now)
    return [offer.result for offer in found]


def _fill(assessment: Assessment, offer: Offer, source: Round, *, by: User, now: datetime) -> None:
    judgement = unconfirmed(source)
    write(
        assessment,
        offer.result,
        offer.result.version,
        {
            "outcome": judgement.outcome,
            "reason": judgement.reason,
            "note": offer.earlier.note,
            "carried_from": source,
            "updated_at": now,
            "updated_by": by,
        },
    )
    store_answers(assessment, offer.values, gone=set())
    codes = {one.pk: one.code for one in offer.criterion.indicators.all()}
    audit.record(
        "answer_carried",
        assessment,
        by=by,
        now=now,
        province_code=assessment.unit.province.code,
        unit_id=assessment.unit_id,
        details={
            "criterion": offer.criterion.code,
            "year": source.year,
            "answers": {codes[pk]: asdict(value) for pk, value in offer.values.items()},
        },
    )
