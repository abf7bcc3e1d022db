"""The audit trail: append in the transaction of the act, chained by SHA-256, verifiable later."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction

from accounts.events import EVENTS
from accounts.models import AuditEntry, AuditHead, User

SYSTEM_ACTOR = "Hệ thống"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first entry at which the chain no longer holds, and why."""

    sequence: int
    reason: str


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 (hex) over everything the entry says and the digest of the entry before it."""
    material = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "event": entry.event,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "subject_label": entry.subject_label,
        "province_code": entry.province_code,
        "unit_id": entry.unit_id,
        "details": entry.details,
        "previous_digest": entry.previous_digest,
    }
    text = json.dumps(material, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    event: str,
    subject: models.Model,
    *,
    by: User | None,
    now: datetime,
    province_code: str = "",
    unit_id: object = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry about `subject`; must run inside the transaction of the act it records.

    Raises:
        KeyError: the event has no sentence in `accounts.events`.
        RuntimeError: called outside a transaction.
    """
    if event not in EVENTS:
        raise KeyError(event)
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry is written in the transaction of what it records.")
    held = AuditHead.objects.select_for_update().filter(pk=1)
    head = held.first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1)
        head = held.get()
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=now,
        actor_id=by.pk if by else None,
        actor_name=f"{by.full_name} ({by.username})" if by else SYSTEM_ACTOR,
        event=event,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:240],
        province_code=province_code,
        unit_id=str(unit_id),
        # A round trip through JSON now, so that what is hashed is what is read back later.
        details=json.loads(json.dumps(details or {}, ensure_ascii=False, default=str)),
        previous_digest=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save()
    head.sequence, head.digest = entry.sequence, entry.digest
    head.save()
    return entry


def first_broken(entries: Iterable[AuditEntry] | None = None) -> BrokenLink | None:
    """Walk the whole chain from its start; None when every entry is as it was written."""
    if entries is None:
        entries = AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000)
    expected, previous = 1, ""
    for entry in entries:
        if entry.sequence != expected:
            return BrokenLink(expected, "thiếu mục này hoặc thứ tự bị đổi")
        if entry.previous_digest != previous:
            return BrokenLink(entry.sequence, "không nối tiếp mục liền trước")
        if entry.digest != digest_of(entry):
            return BrokenLink(entry.sequence, "nội dung không khớp mã kiểm tra")
        expected, previous = expected + 1, entry.digest
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence, head.digest) != (expected - 1, previous):
        return BrokenLink(expected, "các mục cuối cùng đã bị gỡ bỏ")
    return None
