"""A sample scenario: the wards still to come spread over the years that remain."""

import uuid
from datetime import datetime

from django.utils import timezone

from criteria.models import Round
from reports.demo.people import Staff
from reports.rollup.scenario import placed
from reports.rollup.scenario_ground import load_ground
from reports.scenario_actions import save_scenario

TITLE = "Rải đều các năm (mẫu)"
REASON = "Chia đều khối lượng thẩm định, không dồn vào các năm cuối (dữ liệu mẫu)."


def spread_over_the_years(round_: Round, staff: Staff, *, now: datetime) -> None:
    """The coordinator saves a scenario with as many wards in each coming year."""
    programme = round_.programme
    if programme.province is None:
        return
    as_of = timezone.localdate(now)
    ground = load_ground(programme, programme.province, as_of=as_of)
    units = ground.movable
    moves = {
        unit.pk: ground.years[place * len(ground.years) // len(units)]
        for place, unit in enumerate(units)
    }
    save_scenario(
        programme,
        programme.province,
        ground,
        placed(ground, moves),
        title=TITLE,
        reason=REASON,
        key=uuid.uuid4(),
        as_of=as_of,
        by=staff.coordinator,
        now=now,
    )
