"""Making accounts."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.access import NotReady
from accounts.models import User


def create_user(
    *,
    username: str,
    full_name: str,
    email: str,
    password: str | None,
    by: User | None,
    now: datetime,
    must_change_password: bool = True,
) -> User:
    """A new account, with its audit entry; `by` is None for the command line.

    Without a password nobody can sign in until one is set.

    Raises:
        NotReady: the user name is taken or malformed, or the password is too weak; says which.
    """
    user = User(
        username=username,
        full_name=full_name,
        email=email,
        must_change_password=must_change_password,
    )
    user.set_password(password)
    try:
        user.full_clean()
        if password is not None:
            validate_password(password, user)
    except ValidationError as problem:
        raise NotReady(
            f"Không tạo được tài khoản “{username}”: {' '.join(problem.messages)}"
        ) from None
    with transaction.atomic():
        user.save()
        audit.record("user_created", user, by=by, now=now)
    return user
