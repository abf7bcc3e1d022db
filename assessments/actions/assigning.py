"""The commander gives criteria to the people of the station."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import User
from assessments.actions.answering import hold
from assessments.actions.telling import tell_criterion_assigned
from assessments.models import Assessment, CriterionResult
from assessments.permissions import require_station
from assessments.readiness import require_open
from criteria.models import Criterion
from wards.models import Posting

ONLY_COMMANDER_ASSIGNS = "Chỉ Trưởng Công an phường được giao tiêu chí cho cán bộ."
NOT_POSTED_HERE = (
    "Người được chọn hiện không được phân công ở Công an phường này. Chưa giao tiêu chí nào; "
    "hãy chọn người khác."
)


def station_people(assessment: Assessment, now: datetime) -> list[User]:
    """Who is posted at the station on the day of `now`, officers and commander."""
    posted = (
        Posting.objects.active_on(timezone.localdate(now))
        .filter(unit=assessment.unit_id)
        .select_related("user")
    )
    people = {posting.user_id: posting.user for posting in posted if posting.user.is_active}
    return sorted(people.values(), key=lambda person: (person.full_name, person.pk))


def assign(
    assessment: Assessment,
    criteria: Sequence[Criterion],
    to: User | None,
    *,
    by: User,
    now: datetime,
) -> list[Criterion]:
    """Give these criteria to one person, or to nobody; returns those that changed hands.

    Raises:
        NotAllowed: not the commander of this station.
        NotReady: the file is no longer editable, or the person is not posted there today.
    """
    require_station(assessment, by)
    if assessment.unit_id not in by.scope.commands:
        raise NotAllowed(ONLY_COMMANDER_ASSIGNS)
    if to is not None and to not in station_people(assessment, now):
        raise NotReady(NOT_POSTED_HERE)
    with transaction.atomic():
        hold(assessment)
        require_open(assessment.round)
        mine = CriterionResult.objects.filter(assessment=assessment, criterion__in=criteria)
        moved = [
            result.criterion
            for result in mine.select_related("criterion")
            if result.assigned_to_id != (to.pk if to else None)
        ]
        if moved:
            mine.filter(criterion__in=moved).update(assigned_to=to)
            audit.record(
                "criterion_assigned",
                assessment,
                by=by,
                now=now,
                province_code=assessment.unit.province.code,
                unit_id=assessment.unit_id,
                details={
                    "criteria": [criterion.code for criterion in moved],
                    "to": to.full_name if to else "",
                },
            )
            if to is not None:
                tell_criterion_assigned(assessment, moved, to, by=by, now=now)
    return moved
