"""The audit trail: written with the act, never changed, and telling when it was."""

import itertools
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import audit
from accounts.models import AuditEntry, User
from tests import cast


@pytest.fixture
def trail(people: cast.People) -> list[AuditEntry]:
    """Five entries about Lan."""
    with transaction.atomic():
        for number in range(5):
            audit.record(
                "answer_saved",
                people.commander,
                by=people.commander,
                now=cast.NOW,
                details={"số": number, "ngày": cast.DAY},
            )
    return list(AuditEntry.objects.order_by("sequence"))


def test_entries_follow_one_another(trail: list[AuditEntry]) -> None:
    assert audit.first_broken() is None
    for before, after in itertools.pairwise(trail):
        assert after.sequence == before.sequence + 1
        assert after.previous_digest == before.digest


def test_an_unknown_event_is_refused(people: cast.People) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        audit.record("no_such_event", people.leader, by=None, now=cast.NOW)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    user = User.objects.create_user("ai", full_name="Ai đó")
    with pytest.raises(RuntimeError):
        audit.record("logged_in", user, by=user, now=cast.NOW)
    assert AuditEntry.objects.count() == 0


def test_entries_are_neither_changed_nor_deleted(trail: list[AuditEntry]) -> None:
    entry = trail[2]
    entry.event = "logged_in"
    for act in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(event="logged_in"),
        lambda: AuditEntry.objects.bulk_update([entry], ["event"]),
        lambda: AuditEntry.objects.bulk_create([entry]),
    ):
        with pytest.raises(TypeError):
            act()


def tamper(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize(
    ("sql", "culprit"),
    [
        ("UPDATE accounts_auditentry SET actor_name = 'x' WHERE sequence = %s", 0),
        ("UPDATE accounts_auditentry SET details = '{}' WHERE sequence = %s", 0),
        ("UPDATE accounts_auditentry SET at = '2020-01-01 00:00:00+00' WHERE sequence = %s", 0),
        ("DELETE FROM accounts_auditentry WHERE sequence = %s", 0),
    ],
)
def test_au_21_tampering_below_the_orm_is_found(
    trail: list[AuditEntry], sql: str, culprit: int
) -> None:
    for entry in trail:
        with transaction.atomic():
            tamper(sql, entry.sequence)
            broken = audit.first_broken()
            assert broken is not None
            assert broken.sequence == entry.sequence + culprit
            with pytest.raises(CommandError, match=str(entry.sequence)):
                call_command("verify_audit")
            transaction.set_rollback(True)
    call_command("verify_audit")


def test_a_failed_log_in_names_the_account_and_not_the_password(
    people: cast.People, client: Any
) -> None:
    client.post("/dang-nhap/", {"login": "lan", "password": "bí mật gõ nhầm 123456"})
    entry = AuditEntry.objects.get(event="login_failed")
    assert entry.subject_label == "lan"
    assert "bí mật" not in str(entry.details) + entry.subject_label + entry.actor_name


def test_signing_in_and_out_is_recorded(people: cast.People, client: Any) -> None:
    client.post("/dang-nhap/", {"login": " LAN ", "password": cast.PASSWORD})
    client.post("/dang-xuat/")
    events = AuditEntry.objects.order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["logged_in", "logged_out"]
