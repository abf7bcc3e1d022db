"""The end of a recognition before its term, and the term when it was typed wrongly."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.recognising import FUTURE, require_coordinator
from assessments.actions.telling_recognition import tell_revoked
from assessments.models import Recognition
from assessments.recognition_terms import RecognitionState, last_day, state_on
from wards.actions.citing import cite

REASON_REQUIRED = "Cần nêu lý do hủy công nhận."
CORRECTION_REASON_REQUIRED = "Cần nêu lý do sửa thời hạn."
UNCHANGED = "Thời hạn vừa nhập trùng với thời hạn đang ghi; không có gì để sửa."


def revoke(
    recognition: Recognition,
    *,
    number: str,
    decided_on: date,
    issuer: str,
    title: str = "",
    reason: str,
    by: User,
    now: datetime,
) -> Recognition:
    """Record the decision that ends a recognition, from its date on.

    Earlier days keep their figures: the recognition was in force then.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: no reason, a date in the future or before the recognition, lapsed by then,
            revoked already (also by somebody else at this instant), or the number is of another
            body or date.
    """
    require_coordinator(recognition.unit, by)
    if not reason.strip():
        raise NotReady(REASON_REQUIRED)
    if decided_on > timezone.localdate(now):
        raise NotReady(FUTURE)
    if decided_on < recognition.decided_on:
        raise NotReady(
            "Ngày quyết định hủy không được ở trước ngày công nhận "
            f"({recognition.decided_on:%d/%m/%Y})."
        )
    with transaction.atomic():
        document = cite(
            number,
            decided_on,
            issuer=issuer,
            title=title,
            is_sample=recognition.is_sample,
        )
        if document.pk == recognition.document_id:
            raise NotReady(
                f"{document} là quyết định công nhận; hãy nhập số của quyết định hủy công nhận."
            )
        changed = Recognition.objects.filter(pk=recognition.pk, revoked_on__isnull=True).update(
            revoked_on=decided_on, revoking_document=document, revocation_reason=reason.strip()
        )
        recognition = _read_again(recognition)
        if not changed:
            raise NotReady(already_revoked(recognition))
        if recognition.lapses_on is not None and recognition.lapses_on <= decided_on:
            raise NotReady(
                f"Công nhận này đã hết hạn sau ngày {last_day(recognition):%d/%m/%Y}, trước ngày "
                "quyết định hủy; không còn gì để hủy."
            )
        _record(
            "recognition_revoked",
            recognition,
            {
                "decision": document.number,
                "revoked_on": decided_on.isoformat(),
                "issuer": document.issuer,
                "reason": reason.strip(),
            },
            by=by,
            now=now,
        )
        tell_revoked(recognition, by=by, now=now)
    return recognition


def correct_term(
    recognition: Recognition,
    *,
    last_day: date | None,
    seen: date | None,
    reason: str,
    by: User,
    now: datetime,
) -> Recognition:
    """Put right until when a recognition is in force; None: until revoked.

    `seen` is the day from which the page said it was no longer in force.

    Raises:
        NotAllowed: not a coordinator of the province.
        NotReady: no reason, no change, a last day before the decision, revoked, or changed by
            somebody else meanwhile.
    """
    require_coordinator(recognition.unit, by)
    if not reason.strip():
        raise NotReady(CORRECTION_REASON_REQUIRED)
    if last_day is not None and last_day < recognition.decided_on:
        raise NotReady(
            "Ngày cuối còn hiệu lực không được ở trước ngày quyết định công nhận "
            f"({recognition.decided_on:%d/%m/%Y})."
        )
    lapses_on = last_day + timedelta(days=1) if last_day is not None else None
    if lapses_on == seen:
        raise NotReady(UNCHANGED)
    with transaction.atomic():
        as_seen = Recognition.objects.filter(pk=recognition.pk, revoked_on__isnull=True)
        changed = as_seen.filter(lapses_on=seen) if seen else as_seen.filter(lapses_on__isnull=True)
        updated = changed.update(lapses_on=lapses_on)
        recognition = _read_again(recognition)
        if not updated:
            raise NotReady(_why_not_corrected(recognition))
        _record(
            "recognition_term_corrected",
            recognition,
            {
                "before": seen.isoformat() if seen else "",
                "lapses_on": lapses_on.isoformat() if lapses_on else "",
                "reason": reason.strip(),
            },
            by=by,
            now=now,
        )
    return recognition


def already_revoked(recognition: Recognition) -> str:
    """By which decision, for whoever came second."""
    return (
        f"Công nhận này đã được ghi nhận hủy từ ngày {recognition.revoked_on:%d/%m/%Y} theo "
        f"{recognition.revoking_document}; thao tác của đồng chí chưa được ghi."
    )


def why_not_revoke(recognition: Recognition, day: date) -> str:
    """Why a recognition cannot be revoked on a day; empty when it can."""
    state = state_on(recognition, day)
    if state == RecognitionState.LAPSED:
        return "Công nhận đã hết hạn nên không còn gì để hủy."
    if recognition.revoked_on is not None:
        return already_revoked(recognition)
    return ""


def _why_not_corrected(recognition: Recognition) -> str:
    if recognition.revoked_on is not None:
        return already_revoked(recognition)
    standing = last_day(recognition)
    words = f"đến hết ngày {standing:%d/%m/%Y}" if standing else "đến khi bị hủy"
    return (
        f"Thời hạn vừa được sửa ở nơi khác, hiện ghi còn hiệu lực {words}; thao tác của đồng chí "
        "chưa được ghi."
    )


def _read_again(recognition: Recognition) -> Recognition:
    return Recognition.objects.select_related(
        "document", "revoking_document", "programme", "unit__province", "unit__district"
    ).get(pk=recognition.pk)


def _record(
    event: str, recognition: Recognition, details: dict[str, str], *, by: User, now: datetime
) -> None:
    audit.record(
        event,
        recognition,
        by=by,
        now=now,
        province_code=recognition.unit.province.code,
        unit_id=recognition.unit_id,
        details={
            "programme": recognition.programme.code,
            "for_year": recognition.for_year,
            **details,
        },
    )
