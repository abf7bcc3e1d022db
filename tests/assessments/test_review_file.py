"""One file under review: what changed, what was kept, and accepting the plain criteria."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions import evidence, reviewing, submitting
from assessments.models import Assessment, Decision, Verdict
from tests import cast
from tests.assessments.test_review_queue import hand_in, queries, returned_once


def file_url(assessment: Assessment) -> str:
    return reverse("review", args=[assessment.pk])


def accept_url(assessment: Assessment) -> str:
    return reverse("review_accept", args=[assessment.pk])


def rows(response) -> dict[str, object]:
    return {row.criterion.code: row for row in response.context["file"].rows}


def test_the_file_shows_the_submission_and_not_the_live_answers(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code="C02"),
        decision="more",
        comment="Thiếu quyết định",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    cast.answer(assessment, "C02", by=people.commander, met=False)
    response = sign_in(people.reviewer).get(file_url(assessment))
    assert rows(response)["C02"].entry["outcome"] == "met"
    assert "Trả lại để bổ sung" in response.content.decode()


def test_what_changed_and_what_was_kept_since_the_return(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    returned_once(assessment, people)
    client = sign_in(people.reviewer)
    response = client.get(file_url(assessment))
    found = rows(response)
    assert found["C03"].changes == ("thuyết minh",)
    assert found["C03"].verdict is None
    assert found["C01"].changes == ()
    assert found["C01"].verdict.is_carried
    page = response.content.decode()
    assert "Đã sửa" in page
    assert "giữ từ lần trước" in page
    only = client.get(file_url(assessment), {"loc": "changed"})
    shown = [row.criterion.code for group in only.context["groups"] for row in group.rows]
    assert shown == ["C03"]
    assert client.get(file_url(assessment), {"loc": "x"}).status_code == 400


def test_a_file_that_was_never_handed_in_has_nothing_to_review(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    assert "Đơn vị chưa nộp phiếu" in client.get(file_url(assessment)).content.decode()
    criterion = reverse("review_criterion", args=[assessment.pk, "C01"])
    assert client.get(criterion).status_code == 404
    assert client.get(reverse("review_conclude", args=[assessment.pk])).status_code == 404
    assert client.get(accept_url(assessment)).status_code == 302


def test_buttons_follow_the_turn(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    hand_in(assessment, people)
    conclude = reverse("review_conclude", args=[assessment.pk])
    client.force_login(people.reviewer)
    assert conclude not in client.get(file_url(assessment)).content.decode()
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    page = client.get(file_url(assessment)).content.decode()
    assert conclude in page
    assert "Thẩm định tiếp C01" in page
    client.force_login(people.second_reviewer)
    page = client.get(file_url(assessment)).content.decode()
    assert "Phiếu này do cán bộ khác nhận thẩm định." in page
    assert conclude not in page
    client.force_login(people.leader)
    page = client.get(file_url(assessment)).content.decode()
    assert conclude not in page
    assert reverse("review_release", args=[assessment.pk]) not in page


@pytest.fixture
def under_review(assessment: Assessment, people: cast.People) -> Assessment:
    """C02 was not met; C01 and C03 are met and have evidence."""
    cast.answer_all(assessment, by=people.commander, failing=("C02",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    return assessment


def test_plain_criteria_are_listed_and_accepted_together(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    page = client.get(accept_url(under_review)).content.decode()
    assert 'value="C01"' in page
    assert 'value="C03"' in page
    assert 'value="C02"' not in page
    assert Verdict.objects.count() == 0
    body = {"submission": "1", "criterion": ["C01", "C03"]}
    response = client.post(accept_url(under_review), body, follow=True)
    assert "Đã công nhận kết quả tự đánh giá của 2 tiêu chí" in response.content.decode()
    saved = Verdict.objects.order_by("criterion__code")
    assert [(one.criterion.code, one.decision) for one in saved] == [
        ("C01", Decision.ACCEPT),
        ("C03", Decision.ACCEPT),
    ]
    # Sent again by the browser: the same answer, nothing more is written.
    assert client.post(accept_url(under_review), body).status_code == 302
    assert [one.version for one in Verdict.objects.all()] == [1, 1]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"submission": "1"}, "Chưa chọn tiêu chí nào"),
        ({"submission": "1", "criterion": ["C01", "C02"]}, "Chưa ghi mục nào"),
        ({"submission": "7", "criterion": ["C01"]}, "Chưa ghi mục nào"),
        ({"submission": "1", "criterion": ["C99"]}, "Chưa ghi mục nào"),
    ],
)
def test_what_was_not_listed_is_not_accepted(
    under_review: Assessment, people: cast.People, sign_in, body: dict[str, object], sentence: str
) -> None:
    response = sign_in(people.reviewer).post(accept_url(under_review), body)
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert Verdict.objects.count() == 0


def test_criteria_without_evidence_are_looked_at_one_by_one(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.commander)
    unproved = assessment.attachments.get(criterion__code="C01")
    evidence.remove_attachment(unproved, by=people.commander, now=cast.NOW)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    page = sign_in(people.reviewer).get(accept_url(assessment)).content.decode()
    assert 'value="C01"' not in page
    assert 'value="C03"' in page


def test_only_the_reviewer_in_charge_accepts(
    under_review: Assessment, people: cast.People, client: Client
) -> None:
    body = {"submission": "1", "criterion": ["C01"]}
    for other in (people.second_reviewer, people.coordinator, people.leader, people.commander):
        client.force_login(other)
        assert client.post(accept_url(under_review), body).status_code == 403
    client.force_login(people.far_reviewer)
    assert client.post(accept_url(under_review), body).status_code == 404
    assert Verdict.objects.count() == 0


def test_the_number_of_queries_is_fixed(
    under_review: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    once = queries(client, file_url(under_review))
    for code in ("C01", "C03"):
        reviewing.save_verdict(
            under_review,
            under_review.round.criteria_set.criteria.get(code=code),
            decision="accept",
            comment="",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    assert queries(client, file_url(under_review)) == once
    assert queries(client, accept_url(under_review)) <= once


def test_pages_of_a_file_that_came_back_keep_to_their_queries(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    """The dearest case: an earlier submission to compare with, and reasons said before."""
    returned_once(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.reviewer)
    budget = {
        ("review_queue",): 11,
        ("review", assessment.pk): 15,
        ("review_criterion", assessment.pk, "C03"): 17,
        ("review_accept", assessment.pk): 14,
        ("review_conclude", assessment.pk): 16,
        ("review_summary", assessment.pk): 13,
    }
    spent = {}
    for (name, *arguments), allowed in budget.items():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name, args=arguments)).status_code == 200
        if len(captured) > allowed:
            spent[name] = len(captured)
    assert spent == {}
    verdict = {"decision": "accept", "comment": "", "version": "0", "submission": "2"}
    with CaptureQueriesContext(connection) as captured:
        client.post(reverse("review_criterion", args=[assessment.pk, "C03"]), verdict)
    assert len(captured) <= 21
