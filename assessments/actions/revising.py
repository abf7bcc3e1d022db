"""New revisions of evidence: nothing that a submission names is ever overwritten."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError
from django.db.models import F, Q

from accounts.access import NotReady
from accounts.models import User
from assessments.actions.answering import hold_editable
from assessments.actions.evidence import (
    Details,
    forget_file,
    new_file,
    record,
    store,
    take_off,
)
from assessments.deriving.keeping import in_step
from assessments.models import Attachment, Evidence, EvidenceKind
from assessments.permissions import require_station
from assessments.uploads import CheckedUpload

REPLACED_ALREADY = (
    "Tài liệu này đã có bản mới hơn. Chưa ghi gì; hãy gỡ bản này và chọn bản mới trong kho "
    "minh chứng của đơn vị."
)
CHANGED_MEANWHILE = (
    "Thông tin của tài liệu đã được thay đổi ở nơi khác. "
    "Hãy so sánh với nội dung đồng chí vừa nhập rồi lưu lại."
)


class DetailsConflict(NotReady):
    """Somebody else changed the details since the form was opened."""


def details_of(evidence: Evidence) -> Details:
    """What the document is known by now."""
    return Details(
        number=evidence.number,
        issued_on=evidence.issued_on,
        issuer=evidence.issuer,
        title=evidence.title,
    )


def is_named(evidence: Evidence) -> bool:
    """Whether something handed in names this evidence."""
    handed_in = F("assessment__submissions__submitted_at")
    return (
        evidence.attachments.filter(assessment__submissions__submitted_at__gte=F("added_at"))
        .filter(Q(removed_at__isnull=True) | Q(removed_at__gt=handed_in))
        .exists()
    )


def replace_file(
    attachment: Attachment, upload: CheckedUpload, details: Details, *, by: User, now: datetime
) -> Evidence:
    """Put a new revision in the place of a file, wherever this assessment uses it.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the assessment is no longer editable, the evidence was removed or replaced, is
            no file, or the content is the same.
    """
    old = attachment.evidence
    if old.kind != EvidenceKind.FILE:
        raise NotReady("Văn bản viện dẫn không có tệp để thay; hãy sửa thông tin của văn bản.")
    if old.sha256 == upload.sha256:
        raise NotReady(f"Tệp “{upload.name}” giống hệt bản đang dùng; chưa thay bản nào.")
    new = new_file(attachment.assessment, upload, details, by=by, now=now)
    try:
        _put_in_place(attachment, new, lambda: store(new, upload), by=by, now=now)
    except Exception:
        forget_file(new)
        raise
    return new


def describe(
    attachment: Attachment, details: Details, *, seen: Details, by: User, now: datetime
) -> Evidence:
    """Correct what a document is known by; a new revision when something handed in names it.

    `seen` is what the form showed before.

    Raises:
        NotAllowed: not posted at the station.
        NotReady: the assessment is no longer editable, or the evidence was removed or replaced.
        DetailsConflict: changed elsewhere since.
    """
    assessment, old = attachment.assessment, attachment.evidence
    require_station(assessment, by)
    with in_step():
        hold_editable(assessment, by=by, now=now)
        stored = Evidence.objects.select_for_update().get(pk=old.pk)
        if details_of(stored) == details:
            return stored
        if details_of(stored) != seen:
            raise DetailsConflict(CHANGED_MEANWHILE)
        if is_named(stored):
            # The same file under new details: both rows name it, neither overwrites the other.
            new = Evidence(
                unit=stored.unit,
                kind=stored.kind,
                file=stored.file.name,
                original_name=stored.original_name,
                media_type=stored.media_type,
                size=stored.size,
                sha256=stored.sha256,
                scan=stored.scan,
                added_at=now,
                added_by=by,
                **asdict(details),
            )
            _put_in_place(attachment, new, new.save, by=by, now=now)
            return new
        Evidence.objects.filter(pk=old.pk).update(**asdict(details))
        stored.refresh_from_db()
        record(
            "evidence_described",
            assessment,
            stored,
            by=by,
            now=now,
            criterion=attachment.criterion.code,
            before=asdict(seen),
            after=asdict(details),
        )
    return stored


def _put_in_place(
    attachment: Attachment,
    new: Evidence,
    save: Callable[[], None],
    *,
    by: User,
    now: datetime,
) -> None:
    assessment, old = attachment.assessment, attachment.evidence
    require_station(assessment, by)
    new.replaces = old
    try:
        with in_step():
            hold_editable(assessment, by=by, now=now)
            uses = list(
                Attachment.objects.filter(
                    evidence=old, assessment=assessment, removed_at__isnull=True
                ).select_related("criterion")
            )
            if attachment.pk not in {use.pk for use in uses}:
                raise NotReady("Tài liệu này đã được gỡ trước đó.")
            if Evidence.objects.filter(replaces=old).exists():
                raise NotReady(REPLACED_ALREADY)
            save()
            for use in uses:
                take_off(use, by=by, now=now)
            Attachment.objects.bulk_create(
                Attachment(
                    evidence=new,
                    assessment=assessment,
                    criterion=use.criterion,
                    added_at=now,
                    added_by=by,
                )
                for use in uses
            )
            record(
                "evidence_replaced",
                assessment,
                new,
                by=by,
                now=now,
                replaces=str(old.pk),
                criteria=sorted(use.criterion.code for use in uses),
            )
    except IntegrityError:
        # Replaced at the same moment from another file of the unit.
        raise NotReady(REPLACED_ALREADY) from None
