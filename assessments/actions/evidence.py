"""Adding and removing evidence."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions.answering import hold_editable
from assessments.models import Assessment, Attachment, Evidence, EvidenceKind
from assessments.permissions import require_station
from assessments.uploads import CheckedUpload
from criteria.models import Criterion


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
    """Store a checked file under a random name and attach it to the criterion.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, or holds the same content already.
    """
    require_station(assessment, by)
    evidence = Evidence(
        unit=assessment.unit,
        kind=EvidenceKind.FILE,
        original_name=upload.name,
        media_type=upload.media_type,
        size=len(upload.content),
        sha256=upload.sha256,
        title=title,
        number=number,
        issued_on=issued_on,
        issuer=issuer,
        added_at=now,
        added_by=by,
    )
    try:
        with transaction.atomic():
            hold_editable(assessment, by=by, now=now)
            if _current(assessment, criterion).filter(evidence__sha256=upload.sha256).exists():
                raise NotReady(f"Tệp “{upload.name}” đã có ở tiêu chí này; không thêm lần nữa.")
            evidence.file.save(upload.name, ContentFile(upload.content), save=False)
            evidence.save()
            return _attach(assessment, criterion, evidence, by=by, now=now)
    except Exception:
        # No file without its row: what was written to disk goes when the row does not come.
        if evidence.file:
            evidence.file.delete(save=False)
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
        NotReady: the file is no longer editable.
    """
    require_station(assessment, by)
    with transaction.atomic():
        hold_editable(assessment, by=by, now=now)
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


def remove_attachment(attachment: Attachment, *, by: User, now: datetime) -> None:
    """Take a piece of evidence off a criterion; the row and the file stay for the record.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the file is no longer editable, or the evidence was removed already.
    """
    assessment = attachment.assessment
    require_station(assessment, by)
    with transaction.atomic():
        hold_editable(assessment, by=by, now=now)
        changed = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
            removed_at=now, removed_by=by
        )
        if not changed:
            raise NotReady("Tài liệu này đã được gỡ trước đó.")
        _record("evidence_removed", attachment, by=by, now=now)


def _current(assessment: Assessment, criterion: Criterion) -> Any:
    return Attachment.objects.filter(
        assessment=assessment, criterion=criterion, removed_at__isnull=True
    )


def _attach(
    assessment: Assessment, criterion: Criterion, evidence: Evidence, *, by: User, now: datetime
) -> Attachment:
    attachment = Attachment.objects.create(
        evidence=evidence, assessment=assessment, criterion=criterion, added_at=now, added_by=by
    )
    _record("evidence_added", attachment, by=by, now=now)
    return attachment


def _record(event: str, attachment: Attachment, *, by: User, now: datetime) -> None:
    evidence, assessment = attachment.evidence, attachment.assessment
    audit.record(
        event,
        assessment,
        by=by,
        now=now,
        province_code=assessment.unit.province.code,
        unit_id=assessment.unit_id,
        details={
            "criterion": attachment.criterion.code,
            "evidence": str(evidence.pk),
            "kind": evidence.kind,
            "label": evidence.label,
            "sha256": evidence.sha256,
        },
    )
