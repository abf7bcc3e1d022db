"""Inspections of stations: planned, changed, called off, and what they found.

A finding becomes an act of the improvement plan in `assessments.actions.mending`.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions import telling_inspections as telling
from assessments.actions.moving import localised
from assessments.inspections import criteria_set_of
from assessments.models import Inspection, InspectionFinding, InspectionKind
from assessments.permissions import require_inspector
from criteria.models import Criterion, Programme
from criteria.roster import units_in_scope
from wards.models import Unit

MOST_FINDINGS = 60
"""So many findings of one visit are a register, not a conclusion."""

ALREADY_DONE = "Cuộc này đã tiến hành và đã ghi kết quả, nên không đổi kế hoạch hay hủy được nữa."
FOREIGN_CRITERION = "Có tiêu chí không thuộc bộ tiêu chí hiện hành của đơn vị. Hãy chọn lại."


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What is planned: what kind of visit, when, by whom, by which plan."""

    kind: str
    planned_for: date
    team: str
    plan_number: str = ""

    @classmethod
    def of(cls, inspection: Inspection) -> "PlanDraft":
        """What an inspection's plan says now."""
        return cls(
            kind=inspection.kind,
            planned_for=inspection.planned_for,
            team=inspection.team,
            plan_number=inspection.plan_number,
        )


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """One thing found; without a criterion it is a general one."""

    text: str
    criterion: Criterion | None = None
    key: uuid.UUID | None = None
    """Which stored finding this is; None for a new one."""


@dataclass(frozen=True, slots=True)
class ResultDraft:
    """What came of a visit. Findings that have a remedy stand apart and are not listed here."""

    done_on: date
    conclusion: str
    conclusion_number: str = ""
    findings: tuple[FindingDraft, ...] = ()

    @classmethod
    def of(cls, inspection: Inspection, findings: list[InspectionFinding]) -> "ResultDraft":
        """The recorded result with its findings that can still be changed."""
        return cls(
            done_on=inspection.done_on or inspection.planned_for,
            conclusion=inspection.conclusion,
            conclusion_number=inspection.conclusion_number,
            findings=tuple(
                FindingDraft(one.text, one.criterion, one.pk)
                for one in findings
                if one.remedy_id is None
            ),
        )

    @property
    def says(self) -> tuple[object, ...]:
        """What it says, whichever rows hold it."""
        found = [(one.text, one.criterion) for one in self.findings]
        return (self.done_on, self.conclusion, self.conclusion_number, found)


class InspectionConflict(NotReady):
    """The inspection was saved elsewhere after this form was opened; both versions are kept."""

    def __init__(self, current: Inspection) -> None:
        super().__init__(
            f"Nội dung đã được thay đổi ở nơi khác lúc {localised(current.updated_at)}. "
            "Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


def plan_problems(programme: Programme, unit: Unit, draft: PlanDraft) -> dict[str, str]:
    """What is wrong with a plan, by field name, each in one sentence."""
    found: dict[str, str] = {}
    day = draft.planned_for
    if not draft.team.strip():
        found["team"] = "Cần nêu cơ quan, đoàn tiến hành."
    if not programme.starts <= day.year <= programme.ends:
        found["planned_for"] = (
            f"Ngày dự kiến phải trong thời gian của chương trình, từ năm {programme.starts} đến "
            f"năm {programme.ends}."
        )
    elif not _in_force(unit, day):
        found["planned_for"] = (
            f"{unit.heading_name} không còn hoặc chưa có vào ngày {day:%d/%m/%Y}."
        )
    elif all(one.pk != unit.pk for one in units_in_scope(programme, day)):
        found["unit"] = (
            f"{unit.heading_name} không thuộc chương trình này vào ngày {day:%d/%m/%Y}. "
            "Hãy chọn lại đơn vị hoặc chương trình."
        )
    return found


def result_problems(inspection: Inspection, draft: ResultDraft, *, today: date) -> dict[str, str]:
    """What is wrong with a result, by field name, each in one sentence."""
    found: dict[str, str] = {}
    day = draft.done_on
    if day > today:
        found["done_on"] = f"Ngày tiến hành không được ở sau ngày hôm nay ({today:%d/%m/%Y})."
    elif day.year < inspection.programme.starts:
        found["done_on"] = f"Chương trình bắt đầu từ năm {inspection.programme.starts}."
    elif not _in_force(inspection.unit, day):
        found["done_on"] = (
            f"{inspection.unit.heading_name} không còn hoặc chưa có vào ngày {day:%d/%m/%Y}."
        )
    if not draft.conclusion.strip():
        found["conclusion"] = "Cần nêu kết luận; nếu không có tồn tại thì ghi rõ như vậy."
    return found


def plan(
    programme: Programme, unit: Unit, draft: PlanDraft, *, key: uuid.UUID, by: User, now: datetime
) -> Inspection:
    """Plan a visit to a unit of the programme and tell its commander.

    `key` becomes the id of the inspection: the same form sent twice plans one visit.

    Raises:
        NotAllowed: neither a coordinator nor a reviewer of the unit's province.
        NotReady: the plan says something that cannot be.
    """
    require_inspector(unit, by)
    if sent := Inspection.objects.filter(pk=key, unit=unit, created_by=by).first():
        return sent
    _require(plan_problems(programme, unit, draft))
    with transaction.atomic():
        inspection, created = Inspection.objects.get_or_create(
            pk=key,
            defaults={
                "programme": programme,
                "unit": unit,
                "created_at": now,
                "created_by": by,
                "updated_at": now,
                "updated_by": by,
                **_plan_values(draft),
            },
        )
        if not created:
            if inspection.unit_id == unit.pk and inspection.created_by_id == by.pk:
                return inspection
            raise NotReady("Chưa ghi được cuộc này. Hãy mở lại trang và thử lại.")
        _record("inspection_planned", inspection, by=by, now=now, after=_plan_json(draft))
        telling.tell_planned(inspection, by=by, now=now)
    return inspection


def change(
    inspection: Inspection, draft: PlanDraft, *, version: int, by: User, now: datetime
) -> Inspection:
    """Change the plan of a visit that has not taken place, and tell the commander.

    Raises:
        NotAllowed: neither a coordinator nor a reviewer of the unit's province.
        NotReady: the plan says something that cannot be; the visit is done or called off.
        InspectionConflict: saved elsewhere since version `version` was shown.
    """
    require_inspector(inspection.unit, by)
    _require(plan_problems(inspection.programme, inspection.unit, draft))
    with transaction.atomic():
        before = fresh(inspection)
        changed = Inspection.objects.filter(
            pk=inspection.pk, version=version, done_on__isnull=True, cancelled_on__isnull=True
        ).update(version=F("version") + 1, updated_at=now, updated_by=by, **_plan_values(draft))
        current = fresh(inspection)
        if not changed:
            require_standing(current)
            if current.is_done:
                raise NotReady(ALREADY_DONE)
            if _is_repeat(current, version, by) and PlanDraft.of(current) == draft:
                return current
            raise InspectionConflict(current)
        _record(
            "inspection_changed",
            current,
            by=by,
            now=now,
            before=_plan_json(PlanDraft.of(before)),
            after=_plan_json(draft),
        )
        telling.tell_changed(current, before.planned_for, by=by, now=now)
    return current


def cancel(
    inspection: Inspection, *, reason: str, version: int, by: User, now: datetime
) -> Inspection:
    """Call a planned visit off, saying why; the same press twice calls it off once.

    Raises:
        NotAllowed: neither a coordinator nor a reviewer of the unit's province.
        NotReady: no reason; done already; called off by somebody else.
        InspectionConflict: saved elsewhere since version `version` was shown.
    """
    require_inspector(inspection.unit, by)
    reason = reason.strip()
    if not reason:
        raise NotReady("Cần nêu lý do hủy.")
    with transaction.atomic():
        changed = Inspection.objects.filter(
            pk=inspection.pk, version=version, done_on__isnull=True, cancelled_on__isnull=True
        ).update(
            version=F("version") + 1,
            updated_at=now,
            updated_by=by,
            cancelled_on=timezone.localdate(now),
            cancellation=reason,
        )
        current = fresh(inspection)
        if not changed:
            if _is_repeat(current, version, by) and current.cancellation == reason:
                return current
            require_standing(current)
            if current.is_done:
                raise NotReady(ALREADY_DONE)
            raise InspectionConflict(current)
        _record("inspection_cancelled", current, by=by, now=now, reason=reason)
        telling.tell_cancelled(current, by=by, now=now)
    return current


def record(
    inspection: Inspection, draft: ResultDraft, *, version: int, by: User, now: datetime
) -> Inspection:
    """Record that the visit took place and what it found, or correct what was recorded.

    Findings that have a remedy stay as they are; of the others exactly those of the draft remain.

    Raises:
        NotAllowed: neither a coordinator nor a reviewer of the unit's province.
        NotReady: the result says something that cannot be, or the visit was called off.
        InspectionConflict: saved elsewhere since version `version` was shown.
    """
    require_inspector(inspection.unit, by)
    _require(result_problems(inspection, draft, today=timezone.localdate(now)))
    _require_criteria(inspection, draft)
    with transaction.atomic():
        seen = fresh(inspection)
        changed = Inspection.objects.filter(
            pk=inspection.pk, version=version, cancelled_on__isnull=True
        ).update(
            version=F("version") + 1,
            updated_at=now,
            updated_by=by,
            done_on=draft.done_on,
            conclusion=draft.conclusion,
            conclusion_number=draft.conclusion_number,
        )
        current = fresh(inspection)
        stored = list(current.findings.select_related("criterion"))
        if not changed:
            require_standing(current)
            recorded = ResultDraft.of(current, stored)
            if current.is_done and _is_repeat(current, version, by) and recorded.says == draft.says:
                return current
            raise InspectionConflict(current)
        before = ResultDraft.of(seen, stored)
        _write_findings(current, stored, draft)
        first = not seen.is_done
        _record(
            "inspection_concluded" if first else "inspection_corrected",
            current,
            by=by,
            now=now,
            **({} if first else {"before": _result_json(before)}),
            after=_result_json(draft),
        )
        telling.tell_concluded(current, len(draft.findings), corrected=not first, by=by, now=now)
    return current


def fresh(inspection: Inspection) -> Inspection:
    """The inspection as it is stored now, with who wrote it last."""
    return Inspection.objects.with_places().get(pk=inspection.pk)


def require_standing(current: Inspection) -> None:
    """Not called off.

    Raises:
        NotReady: it was; says by whom and why.
    """
    if current.is_cancelled:
        raise NotReady(
            f"Đồng chí {current.updated_by} đã hủy cuộc này lúc {localised(current.updated_at)}, "
            f"lý do: {current.cancellation}"
        )


def _is_repeat(current: Inspection, version: int, by: User) -> bool:
    """Whether the one who asks made the very change that followed the version they saw."""
    return current.version == version + 1 and current.updated_by_id == by.pk


def _in_force(unit: Unit, day: date) -> bool:
    begun = unit.valid_from is None or unit.valid_from <= day
    return begun and (unit.valid_to is None or unit.valid_to >= day)


def _require(problems: dict[str, str]) -> None:
    if problems:
        raise NotReady(" ".join(problems.values()))


def _require_criteria(inspection: Inspection, draft: ResultDraft) -> None:
    if len(draft.findings) > MOST_FINDINGS:
        raise NotReady(f"Mỗi cuộc chỉ ghi tối đa {MOST_FINDINGS} tồn tại; hãy gộp bớt.")
    if any(not one.text.strip() for one in draft.findings):
        raise NotReady("Mỗi tồn tại cần có nội dung.")
    named = {one.criterion.criteria_set_id for one in draft.findings if one.criterion}
    kept = set(
        inspection.findings.filter(criterion__isnull=False).values_list(
            "criterion__criteria_set", flat=True
        )
    )
    criteria_set = criteria_set_of(inspection)
    if named - kept - ({criteria_set.pk} if criteria_set else set()):
        raise NotReady(FOREIGN_CRITERION)


def _write_findings(
    inspection: Inspection, stored: list[InspectionFinding], draft: ResultDraft
) -> None:
    """Make the findings without a remedy be those of the draft, in its order."""
    free = {one.pk: one for one in stored if one.remedy_id is None}
    wanted = {one.key for one in draft.findings}
    InspectionFinding.objects.filter(
        pk__in=[pk for pk in free if pk not in wanted], remedy__isnull=True
    ).delete()
    for position, one in enumerate(draft.findings, start=1):
        finding = free.get(one.key) if one.key else None
        finding = finding or InspectionFinding(inspection=inspection)
        finding.criterion, finding.text, finding.position = one.criterion, one.text, position
        finding.save()


def _plan_values(draft: PlanDraft) -> dict[str, Any]:
    return {
        "kind": InspectionKind(draft.kind),
        "planned_for": draft.planned_for,
        "team": draft.team,
        "plan_number": draft.plan_number,
    }


def _plan_json(draft: PlanDraft) -> dict[str, Any]:
    return {**_plan_values(draft), "kind": str(draft.kind)}


def _result_json(draft: ResultDraft) -> dict[str, Any]:
    return {
        "done_on": draft.done_on,
        "conclusion": draft.conclusion,
        "conclusion_number": draft.conclusion_number,
        "findings": [
            {"criterion": one.criterion.code if one.criterion else "", "text": one.text}
            for one in draft.findings
        ],
    }


def _record(event: str, inspection: Inspection, *, by: User, now: datetime, **details: Any) -> None:
    audit.record(
        event,
        inspection,
        by=by,
        now=now,
        province_code=inspection.unit.province.code,
        unit_id=inspection.unit_id,
        details={"programme": inspection.programme.code, **details},
    )
