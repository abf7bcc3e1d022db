"""Adding and removing evidence; choosing again what the unit already has."""

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import F, QuerySet

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.answering import hold_editable
from assessments.deriving.keeping import in_step
from assessments.models import Assessment, Attachment, Evidence, EvidenceKind, Scan
from assessments.permissions import require_station
from assessments.uploads import CheckedUpload
from criteria.models import Criterion

MOST_PER_CRITERION = 50
NO_ROOM = (
    "Mỗi tiêu chí có tối đa {most} tài liệu. “{label}” chưa được thêm; "
    "hãy gỡ bớt hoặc gộp các tài liệu cùng loại rồi thêm lại."
)


@dataclass(frozen=True, slots=True)
class Details:
    """What a document is known by: number, own day, issuer, subject."""

    number: str = ""
    issued_on: date | None = None
    issuer: str = ""
    title: str = ""


def attach_file(
    assessment: Assessment,
    criterion: Criterion,
    upload: CheckedUpload,
    *,
    title: str = "",
    number: str = "",
    issued_on: date | None = None,
    issuer: str = "",
    by: User,
    now: datetime,
) -> Attachment:
    """Attach a checked file to the criterion, stored under a random name.

    Content that the unit has already is attached again instead of being stored a second time; see
    :func:`is_reuse`. What other units have is never looked at.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, the criterion holds this content already, or
            holds as much as it may.
    """
    require_station(assessment, by)
    details = Details(number=number, issued_on=issued_on, issuer=issuer, title=title)
    evidence = new_file(assessment, upload, details, by=by, now=now)
    try:
        with in_step():
            hold_editable(assessment, by=by, now=now)
            held = current(assessment, criterion)
            if held.filter(evidence__sha256=upload.sha256).exists():
                raise NotReady(f"Tệp “{upload.name}” đã có ở tiêu chí này; không thêm lần nữa.")
            _require_room(held, upload.name)
            kept = _same_content(assessment, upload)
            if kept is None:
                store(evidence, upload)
            return _attach(assessment, criterion, kept or evidence, by=by, now=now)
    except Exception:
        forget_file(evidence)
        raise


def attach_reference(
    assessment: Assessment,
    criterion: Criterion,
    *,
    number: str,
    issued_on: date | None,
    issuer: str,
    title: str,
    by: User,
    now: datetime,
) -> Attachment:
    """Cite a document that is not, or must not be, uploaded.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, or the criterion holds as much as it may.
    """
    require_station(assessment, by)
    with in_step():
        hold_editable(assessment, by=by, now=now)
        _require_room(current(assessment, criterion), number)
        evidence = Evidence.objects.create(
            unit=assessment.unit,
            kind=EvidenceKind.REFERENCE,
            number=number,
            issued_on=issued_on,
            issuer=issuer,
            title=title,
            added_at=now,
            added_by=by,
        )
        return _attach(assessment, criterion, evidence, by=by, now=now)


def attach_again(
    assessment: Assessment,
    criterion: Criterion,
    chosen: Iterable[Evidence],
    *,
    by: User,
    now: datetime,
) -> list[Attachment]:
    """Attach evidence that the unit has already; what is attached already is passed over.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, one of them is another unit's or shut away, or
            the criterion cannot hold them all; nothing is attached then.
    """
    require_station(assessment, by)
    with in_step():
        hold_editable(assessment, by=by, now=now)
        held = current(assessment, criterion)
        known = set(held.values_list("evidence_id", flat=True))
        attached = []
        for evidence in chosen:
            if evidence.unit_id != assessment.unit_id or evidence.scan == Scan.INFECTED:
                raise NotReady(f"Không dùng lại được tài liệu “{evidence.label}”.")
            if evidence.pk in known:
                continue
            _require_room(held, evidence.label)
            known.add(evidence.pk)
            attached.append(_attach(assessment, criterion, evidence, by=by, now=now))
    return attached


def remove_attachment(attachment: Attachment, *, by: User, now: datetime) -> None:
    """Take a piece of evidence off a criterion; the row and the file stay for the record.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, or the evidence was removed already.
    """
    assessment = attachment.assessment
    require_station(assessment, by)
    with in_step():
        hold_editable(assessment, by=by, now=now)
        take_off(attachment, by=by, now=now)
        record(
            "evidence_removed",
            assessment,
            attachment.evidence,
            by=by,
            now=now,
            criterion=attachment.criterion.code,
        )


def is_reuse(attachment: Attachment) -> bool:
    """Whether the evidence was there before it was attached here."""
    return attachment.evidence.added_at != attachment.added_at


def current(assessment: Assessment, criterion: Criterion) -> "QuerySet[Attachment]":
    """Evidence now in use for a criterion."""
    return Attachment.objects.filter(
        assessment=assessment, criterion=criterion, removed_at__isnull=True
    )


def new_file(
    assessment: Assessment, upload: CheckedUpload, details: Details, *, by: User, now: datetime
) -> Evidence:
    """A row for a checked file of this unit, not saved yet."""
    return Evidence(
        unit=assessment.unit,
        kind=EvidenceKind.FILE,
        original_name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=upload.sha256,
        scan=upload.scan,
        added_at=now,
        added_by=by,
        **asdict(details),
    )


def store(evidence: Evidence, upload: CheckedUpload) -> None:
    """Write the file to the disk to stay, then the row that names it."""
    evidence.file.save(upload.name, ContentFile(upload.content), save=False)
    with evidence.file.open("rb") as written:
        os.fsync(written.fileno())
    evidence.save()


def forget_file(evidence: Evidence) -> None:
    """Remove what was written to the disk when its row does not come."""
    if evidence.file:
        evidence.file.delete(save=False)


def take_off(attachment: Attachment, *, by: User, now: datetime) -> None:
    """End one use of evidence.

    Raises:
        NotReady: it was ended already.
    """
    changed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
        removed_at=now, removed_by=by
    )
    if not changed:
        raise NotReady("Tài liệu này đã được gỡ trước đó.")


def record(
    event: str,
    assessment: Assessment,
    evidence: Evidence,
    *,
    by: User,
    now: datetime,
    **details: Any,
) -> None:
    """Write into the trail what was done with a piece of evidence."""
    audit.record(
        event,
        assessment,
        by=by,
        now=now,
        province_code=assessment.unit.province.code,
        unit_id=assessment.unit_id,
        details={
            **details,
            "evidence": str(evidence.pk),
            "kind": evidence.kind,
            "label": evidence.label,
            "sha256": evidence.sha256,
        },
    )


def _same_content(assessment: Assessment, upload: CheckedUpload) -> Evidence | None:
    return (
        Evidence.objects.filter(
            unit_id=assessment.unit_id, kind=EvidenceKind.FILE, sha256=upload.sha256
        )
        .exclude(scan=Scan.INFECTED)
        .order_by(F("replaced_by").asc(nulls_first=True), "-added_at")
        .first()
    )


def _require_room(held: "QuerySet[Attachment]", label: str) -> None:
    if held.count() >= MOST_PER_CRITERION:
        raise NotReady(NO_ROOM.format(most=MOST_PER_CRITERION, label=label))


def _attach(
    assessment: Assessment, criterion: Criterion, evidence: Evidence, *, by: User, now: datetime
) -> Attachment:
    attachment = Attachment.objects.create(
        evidence=evidence, assessment=assessment, criterion=criterion, added_at=now, added_by=by
    )
    record(
        "evidence_added",
        assessment,
        evidence,
        by=by,
        now=now,
        criterion=criterion.code,
        again=is_reuse(attachment),
    )
    return attachment
