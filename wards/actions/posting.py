"""Posting people."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.access import NotReady
from accounts.models import Role, User
from wards.models import Agency, Posting, Province, Unit


def post(
    user: User,
    role: Role,
    *,
    starts: date,
    title: str = "",
    unit: Unit | None = None,
    province: Province | None = None,
    agency: Agency | None = None,
    by: User | None,
    now: datetime,
) -> Posting:
    """Post a person in a role at a place from a day on, with its audit entry.

    Raises:
        NotReady: the place does not fit the role (a commander needs a unit).
    """
    posting = Posting(
        user=user,
        role=role,
        title=title,
        unit=unit,
        province=province,
        agency=agency,
        starts=starts,
    )
    try:
        posting.full_clean()
    except ValidationError:
        raise NotReady(f"Nơi công tác không phù hợp với vai trò “{role.label}”.") from None
    with transaction.atomic():
        posting.save()
        place = unit.province if unit else province
        audit.record(
            "posting_created",
            posting,
            by=by,
            now=now,
            province_code=place.code if place else "",
            unit_id=unit.pk if unit else "",
        )
    return posting
