"""From what an inspection found to an act of the improvement plan: one finding, one remedy."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions import remedying
from assessments.actions.moving import localised
from assessments.actions.remedying import RemedyDraft
from assessments.inspections import plan_for
from assessments.models import Assessment, Inspection, InspectionFinding, Remedy
from criteria.models import Criterion

NO_FILE = (
    "Đơn vị chưa có phiếu tự đánh giá nào trong chương trình này, nên chưa có kế hoạch khắc phục "
    "để đưa vào. Cán bộ tổng hợp mở kỳ đánh giá trước, rồi quay lại đây."
)


class AlreadyPlanned(NotReady):
    """Somebody has put this finding into the plan already."""

    def __init__(self, remedy: Remedy) -> None:
        super().__init__(
            f"Đồng chí {remedy.created_by} đã đưa tồn tại này vào kế hoạch khắc phục lúc "
            f"{localised(remedy.created_at)}; mỗi tồn tại chỉ có một biện pháp."
        )
        self.remedy = remedy


def put_into_plan(
    finding: InspectionFinding,
    plan_of: Assessment,
    criterion: Criterion,
    draft: RemedyDraft,
    *,
    key: uuid.UUID,
    by: User,
    now: datetime,
) -> Remedy:
    """Plan what is to be done about a finding, in the unit's latest file of the programme.

    `key` becomes the id of the remedy: the same form sent twice plans one act.

    Raises:
        NotAllowed: neither of the station nor a coordinator of its province.
        NotReady: the unit has no file, a newer one, or the draft says what cannot be.
        AlreadyPlanned: somebody else, or another form, has planned it.
    """
    with transaction.atomic():
        # Holds the inspection until the end: its findings cannot be edited meanwhile.
        held = Inspection.objects.filter(pk=finding.inspection_id)
        held.update(version=F("version"))
        current = (
            InspectionFinding.objects.select_related(
                "inspection__unit__province", "inspection__programme", "remedy__created_by"
            )
            .filter(pk=finding.pk)
            .first()
        )
        if current is None:
            raise NotReady("Tồn tại này đã được sửa hoặc bỏ. Hãy mở lại trang của cuộc kiểm tra.")
        if current.remedy is not None:
            if current.remedy_id == key and current.remedy.created_by_id == by.pk:
                return current.remedy
            raise AlreadyPlanned(current.remedy)
        latest = plan_for(current.inspection)
        if latest is None:
            raise NotReady(NO_FILE)
        if latest.pk != plan_of.pk:
            raise NotReady("Đơn vị đã có kỳ đánh giá mới hơn. Hãy tải lại trang và chọn tiêu chí.")
        if criterion.criteria_set_id != latest.round.criteria_set_id:
            raise NotReady("Tiêu chí không thuộc bộ tiêu chí của kỳ. Hãy chọn lại tiêu chí.")
        remedy = remedying.add(latest, criterion, draft, key=key, by=by, now=now)
        current.remedy = remedy
        current.save(update_fields=["remedy"])
        # A form of the findings that is open elsewhere shows this one as still to be edited.
        held.update(version=F("version") + 1, updated_at=now, updated_by=by)
        audit.record(
            "finding_planned",
            current.inspection,
            by=by,
            now=now,
            province_code=current.inspection.unit.province.code,
            unit_id=current.inspection.unit_id,
            details={"finding": current.text, "criterion": criterion.code, "remedy": remedy.pk},
        )
    return remedy
