"""Accounts made at the shell."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from tests import cast

STRONG = "Một mật khẩu đủ dài 2026"


def add(**more: str) -> None:
    options = {
        "username": "moi",
        "full_name": "Người Mới",
        "email": "moi@example.vn",
        "role": "commander",
        "unit": "29239",
        **more,
    }
    call_command("add_person", **options)


def test_a_commander_is_made_with_a_posting(
    places: cast.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_PASSWORD", STRONG)
    add()
    user = User.objects.get(username="moi")
    assert user.must_change_password
    assert user.postings.get().unit == places.ward
    assert set(AuditEntry.objects.values_list("event", flat=True)) == {
        "user_created",
        "posting_created",
    }


@pytest.mark.parametrize(
    ("password", "more", "words"),
    [
        ("ngắn", {}, "moi"),
        ("123456789012345678", {}, "moi"),
        (STRONG, {"unit": "00000"}, "00000"),
        (STRONG, {"unit": ""}, "không phù hợp"),
        (STRONG, {"username": "Có Dấu"}, "Tên đăng nhập"),
        (STRONG, {"username": "lan"}, "lan"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    password: str,
    more: dict[str, str],
    words: str,
    people: cast.People,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORTAL_PASSWORD", password)
    before = User.objects.count(), AuditEntry.objects.count()
    with pytest.raises(CommandError, match=words):
        add(**more)
    assert (User.objects.count(), AuditEntry.objects.count()) == before


def test_the_first_password_is_changed_before_anything_else(
    people: cast.People, client: object
) -> None:
    User.objects.filter(pk=people.leader.pk).update(must_change_password=True)
    client.force_login(people.leader)  # type: ignore[attr-defined]
    response = client.get("/don-vi/")  # type: ignore[attr-defined]
    assert response.status_code == 302
    assert response["Location"] == "/tai-khoan/mat-khau/"
