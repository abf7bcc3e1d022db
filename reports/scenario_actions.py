"""Verbs of scenarios: save one as a proposal, take it back. Neither moves anything real."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from criteria.models import Programme
from reports.models import Scenario, ScenarioPlace
from reports.rollup.scenario import Ground, Places, weigh
from wards.models import Province

ONLY_DRAFTERS = (
    "Chỉ cán bộ tổng hợp, lãnh đạo của tỉnh (với chương trình toàn quốc: cả cán bộ của Bộ) "
    "được lập phương án."
)
ONLY_AUTHOR = "Chỉ người lập được rút phương án này."
NOTHING_MOVED = (
    "Phương án chưa chuyển đơn vị nào so với danh sách hôm nay. "
    "Hãy chọn năm khác cho ít nhất một đơn vị rồi lưu lại."
)
WORDS_NEEDED = "Cần ghi tên và lý do của phương án."
TAKEN_KEY = "Phương án này đã được người khác lưu. Hãy tải lại trang rồi lập lại."


def may_draft(user: User, programme: Programme, province: Province) -> bool:
    """Whether this person drafts for the province: its coordinators and leaders.

    Of a national programme the Ministry's people do, too.
    """
    serves = user.scope.serves
    return (
        serves(Role.COORDINATOR, province.pk)
        or serves(Role.LEADER, province.pk)
        or (programme.province_id is None and Role.MINISTRY_VIEWER in user.scope.roles)
    )


def save_scenario(
    programme: Programme,
    province: Province,
    ground: Ground,
    places: Places,
    *,
    title: str,
    reason: str,
    key: uuid.UUID,
    as_of: date,
    by: User,
    now: datetime,
) -> Scenario:
    """Save a scenario with what it comes to, for good; the same `key` saves it once.

    Raises:
        NotAllowed: nobody who drafts for this province.
        NotReady: no title or reason, or no unit moved.
    """
    if not may_draft(by, programme, province):
        raise NotAllowed(ONLY_DRAFTERS)
    known = Scenario.objects.filter(pk=key).first()
    if known is not None:
        return _same(known, by)
    title = " ".join(title.split())
    if not title or not reason.strip():
        raise NotReady(WORDS_NEEDED)
    figures = weigh(ground, places)
    if not figures.moved:
        raise NotReady(NOTHING_MOVED)
    try:
        with transaction.atomic():
            scenario = Scenario.objects.create(
                pk=key,
                programme=programme,
                province=province,
                title=title,
                reason=reason.strip(),
                as_of=as_of,
                figures=figures.as_json(),
                created_at=now,
                created_by=by,
            )
            rows = [
                ScenarioPlace(
                    scenario=scenario,
                    unit=unit,
                    was=ground.today.get(unit.pk),
                    year=places.get(unit.pk),
                )
                for unit in ground.movable
            ]
            ScenarioPlace.objects.bulk_create(rows)
            moves = [
                f"{row.unit.code}: {row.was or '–'} → {row.year or '–'}"
                for row in rows
                if row.is_moved
            ]
            details = {"moves": moves, "result": figures.result}
            audit.record("scenario_saved", scenario, **_about(scenario, details, by, now))
    except IntegrityError:
        known = Scenario.objects.filter(pk=key).first()
        if known is None:
            raise
        return _same(known, by)
    return scenario


def withdraw_scenario(scenario: Scenario, *, by: User, now: datetime) -> None:
    """Take one's own scenario back; it stays readable. Doing it twice is doing it once.

    Raises:
        NotAllowed: somebody else's.
    """
    if scenario.created_by_id != by.pk:
        raise NotAllowed(ONLY_AUTHOR)
    with transaction.atomic():
        changed = Scenario.objects.filter(pk=scenario.pk, withdrawn_at=None).update(
            withdrawn_at=now, withdrawn_by=by
        )
        if changed:
            audit.record("scenario_withdrawn", scenario, **_about(scenario, {}, by, now))
    scenario.refresh_from_db()


def _same(scenario: Scenario, by: User) -> Scenario:
    if scenario.created_by_id != by.pk:
        raise NotReady(TAKEN_KEY)
    return scenario


def _about(
    scenario: Scenario, details: Mapping[str, Any], by: User, now: datetime
) -> dict[str, Any]:
    return {
        "by": by,
        "now": now,
        "province_code": scenario.province.code,
        "details": {"programme": scenario.programme.code, **details},
    }
