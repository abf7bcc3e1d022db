"""Secrets of API tokens: made once, known afterwards by their digest alone."""

import hashlib
import secrets
from datetime import date

from wards.models import ApiToken

SECRET_BYTES = 32


def new_secret() -> str:
    """256 bits of chance as text; whoever gets it is the only one who has it."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of a secret; with so much chance in it neither salt nor slowness is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str, *, day: date) -> ApiToken | None:
    """The token with this secret that is valid on `day`, noted as used that day; else None.

    It is looked up by digest, so the time taken tells nothing about the secret.
    """
    token = (
        ApiToken.objects.valid_on(day)
        .select_related("agency__province")
        .filter(digest=digest_of(secret))
        .first()
    )
    if token is not None and token.last_used_on != day:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=day)
    return token
