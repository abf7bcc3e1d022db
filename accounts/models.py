"""Users, their roles' names, and the audit trail."""

import unicodedata
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models

from accounts.querysets import AuditEntryQuerySet, NoticeQuerySet
from accounts.roles import Role
from accounts.scope import Scope

__all__ = ["AuditEntry", "AuditHead", "MailState", "Notice", "Role", "User"]


class User(AbstractUser):
    """One person, one account. What the person sees follows from postings, never from flags."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        "tên đăng nhập",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z0-9][a-z0-9._-]{2,59}\Z",
                "Tên đăng nhập gồm chữ thường không dấu, số và các dấu . _ -",
            )
        ],
    )
    full_name = models.CharField("họ và tên", max_length=120)
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)

    scope: Scope = Scope()
    """Reach of the day; empty until the middleware, or whoever acts, attaches it."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name", "email"]

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.full_name or self.username

    def clean(self) -> None:
        """Store the name in NFC, so that the same name is the same text everywhere."""
        super().clean()
        self.full_name = unicodedata.normalize("NFC", self.full_name)

    def get_full_name(self) -> str:
        """The full name as entered; Vietnamese names are not split."""
        return self.full_name

    def get_short_name(self) -> str:
        """The given name: the last word of a Vietnamese full name."""
        return self.full_name.rsplit(" ", 1)[-1]


class AuditHead(models.Model):
    """The end of the audit chain: one row, locked by whoever appends."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest[:12]}"


class AuditEntry(models.Model):
    """One recorded act. No foreign keys, so nothing it names can take it away; never changed."""

    sequence = models.PositiveBigIntegerField("số thứ tự", unique=True)
    at = models.DateTimeField("lúc")
    actor_id = models.BigIntegerField("mã người thực hiện", null=True)
    actor_name = models.CharField("người thực hiện", max_length=180)
    event = models.CharField("sự kiện", max_length=60, db_index=True)
    subject_type = models.CharField("loại đối tượng", max_length=60)
    subject_id = models.CharField("mã đối tượng", max_length=64, db_index=True)
    subject_label = models.CharField("đối tượng", max_length=240)
    province_code = models.CharField("mã tỉnh", max_length=10, blank=True, db_index=True)
    unit_id = models.CharField("mã đơn vị", max_length=64, blank=True, db_index=True)
    details = models.JSONField("chi tiết", default=dict)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "mục nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ("-sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.event} {self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once.

        Raises:
            TypeError: the entry exists already; audit entries are never changed.
        """
        if self.pk is not None:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse.

        Raises:
            TypeError: always; audit entries are never deleted.
        """
        raise TypeError("An audit entry is never deleted.")


class MailState(models.TextChoices):
    """How far the e-mail of a notice is."""

    NONE = "none", "Không gửi thư"
    WAITING = "waiting", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    FAILED = "failed", "Không gửi được"


class Notice(models.Model):
    """Something a person is told: shown in the portal, and sent by e-mail from this same row.

    Written in the transaction of what it tells of, so it exists exactly when that happened. `key`
    names the occasion; the same person is never told of the same occasion twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    key = models.CharField("dịp", max_length=160)
    event = models.CharField("loại", max_length=60)
    title = models.CharField("tiêu đề", max_length=200)
    body = models.TextField("nội dung", blank=True)
    path = models.CharField("địa chỉ trong hệ thống", max_length=300, blank=True)
    created_at = models.DateTimeField("lúc")  # by the system, so nobody is named
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)  # by the recipient
    mail_state = models.CharField(
        "thư", max_length=10, choices=MailState.choices, default=MailState.NONE
    )
    mail_attempts = models.PositiveSmallIntegerField("số lần gửi thư", default=0)
    mail_due = models.DateTimeField("gửi thư từ lúc", null=True, blank=True)
    mail_claim = models.UUIDField("lượt gửi", null=True, blank=True)
    mail_error = models.CharField("lỗi gửi thư", max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ("-created_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_once_per_occasion")
        ]
        indexes = [models.Index(fields=["mail_state", "mail_due"])]

    def __str__(self) -> str:
        return self.title
