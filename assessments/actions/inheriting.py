"""What becomes of a recognition when its unit became another: a person decides, once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.deadlines import clock_words
from assessments.inheritances import OpenDecision, is_open
from assessments.models import Inheritance, InheritanceChoice, Recognition
from assessments.permissions import NOT_YOUR_PROVINCE
from wards.actions.citing import cite
from wards.models import LegalDocument, Unit

REASON_NEEDED = "Cần nêu lý do của quyết định này."
NOTHING_OPEN = (
    "Không có quyết định nào đang chờ về công nhận này cho đơn vị đã chọn; hãy tải lại danh sách."
)


def decide_inheritance(
    recognition: Recognition,
    successor: Unit,
    choice: InheritanceChoice,
    *,
    reason: str,
    number: str = "",
    issued_on: date | None = None,
    issuer: str = "",
    by: User,
    now: datetime,
) -> Inheritance:
    """Record the decision about a predecessor's recognition for one successor.

    Kept, it is a recognition of the successor, counted from the day of the document, or of the
    decision where there is no document of its own. Lapsed, it ends with the unit that had it.

    Raises:
        NotAllowed: not a coordinator of the successor's province.
        NotReady: decided already, nothing to decide, no reason, or a document that does not fit.
    """
    if not by.scope.serves(Role.COORDINATOR, successor.province_id):
        raise NotAllowed(NOT_YOUR_PROVINCE)
    if (done := _decided(recognition, successor)) is not None:
        return _same(done, choice, by)
    reason, today = reason.strip(), timezone.localdate(now)
    if not reason:
        raise NotReady(REASON_NEEDED)
    waiting = is_open(recognition, successor, today)
    if waiting is None:
        raise NotReady(NOTHING_OPEN)
    _require_document(number, issued_on, today)
    try:
        with transaction.atomic():
            document = _document(number, issued_on, issuer, recognition)
            row = Inheritance.objects.create(
                recognition=recognition,
                successor=successor,
                choice=choice,
                document=document,
                reason=reason,
                decided_at=now,
                decided_by=by,
            )
            if choice == InheritanceChoice.KEEP:
                _keep(waiting, row, issued_on or today, by=by, now=now)
            elif choice == InheritanceChoice.LAPSE:
                _lapse(waiting, row)
            _record(waiting, row, by=by, now=now)
    except IntegrityError:
        done = _decided(recognition, successor)
        if done is None:
            raise
        return _same(done, choice, by)
    return row


def _decided(recognition: Recognition, successor: Unit) -> Inheritance | None:
    rows = Inheritance.objects.filter(recognition=recognition, successor=successor)
    return rows.select_related("decided_by").first()


def _same(done: Inheritance, choice: InheritanceChoice, by: User) -> Inheritance:
    """The same press twice is answered with what is there; anyone else is told (MDONE)."""
    if done.decided_by == by and done.choice == choice:
        return done
    raise NotReady(
        f"Đồng chí {done.decided_by} đã quyết định “{done.get_choice_display()}” lúc "
        f"{clock_words(done.decided_at)}; thao tác của đồng chí chưa được ghi."
    )


def _require_document(number: str, issued_on: date | None, today: date) -> None:
    if bool(number.strip()) != (issued_on is not None):
        raise NotReady(
            "Văn bản cần có cả số, ký hiệu và ngày; không có văn bản thì để trống cả hai."
        )
    if issued_on is not None and issued_on > today:
        raise NotReady("Ngày văn bản không được ở sau ngày hôm nay.")


def _document(
    number: str, issued_on: date | None, issuer: str, recognition: Recognition
) -> LegalDocument | None:
    if issued_on is None:
        return None
    return cite(number, issued_on, issuer=issuer, is_sample=recognition.is_sample)


def _keep(
    waiting: OpenDecision, row: Inheritance, day: date, *, by: User, now: datetime
) -> Recognition:
    """A recognition of the successor, unless it has one for that year already."""
    old, successor = waiting.recognition, waiting.successor
    # Never before the successor was there: history of earlier days stays as it is.
    since = max(day, waiting.reorganisation.on)
    if day < old.decided_on:
        raise NotReady(
            f"Ngày văn bản ở trước ngày quyết định công nhận ({old.decided_on:%d/%m/%Y}); hãy kiểm "
            "tra lại. Chưa ghi gì."
        )
    if old.lapses_on is not None and old.lapses_on <= since:
        raise NotReady(
            f"Công nhận đã hết thời hạn từ {old.lapses_on:%d/%m/%Y} nên không giữ được; hãy chọn "
            "đánh giá lại hoặc hết hiệu lực."
        )
    known = Recognition.objects.filter(
        programme=old.programme, unit=successor, for_year=old.for_year
    ).first()
    if known is not None and known.revoked_on is not None:
        raise NotReady(
            f"Công nhận năm {known.for_year} của {successor.full_name} đã bị hủy từ "
            f"{known.revoked_on:%d/%m/%Y}; hãy chọn đánh giá lại hoặc hết hiệu lực."
        )
    if known is not None:
        return known
    return Recognition.objects.create(
        programme=old.programme,
        unit=successor,
        document=row.document or old.document,
        decided_on=since,
        for_year=old.for_year,
        lapses_on=old.lapses_on,
        kept_from=old,
        note=row.reason,
        is_sample=old.is_sample,
        recorded_at=now,
        recorded_by=by,
    )


def _lapse(waiting: OpenDecision, row: Inheritance) -> None:
    """The old recognition ends with its unit; a unit that goes on keeps its own."""
    old, on = waiting.recognition, waiting.reorganisation.on
    if old.unit.valid_to is None or old.unit.valid_to >= on:
        return
    # Its term is over with the unit. It was not revoked: what it counted for stays counted.
    Recognition.objects.filter(
        Q(lapses_on__isnull=True) | Q(lapses_on__gt=on), pk=old.pk, revoked_on__isnull=True
    ).update(lapses_on=on)


def _record(waiting: OpenDecision, row: Inheritance, *, by: User, now: datetime) -> None:
    """One entry on either unit's trail."""
    details = {
        "choice": row.choice,
        "reason": row.reason,
        "document": row.document.number if row.document else "",
        "recognition": waiting.recognition.document.number,
        "for_year": waiting.recognition.for_year,
        "from": waiting.recognition.unit.code,
        "into": waiting.successor.code,
    }
    for unit in (waiting.recognition.unit, waiting.successor):
        audit.record(
            "inheritance_decided",
            row,
            by=by,
            now=now,
            province_code=unit.province.code,
            unit_id=unit.pk,
            details=details,
        )
