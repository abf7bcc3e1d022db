"""What stations of the demonstration mean to do about criteria that are not met."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from assessments.actions import remedying
from assessments.actions.remedying import RemedyDraft
from assessments.models import Assessment, FundSource, RemedyState
from criteria.models import Round
from reports.demo.people import Staff, Station
from wards.models import Agency


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a plan, and how far it came; `agency` is a code, empty for the station."""

    prefix: str
    criterion: str
    text: str
    due_on: date
    agency: str = ""
    cost: int | None = None
    source: FundSource = FundSource.NONE
    approval: str = ""
    state: RemedyState = RemedyState.PLANNED
    note: str = ""


LAND_ACT = "Hoàn thành hồ sơ thu hồi, giao đất xây dựng trụ sở Công an phường (mẫu)."
BUILDING_ACT = "Lập dự án đầu tư trụ sở theo mẫu thiết kế của ngành, trình Bộ Công an (mẫu)."
GEAR_ACT = "Đề nghị trang cấp bổ sung công cụ hỗ trợ theo Thông tư 69/2021/TT-BCA (mẫu)."
CITY = "ubnd-thanh-pho-tra-vinh"
POLICE = "cong-an-tinh"

ACTS = (
    Act(
        "p1",
        "C09",
        LAND_ACT,
        date(2025, 12, 31),
        agency=CITY,
        cost=2_400_000_000,
        source=FundSource.LOCAL,
        state=RemedyState.DOING,
        note="Đã có vị trí quy hoạch; đang đo đạc, kiểm kê (mẫu).",
    ),
    Act(
        "p1",
        "C09",
        BUILDING_ACT,
        date(2028, 12, 31),
        agency=POLICE,
        cost=12_500_000_000,
        source=FundSource.MINISTRY,
    ),
    Act("p1", "C10", GEAR_ACT, date(2027, 6, 30), agency=POLICE, source=FundSource.MINISTRY),
    Act(
        "p1",
        "C21",
        "Ra quân lập lại trật tự vỉa hè 2 điểm lấn chiếm, ký cam kết với từng hộ (mẫu).",
        date(2024, 3, 31),
        state=RemedyState.DONE,
        note="Đã xử lý xong cả 2 điểm (mẫu).",
    ),
    Act(
        "p1",
        "C21",
        "Lắp 8 camera giám sát trật tự công cộng ở tuyến chợ (mẫu).",
        date(2027, 12, 31),
        cost=96_000_000,
        source=FundSource.OTHER,
        approval="Công văn mẫu 15/UBND-NC ngày 15/01/2024 của UBND tỉnh cho chủ trương vận động",
    ),
    Act("p2", "C10", GEAR_ACT, date(2027, 6, 30), agency=POLICE, source=FundSource.MINISTRY),
    Act("p4", "C09", LAND_ACT, date(2026, 6, 30), agency=CITY, source=FundSource.LOCAL),
    Act(
        "p6",
        "C09",
        BUILDING_ACT,
        date(2029, 12, 31),
        agency=POLICE,
        cost=11_800_000_000,
        source=FundSource.MINISTRY,
    ),
    Act(
        "p6",
        "C01",
        "Nhắc Đảng ủy phường gửi quyết định xếp loại khi có (mẫu).",
        date(2024, 2, 29),
        state=RemedyState.DOING,
    ),
)
"""P1's plan is full; P6, verified, has a criterion with nothing planned; P5 has no plan yet."""


def plan_remedies(
    round_: Round, stations: Mapping[str, Station], staff: Staff, *, start: datetime
) -> None:
    """Write the plans as if from `start` on, a few minutes apart."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for number, act in enumerate(ACTS):
        assessment = Assessment.objects.with_places().get(
            round=round_, unit=stations[act.prefix].unit
        )
        now = start + timedelta(minutes=11 * number)
        draft = RemedyDraft(
            action=act.text,
            agency=agencies[act.agency] if act.agency else None,
            due_on=act.due_on,
            cost=Decimal(act.cost) if act.cost is not None else None,
            fund_source=act.source,
            fund_approval=act.approval,
            note=act.note,
        )
        remedy = remedying.add(
            assessment,
            round_.criteria_set.criteria.get(code=act.criterion),
            draft,
            key=uuid.uuid4(),
            by=stations[act.prefix].commander,
            now=now,
        )
        if act.state != RemedyState.PLANNED:
            remedying.set_state(
                remedy,
                act.state,
                plan_of=assessment,
                version=1,
                by=staff.coordinator if act.agency else stations[act.prefix].officer,
                now=now + timedelta(days=60),
            )
