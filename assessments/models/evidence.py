"""Evidence: a file under a random name, or a document cited without a file."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models.answers import Assessment
from assessments.querysets import EvidenceQuerySet
from criteria.models import Criterion
from wards.models import Unit


class EvidenceKind(models.TextChoices):
    """How a piece of evidence is held."""

    FILE = "file", "Tệp"
    REFERENCE = "reference", "Viện dẫn văn bản"


class Scan(models.TextChoices):
    """What the virus scanner said; without a scanner nothing is asked."""

    NOT_ASKED = "not_asked", "Không kiểm tra mã độc"
    WAITING = "waiting", "Chờ kiểm tra mã độc"
    CLEAN = "clean", "Không có mã độc"
    INFECTED = "infected", "Có mã độc"


USABLE_SCANS = frozenset({Scan.NOT_ASKED, Scan.CLEAN})
"""Evidence that is served and counted; anything else waits or is shut away."""


def random_name(evidence: "Evidence", filename: str) -> str:
    """Where the file is stored: nothing of what the sender called it, nothing to guess."""
    token = uuid.uuid4().hex
    return f"evidence/{token[:2]}/{token}"


class Evidence(models.Model):
    """One piece of evidence of a unit. It belongs to the unit, so later rounds may use it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("hình thức", max_length=10, choices=EvidenceKind.choices)
    file = models.FileField("tệp", upload_to=random_name, max_length=120, blank=True)
    original_name = models.CharField("tên tệp", max_length=200, blank=True)
    media_type = models.CharField("loại nội dung", max_length=100, blank=True)
    size = models.PositiveIntegerField("dung lượng (byte)", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    issued_on = models.DateField("ngày văn bản", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    title = models.CharField("trích yếu", max_length=500, blank=True)
    scan = models.CharField(
        "kiểm tra mã độc", max_length=10, choices=Scan.choices, default=Scan.NOT_ASKED
    )
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
        verbose_name="thay cho bản",
    )
    added_at = models.DateTimeField("thêm lúc")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence"
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu kiểm chứng"
        verbose_name_plural = "tài liệu kiểm chứng"
        ordering = ("added_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.FILE) & ~Q(file="") & ~Q(sha256=""))
                | (Q(kind=EvidenceKind.REFERENCE) & Q(file="") & ~Q(number="") & ~Q(title="")),
                name="evidence_is_file_or_reference",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What a reader sees first: the cited document, or the file's name."""
        if self.number:
            return f"{self.number} – {self.title}" if self.title else self.number
        return self.title or self.original_name

    @property
    def is_usable(self) -> bool:
        """Whether it is served and counts as evidence."""
        return self.scan in USABLE_SCANS

    @property
    def is_image(self) -> bool:
        """Whether the page may show it as a picture."""
        return self.media_type in {"image/jpeg", "image/png"}


class Attachment(models.Model):
    """One use of evidence: for a criterion in an assessment. Removing it keeps the row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="attachments")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="attachments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="attachments")
    added_at = models.DateTimeField("thêm lúc")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = "gắn tài liệu"
        verbose_name_plural = "gắn tài liệu"
        ordering = ("added_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="attachment_removed_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["evidence", "assessment", "criterion"],
                condition=Q(removed_at__isnull=True),
                name="attachment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.criterion.code}"
