"""A sample list for the year after the round: proposed, and approved by the leader."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone

from assessments.actions import selecting
from criteria.models import Round
from reports.demo.people import Staff
from reports.rollup.shortlist import load_shortlist
from reports.views.picker import choice_of

CHOSEN = 2
NOTE = "Chọn các phường còn ít tiêu chí chưa đạt nhất (dữ liệu mẫu)."
AGREED = "Đồng ý; tập trung tháo gỡ tiêu chí phụ thuộc đầu tư (dữ liệu mẫu)."


def choose_for_next_year(round_: Round, staff: Staff, *, now: datetime) -> None:
    """The first of the ranking are proposed, and the leader approves them the day after."""
    programme, year = round_.programme, round_.year + 1
    if programme.province is None:
        return
    as_of = timezone.localdate(now)
    shortlist = load_shortlist(programme, programme.province, year, as_of=as_of)
    chosen = shortlist.candidates[:CHOSEN]
    selection = selecting.propose_list(
        programme,
        programme.province,
        year,
        [choice_of(one) for one in chosen],
        key=uuid.uuid4(),
        as_of=as_of,
        basis=shortlist.balance({one.unit.pk for one in chosen}).as_json(),
        note=NOTE,
        by=staff.coordinator,
        now=now,
        is_sample=True,
    )
    selecting.approve(selection, note=AGREED, by=staff.leader, now=now + timedelta(days=1))
