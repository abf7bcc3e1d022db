"""Two sample sets of criteria, published: one for the early rounds, one for those that follow."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from assessments.judging import judge
from assessments.outcome import AnswerValue
from criteria.models import CriteriaSet, Criterion, Group, Indicator
from criteria.scale import IndicatorKind
from reports.country.ruling import Reply
from wards.models import LegalDocument

GROUP_SIZE = 5
ANSWERS: dict[Reply, AnswerValue | None] = {
    Reply.MET: AnswerValue(yes=True),
    Reply.NOT_MET: AnswerValue(yes=False),
    Reply.NO_CASE: AnswerValue(state="no_case"),
    Reply.OPEN: None,
}
"""What the station ticked for each reply; nothing for a criterion left open."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the engine makes of one reply to one criterion."""

    answer: dict[str, Any] | None
    """The fields of the stored answer; None for a criterion left open."""
    outcome: str
    reason: str
    entry: dict[str, Any]
    """The criterion as a submission freezes it, in the shape of `assessments.snapshots`."""


@dataclass(frozen=True, slots=True)
class SampleSet:
    """A published set with its criteria in order, and the engine's word on every reply."""

    row: CriteriaSet
    criteria: tuple[Criterion, ...]
    indicators: tuple[Indicator, ...]
    judged: tuple[dict[Reply, Judged], ...]


def create_set(size: int, document: LegalDocument, *, now: datetime) -> SampleSet:
    """A set of so many criteria with one yes-or-no indicator each, published at `now`."""
    row = CriteriaSet.objects.create(
        code=f"MAU-{size}",
        name=f"Bộ tiêu chí mẫu gồm {size} tiêu chí (dữ liệu mẫu)",
        short_name=f"Mẫu {size}",
        document=document,
        stated_count=size,
        note="Dữ liệu sinh tự động, không phải tiêu chí thật.",
    )
    groups = Group.objects.bulk_create(
        Group(criteria_set=row, code=str(number), name=f"Nhóm mẫu {number}", position=number)
        for number in range(1, -(-size // GROUP_SIZE) + 1)
    )
    criteria = Criterion.objects.bulk_create(
        Criterion(
            criteria_set=row,
            group=groups[place // GROUP_SIZE],
            code=f"M{place + 1:02d}",
            title=f"Tiêu chí mẫu {place + 1}",
            evidence=f"Tài liệu kiểm chứng mẫu {place + 1}",
            ward_alone=place % 4 != 0,
            owner="Cơ quan mẫu" if place % 4 == 0 else "",
            needs_building=place == 0,
            position=place + 1,
        )
        for place in range(size)
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(
            criterion=criterion,
            code=f"{criterion.code}.1",
            title=f"Chỉ số mẫu của {criterion.code}",
            kind=IndicatorKind.YES_NO,
            no_case_possible=True,
            position=1,
        )
        for criterion in criteria
    )
    row.published_at = now
    row.save()
    return SampleSet(
        row=row,
        criteria=tuple(criteria),
        indicators=tuple(indicators),
        judged=tuple(
            {reply: _judged(one, indicator, reply) for reply in Reply}
            for one, indicator in zip(criteria, indicators, strict=True)
        ),
    )


def _judged(criterion: Criterion, indicator: Indicator, reply: Reply) -> Judged:
    answer = ANSWERS[reply]
    fields = asdict(answer) if answer is not None else None
    total = judge(criterion, {indicator.pk: answer} if answer is not None else {}).total
    return Judged(
        answer=fields,
        outcome=total.outcome,
        reason=total.reason,
        entry={
            "outcome": str(total.outcome),
            "reason": total.reason,
            "note": "",
            "explanation": "",
            "answers": {indicator.code: fields} if fields is not None else {},
            "evidence": [],
        },
    )
