"""Log-ins and passwords leave a trace like every other act."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
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


@receiver(user_login_failed)
def record_failed_login(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Write which account was tried; never what was typed as its password."""
    username = str(credentials.get("username", ""))[:60]
    with transaction.atomic():
        audit.record("login_failed", User(username=username), by=None, now=timezone.now())


@receiver(password_changed)
@receiver(password_reset)
def record_password_change(sender: Any, user: User, **kwargs: Any) -> None:
    """Write that a password was changed, and end the duty to change it."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        audit.record("password_changed", user, by=user, now=timezone.now())
