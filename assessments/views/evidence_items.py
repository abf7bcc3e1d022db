"""Evidence as lists show it: which revision it is, whether it counts, whether its day fits."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import Role, User
from assessments.models import Assessment, Attachment, Evidence, EvidenceKind
from assessments.previews import is_drawable, shut_sentence
from assessments.uploads import PDF
from assessments.windows import window_sentence
from wards.models import Unit


class Revisions:
    """Which evidence of a unit replaces which; one query, made when first asked."""

    def __init__(self, unit_id: uuid.UUID) -> None:
        self.unit_id = unit_id

    @cached_property
    def _before(self) -> Mapping[uuid.UUID, tuple[uuid.UUID, datetime]]:
        found = Evidence.objects.filter(unit_id=self.unit_id, replaces__isnull=False)
        return {
            new: (old, added)
            for new, old, added in found.values_list("pk", "replaces_id", "replaces__added_at")
        }

    @cached_property
    def _after(self) -> Mapping[uuid.UUID, uuid.UUID]:
        return {old: new for new, (old, _) in self._before.items()}

    def number(self, key: uuid.UUID) -> int:
        """Which revision this is, from 1."""
        return len(self.earlier(key)) + 1

    def replaced_on(self, key: uuid.UUID) -> datetime | None:
        """When the revision before was added; None for a first one."""
        return self._before[key][1] if key in self._before else None

    def is_superseded(self, key: uuid.UUID) -> bool:
        """Whether there is a newer revision."""
        return key in self._after

    def earlier(self, key: uuid.UUID) -> list[uuid.UUID]:
        """The revisions before, the latest first."""
        found = []
        while key in self._before:
            key = self._before[key][0]
            found.append(key)
        return found

    def chain(self, key: uuid.UUID) -> list[uuid.UUID]:
        """Every revision of the same document, the newest first."""
        while key in self._after:
            key = self._after[key]
        return [key, *self.earlier(key)]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One use of evidence as a list shows it."""

    attachment: Attachment
    revision: int
    replaced_on: datetime | None
    is_superseded: bool
    warning: str
    """Its own day lies outside the round's data window."""
    shut: str
    """Why it is not served and not counted; empty when it is."""

    @property
    def evidence(self) -> Evidence:
        """The evidence."""
        return self.attachment.evidence

    @property
    def icon(self) -> str:
        """Name of the icon that stands for its kind."""
        return icon_of(self.evidence)

    @property
    def kind_label(self) -> str:
        """The kind in words, for those who do not see the icon."""
        return kind_label_of(self.evidence)

    @property
    def is_drawable(self) -> bool:
        """Whether it can be looked at in the page."""
        return not self.shut and is_drawable(self.evidence)


def evidence_items(attachments: Iterable[Attachment], assessment: Assessment) -> list[EvidenceItem]:
    """Attachments with what their list needs; one query, none without attachments."""
    revisions = Revisions(assessment.unit_id)
    return [
        EvidenceItem(
            attachment=one,
            revision=revisions.number(one.evidence_id),
            replaced_on=revisions.replaced_on(one.evidence_id),
            is_superseded=revisions.is_superseded(one.evidence_id),
            warning=window_sentence(one.evidence, assessment.round),
            shut=shut_sentence(one.evidence),
        )
        for one in attachments
    ]


def icon_of(evidence: Evidence) -> str:
    """Name of the icon that stands for this kind of evidence."""
    if evidence.kind == EvidenceKind.REFERENCE:
        return "journal-text"
    if evidence.is_image:
        return "file-earmark-image"
    if evidence.media_type == PDF:
        return "file-earmark-pdf"
    return "file-earmark-spreadsheet" if "sheet" in evidence.media_type else "file-earmark-word"


def kind_label_of(evidence: Evidence) -> str:
    """The kind of evidence in words."""
    if evidence.kind == EvidenceKind.REFERENCE:
        return "Văn bản viện dẫn"
    if evidence.is_image:
        return "Tệp ảnh"
    if evidence.media_type == PDF:
        return "Tệp PDF"
    return "Tệp Excel" if "sheet" in evidence.media_type else "Tệp Word"


def units_with_same_content(evidence: Evidence, user: User) -> "QuerySet[Unit]":
    """Other units within a reviewer's reach that have the same file; nobody else learns of them."""
    if not evidence.sha256 or not {Role.REVIEWER, Role.COORDINATOR} & user.scope.roles:
        return Unit.objects.none()
    same = Evidence.objects.visible_to(user).filter(sha256=evidence.sha256)
    return (
        Unit.objects.filter(pk__in=same.exclude(unit_id=evidence.unit_id).values("unit_id"))
        .exclude(pk__in=user.scope.units)
        .order_by("sort_key", "code")[:5]
    )
