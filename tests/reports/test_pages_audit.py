"""The audit trail on the page: whose entries, found how."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts import audit
from accounts.events import EVENTS
from accounts.models import AuditEntry, User
from assessments.models import Assessment
from tests import cast

SignIn = Callable[[User], Client]
TRAIL = "/nhat-ky/"


@pytest.fixture
def trail(assessment: Assessment, people: cast.People, places: cast.Places) -> None:
    """Acts at home on two days, one act far away, one of the system."""
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.commander, now=cast.NOW + timedelta(days=2))
    with transaction.atomic():
        audit.record(
            "verdict_saved",
            places.far_ward,
            by=people.far_reviewer,
            now=cast.NOW,
            province_code="83",
            unit_id=places.far_ward.pk,
            details={"decision": "more", "comment": "việc của tỉnh khác"},
        )


def found(client: Client, **asked: str) -> list[tuple[str, str]]:
    answer = client.get(TRAIL, asked)
    assert answer.status_code == 200
    return [
        (line.entry.event, line.entry.actor_name.split(" (")[0]) for line in answer.context["lines"]
    ]


@pytest.mark.usefixtures("trail")
def test_each_reads_their_own_provinces(people: cast.People, sign_in: SignIn) -> None:
    for person in (people.coordinator, people.leader):
        page = sign_in(person).get(TRAIL).content.decode()
        assert "Lưu kết quả tự đánh giá" in page
        assert "việc của tỉnh khác" not in page
    page = sign_in(people.administrator).get(TRAIL).content.decode()
    assert "việc của tỉnh khác" in page
    assert "Kết quả: Yêu cầu bổ sung" in page


@pytest.mark.usefixtures("trail")
def test_filters(people: cast.People, sign_in: SignIn) -> None:
    client = sign_in(people.coordinator)
    saved = [("answer_saved", "Nguyễn Thị Lan"), ("answer_saved", "Trần Văn Minh")]
    assert found(client, su_kien="answer_saved") == saved
    assert found(client, su_kien="answer_saved", nguoi="nguyen LAN") == saved[:1]
    assert found(client, su_kien="answer_saved", nguoi="minh") == saved[1:]
    assert found(client, nguoi="he thong") == [("round_opened", "Hệ thống")]
    assert found(client, su_kien="answer_saved", tu="2023-11-11") == saved[:1]
    assert found(client, su_kien="answer_saved", den="2023-11-11") == saved[1:]
    assert found(client, su_kien="answer_saved", tu="2023-11-10", den="2023-11-12") == saved
    # A filter widens nothing.
    assert found(client, nguoi="phuc") == []


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"su_kien": "khong-co"}, "Không có sự kiện này"),
        ({"tu": "2023-99-99"}, "không phải một ngày hợp lệ"),
        ({"tu": "2023-11-12", "den": "2023-11-10"}, "phải từ “Từ ngày” trở đi"),
        ({"nguoi": "a" * 500}, "120"),
    ],
)
@pytest.mark.usefixtures("trail")
def test_a_bad_filter_is_told(
    asked: dict[str, str], sentence: str, people: cast.People, sign_in: SignIn
) -> None:
    answer = sign_in(people.coordinator).get(TRAIL, asked)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


@pytest.mark.usefixtures("trail")
def test_the_chain_is_named_without_being_walked(
    people: cast.People, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(people.administrator)
    monkeypatch.setattr("accounts.audit.digest_of", lambda entry: pytest.fail("walked"))
    page = client.get(TRAIL).content.decode()
    assert "verify_audit" in page
    last = AuditEntry.objects.first()
    assert last is not None
    assert f">{last.sequence}</strong>" in page


def test_pages_of_the_trail(
    people: cast.People, places: cast.Places, sign_in: SignIn, assessment: Assessment
) -> None:
    client = sign_in(people.administrator)
    before = AuditEntry.objects.count()
    with transaction.atomic():
        for _ in range(60):
            audit.record("refused", assessment, by=None, now=cast.NOW, province_code="84")
    first = client.get(TRAIL)
    assert len(first.context["lines"]) == 50
    assert len(client.get(TRAIL, {"page": 2}).context["lines"]) == before + 10
    assert client.get(TRAIL, {"page": 999}).status_code == 200
    # Filters go along from page to page.
    assert "su_kien=refused" in client.get(TRAIL, {"su_kien": "refused"}).content.decode()
    assert EVENTS["refused"] in first.content.decode()
