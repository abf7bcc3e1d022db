"""The list of a year: who is to reach the standard, and by whose word."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions.telling_choice import tell_registered, tell_removed, tell_self_registered
from assessments.deadlines import clock_words
from assessments.models import (
    Registration,
    RegistrationQuota,
    RegistrationSource,
    Selection,
    SelectionState,
)
from criteria.models import Programme
from criteria.roster import units_in_scope
from wards.actions.citing import cite
from wards.models import Unit

ONLY_COMMANDER = "Chỉ Trưởng Công an của đơn vị được tự đăng ký hoặc rút đăng ký cho đơn vị mình."
ONLY_COORDINATOR = "Chỉ cán bộ tổng hợp của tỉnh được thay đổi danh sách đăng ký của đơn vị này."
NATIONAL_QUOTA = "Số liệu đăng ký của cả nước được nạp theo văn bản của Bộ, không ghi tại tỉnh."
NO_UNITS = "Chưa chọn đơn vị nào để đưa vào danh sách."
REASON_NEEDED = "Cần nêu lý do gỡ đăng ký này."
NOT_REGISTERED = "Đơn vị chưa tự đăng ký năm này; không có gì để rút."
DOCUMENT_FOR_PAST = (
    "Năm {year} đã qua; chỉ ghi thêm vào danh sách của năm này khi có số văn bản làm căn cứ."
)


def register_own(
    programme: Programme, unit: Unit, year: int, *, by: User, now: datetime
) -> Registration:
    """Put one's own unit on the list of a year; doing it twice is doing it once.

    Raises:
        NotAllowed: not the commander of the unit.
        NotReady: a year outside the programme or past, a unit the programme does not concern in
            that year, or a list that is closed.
    """
    _require_commander(unit, by)
    _require_year(programme, year)
    _require_not_past(year, now)
    with transaction.atomic():
        hold_list(programme)
        own = Registration.objects.filter(
            programme=programme, unit=unit, year=year, source=RegistrationSource.SELF
        )
        if (already := own.first()) is not None:
            return already
        if closed := why_closed(programme, unit, year):
            raise NotReady(closed)
        require_in_scope(programme, [unit], year, now=now)
        found = Registration.objects.create(
            programme=programme,
            unit=unit,
            year=year,
            source=RegistrationSource.SELF,
            registered_at=now,
            registered_by=by,
        )
        _record("unit_registered", found, {}, by=by, now=now)
        tell_self_registered(found, now=now)
    return found


def withdraw_own(programme: Programme, unit: Unit, year: int, *, by: User, now: datetime) -> None:
    """Take back one's own registration while the list of the year is open.

    Raises:
        NotAllowed: not the commander of the unit.
        NotReady: nothing to take back, or the list is closed.
    """
    _require_commander(unit, by)
    with transaction.atomic():
        hold_list(programme)
        found = Registration.objects.filter(
            programme=programme, unit=unit, year=year, source=RegistrationSource.SELF
        ).first()
        if found is None:
            raise NotReady(NOT_REGISTERED)
        if closed := why_closed(programme, unit, year):
            raise NotReady(closed)
        _record("registration_withdrawn", found, {}, by=by, now=now)
        found.delete()


def add_units(
    programme: Programme,
    year: int,
    units: Sequence[Unit],
    *,
    source: RegistrationSource,
    number: str = "",
    by: User,
    now: datetime,
) -> list[Registration]:
    """Put units on the list: assigned by the Ministry, or added by the province.

    `number` is the document that says so; a past year takes nothing without one. Units that are on
    the list from this source already are left as they are; returns those that are new.

    Raises:
        NotAllowed: not a coordinator of the province of each unit.
        NotReady: no units, a year outside the programme, a past year without a document, or units
            the programme does not concern in that year.
    """
    for unit in units:
        require_coordinator_of(programme, unit, by)
    if not units:
        raise NotReady(NO_UNITS)
    _require_year(programme, year)
    number = " ".join(number.split())
    if year < timezone.localdate(now).year and not number:
        raise NotReady(DOCUMENT_FOR_PAST.format(year=year))
    with transaction.atomic():
        hold_list(programme)
        require_in_scope(programme, units, year, now=now)
        return list_units(
            programme, year, units, source=source, details={"document": number}, by=by, now=now
        )


def remove(registration: Registration, *, reason: str, by: User, now: datetime) -> None:
    """Take a wrong registration off the list; the audit trail keeps what it was and why.

    Raises:
        NotAllowed: not a coordinator of the unit's province.
        NotReady: no reason, or it was removed already.
    """
    require_coordinator_of(registration.programme, registration.unit, by)
    reason = reason.strip()
    if not reason:
        raise NotReady(REASON_NEEDED)
    with transaction.atomic():
        hold_list(registration.programme)
        deleted, _ = Registration.objects.filter(pk=registration.pk).delete()
        if not deleted:
            raise NotReady("Đăng ký này đã được gỡ trước đó.")
        _record("registration_removed", registration, {"reason": reason}, by=by, now=now)
        tell_removed(registration, reason=reason, by=by, now=now)


def record_quota(
    programme: Programme,
    year: int,
    *,
    assigned: int | None,
    registered: int | None,
    added: int | None,
    number: str,
    issued_on: date | None = None,
    text: str = "",
    by: User,
    now: datetime,
) -> RegistrationQuota:
    """Write down how many units documents tell for a year; the same figures again change nothing.

    Raises:
        NotAllowed: not a coordinator of the programme's province, or a national programme.
        NotReady: a year outside the programme, no figure, no document, or a document of another
            date.
    """
    if programme.province_id is None:
        raise NotAllowed(NATIONAL_QUOTA)
    if not by.scope.serves(Role.COORDINATOR, programme.province_id):
        raise NotAllowed(ONLY_COORDINATOR)
    _require_year(programme, year)
    if assigned is None and registered is None and added is None:
        raise NotReady("Cần nhập ít nhất một số: Bộ giao, tự đăng ký hoặc cấp tỉnh bổ sung.")
    if not number.strip():
        raise NotReady("Cần ghi số văn bản nêu số liệu này.")
    with transaction.atomic():
        hold_list(programme)
        document = cite(number, issued_on)
        stated = {
            "assigned": assigned,
            "registered": registered,
            "added": added,
            "document_id": document.pk,
            "text": text.strip(),
        }
        quota = RegistrationQuota.objects.filter(programme=programme, year=year).first()
        before = {name: getattr(quota, name) for name in stated} if quota is not None else {}
        if before == stated:
            return RegistrationQuota.objects.get(programme=programme, year=year)
        quota, _ = RegistrationQuota.objects.update_or_create(
            programme=programme, year=year, defaults=stated
        )
        audit.record(
            "quota_recorded",
            quota,
            by=by,
            now=now,
            province_code=programme.province.code if programme.province else "",
            details={
                "programme": programme.code,
                "year": year,
                "document": document.number,
                **{name: stated[name] for name in ("assigned", "registered", "added")},
                "before": {name: before.get(name) for name in ("assigned", "registered", "added")},
            },
        )
    return quota


def list_units(
    programme: Programme,
    year: int,
    units: Sequence[Unit],
    *,
    source: RegistrationSource,
    selection: Selection | None = None,
    details: dict[str, Any] | None = None,
    is_sample: bool = False,
    by: User,
    now: datetime,
) -> list[Registration]:
    """Write registrations for those units that have none from this source; inside a transaction."""
    rows = Registration.objects.filter(programme=programme, year=year, source=source)
    known = set(rows.values_list("unit", flat=True))
    fresh = {unit.pk: unit for unit in units if unit.pk not in known}
    made = [
        Registration.objects.create(
            programme=programme,
            unit=unit,
            year=year,
            source=source,
            selection=selection,
            registered_at=now,
            registered_by=by,
            is_sample=is_sample,
        )
        for unit in fresh.values()
    ]
    for one in made:
        _record("unit_registered", one, details or {}, by=by, now=now)
    tell_registered(made, by=by, now=now)
    return made


def hold_list(programme: Programme) -> None:
    """Make everyone else who changes this programme's lists wait; inside a transaction."""
    Programme.objects.filter(pk=programme.pk).update(code=F("code"))


def why_closed(programme: Programme, unit: Unit, year: int) -> str:
    """Why a station can no longer change its own registration of a year; empty while it can."""
    province = programme.province_id or unit.province_id
    approved = (
        Selection.objects.filter(
            programme=programme, province=province, year=year, state=SelectionState.APPROVED
        )
        .order_by("decided_at")
        .first()
    )
    if approved is not None and approved.decided_at is not None:
        return (
            f"Danh sách năm {year} đã được duyệt lúc {clock_words(approved.decided_at)}; "
            "đồng chí liên hệ cán bộ tổng hợp Công an tỉnh nếu cần thay đổi."
        )
    if programme.rounds.filter(year=year).exists():
        return (
            f"Kỳ đánh giá năm {year} đã mở nên danh sách đăng ký không thay đổi từ đơn vị được nữa;"
            " đồng chí liên hệ cán bộ tổng hợp Công an tỉnh nếu cần thay đổi."
        )
    return ""


def day_of_list(year: int, *, now: datetime) -> date:
    """The day on which units of a year's list have to exist: today, or the year's first day."""
    today = timezone.localdate(now)
    if year < today.year:
        return date(year, 12, 31)
    return max(today, date(year, 1, 1))


def require_in_scope(
    programme: Programme, units: Collection[Unit], year: int, *, now: datetime
) -> None:
    """Every unit is one that the programme concerns in that year.

    Raises:
        NotReady: some are not, each named.
    """
    concerned = {unit.pk for unit in units_in_scope(programme, day_of_list(year, now=now))}
    outside = [unit.heading_name for unit in units if unit.pk not in concerned]
    if outside:
        raise NotReady(
            f"Không thuộc phạm vi chương trình trong năm {year}: {'; '.join(outside)}. "
            "Chưa ghi đơn vị nào; hãy kiểm tra đơn vị còn hoạt động và đúng loại của chương trình."
        )


def require_coordinator_of(programme: Programme, unit: Unit, user: User) -> None:
    """Coordinates the programme, or for a national one the unit's province.

    Raises:
        NotAllowed: another role, or another province.
    """
    province = programme.province_id or unit.province_id
    if not user.scope.serves(Role.COORDINATOR, province):
        raise NotAllowed(ONLY_COORDINATOR)


def _require_commander(unit: Unit, user: User) -> None:
    if unit.pk not in user.scope.commands:
        raise NotAllowed(ONLY_COMMANDER)


def _require_year(programme: Programme, year: int) -> None:
    if not programme.starts <= year <= programme.ends:
        raise NotReady(
            f"Năm {year} nằm ngoài thời gian của chương trình "
            f"({programme.starts}–{programme.ends})."
        )


def _require_not_past(year: int, now: datetime) -> None:
    if year < timezone.localdate(now).year:
        raise NotReady(f"Năm {year} đã qua; chỉ đăng ký cho năm nay hoặc các năm tới.")


def _record(
    event: str, registration: Registration, details: dict[str, Any], *, by: User, now: datetime
) -> None:
    unit = registration.unit
    audit.record(
        event,
        registration,
        by=by,
        now=now,
        province_code=unit.province.code,
        unit_id=unit.pk,
        details={
            "programme": registration.programme.code,
            "year": registration.year,
            "source": registration.source,
            "unit": unit.code,
            **{name: value for name, value in details.items() if value},
        },
    )
