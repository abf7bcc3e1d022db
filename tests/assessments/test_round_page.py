"""The coordinator's page of a round: who is where, who is late, and links from elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessments.actions import reviewing
from assessments.models import Assessment, CriterionResult
from criteria.models import Programme, Round
from tests import cast
from tests.assessments.station import submit_all, text_of
from wards.models import Unit


def address(round_: Round, query: str = "") -> str:
    return reverse("round", args=[round_.pk]) + query


def test_every_file_with_status_deadline_activity_and_reviewer(
    round_: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW + timedelta(minutes=30))
    page = text_of(sign_in(people.coordinator).get(address(round_)))
    for words in (
        "Kỳ đánh giá năm 2023",
        "Phường 1, TP Trà Vinh",
        "Phường 2, TP Trà Vinh",
        "Phạm Phương Thảo",
        "09:30 10/11/2023",
        "23:59 thứ Bảy ngày 14/11/2099",
        "Đã nộp đúng hạn",
    ):
        assert words in page


def test_chips_count_and_filter(
    round_: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    submit_all(assessment, people)
    round_.assessments.exclude(pk=assessment.pk).update(due_at=timezone.now() - timedelta(days=2))
    client = sign_in(people.coordinator)
    response = client.get(address(round_))
    assert [(chip.label, chip.count) for chip in response.context["chips"]] == [
        ("Tất cả", 2),
        ("Quá hạn chưa nộp", 1),
        ("Chưa bắt đầu", 1),
        ("Đã nộp, chờ thẩm định", 1),
    ]
    late = client.get(address(round_, "?loc=qua-han"))
    assert [row.assessment.unit.name for row in late.context["rows"]] == ["Phường 2"]
    assert "Đã quá hạn 2 ngày" in text_of(late)
    submitted = client.get(address(round_, "?loc=submitted"))
    assert [row.assessment.unit.name for row in submitted.context["rows"]] == ["Phường 1"]
    assert "Không có phiếu nào ở mục này" in text_of(client.get(address(round_, "?loc=verified")))
    assert client.get(address(round_, "?loc=drop")).status_code == 400


@pytest.mark.parametrize("who", ["reviewer", "leader", "ministry_viewer"])
def test_readers_see_it_without_its_buttons(
    round_: Round, people: cast.People, sign_in: Any, who: str
) -> None:
    client = sign_in(getattr(people, who))
    page = text_of(client.get(address(round_)))
    assert "Phường 1, TP Trà Vinh" in page
    assert "Gia hạn cho đơn vị" not in page
    assert "Chốt số liệu" not in page
    for name in ("extend_deadline", "close_round", "ask_to_unlock"):
        assert client.get(reverse(name, args=[round_.pk])).status_code == 403


def test_another_province_finds_nothing(
    round_: Round, people: cast.People, places: cast.Places, sign_in: Any
) -> None:
    far = cast.person("thu", "Trần Thị Thu", Role.COORDINATOR, province=places.elsewhere)
    for who in (far, people.far_reviewer):
        assert sign_in(who).get(address(round_)).status_code == 404
    client = sign_in(far)
    for name in ("extend_deadline", "close_round", "ask_to_unlock", "confirm_unlock"):
        assert client.post(reverse(name, args=[round_.pk])).status_code == 404


@pytest.mark.out_of_step
def test_a_national_round_is_cared_for_by_nobody_who_has_only_a_part(
    round_: Round, programme: Programme, people: cast.People, places: cast.Places, sign_in: Any
) -> None:
    Programme.objects.filter(pk=programme.pk).update(province=None)
    client = sign_in(people.coordinator)
    assert client.get(reverse("close_round", args=[round_.pk])).status_code == 200
    Assessment.objects.create(
        round=round_, unit=places.far_ward, opened_at=cast.NOW, due_at=cast.FAR_DEADLINE
    )
    assert client.get(reverse("close_round", args=[round_.pk])).status_code == 403
    page = text_of(client.get(address(round_)))
    assert "Chốt số liệu" not in page
    assert page.count("Hoạt động cuối:") == 2


def test_programme_and_home_lead_here(
    round_: Round, programme: Programme, people: cast.People, sign_in: Any
) -> None:
    client = sign_in(people.coordinator)
    for start in (reverse("programme", args=[programme.code]), "/"):
        assert address(round_) in client.get(start).content.decode()


@pytest.mark.out_of_step
def test_the_list_has_pages_and_a_fixed_number_of_queries(
    round_: Round, places: cast.Places, people: cast.People, sign_in: Any
) -> None:
    client = sign_in(people.coordinator)
    client.get(address(round_))
    with CaptureQueriesContext(connection) as few:
        client.get(address(round_))
    criterion = round_.criteria_set.criteria.all()[0]
    for number in range(30):
        unit = Unit.objects.create(
            code=f"9{number:04}",
            name=f"Phường {number + 10}",
            kind="ward",
            province=places.province,
            district=places.city,
        )
        file = Assessment.objects.create(
            round=round_, unit=unit, opened_at=cast.NOW, due_at=cast.FAR_DEADLINE
        )
        CriterionResult.objects.create(assessment=file, criterion=criterion, place=0)
    with CaptureQueriesContext(connection) as many:
        response = client.get(address(round_))
    assert len(many) == len(few)
    assert len(many) <= 15
    assert len(response.context["rows"]) == 25
    second = client.get(address(round_, "?page=2"))
    assert len(second.context["rows"]) == 7
