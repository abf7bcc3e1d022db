"""The end of a review: returned with reasons, or concluded without a gap."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotReady
from assessments.actions import reviewing
from assessments.models import Assessment
from assessments.views.review_conclude import NOTHING_ASKED
from assessments.workflow import Status
from tests import cast
from tests.assessments.test_review_queue import hand_in, queries


def conclude_url(assessment: Assessment) -> str:
    return reverse("review_conclude", args=[assessment.pk])


def return_url(assessment: Assessment) -> str:
    return reverse("review_return", args=[assessment.pk])


def typed(comment: str, submission: int = 1) -> dict[str, object]:
    """What the page sends: the comment, and which submission it showed."""
    return {"comment": comment, "submission": submission}


@pytest.fixture
def reviewed(assessment: Assessment, people: cast.People) -> Assessment:
    """Every criterion accepted, nothing concluded."""
    hand_in(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    return assessment


def ask(assessment: Assessment, people: cast.People, code: str = "C03") -> None:
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code=code),
        decision="more",
        comment="Thiếu báo cáo quý IV",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )


def test_concluding_says_how_many_were_found_met(
    reviewed: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    page = client.get(conclude_url(reviewed)).content.decode()
    assert "3/3" in page
    assert NOTHING_ASKED in page
    response = client.post(conclude_url(reviewed), typed("Đủ tiêu chí"), follow=True)
    assert "3/3 tiêu chí đạt" in response.content.decode()
    reviewed.refresh_from_db()
    assert (reviewed.status, reviewed.conclusion) == (Status.VERIFIED, "Đủ tiêu chí")
    # The browser sends it again: no second conclusion, no complaint.
    assert client.post(conclude_url(reviewed), typed("Đủ tiêu chí")).status_code == 302
    assert reviewed.transitions.filter(target=Status.VERIFIED).count() == 1


def test_wf_04_gaps_are_listed_and_nothing_is_concluded(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    criteria = assessment.round.criteria_set.criteria
    reviewing.save_verdict(
        assessment,
        criteria.get(code="C02"),
        decision="more",
        comment="Thiếu",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    client = sign_in(people.reviewer)
    page = client.get(conclude_url(assessment)).content.decode()
    assert "Chưa có kết quả thẩm định: C01, C03." in page
    assert "Đang yêu cầu bổ sung: C02." in page
    response = client.post(conclude_url(assessment), typed("Gõ sẵn kết luận"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Chưa kết luận được. Chưa có kết quả thẩm định: C01, C03." in page
    assert "Gõ sẵn kết luận" in page
    assessment.refresh_from_db()
    assert assessment.status == Status.UNDER_REVIEW


def test_returning_needs_a_reason_at_a_criterion(
    reviewed: Assessment, people: cast.People, sign_in
) -> None:
    with pytest.raises(NotReady) as refusal:
        reviewing.return_to_station(reviewed, comment="", by=people.reviewer, now=cast.NOW)
    assert refusal.value.sentence == NOTHING_ASKED, "the page promises what the server says"
    response = sign_in(people.reviewer).post(return_url(reviewed), typed("Trả ngay"))
    assert response.status_code == 409
    page = response.content.decode()
    assert NOTHING_ASKED in page
    assert "Trả ngay" in page
    reviewed.refresh_from_db()
    assert reviewed.status == Status.UNDER_REVIEW


def test_returning_sends_the_file_back_with_its_reasons(
    reviewed: Assessment, people: cast.People, sign_in
) -> None:
    ask(reviewed, people)
    client = sign_in(people.reviewer)
    page = client.get(conclude_url(reviewed)).content.decode()
    assert "Thiếu báo cáo quý IV" in page
    response = client.post(return_url(reviewed), typed("Trước 15/11"), follow=True)
    assert response.redirect_chain == [("/tham-dinh/", 302)]
    reviewed.refresh_from_db()
    assert reviewed.status == Status.RETURNED
    assert reviewed.transitions.last().comment == "Trước 15/11"
    assert client.post(return_url(reviewed), typed("Trước 15/11")).status_code == 302
    assert reviewed.transitions.filter(target=Status.RETURNED).count() == 1


def test_wf_05_conclude_and_return_have_one_winner(
    reviewed: Assessment, people: cast.People, sign_in
) -> None:
    reviewing.conclude(reviewed, comment="", by=people.reviewer, now=cast.NOW)
    response = sign_in(people.reviewer).post(return_url(reviewed), typed("Đến sau"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Đồng chí Phạm Phương Thảo đã xử lý phiếu này" in page
    assert "Đến sau" in page
    assert reviewed.transitions.filter(target=Status.RETURNED).count() == 0


def test_too_long_a_comment_comes_back(reviewed: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.reviewer)
    for url in (conclude_url(reviewed), return_url(reviewed)):
        response = client.post(url, typed("dài " * 2000))
        assert response.status_code == 400
        assert "dài quá 5.000 ký tự" in response.content.decode()
    reviewed.refresh_from_db()
    assert reviewed.status == Status.UNDER_REVIEW


def test_only_the_reviewer_in_charge_ends_a_review(
    reviewed: Assessment, people: cast.People, client: Client
) -> None:
    for url in (conclude_url(reviewed), return_url(reviewed)):
        client.force_login(people.second_reviewer)
        response = client.post(url, typed("Không phải việc tôi"))
        assert response.status_code == 403
        assert "Phiếu này do cán bộ khác nhận thẩm định." in response.content.decode()
        assert "Không phải việc tôi" in response.content.decode()
        for other in (people.coordinator, people.leader, people.ministry_viewer, people.commander):
            client.force_login(other)
            assert client.post(url).status_code == 403
        client.force_login(people.far_reviewer)
        assert client.post(url).status_code == 404
    reviewed.refresh_from_db()
    assert reviewed.status == Status.UNDER_REVIEW


def test_the_number_of_queries_is_fixed(reviewed: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.reviewer)
    once = queries(client, conclude_url(reviewed))
    ask(reviewed, people)
    assert queries(client, conclude_url(reviewed)) == once
