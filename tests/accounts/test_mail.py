"""Mail from the rows: each once, none lost, whenever a sender dies."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.mail import get_connection
from django.db import connection, transaction
from django.utils import timezone

from accounts import jobs, notices
from accounts.models import MailState, Notice, User
from tests import cast
from tests.accounts import sink as sinks

pytestmark = pytest.mark.django_db(transaction=True)
MAILS = 6


@pytest.fixture
def sink(settings: object) -> Iterator[sinks.Sink]:
    """A mail server, and this process set to use it."""
    with sinks.running() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST = "127.0.0.1"  # type: ignore[attr-defined]
        settings.EMAIL_PORT = server.port  # type: ignore[attr-defined]
        yield server


def write(user: User, count: int = MAILS, now: datetime = cast.NOW) -> None:
    for number in range(count):
        with transaction.atomic():
            notices.tell(
                [user],
                key=f"dịp-{number}",
                event="assessment_returned",
                title=f"Phường 1: cần bổ sung, việc {number}",
                body='Lý do: tỷ lệ < 100% & chưa có "quyết định"',
                path="/phieu/1/",
                now=now,
            )


def states() -> list[str]:
    return list(Notice.objects.order_by("key").values_list("mail_state", flat=True))


def after_lease() -> datetime:
    return timezone.now() + jobs.LEASE + timedelta(seconds=1)


def fixed(now: datetime) -> datetime:
    return now


def ids() -> set[str]:
    return {f"<{pk}@testserver>" for pk in Notice.objects.values_list("pk", flat=True)}


def test_a_mail_says_what_where_and_by_whom(people: cast.People, sink: sinks.Sink) -> None:
    write(people.commander, 1)
    assert jobs.send_waiting(clock=timezone.now) == 1
    (mail,) = sink.accepted
    assert mail["Subject"] == "Phường 1: cần bổ sung, việc 0"
    assert mail["To"] == "lan@example.vn"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content().replace("\r\n", "\n")
    assert mail.get_content_type() == "text/plain"
    assert "Kính gửi đồng chí Nguyễn Thị Lan," in text
    assert 'Lý do: tỷ lệ < 100% & chưa có "quyết định"' in text
    assert f"{site.SITE_URL}/phieu/1/" in text
    assert "<html" not in text
    assert states() == [MailState.SENT]
    assert jobs.send_waiting(clock=after_lease) == 0
    assert len(sink.accepted) == 1


def test_nobody_to_write_to_any_more(people: cast.People, sink: sinks.Sink) -> None:
    """Between the act and the mail an account was closed, an address removed."""
    write(people.commander, 1)
    write(people.officer, 1)
    User.objects.filter(pk=people.commander.pk).update(is_active=False)
    User.objects.filter(pk=people.officer.pk).update(email="")
    assert jobs.send_waiting(clock=timezone.now) == 0
    assert states() == [MailState.NONE, MailState.NONE]
    assert sink.accepted == []


def test_while_the_server_is_down_everything_waits_uncounted(
    people: cast.People, sink: sinks.Sink, settings: object
) -> None:
    write(people.commander)
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    for _ in range(jobs.MAX_ATTEMPTS + 1):
        assert jobs.send_waiting(clock=timezone.now) == 0
    assert states() == [MailState.WAITING] * MAILS
    assert set(Notice.objects.values_list("mail_attempts", flat=True)) == {0}
    settings.EMAIL_PORT = sink.port  # type: ignore[attr-defined]
    assert jobs.send_waiting(clock=timezone.now) == MAILS


def test_a_refused_address_is_tried_again_then_given_up_and_holds_up_nobody(
    people: cast.People, sink: sinks.Sink
) -> None:
    sink.unknown.add("lan@example.vn")
    write(people.commander, 1)
    write(people.officer, 1)
    now = timezone.now()
    for attempt, wait in enumerate(jobs.BACK_OFF, start=1):
        jobs.send_waiting(clock=partial(fixed, now))
        refused = Notice.objects.get(recipient=people.commander)
        assert (refused.mail_state, refused.mail_attempts) == (MailState.WAITING, attempt)
        assert "550" in refused.mail_error
        assert jobs.due(now + wait - timedelta(seconds=1)).count() == 0
        now += wait
    jobs.send_waiting(clock=partial(fixed, now))
    refused.refresh_from_db()
    assert refused.mail_state == MailState.FAILED
    assert refused.mail_due is None
    assert jobs.due(now + timedelta(days=365)).count() == 0
    assert [mail["To"] for mail in sink.accepted] == ["minh@example.vn"]

    sink.unknown.clear()
    assert notices.send_again(refused, now=now)
    assert jobs.send_waiting(clock=partial(fixed, now)) == 1


def test_a_mail_that_kills_its_senders_is_given_up(people: cast.People, sink: sinks.Sink) -> None:
    write(people.commander, 1)
    Notice.objects.update(mail_attempts=jobs.MAX_ATTEMPTS)
    assert jobs.send_waiting(clock=timezone.now) == 0
    assert states() == [MailState.FAILED]


# --- A sender that is killed ------------------------------------------------------------------

SENDER = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from accounts import jobs
from accounts.models import MailState

left, where = int(sys.argv[2]), sys.argv[1]


def die():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)


claim, settle = jobs._claim, jobs._settle
if where == "before claim":
    jobs._claim = lambda *args: (die(), claim(*args))[1]
elif where == "after claim":
    def claim_and_die(*args):
        notice = claim(*args)
        die()
        return notice
    jobs._claim = claim_and_die
elif where == "after send":
    jobs._settle = lambda *args, **fields: (die(), settle(*args, **fields))[1]
print(jobs.send_waiting(clock=timezone.now))
"""


def start_sender(
    sink: sinks.Sink, folder: Path, where: str, after: int = 0
) -> subprocess.Popen[bytes]:
    """A sender in a process of its own on this test's database; dies at its `after`-th mail."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = (
            f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:"
            f"{database['PORT']}/{database['NAME']}"
        )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "VAR_DIR": str(folder),
    }
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and script
        [sys.executable, "-c", SENDER, where, str(after)],
        cwd=site.BASE_DIR,
        env=environment,
        stderr=subprocess.DEVNULL,
    )


def killed(sender: subprocess.Popen[bytes]) -> bool:
    return sender.wait(timeout=60) == -signal.SIGKILL


@pytest.mark.parametrize("where", ["before claim", "after claim"])
def test_killed_before_sending_nothing_is_lost_and_nothing_sent_twice(
    people: cast.People, sink: sinks.Sink, tmp_path: Path, where: str
) -> None:
    write(people.commander)
    assert killed(start_sender(sink, tmp_path, where, after=2))
    assert sum(sink.by_message_id().values()) == 2

    jobs.send_waiting(clock=timezone.now)
    held = 1 if where == "after claim" else 0
    assert states().count(MailState.SENDING) == held
    assert sum(sink.by_message_id().values()) == MAILS - held

    jobs.send_waiting(clock=after_lease)
    assert sink.by_message_id() == dict.fromkeys(ids(), 1)
    assert states() == [MailState.SENT] * MAILS


def test_killed_while_the_server_listens_nothing_is_lost_and_nothing_sent_twice(
    people: cast.People, sink: sinks.Sink, tmp_path: Path
) -> None:
    write(people.commander)
    sender: subprocess.Popen[bytes] | None = None
    started = threading.Event()

    def kill_in_the_middle() -> None:
        started.wait(timeout=30)
        assert sender is not None
        sink.before_accepting = lambda: None
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait(timeout=30)
        # The server never said that it took the mail, and forgets it.
        raise ConnectionResetError

    sink.before_accepting = kill_in_the_middle
    sender = start_sender(sink, tmp_path, "nowhere")
    started.set()
    assert killed(sender)
    assert sink.accepted == []

    jobs.send_waiting(clock=timezone.now)
    jobs.send_waiting(clock=after_lease)
    assert sink.by_message_id() == dict.fromkeys(ids(), 1)
    assert states() == [MailState.SENT] * MAILS


def test_killed_between_the_server_and_the_row_it_is_the_same_message_again(
    people: cast.People, sink: sinks.Sink, tmp_path: Path
) -> None:
    """The one point nobody can close: accepted, but not written down. One more copy, same name."""
    write(people.commander)
    assert killed(start_sender(sink, tmp_path, "after send", after=2))
    assert sum(sink.by_message_id().values()) == 3

    jobs.send_waiting(clock=timezone.now)
    assert states().count(MailState.SENDING) == 1
    jobs.send_waiting(clock=after_lease)
    arrived = sink.by_message_id()
    assert set(arrived) == ids()
    assert sorted(arrived.values()) == [1] * (MAILS - 1) + [2]
    twice = next(name for name, count in arrived.items() if count == 2)
    first, second = (mail for mail in sink.accepted if mail["Message-ID"] == twice)
    assert first.as_bytes() == second.as_bytes()


# --- Several senders ----------------------------------------------------------------------------


def at_once(act: Callable[[], object], count: int = 3) -> None:
    barrier = threading.Barrier(count)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait(timeout=30)
            act()
        except BaseException as problem:
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


def test_without_a_claim_three_senders_send_the_same_mail(
    people: cast.People, sink: sinks.Sink
) -> None:
    """The race exists: whoever reads what waits and sends it, sends what others send, too."""
    write(people.commander)
    everyone_read = threading.Barrier(3)

    def naive() -> None:
        waiting = list(Notice.objects.filter(mail_state=MailState.WAITING))
        everyone_read.wait(timeout=30)
        with get_connection() as server:
            for notice in waiting:
                server.send_messages([jobs.compose(notice)])
                Notice.objects.filter(pk=notice.pk).update(mail_state=MailState.SENT)

    at_once(naive)
    assert sink.by_message_id() == dict.fromkeys(ids(), 3)


@pytest.mark.parametrize("round_", range(3))
def test_re_12_three_senders_send_each_mail_once(
    people: cast.People, sink: sinks.Sink, round_: int
) -> None:
    write(people.commander, 20)
    at_once(lambda: jobs.send_waiting(clock=timezone.now))
    assert sink.by_message_id() == dict.fromkeys(ids(), 1)
    assert set(states()) == {MailState.SENT}
    assert set(Notice.objects.values_list("mail_attempts", flat=True)) == {1}


def test_a_sender_that_was_too_slow_writes_nothing_over_its_successor(
    people: cast.People, sink: sinks.Sink
) -> None:
    write(people.commander, 1)
    notice = jobs._claim(Notice.objects.get().pk, timezone.now)
    assert notice is not None
    assert jobs.send_waiting(clock=after_lease) == 1
    jobs._after_failure(notice, "quá chậm", timezone.now())
    assert states() == [MailState.SENT]
