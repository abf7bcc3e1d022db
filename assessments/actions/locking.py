"""Closing the figures of a round, and opening them again by two people."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F

from accounts import audit
from accounts.access import NotReady
from accounts.models import Role, User
from assessments.deadlines import clock_words
from assessments.models import Assessment, RoundLock
from assessments.permissions import require_care_of
from assessments.readiness import RoundClosed, round_lock
from criteria.models import Round

NOT_CLOSED = "Số liệu của kỳ này đang mở; không có gì để mở lại."
REASON_NEEDED = "Cần nêu lý do mở lại số liệu đã chốt."
NOT_ASKED = "Chưa có ai đề nghị mở lại số liệu của kỳ này."
SECOND_PERSON = (
    "Đồng chí là người đề nghị nên không tự xác nhận; cần một cán bộ tổng hợp khác hoặc lãnh đạo."
)

NOT_YOUR_REQUEST = "Chỉ người đề nghị mở lại số liệu mới rút được đề nghị của mình."
REQUEST_CHANGED = (
    "Đề nghị mở lại số liệu vừa được rút hoặc thay đổi; hãy xem lại trước khi xác nhận. "
    "Số liệu vẫn khóa."
)


def close_round(round_: Round, *, by: User, now: datetime) -> RoundLock:
    """Close the figures: from now on nothing that counts towards them changes.

    Raises:
        NotAllowed: not a coordinator who takes care of the round.
        RoundClosed: closed already.
    """
    require_care_of(round_, by, Role.COORDINATOR)
    try:
        with transaction.atomic():
            lock = RoundLock.objects.create(round=round_, locked_at=now, locked_by=by)
            # Whoever is writing to a file is waited for; whoever comes next finds the lock.
            files = Assessment.objects.filter(round=round_)
            files.order_by().update(status=F("status"))
            statuses = dict(files.order_by().values_list("status").annotate(number=Count("pk")))
            _record("round_locked", lock, {"files": statuses}, by=by, now=now)
    except IntegrityError:
        standing = round_lock(round_)
        if standing is None:
            raise
        raise RoundClosed(round_, standing) from None
    return lock


def request_unlock(round_: Round, *, reason: str, by: User, now: datetime) -> RoundLock:
    """Ask for the figures to be opened again; nothing opens until a second person confirms.

    Raises:
        NotAllowed: not a coordinator who takes care of the round.
        NotReady: no reason given, the round is not closed, or somebody asked already.
    """
    require_care_of(round_, by, Role.COORDINATOR)
    reason = reason.strip()
    if not reason:
        raise NotReady(REASON_NEEDED)
    with transaction.atomic():
        lock = _standing(round_)
        asked = RoundLock.objects.filter(
            pk=lock.pk, unlocked_at__isnull=True, requested_at__isnull=True
        ).update(unlock_reason=reason, requested_at=now, requested_by=by)
        if not asked:
            raise NotReady(already_asked(_standing(round_)))
        lock.refresh_from_db()
        _record("round_unlock_requested", lock, {"reason": reason}, by=by, now=now)
    return lock


def withdraw_unlock_request(round_: Round, *, by: User, now: datetime) -> RoundLock:
    """Take back one's own request; the figures stay closed and anyone may ask anew.

    Raises:
        NotAllowed: not a coordinator who takes care of the round.
        NotReady: not closed, nobody asked, or somebody else asked.
    """
    require_care_of(round_, by, Role.COORDINATOR)
    with transaction.atomic():
        lock = _standing(round_)
        if lock.requested_by is None or lock.requested_at is None:
            raise NotReady(NOT_ASKED)
        if lock.requested_by != by:
            raise NotReady(NOT_YOUR_REQUEST)
        withdrawn = RoundLock.objects.filter(
            pk=lock.pk, unlocked_at__isnull=True, requested_by=by, requested_at=lock.requested_at
        ).update(unlock_reason="", requested_at=None, requested_by=None)
        if not withdrawn:
            # Confirmed or withdrawn in the meantime: the row says which.
            _standing(round_)
            raise NotReady(NOT_ASKED)
        details = {"reason": lock.unlock_reason, "requested_at": lock.requested_at.isoformat()}
        lock.refresh_from_db()
        _record("round_unlock_request_withdrawn", lock, details, by=by, now=now)
    return lock


def confirm_unlock(round_: Round, *, by: User, now: datetime) -> RoundLock:
    """Open the figures again, as the second person.

    Raises:
        NotAllowed: neither a coordinator nor a leader who takes care of the round.
        NotReady: not closed, nobody asked, the same person asked, or the request changed meanwhile.
    """
    require_care_of(round_, by, Role.COORDINATOR, Role.LEADER)
    with transaction.atomic():
        lock = _standing(round_)
        if lock.requested_by is None:
            raise NotReady(NOT_ASKED)
        if lock.requested_by == by:
            raise NotReady(SECOND_PERSON)
        opened = RoundLock.objects.filter(
            pk=lock.pk,
            unlocked_at__isnull=True,
            requested_by=lock.requested_by,
            requested_at=lock.requested_at,
        ).update(unlocked_at=now, unlocked_by=by)
        if not opened:
            _standing(round_)
            raise NotReady(REQUEST_CHANGED)
        details = {"reason": lock.unlock_reason, "asked_by": lock.requested_by.username}
        lock.refresh_from_db()
        _record("round_unlocked", lock, details, by=by, now=now)
    return lock


def already_asked(lock: RoundLock) -> str:
    """Who asked before, and what is still needed."""
    when = clock_words(lock.requested_at) if lock.requested_at else ""
    return (
        f"Đồng chí {lock.requested_by} đã đề nghị mở lại lúc {when}; "
        "cần một cán bộ tổng hợp khác hoặc lãnh đạo xác nhận."
    )


def _standing(round_: Round) -> RoundLock:
    lock = round_lock(round_)
    if lock is None:
        raise NotReady(NOT_CLOSED)
    return lock


def _record(
    event: str, lock: RoundLock, details: dict[str, Any], *, by: User, now: datetime
) -> None:
    province = lock.round.programme.province
    audit.record(
        event,
        lock.round,
        by=by,
        now=now,
        province_code=province.code if province else "",
        details={
            "programme": lock.round.programme.code,
            "year": lock.round.year,
            "locked_at": lock.locked_at.isoformat(),
            **details,
        },
    )
