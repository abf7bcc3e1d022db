"""Tokens of the API: issued once in words nobody keeps, revoked at once, by page and by command."""

import hashlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role, User
from tests import cast
from tests.tables import stacked
from wards.actions import tokens
from wards.api_tokens import token_of
from wards.models import Agency, ApiToken

EXPIRES = cast.DAY + timedelta(days=30)
LATEST = cast.DAY + timedelta(days=365)


def issue(agency: Agency, by: User | None = None, **more: Any) -> tuple[ApiToken, str]:
    given = {"purpose": "Kho dữ liệu", "expires_on": EXPIRES, "now": cast.NOW, **more}
    return tokens.issue(agency, by=by, **given)


def test_only_the_digest_of_a_long_secret_is_kept(places: cast.Places, people: cast.People) -> None:
    token, secret = issue(places.agency, people.administrator)
    assert len(secret) >= 43
    stored = ApiToken.objects.get()
    assert stored.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(stored))
    assert issue(places.agency, purpose="Việc khác")[1] != secret
    entry = AuditEntry.objects.get(event="api_token_issued", actor_id=people.administrator.pk)
    assert entry.subject_label == "Sở Tài chính: Kho dữ liệu"
    assert entry.province_code == "84"
    assert secret not in str(vars(entry))
    assert token.digest not in str(entry.details)
    assert audit.first_broken() is None


@pytest.mark.parametrize("expires_on", [date(2020, 1, 1), cast.DAY, LATEST + timedelta(days=1)])
def test_a_token_ends_within_a_year(expires_on: date, places: cast.Places) -> None:
    with pytest.raises(NotReady, match="không quá một năm"):
        issue(places.agency, expires_on=expires_on)
    assert not ApiToken.objects.exists()
    assert issue(places.agency, expires_on=LATEST)[0].expires_on == LATEST


def test_pressed_twice_is_one_token_and_a_further_purpose_another(places: cast.Places) -> None:
    token, _ = issue(places.agency)
    with pytest.raises(NotReady, match="đang có mã còn hạn dùng cho “Kho dữ liệu”"):
        issue(places.agency)
    issue(places.agency, purpose="Kho dữ liệu (thay mã cũ)")
    tokens.revoke(token, by=None, now=cast.NOW)
    issue(places.agency)
    assert ApiToken.objects.count() == 3


def test_a_token_opens_from_issue_to_its_last_day_or_revocation(
    places: cast.Places, people: cast.People
) -> None:
    token, secret = issue(places.agency)
    assert token_of(secret, day=cast.DAY) == token
    assert token_of(secret, day=EXPIRES) == token
    assert token_of(secret, day=EXPIRES + timedelta(days=1)) is None
    assert token_of(token.digest, day=cast.DAY) is None
    tokens.revoke(token, by=people.administrator, now=cast.NOW)
    assert token_of(secret, day=cast.DAY) is None
    with pytest.raises(NotReady, match="đã được thu hồi"):
        tokens.revoke(token, by=people.administrator, now=cast.NOW)
    assert AuditEntry.objects.filter(event="api_token_revoked").count() == 1


def test_only_the_system_administrator_issues_and_revokes(
    places: cast.Places, people: cast.People
) -> None:
    token, _ = issue(places.agency)
    for user in (people.coordinator, people.leader, people.rapporteur, people.ministry_viewer):
        with pytest.raises(NotAllowed):
            issue(places.agency, user, purpose="Việc khác")
        with pytest.raises(NotAllowed):
            tokens.revoke(token, by=user, now=cast.NOW)
    assert ApiToken.objects.filter(revoked_at__isnull=True).count() == 1


def test_an_act_that_cannot_be_recorded_does_not_happen(
    places: cast.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = issue(places.agency)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no record, no act")

    monkeypatch.setattr("wards.actions.tokens.audit.record", fail)
    with pytest.raises(RuntimeError):
        issue(places.agency, purpose="Việc khác")
    with pytest.raises(RuntimeError):
        tokens.revoke(token, by=None, now=cast.NOW)
    assert ApiToken.objects.get().revoked_at is None


def test_who_revoked_has_a_moment(places: cast.Places, people: cast.People) -> None:
    issue(places.agency)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(revoked_by=people.administrator)


def test_what_a_token_reads_and_that_it_serves_no_role(places: cast.Places) -> None:
    provincial, _ = issue(places.agency)
    assert provincial.scope.provinces == {places.province.pk}
    assert not provincial.scope.everything
    assert not provincial.scope.serves(Role.LEADER, places.province.pk)
    national, _ = issue(Agency.objects.create(code="bo", name="Bộ"))
    assert national.scope.everything
    for scope in (provincial.scope, national.scope):
        assert not scope.services | scope.units | scope.commands | scope.agencies


# --- The page --------------------------------------------------------------------------------

PAGE = "/ma-truy-cap-api/"


def filled(**more: str) -> dict[str, str]:
    last = timezone.localdate() + timedelta(days=90)
    given = {"agency": "so-tai-chinh", "purpose": "Kho dữ liệu", "expires_on": last.isoformat()}
    return given | more


def test_the_page_issues_shows_the_secret_once_and_revokes(
    people: cast.People, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(people.administrator)
    assert "Chưa cấp mã nào" in client.get(PAGE).text
    answer = client.post(f"{PAGE}cap/", filled())
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    (secret,) = re.findall(r">([\w-]{43})</textarea>", answer.text)
    token = token_of(secret, day=timezone.localdate())
    assert token is not None
    assert token.issued_by == people.administrator
    shown = client.get(PAGE).text
    assert secret not in shown
    assert "Đang dùng được" in shown
    again = client.post(f"{PAGE}cap/", filled())
    assert again.status_code == 409
    assert "đang có mã còn hạn dùng" in again.text
    answer = client.post(f"{PAGE}{token.pk}/thu-hoi/", follow=True)
    assert "mã không còn dùng được" in answer.text
    assert "Đã thu hồi" in answer.text
    assert token_of(secret, day=timezone.localdate()) is None
    assert "đã được thu hồi" in client.post(f"{PAGE}{token.pk}/thu-hoi/", follow=True).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("agency", "", "Cần chọn cơ quan."),
        ("agency", "khong-co", "Không có cơ quan này"),
        ("purpose", "", "Cần ghi mã dùng cho phần mềm nào."),
        ("purpose", "a" * 121, "tối đa 120 ký tự"),
        ("purpose", "Kho\u202e", "ký tự không nhìn thấy"),
        ("expires_on", "", "Cần chọn ngày hết hạn."),
        ("expires_on", "31/02/2099", "không phải một ngày hợp lệ"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_its_field(
    field: str, value: str, said: str, people: cast.People, sign_in: Callable[[User], Client]
) -> None:
    answer = sign_in(people.administrator).post(f"{PAGE}cap/", filled(**{field: value}))
    assert answer.status_code == 400
    assert said in answer.text
    assert not ApiToken.objects.exists()


def test_the_list_is_paged_with_a_fixed_number_of_queries(
    places: cast.Places,
    people: cast.People,
    sign_in: Callable[[User], Client],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    client = sign_in(people.administrator)
    now = timezone.now()
    last = timezone.localdate(now) + timedelta(days=9)
    for number in range(30):
        issue(
            places.agency, people.administrator, purpose=f"Kho {number}", now=now, expires_on=last
        )
        if number in {1, 29}:
            with django_assert_num_queries(7):
                page = client.get(PAGE).text
    assert page.count("Đang dùng được") == 25
    columns, labels = stacked(page)
    assert labels[: len(columns) - 1] == columns[1:]
    assert client.get(PAGE, {"page": "2"}).text.count("Đang dùng được") == 5


def test_the_page_is_in_the_navigation_of_the_administrator_alone(
    people: cast.People, sign_in: Callable[[User], Client]
) -> None:
    assert f'href="{PAGE}"' in sign_in(people.administrator).get("/").text
    assert f'href="{PAGE}"' not in sign_in(people.coordinator).get("/").text


# --- The command -----------------------------------------------------------------------------


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("api_token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_issues_lists_and_revokes(places: cast.Places) -> None:
    last = timezone.localdate() + timedelta(days=9)
    given = ("--agency", "so-tai-chinh", "--purpose", "Kho dữ liệu", "--expires", last.isoformat())
    secret = said("issue", *given).strip()
    token = ApiToken.objects.get()
    assert token_of(secret, day=timezone.localdate()) == token
    assert token.issued_by is None
    listed = said("list")
    assert secret not in listed
    assert "Sở Tài chính: Kho dữ liệu\tsố liệu tỉnh Trà Vinh" in listed
    assert listed.endswith("còn hạn\n")
    assert "Đã thu hồi mã" in said("revoke", str(token.pk))
    assert said("list").endswith("không còn dùng được\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("issue", "--agency", "x", "--purpose", "y", "--expires", "2099-01-01"), "mã “x”"),
        (("issue", "--agency", "so-tai-chinh", "--purpose", " ", "--expires", "1"), "--purpose"),
        (("issue", "--agency", "so-tai-chinh", "--purpose", "y", "--expires", "1"), "YYYY-MM-DD"),
        (
            ("issue", "--agency", "so-tai-chinh", "--purpose", "y", "--expires", "2099-01-01"),
            "không quá một năm",
        ),
        (("revoke", "7"), "Không có mã số 7"),
    ],
)
def test_the_command_refuses_in_one_line(
    arguments: tuple[str, ...], line: str, places: cast.Places
) -> None:
    with pytest.raises(CommandError, match=line) as refused:
        said(*arguments)
    assert "\n" not in str(refused.value)
    assert not ApiToken.objects.exists()
