"""Reasons to start from, explanations with a verdict of their own, and what changed since."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotReady
from assessments.actions import reviewing, submitting
from assessments.models import Assessment, Evidence, Submission, Verdict
from assessments.workflow import Status
from tests import cast
from tests.assessments.test_review_queue import hand_in, returned_once


def url_of(assessment: Assessment, code: str = "C02") -> str:
    return reverse("review_criterion", args=[assessment.pk, code])


def body(**more: object) -> dict[str, object]:
    return {"decision": "accept", "comment": "", "version": "0", "submission": "1", **more}


def texts(response: Any) -> list[str]:
    groups = response.context["reason_groups"]
    return [reason.text for group in groups for reason in group.reasons]


@pytest.fixture
def explained(assessment: Assessment, people: cast.People) -> Assessment:
    """Handed in and taken up; C02 is claimed as met with an explanation in place of evidence."""
    cast.answer_all(assessment, by=people.commander)
    removed = {"removed_at": cast.NOW, "removed_by": people.commander}
    assessment.attachments.filter(criterion__code="C02").update(**removed)
    assessment.results.filter(criterion__code="C02").update(explanation="Sổ trực bị ướt do bão")
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    return assessment


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, reviewing.EXPLANATION_UNJUDGED),
        ({"explanation": "rejected"}, reviewing.EXPLANATION_REJECTED),
        ({"explanation": "perhaps"}, "không hợp lệ"),
    ],
)
def test_an_explanation_needs_its_own_verdict(
    explained: Assessment, people: cast.People, sign_in, typed: dict[str, str], sentence: str
) -> None:
    response = sign_in(people.reviewer).post(url_of(explained), body(**typed, comment="giữ lại"))
    assert response.status_code == 400
    page = response.content.decode()
    assert sentence in page
    assert "giữ lại" in page
    assert Verdict.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"explanation": ""}, reviewing.EXPLANATION_UNJUDGED),
        ({"explanation": "rejected"}, reviewing.EXPLANATION_REJECTED),
    ],
)
def test_the_server_asks_the_same_of_an_explanation(
    explained: Assessment, people: cast.People, typed: dict[str, str], sentence: str
) -> None:
    criterion = explained.round.criteria_set.criteria.get(code="C02")
    with pytest.raises(NotReady) as refusal:
        reviewing.save_verdict(
            explained,
            criterion,
            decision="accept",
            comment="",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
            **typed,
        )
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(
    "typed",
    [
        {"explanation": "accepted"},
        {"explanation": "rejected", "decision": "more", "comment": "Cần biên bản xác nhận"},
        {
            "explanation": "rejected",
            "decision": "adjust",
            "outcome": "not_met",
            "comment": "Không có căn cứ",
        },
    ],
)
def test_an_explanation_is_accepted_or_rejected(
    explained: Assessment, people: cast.People, sign_in, typed: dict[str, str]
) -> None:
    client = sign_in(people.reviewer)
    assert client.post(url_of(explained), body(**typed)).status_code == 302
    assert Verdict.objects.get().explanation == typed["explanation"]
    page = client.get(url_of(explained)).content.decode()
    assert "Sổ trực bị ướt do bão" in page
    assert f'value="{typed["explanation"]}" class="btn-check"' in page


def test_an_explanation_is_never_accepted_in_bulk(
    explained: Assessment, people: cast.People, sign_in
) -> None:
    accept = reverse("review_accept", args=[explained.pk])
    client = sign_in(people.reviewer)
    assert 'value="C02"' not in client.get(accept).content.decode()
    assert client.post(accept, {"submission": "1", "criterion": ["C02"]}).status_code == 409


def test_no_explanation_takes_no_verdict_on_one(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    response = sign_in(people.reviewer).post(url_of(assessment), body(explanation="accepted"))
    assert response.status_code == 400
    assert "không gửi giải trình" in response.content.decode()


def test_the_explanations_verdict_is_kept_while_nothing_changes(
    explained: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    client.post(url_of(explained), body(explanation="accepted"))
    client.post(url_of(explained, "C03"), body(decision="more", comment="Thiếu báo cáo"))
    explained.refresh_from_db()
    reviewing.return_to_station(explained, comment="", by=people.reviewer, now=cast.NOW)
    cast.answer(explained, "C03", by=people.commander, note="đã bổ sung")
    submitting.submit(explained, by=people.commander, now=cast.NOW)
    kept = Verdict.objects.get(submission__number=2, criterion__code="C02")
    assert (kept.is_carried, kept.explanation) == (True, "accepted")


def test_reasons_follow_from_the_criterion(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    Evidence.objects.filter(attachments__criterion__code="C02").update(issued_on=date(2019, 5, 2))
    client = sign_in(people.reviewer)
    response = client.get(url_of(assessment))
    offered = "\n".join(texts(response))
    assert "ngày 02/05/2019 không thuộc thời gian lấy số liệu của kỳ" in offered
    assert "Chỉ số 2b: số liệu khai (0 vụ) chưa khớp" in offered
    assert "chữ ký, con dấu" in offered
    assert "Ngày văn bản nằm ngoài thời gian lấy số liệu" in response.content.decode()
    title = "\n".join(texts(client.get(url_of(assessment, "C01"))))
    assert "Chỉ số 1a: chưa nêu số, ngày quyết định" in title


def test_a_reason_is_put_in_by_its_link_where_no_script_runs(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.reviewer)
    first = texts(client.get(url_of(assessment)))[0]
    form = client.get(url_of(assessment), {"ly-do": "1"}).context["form"]
    assert (form["comment"].value(), form["decision"].value()) == (first, "more")
    for nonsense in ("0", "99", "x", "²"):
        form = client.get(url_of(assessment), {"ly-do": nonsense}).context["form"]
        assert not form["comment"].value()


def test_one_starts_from_what_was_asked_before_and_from_ones_words_elsewhere(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(other_assessment, people)
    reviewing.claim(other_assessment, by=people.reviewer, now=cast.NOW)
    criteria = assessment.round.criteria_set.criteria
    reviewing.save_verdict(
        other_assessment,
        criteria.get(code="C03"),
        decision="more",
        comment="Cần bảng kê tin báo theo quý",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    returned_once(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.reviewer)
    response = client.get(url_of(assessment, "C03"))
    assert [group.title for group in response.context["reason_groups"]][:3] == [
        "Đã nêu ở phiếu này",
        "Theo tiêu chí này",
        "Đồng chí đã dùng ở phiếu khác",
    ]
    assert texts(response)[0] == "Thiếu báo cáo quý IV"
    assert "Cần bảng kê tin báo theo quý" in texts(response)
    page = response.content.decode()
    assert 'data-kept-reason="Thiếu báo cáo quý IV"' in page
    assert "Lần trước đã yêu cầu bổ sung" in page
    assert "Đơn vị đã sửa" in page


def test_what_the_station_left_as_it_was_is_said(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.reviewer)
    client.post(url_of(assessment), body(decision="more", comment="Thiếu sổ trực"))
    assessment.refresh_from_db()
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    assert "Đơn vị chưa sửa gì" in client.get(url_of(assessment)).content.decode()
    response = client.get(reverse("review", args=[assessment.pk]), {"loc": "was_asked"})
    shown = [row.criterion.code for group in response.context["groups"] for row in group.rows]
    assert shown == ["C02"]
    page = response.content.decode()
    assert "Chưa sửa theo yêu cầu" in page
    assert "Thiếu sổ trực" in page
    # Asked for and unchanged: not something to wave through with others.
    accept = reverse("review_accept", args=[assessment.pk])
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    assert 'value="C02"' not in client.get(accept).content.decode()


def test_changes_are_counted_from_what_was_reviewed_not_from_what_was_withdrawn_unread(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    returned_once(assessment, people)
    later = cast.NOW + timedelta(days=2)
    submitting.withdraw(assessment, by=people.commander, now=later)
    submitting.submit(assessment, by=people.commander, now=later)
    assert Submission.objects.count() == 3
    response = sign_in(people.reviewer).get(reverse("review", args=[assessment.pk]))
    rows = {row.criterion.code: row for row in response.context["file"].rows}
    assert rows["C03"].changes == ("thuyết minh",)
    assert rows["C03"].was_asked
    assert rows["C01"].verdict.is_carried


def test_returning_gives_the_time_for_corrections_and_shows_it_before(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client.force_login(people.reviewer)
    client.post(url_of(assessment), body(decision="more", comment="Thiếu sổ trực"))
    early = cast.NOW + timedelta(days=1)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=early)
    page = client.get(reverse("review_conclude", args=[assessment.pk])).content.decode()
    assert "Đơn vị sẽ đọc" in page
    assert "Thiếu sổ trực" in page
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    stored = Assessment.objects.get(pk=assessment.pk)
    assert stored.status == Status.RETURNED
    assert stored.due_at == assessment.due_at > early


def test_the_conclusion_is_a_page_with_what_is_not_met(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    hand_in(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client.force_login(people.reviewer)
    for code in ("C01", "C03"):
        client.post(url_of(assessment, code), body())
    adjusted = body(decision="adjust", outcome="not_met", comment="Có 01 vụ cháy")
    client.post(url_of(assessment), adjusted)
    conclude = reverse("review_conclude", args=[assessment.pk])
    response = client.post(conclude, {"comment": "Còn một tiêu chí", "submission": 1}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("review_summary", args=[assessment.pk])
    page = response.content.decode()
    for words in (
        "2/3 tiêu chí đạt",
        "Chưa đạt sau thẩm định",
        "Có 01 vụ cháy",
        "Còn một tiêu chí",
    ):
        assert words in page
    assert [row.criterion.code for row in response.context["file"].unmet_rows] == ["C02"]
