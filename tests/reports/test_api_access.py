"""The read API's door: tokens, limits, methods, and errors that are never pages."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry
from criteria.models import Programme
from reports.api import limits
from reports.api.limits import BAD_TOKENS_PER_MINUTE
from tests import cast
from tests.reports.api import Machine, agency, in_days, issued, machine
from wards.actions import tokens
from wards.models import Agency, ApiToken

ADDRESSES = [
    "programmes",
    "programmes/tra-vinh-2023",
    "programmes/tra-vinh-2023/units",
    "programmes/tra-vinh-2023/standings",
    "programmes/tra-vinh-2023/roadmap",
]


@pytest.fixture(autouse=True)
def nobody_was_counted() -> None:
    cache.clear()


@pytest.fixture
def body(programme: Programme) -> Agency:
    return agency("so-nha", programme.province)


def is_refused(answer: Any) -> bool:
    return (
        answer.status_code == 401
        and answer.json()["code"] == "unauthorized"
        and answer["WWW-Authenticate"] == "Bearer"
    )


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer sai", "Basic c2FpOnNhaQ=="])
def test_without_a_right_token_nothing_is_read(path: str, header: str, programme: Any) -> None:
    client = Client(headers={"Authorization": header} if header else {})
    assert is_refused(client.get(f"/api/v1/{path}"))


def test_expired_and_revoked_tokens_are_refused(body: Agency) -> None:
    token, secret = issued(body)
    asking = Machine(secret)
    assert asking.ask("programmes").status_code == 200
    ApiToken.objects.update(expires_on=in_days(0))
    assert asking.ask("programmes").status_code == 200
    ApiToken.objects.update(expires_on=in_days(-1))
    assert is_refused(asking.ask("programmes"))
    ApiToken.objects.update(expires_on=in_days(1))
    tokens.revoke(token, by=None, now=timezone.now())
    assert is_refused(asking.ask("programmes"))


def test_a_signed_in_person_is_nobody_here(body: Agency, people: cast.People) -> None:
    client = Client()
    client.force_login(people.leader)
    with CaptureQueriesContext(connection) as asked:
        assert is_refused(client.get("/api/v1/programmes"))
    assert len(asked) == 0
    secret = issued(body)[1]
    people.leader.must_change_password = True
    people.leader.save()
    answer = client.get("/api/v1/programmes", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"


def test_the_secret_is_in_no_row_no_log_and_no_entry_of_the_trail(
    body: Agency, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    token, secret = issued(body)
    Machine(secret).read("programmes")
    Client(headers={"Authorization": f"Token {secret}"}).get("/api/v1/programmes")
    Client(headers={"Authorization": f"Bearer {secret}x"}).get("/api/v1/programmes")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert not [row for row in cursor.fetchall() if secret in str(row)], table
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert not [line for line in said if secret in line or token.digest in line]
    entry = AuditEntry.objects.get(event="api_token_issued")
    assert token.digest not in str(entry.details)


def test_use_is_noted_once_a_day(body: Agency) -> None:
    asking = machine(body)
    token = ApiToken.objects.get()
    assert token.last_used_on is None
    with CaptureQueriesContext(connection) as first:
        asking.read("programmes")
    with CaptureQueriesContext(connection) as second:
        asking.read("programmes")
    assert len(second) == len(first) - 1
    token.refresh_from_db()
    assert token.last_used_on == timezone.localdate()


def test_a_token_has_its_limit_and_others_have_theirs(body: Agency, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    asking = machine(body)
    assert [asking.ask("programmes").status_code for _ in range(3)] == [200] * 3
    answer = asking.ask("programmes")
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
    assert 1 <= int(answer["Retry-After"]) <= 60
    other = Machine(issued(body, "Việc khác")[1])
    assert other.ask("programmes").status_code == 200


def test_the_limit_passes_with_time(
    body: Agency, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 1
    clock = timezone.now()
    monkeypatch.setattr("reports.api.limits.Limit.timer", staticmethod(lambda: clock.timestamp()))
    asking = machine(body)
    assert asking.ask("programmes").status_code == 200
    clock += timedelta(seconds=45)
    answer = asking.ask("programmes")
    assert (answer.status_code, answer["Retry-After"]) == (429, "15")
    clock += timedelta(seconds=15)
    assert asking.ask("programmes").status_code == 200


def at_once(act: Callable[[], int], times: int) -> list[int]:
    """What the act answers in so many threads that start together."""
    barrier = threading.Barrier(times)

    def run(_: int) -> int:
        try:
            barrier.wait(timeout=30)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_requests_of_the_same_moment_are_all_counted(
    body: Agency, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted without the lock they would all pass: each reads what nobody has written yet."""
    settings.API_REQUESTS_PER_MINUTE = 3
    _, secret = issued(body)
    assert Machine(secret).ask("programmes").status_code == 200
    read = limits.Limit.cache.get

    def read_slowly(*args: Any) -> Any:
        found = read(*args)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(limits.Limit, "cache", SimpleNamespace(get=read_slowly, set=cache.set))
    request = HttpRequest()

    def unlocked() -> int:
        limits.Limit("thử", 3).count(request)
        return 200

    assert at_once(unlocked, 6) == [200] * 6
    found = at_once(lambda: Machine(secret).ask("programmes").status_code, 6)
    assert sorted(found) == [200, 200, 429, 429, 429, 429]


def test_an_address_has_its_limit_of_wrong_tokens_and_right_ones_pass(body: Agency) -> None:
    right = machine(body)
    wrong = Machine("sai")
    found = [wrong.ask("programmes").status_code for _ in range(BAD_TOKENS_PER_MINUTE + 1)]
    assert found == [401] * BAD_TOKENS_PER_MINUTE + [429]
    assert int(wrong.ask("programmes")["Retry-After"]) >= 1
    # Who only claims another address is still the same one.
    claimed = Machine("sai", HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert claimed.ask("programmes").status_code == 429
    elsewhere = Machine("sai", REMOTE_ADDR="203.0.113.8")
    assert elsewhere.ask("programmes").status_code == 401
    assert right.ask("programmes").status_code == 200


@pytest.mark.parametrize("path", ADDRESSES)
def test_it_is_only_for_reading(path: str, body: Agency) -> None:
    asking = machine(body)
    head = asking.client.head(f"/api/v1/{path}")
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(asking.client, method)(f"/api/v1/{path}")
        assert answer.status_code == 405
        assert answer.json()["code"] == "method_not_allowed"
        assert set(answer["Allow"].split(", ")) == {"GET", "HEAD"}


def test_no_forged_form_is_asked_for(body: Agency) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/api/v1/programmes").status_code == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [("khong-co", 404), ("programmes/a/b/c", 404), ("programmes/%00", 404), ("programmes/Đề", 404)],
)
def test_unknown_addresses_are_json_too(path: str, status: int, body: Agency) -> None:
    answer = machine(body).client.get(f"/api/v1/{path}")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [(OperationalError("gone"), 503, "unavailable"), (ValueError("bí mật"), 500, "server_error")],
)
@pytest.mark.parametrize("debug", [False, True])
def test_faults_are_json_and_tell_nothing_of_the_inside(
    body: Agency,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    fault: Exception,
    status: int,
    code: str,
    debug: bool,
) -> None:
    settings.DEBUG = debug
    asking = machine(body)

    def fail(*args: object) -> None:
        raise fault

    monkeypatch.setattr("reports.api.endpoints.programmes_in_part", fail)
    answer = asking.ask("programmes")
    assert answer.status_code in {status, 500}
    assert answer.json()["code"] in {code, "server_error"}
    assert "gone" not in answer.text
    assert "bí mật" not in answer.text
    if status == 503 and not debug:
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_a_foreign_host_is_refused_in_json(body: Agency) -> None:
    answer = machine(body, HTTP_HOST="la.example").ask("programmes")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


WITHOUT = """
import sys
sys.modules["ninja"] = None
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from reports.context import PLACES
call_command("check")
assert not settings.API_IS_INSTALLED
assert "api_tokens" not in {place.name for place in PLACES}
for name in ("api_tokens", "api-v1:api_programmes"):
    try:
        reverse(name)
    except NoReverseMatch:
        continue
    raise AssertionError(name)
client = Client()
assert client.get("/dang-nhap/").status_code == 200
assert client.get("/api/v1/programmes").status_code == 404
assert client.get("/api/v1/openapi.json").status_code == 404
assert not [name for name in sys.modules if name.startswith("ninja.")]
"""


def test_without_the_extra_the_portal_works_and_has_no_such_addresses() -> None:
    done = subprocess.run(  # noqa: S603 -- our own interpreter and script
        [sys.executable, "-W", "error", "-c", WITHOUT],
        cwd=site.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings_test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
