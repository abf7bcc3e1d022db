"""Keeping the improvement plan: what is to be done about a criterion, by whom, when, from what.

A plan lives beside the file and after it: it is written in every status, and closing the round's
figures does not freeze it.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.moving import localised
from assessments.improvement import in_plan_of
from assessments.models import (
    OPEN_STATES,
    Assessment,
    FundSource,
    Remedy,
    RemedyOwner,
    RemedyState,
)
from assessments.permissions import require_planner
from criteria.models import Criterion, Programme
from wards.models import Agency
from wards.querysets import AgencyQuerySet

MOST_PER_FILE = 200
"""So many acts are a plan nobody reads; the page lists them all."""

NOT_IN_PLAN = "Việc này không còn trong kế hoạch của kỳ. Hãy tải lại trang kế hoạch khắc phục."
APPROVAL_REQUIRED = (
    "Nguồn hợp pháp khác phải báo cáo Ủy ban nhân dân tỉnh cho chủ trương trước khi thực hiện; "
    "hãy ghi số, ngày văn bản cho chủ trương."
)


@dataclass(frozen=True, slots=True)
class RemedyDraft:
    """What a person plans; `agency` is None when the station itself acts."""

    action: str
    agency: Agency | None
    due_on: date
    cost: Decimal | None = None
    fund_source: str = FundSource.NONE
    fund_approval: str = ""
    state: str = RemedyState.PLANNED
    note: str = ""

    @classmethod
    def of(cls, remedy: Remedy) -> "RemedyDraft":
        """What a remedy says now."""
        return cls(
            action=remedy.action,
            agency=remedy.agency,
            due_on=remedy.due_on,
            cost=remedy.cost,
            fund_source=remedy.fund_source,
            fund_approval=remedy.fund_approval,
            state=remedy.state,
            note=remedy.note,
        )


class RemedyConflict(NotReady):
    """The remedy was saved elsewhere after this form was opened; both versions are kept."""

    def __init__(self, current: Remedy) -> None:
        super().__init__(
            f"Nội dung đã được thay đổi ở nơi khác lúc {localised(current.updated_at)}. "
            "Hãy so sánh hai bản và chọn bản giữ lại."
        )
        self.current = current


def agencies_for(assessment: Assessment) -> AgencyQuerySet:
    """Who else may be asked to act: the agencies of the unit's province and of the programme's.

    They differ once provinces have merged: agencies keep their place in the old one.
    """
    return Agency.objects.filter(
        Q(province=assessment.unit.province_id)
        | Q(province__isnull=False, province=assessment.round.programme.province_id)
    )


def problems(
    draft: RemedyDraft, programme: Programme, *, today: date, before: Remedy | None = None
) -> dict[str, str]:
    """What is wrong with a draft, by field name, each in one sentence.

    `before` is the remedy to be changed; a new one cannot be due in the past, and an open one
    cannot be put off to a day that is over. That money from other sources needs the approval of
    the province's People's Committee beforehand is part IV of the Đề án under Quyết định
    1578/QĐ-UBND.
    """
    found: dict[str, str] = {}
    if not draft.action.strip():
        found["action"] = "Cần nêu việc cần làm."
    moved = before is None or before.due_on != draft.due_on
    if not programme.starts <= draft.due_on.year <= programme.ends:
        found["due_on"] = (
            f"Hạn hoàn thành phải trong thời gian của chương trình, từ năm {programme.starts} "
            f"đến năm {programme.ends}."
        )
    elif moved and draft.state in OPEN_STATES and draft.due_on < today:
        found["due_on"] = f"Hạn hoàn thành không được ở trước ngày hôm nay ({today:%d/%m/%Y})."
    if draft.cost is not None and draft.cost < 0:
        found["cost"] = "Kinh phí không nhận số âm."
    if draft.cost and draft.fund_source == FundSource.NONE:
        found["fund_source"] = "Đã nêu kinh phí thì cần chọn nguồn kinh phí."
    if draft.fund_source == FundSource.OTHER and not draft.fund_approval.strip():
        found["fund_approval"] = APPROVAL_REQUIRED
    return found


def add(
    assessment: Assessment,
    criterion: Criterion,
    draft: RemedyDraft,
    *,
    key: uuid.UUID,
    by: User,
    now: datetime,
) -> Remedy:
    """Plan an act against a criterion of the file's set.

    `key` becomes the id of the remedy: the same form sent twice plans one act.

    Raises:
        NotAllowed: neither of the station nor a coordinator of its province.
        NotReady: the draft says something that cannot be, or the plan is full.
    """
    require_planner(assessment, by)
    if sent := Remedy.objects.filter(pk=key, assessment=assessment, created_by=by).first():
        return sent
    programme = assessment.round.programme
    _require_sound(draft, assessment, today=timezone.localdate(now))
    with transaction.atomic():
        if assessment.remedies.count() >= MOST_PER_FILE:
            raise NotReady(
                f"Kế hoạch của kỳ đã có {MOST_PER_FILE} việc; hãy gộp hoặc sửa việc đã có. "
                "Việc vừa nhập chưa được ghi."
            )
        remedy, created = Remedy.objects.get_or_create(
            pk=key,
            defaults={
                "programme": programme,
                "unit": assessment.unit,
                "criterion": criterion,
                "assessment": assessment,
                "created_at": now,
                "created_by": by,
                "updated_at": now,
                "updated_by": by,
                **_values(draft),
            },
        )
        if not created:
            if remedy.assessment_id == assessment.pk and remedy.created_by_id == by.pk:
                return remedy
            raise NotReady("Chưa ghi được việc này. Hãy mở lại trang và thử lại.")
        _record("remedy_added", remedy, criterion, by=by, now=now, after=draft)
    return remedy


def save(
    remedy: Remedy,
    draft: RemedyDraft,
    *,
    plan_of: Assessment,
    version: int,
    by: User,
    now: datetime,
) -> Remedy:
    """Change an act of the plan of `plan_of`, in which it was planned or into which it came.

    Raises:
        NotAllowed: neither of the station nor a coordinator of its province.
        NotReady: the draft says something that cannot be, or the act is not in this plan.
        RemedyConflict: saved elsewhere since version `version` was shown.
    """
    require_planner(plan_of, by)
    today = timezone.localdate(now)
    with transaction.atomic():
        before = in_plan_of(plan_of).select_related("agency").filter(pk=remedy.pk).first()
        if before is None:
            raise NotReady(NOT_IN_PLAN)
        if before.version == version:
            _require_sound(draft, plan_of, today=today, before=before)
        changed = Remedy.objects.filter(pk=remedy.pk, version=version).update(
            version=F("version") + 1, updated_at=now, updated_by=by, **_values(draft)
        )
        current = Remedy.objects.select_related(
            "agency", "criterion", "unit__province", "unit__district", "updated_by"
        ).get(pk=remedy.pk)
        if not changed:
            raise RemedyConflict(current)
        _record(
            "remedy_saved",
            current,
            current.criterion,
            by=by,
            now=now,
            before=RemedyDraft.of(before),
            after=draft,
        )
    return current


def set_state(
    remedy: Remedy,
    state: RemedyState,
    *,
    plan_of: Assessment,
    version: int,
    by: User,
    now: datetime,
) -> Remedy:
    """Say how far an act is; the same press twice changes it once.

    Raises:
        NotAllowed: neither of the station nor a coordinator of its province.
        NotReady: the act is not in this plan.
        RemedyConflict: saved elsewhere since version `version` was shown.
    """
    require_planner(plan_of, by)
    if remedy.state == state:
        return remedy
    draft = replace(RemedyDraft.of(remedy), state=state)
    return save(remedy, draft, plan_of=plan_of, version=version, by=by, now=now)


def _require_sound(
    draft: RemedyDraft, assessment: Assessment, *, today: date, before: Remedy | None = None
) -> None:
    wrong = problems(draft, assessment.round.programme, today=today, before=before)
    if wrong:
        raise NotReady(" ".join(wrong.values()))
    agency = draft.agency
    if agency is None or (before is not None and before.agency_id == agency.pk):
        return
    if not agencies_for(assessment).filter(pk=agency.pk).exists():
        raise NotReady("Cơ quan được chọn không thuộc tỉnh này. Hãy chọn lại.")


def _values(draft: RemedyDraft) -> dict[str, Any]:
    return {
        "action": draft.action,
        "owner": RemedyOwner.STATION if draft.agency is None else RemedyOwner.AGENCY,
        "agency": draft.agency,
        "due_on": draft.due_on,
        # Zero for "nothing is needed" would be added up as a stated cost.
        "cost": None if draft.fund_source == FundSource.NONE else draft.cost,
        "fund_source": draft.fund_source,
        "fund_approval": draft.fund_approval,
        "state": draft.state,
        "note": draft.note,
    }


def _record(
    event: str,
    remedy: Remedy,
    criterion: Criterion,
    *,
    by: User,
    now: datetime,
    after: RemedyDraft,
    before: RemedyDraft | None = None,
) -> None:
    details: dict[str, Any] = {"criterion": criterion.code, "after": _as_json(after)}
    if before is not None:
        details["before"] = _as_json(before)
    audit.record(
        event,
        remedy,
        by=by,
        now=now,
        province_code=remedy.unit.province.code,
        unit_id=remedy.unit_id,
        details=details,
    )


def _as_json(draft: RemedyDraft) -> dict[str, Any]:
    return {
        "action": draft.action,
        "agency": draft.agency.code if draft.agency is not None else "",
        "due_on": draft.due_on,
        "cost": draft.cost,
        "fund_source": draft.fund_source,
        "fund_approval": draft.fund_approval,
        "state": draft.state,
        "note": draft.note,
    }
