"""Issuing and revoking tokens of the API."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import FORBIDDEN, NotAllowed, NotReady
from accounts.models import Role, User
from wards.api_tokens import digest_of, new_secret
from wards.models import Agency, ApiToken

LONGEST = timedelta(days=365)
"""How long a token may be valid."""


def issue(
    agency: Agency, *, purpose: str, expires_on: date, by: User | None, now: datetime
) -> tuple[ApiToken, str]:
    """A token for a system of this agency, and its secret, which is told this once.

    `by` is None for the command line.

    Raises:
        NotAllowed: not a system administrator.
        NotReady: the last day is past or too far off, or a token for this purpose is valid.
    """
    _require_administrator(by)
    today = timezone.localdate(now)
    if not today < expires_on <= today + LONGEST:
        raise NotReady(
            f"Hạn dùng phải sau hôm nay và không quá một năm (đến {today + LONGEST:%d/%m/%Y})."
        )
    secret = new_secret()
    with transaction.atomic():
        # Pressed twice, the second press waits here and finds the token of the first.
        Agency.objects.select_for_update().get(pk=agency.pk)
        if agency.api_tokens.valid_on(today).filter(purpose=purpose).exists():
            raise NotReady(
                f"{agency} đang có mã còn hạn dùng cho “{purpose}”. Hãy thu hồi mã đó trước, "
                "hoặc ghi rõ mã mới dùng cho việc nào."
            )
        token = ApiToken.objects.create(
            agency=agency,
            purpose=purpose,
            digest=digest_of(secret),
            expires_on=expires_on,
            issued_at=now,
            issued_by=by,
        )
        _record("api_token_issued", token, by=by, now=now)
    return token, secret


def revoke(token: ApiToken, *, by: User | None, now: datetime) -> None:
    """End a token at once; `by` is None for the command line.

    Raises:
        NotAllowed: not a system administrator.
        NotReady: it was revoked before.
    """
    _require_administrator(by)
    with transaction.atomic():
        waiting = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if not waiting.update(revoked_at=now, revoked_by=by):
            raise NotReady("Mã truy cập này đã được thu hồi trước đó.")
        _record("api_token_revoked", token, by=by, now=now)


def _require_administrator(by: User | None) -> None:
    if by is not None and Role.SYSTEM_ADMINISTRATOR not in by.scope.roles:
        raise NotAllowed(FORBIDDEN)


def _record(event: str, token: ApiToken, *, by: User | None, now: datetime) -> None:
    province = token.agency.province
    audit.record(
        event,
        token,
        by=by,
        now=now,
        province_code=province.code if province else "",
        details={
            "agency": token.agency.code,
            "purpose": token.purpose,
            "expires_on": token.expires_on,
        },
    )
