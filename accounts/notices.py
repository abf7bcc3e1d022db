"""Being told: a notice is a row written in the transaction of what it tells of."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import MailState, Notice, User

TITLE_LENGTH = 200


def tell(
    recipients: Iterable[User],
    *,
    key: str,
    event: str,
    title: str,
    body: str = "",
    path: str = "",
    now: datetime,
    mail: bool = True,
) -> None:
    """Tell each of these people once; telling the same person of the same `key` again is nothing.

    `path` is where the notice leads, inside the portal. With `mail` those who have an address get
    the same words by e-mail, sent later from the row. Closed accounts are told nothing.

    Raises:
        RuntimeError: called outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A notice is written in the transaction of what it tells of.")
    told = {user.pk: user for user in recipients if user.is_active}
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=user,
                key=key,
                event=event,
                title=_one_line(title),
                body=body.strip(),
                path=path,
                created_at=now,
                mail_state=MailState.WAITING if mail and user.email else MailState.NONE,
                mail_due=now if mail and user.email else None,
            )
            for user in told.values()
        ],
        ignore_conflicts=True,
    )


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Note when the recipient opened it; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(recipient: User, *, now: datetime) -> int:
    """Take all of a person's notices as read; how many were not."""
    return Notice.objects.visible_to(recipient).unread().update(read_at=now)


def send_again(notice: Notice, *, now: datetime) -> bool:
    """Put a mail that was given up back into the queue; False when it was not given up."""
    failed = Notice.objects.filter(pk=notice.pk, mail_state=MailState.FAILED)
    return bool(
        failed.update(mail_state=MailState.WAITING, mail_due=now, mail_attempts=0, mail_claim=None)
    )


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1]}…"
