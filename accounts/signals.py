"""Log-ins leave a trace like every other act."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from accounts import audit
from accounts.models import User


@receiver(user_logged_in)
def record_login(sender: Any, user: User, **kwargs: Any) -> None:
    """Write who signed in."""
    with transaction.atomic():
        audit.record("logged_in", user, by=user, now=timezone.now())


@receiver(user_logged_out)
def record_logout(sender: Any, user: User | None, **kwargs: Any) -> None:
    """Write who signed out; an expired session has nobody to name."""
    if user is not None:
        with transaction.atomic():
            audit.record("logged_out", user, by=user, now=timezone.now())
