"""Sending notices by e-mail: claim, send, say so.

The row is the only queue of record. A sender claims one row by compare-and-set and holds it for the
length of a lease; what a dead sender held is free when the lease ends. A mail that the server took
while its sender died before saying so is sent again under the same Message-ID
(docs/decisions: "A mail may leave twice, its message is one").
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import MailState, Notice
from accounts.querysets import NoticeQuerySet

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=5)
"""Longer than one mail can take: each step of the exchange ends after EMAIL_TIMEOUT."""
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long to wait after each failure; after the last one the mail is given up."""
MAX_ATTEMPTS = len(BACK_OFF) + 1
AT_ONCE = 200
ERROR_LENGTH = 300


def send_waiting(*, clock: Clock) -> int:
    """Send what is due, the oldest first; how many mails left.

    While the mail server cannot be reached nothing is claimed and no attempt is counted: the rows
    wait, however long that takes.
    """
    waiting = list(due(clock()).order_by("mail_due", "pk").values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return 0
    sent = 0
    connection = get_connection()
    try:
        for pk in waiting:
            if not _reached(connection):
                break
            notice = _claim(pk, clock)
            if notice is not None and _deliver(notice, connection, clock):
                sent += 1
    finally:
        connection.close()
    return sent


def due(now: datetime) -> NoticeQuerySet:
    """Notices whose mail may be claimed: waiting, or held by a sender whose lease has ended."""
    return Notice.objects.filter(
        mail_state__in=[MailState.WAITING, MailState.SENDING], mail_due__lte=now
    )


def compose(notice: Notice) -> EmailMessage:
    """The mail of a notice: plain text, always under the same Message-ID."""
    context = {
        "notice": notice,
        "link": f"{settings.SITE_URL}{notice.path}" if notice.path else "",
        "site": settings.SITE_URL,
    }
    return EmailMessage(
        subject=notice.title,
        body=render_to_string("accounts/notice_mail.txt", context),
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<{notice.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": format_datetime(timezone.localtime(notice.created_at)),
            "Auto-Submitted": "auto-generated",
        },
    )


def _reached(connection: BaseEmailBackend) -> bool:
    try:
        connection.open()
    except (OSError, SMTPException) as problem:
        logger.error("The mail server cannot be reached; mails wait: %s", problem)
        return False
    return True


def _claim(pk: uuid.UUID, clock: Clock) -> Notice | None:
    now = clock()
    claimed = (
        due(now)
        .filter(pk=pk)
        .update(
            mail_state=MailState.SENDING,
            mail_claim=uuid.uuid4(),
            mail_due=now + LEASE,
            mail_attempts=F("mail_attempts") + 1,
        )
    )
    return Notice.objects.select_related("recipient").get(pk=pk) if claimed else None


def _deliver(notice: Notice, connection: BaseEmailBackend, clock: Clock) -> bool:
    """Send one claimed mail; False when it did not leave, with what follows written on its row."""
    if not notice.recipient.is_active or not notice.recipient.email:
        _settle(notice, mail_state=MailState.NONE, mail_due=None)
        return False
    if notice.mail_attempts > MAX_ATTEMPTS:
        _give_up(notice, "Việc gửi bị gián đoạn nhiều lần.")
        return False
    try:
        connection.send_messages([compose(notice)])
    except Exception as problem:
        # Whatever a server or an address does, the other mails still leave.
        logger.warning("Mail %s did not leave: %s", notice.pk, problem)
        connection.close()
        _after_failure(notice, f"{type(problem).__name__}: {problem}", clock())
        return False
    _settle(notice, mail_state=MailState.SENT, mail_due=None, mail_error="")
    return True


def _after_failure(notice: Notice, error: str, now: datetime) -> None:
    if notice.mail_attempts >= MAX_ATTEMPTS:
        _give_up(notice, error)
        return
    _settle(
        notice,
        mail_state=MailState.WAITING,
        mail_due=now + BACK_OFF[notice.mail_attempts - 1],
        mail_error=error[:ERROR_LENGTH],
    )


def _give_up(notice: Notice, error: str) -> None:
    _settle(notice, mail_state=MailState.FAILED, mail_due=None, mail_error=error[:ERROR_LENGTH])


def _settle(notice: Notice, **fields: object) -> None:
    """Write how it went, unless the lease ended meanwhile and another sender has the row."""
    held = Notice.objects.filter(
        pk=notice.pk, mail_claim=notice.mail_claim, mail_state=MailState.SENDING
    )
    if not held.update(mail_claim=None, **fields):
        logger.warning("Mail %s was taken over by another sender.", notice.pk)
