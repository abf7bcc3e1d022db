"""Tokens by which other systems read from the API."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Role
from accounts.scope import Scope
from wards.models.people import Agency
from wards.querysets import ApiTokenQuerySet


class ApiToken(models.Model):
    """What one system of an agency shows to read from the API; only its SHA-256 is known here."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="api_tokens")
    purpose = models.CharField("dùng cho", max_length=120)
    digest = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    expires_on = models.DateField("dùng đến hết ngày")
    issued_at = models.DateTimeField("cấp lúc")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    last_used_on = models.DateField("dùng gần nhất", null=True, blank=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "mã truy cập API"
        verbose_name_plural = "mã truy cập API"
        ordering = ("-issued_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False),
                name="api_token_revoked_by_with_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.purpose}"

    @property
    def scope(self) -> Scope:
        """What the token reads, and nothing it may do.

        A token of a province's agency reads as the province's leader does, one of an agency without
        a province as the Ministry does. It serves no role anywhere, so every act is refused to it.
        """
        province = self.agency.province_id
        if province is None:
            return Scope(roles=frozenset({Role.MINISTRY_VIEWER}), everything=True)
        return Scope(roles=frozenset({Role.LEADER}), provinces=frozenset({province}))

    @property
    def reach(self) -> str:
        """Whose figures the token reads, in words."""
        province = self.agency.province
        return f"{province.get_kind_display()} {province.name}" if province else "cả nước"

    def is_valid_on(self, day: date) -> bool:
        """Whether the token still opens the API on this day."""
        return self.revoked_at is None and day <= self.expires_on
