"""Verdicts that a station of the demonstration contests, and some that are given a second time."""

from datetime import datetime, timedelta

from assessments.actions import appealing, second_review
from assessments.models import Assessment
from criteria.models import Round
from criteria.scale import Outcome
from reports.demo.people import Staff, Station

ADJUSTED = {
    "C18": "Chưa đối chiếu được số liệu với Công an thành phố (mẫu).",
    "C21": "Kiểm tra thực tế còn 1 điểm lấn chiếm vỉa hè (mẫu).",
}
"""What the province finds not met in the file of P6, which found it met."""
CONTESTED = {
    "C18": "Đề nghị xem lại biên bản đối chiếu số liệu quý III đã gửi kèm phiếu (mẫu).",
    "C21": "Điểm nêu trong ý kiến thuộc địa bàn phường bên; đề nghị kiểm tra lại (mẫu).",
}
DECIDED = {"C18": "Biên bản đối chiếu hợp lệ, số liệu khớp; công nhận đạt (mẫu)."}
"""The other one waits for a decision."""


def contest(file: Assessment, station: Station, staff: Staff, *, start: datetime) -> None:
    """The commander contests two verdicts; another reviewer decides one of them."""
    for number, (code, text) in enumerate(CONTESTED.items()):
        now = start + timedelta(minutes=20 * number)
        criterion = file.round.criteria_set.criteria.get(code=code)
        appeal = appealing.file_appeal(file, criterion, text=text, by=station.commander, now=now)
        if code in DECIDED:
            appealing.decide_appeal(
                appeal,
                outcome=Outcome.MET,
                comment=DECIDED[code],
                by=staff.second_reviewer,
                now=now + timedelta(days=2),
            )


def look_again(round_: Round, staff: Staff, *, start: datetime) -> None:
    """The second reviewer gives every other verdict that the lot fell on; all but one agree."""
    drawn = (
        second_review.tasks_of(staff.second_reviewer)
        .filter(submission__assessment__round=round_)
        .select_related("submission__assessment__unit__province", "criterion")
    )
    for number, second in enumerate(drawn.order_by("drawn_at", "pk")[::2]):
        differs = number == 1
        second_review.save_second_review(
            second,
            outcome=Outcome.AWAITING if differs else second.first_outcome,
            comment="Cần chờ kết quả xếp loại chính thức (mẫu)." if differs else "Thống nhất.",
            by=staff.second_reviewer,
            now=start + timedelta(minutes=9 * number),
        )
