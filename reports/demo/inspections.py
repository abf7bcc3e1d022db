"""Visits to stations of the demonstration: done with findings, late, to come, called off."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments.actions import inspecting, mending
from assessments.actions.inspecting import FindingDraft, PlanDraft, ResultDraft
from assessments.actions.remedying import RemedyDraft
from assessments.models import Assessment, Inspection, InspectionFinding, InspectionKind
from criteria.models import Round
from criteria.roster import units_in_scope
from reports.demo.people import Staff, Station
from wards.models import Unit

PROVINCE = "Đoàn kiểm tra của Ban Chỉ đạo tỉnh (mẫu)"
POLICE = "Phòng Tham mưu Công an tỉnh (mẫu)"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit; without `conclusion` it has not taken place."""

    prefix: str
    day: date
    kind: InspectionKind = InspectionKind.INSPECTION
    team: str = PROVINCE
    number: str = ""
    conclusion: str = ""
    findings: tuple[tuple[str, str], ...] = ()
    """Criterion code, empty for a general one, and what was found."""
    cancelled: str = ""


VISITS = (
    Visit(
        "p1",
        date(2024, 4, 16),
        number="21/KL-ĐKT (mẫu)",
        conclusion="Đơn vị thực hiện nghiêm túc kế hoạch; còn 3 tồn tại cần khắc phục (mẫu).",
        findings=(
            ("C21", "Còn 2 hộ kinh doanh lấn chiếm vỉa hè tuyến chợ vào giờ cao điểm (mẫu)."),
            ("C10", "Sổ theo dõi cấp phát công cụ hỗ trợ ghi chưa đủ chữ ký (mẫu)."),
            ("", "Chưa niêm yết lịch tiếp công dân ở cổng trụ sở (mẫu)."),
        ),
    ),
    Visit(
        "p3",
        date(2024, 4, 18),
        number="22/KL-ĐKT (mẫu)",
        conclusion="Không phát hiện tồn tại (mẫu).",
    ),
    Visit(
        "p6",
        date(2024, 5, 9),
        InspectionKind.SUPERVISION,
        POLICE,
        conclusion="Tiến độ hồ sơ đất đai chậm so với kế hoạch (mẫu).",
        findings=(("C09", "Chưa trình hồ sơ giao đất xây dựng trụ sở (mẫu)."),),
    ),
    Visit("p5", date(2024, 5, 14), cancelled="Trùng lịch diễn tập khu vực phòng thủ (mẫu)."),
)
"""What is past."""

TO_COME = (
    (12, InspectionKind.INSPECTION, PROVINCE),
    (26, InspectionKind.SUPERVISION, POLICE),
    (-3, InspectionKind.INSPECTION, PROVINCE),
)
"""Days from the day on which the data is made; the wards of 2023 have become others by then."""

MENDED_CRITERION = "C21"
MENDED = RemedyDraft(
    action="Ký cam kết lại với 2 hộ kinh doanh, tuần tra giờ cao điểm hằng ngày (mẫu).",
    agency=None,
    due_on=date(2027, 3, 31),
)


def inspect(round_: Round, stations: Mapping[str, Station], staff: Staff, *, today: date) -> None:
    """Plan and conclude visits of 2024 and plan some from `today` on; one finding is mended."""
    for visit in VISITS:
        planned = _plan(
            round_, stations[visit.prefix].unit, visit, staff, _at(visit.day - timedelta(days=30))
        )
        if visit.cancelled:
            inspecting.cancel(
                planned,
                reason=visit.cancelled,
                version=1,
                by=staff.coordinator,
                now=_at(visit.day - timedelta(days=4)),
            )
        else:
            _conclude(round_, planned, visit, staff)
    units = units_in_scope(round_.programme, today)
    for unit, (days, kind, team) in zip(units, TO_COME, strict=False):
        coming = Visit("", today + timedelta(days=days), kind, team)
        _plan(round_, unit, coming, staff, _at(today - timedelta(days=10)))
    Inspection.objects.filter(programme=round_.programme).update(is_sample=True)
    _mend(round_, stations["p1"])


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))


def _plan(round_: Round, unit: Unit, visit: Visit, staff: Staff, now: datetime) -> Inspection:
    return inspecting.plan(
        round_.programme,
        unit,
        PlanDraft(visit.kind, visit.day, visit.team, "15/KH-BCĐ (mẫu)"),
        key=uuid.uuid4(),
        by=staff.coordinator,
        now=now,
    )


def _conclude(round_: Round, planned: Inspection, visit: Visit, staff: Staff) -> None:
    criteria = {one.code: one for one in round_.criteria_set.criteria.all()}
    inspecting.record(
        planned,
        ResultDraft(
            done_on=visit.day,
            conclusion=visit.conclusion,
            conclusion_number=visit.number,
            findings=tuple(FindingDraft(text, criteria.get(code)) for code, text in visit.findings),
        ),
        version=1,
        by=staff.reviewer,
        now=_at(visit.day + timedelta(days=2)),
    )


def _mend(round_: Round, station: Station) -> None:
    finding = InspectionFinding.objects.select_related("inspection").get(
        inspection__unit=station.unit, criterion__code=MENDED_CRITERION
    )
    mending.put_into_plan(
        finding,
        Assessment.objects.with_places().get(round=round_, unit=station.unit),
        round_.criteria_set.criteria.get(code=MENDED_CRITERION),
        MENDED,
        key=uuid.uuid4(),
        by=station.commander,
        now=_at(date(2024, 4, 25)),
    )
