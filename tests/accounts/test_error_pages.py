"""Errors speak Vietnamese, say what was kept, and show nothing of the inside (AU-19)."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory

from accounts import errors
from accounts.middleware import ErrorPageMiddleware
from accounts.models import AuditEntry
from tests import cast


def test_missing_pages_say_so_to_everyone_alike(people: cast.People, client: Client) -> None:
    client.force_login(people.commander)
    response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    assert "Không tìm thấy nội dung này hoặc đồng chí không có quyền xem" in response.text
    assert "khong-co-trang-nay" not in response.text


def test_a_refused_write_is_recorded_with_its_sentence(people: cast.People, client: Client) -> None:
    client.force_login(people.leader)
    response = client.post("/cong-nhan/")
    assert response.status_code in {403, 405}
    refused = AuditEntry.objects.filter(event="refused")
    assert refused.count() == (1 if response.status_code == 403 else 0)


def test_a_stale_form_keeps_what_was_typed(people: cast.People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.commander)
    response = client.post("/dang-xuat/", {"note": "nội dung đã gõ"})
    assert response.status_code == 403
    assert "nội dung đã gõ" in response.text


def test_a_method_that_is_not_allowed_has_a_page(people: cast.People, client: Client) -> None:
    client.force_login(people.commander)
    response = client.post("/don-vi/")
    assert response.status_code == 405
    assert "</html>" in response.text


def test_a_busy_database_is_503_with_a_time_to_try_again() -> None:
    middleware = ErrorPageMiddleware(lambda request: pytest.fail("not called"))
    response = middleware.process_exception(HttpRequest(), OperationalError("gone away"))
    assert response is not None
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "gone away" not in response.text
    assert middleware.process_exception(HttpRequest(), ValueError()) is None


def test_500_and_400_stand_alone(rf: RequestFactory, db: None) -> None:
    request = rf.get("/")
    for response in (
        errors.server_error(request),
        errors.bad_request(request, SuspiciousOperation("bí mật bên trong")),
    ):
        assert "</html>" in response.text
        assert "bí mật" not in response.text
        assert "Traceback" not in response.text
