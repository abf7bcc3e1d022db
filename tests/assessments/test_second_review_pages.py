"""The pages of the second review: blind for the reviewer, figures for the coordinator."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import reviewing, second_review, submitting
from assessments.agreement import Agreement
from assessments.models import Assessment, SecondReview
from assessments.views.blindness import STILL_BLIND
from tests import cast
from tests.assessments.contested import FIRST_WORDS, conclude

CONCLUSION = "Kết luận chung của lần thẩm định thứ nhất"


@pytest.fixture
def drawn(assessment: Assessment, people: cast.People, settings) -> Assessment:
    """Lan's concluded file, of which every verdict was drawn."""
    settings.SECOND_REVIEW_PERCENT = 100
    return conclude(assessment, people, now=timezone.now() - timedelta(hours=1))


def url_of(code: str = "C03") -> str:
    return reverse("second_review", args=[SecondReview.objects.get(criterion__code=code).pk])


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    assert len(captured) <= 15, [one["sql"] for one in captured]
    return len(captured)


def test_the_page_shows_what_was_handed_in_and_no_word_of_the_first_verdict(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    Assessment.objects.update(conclusion=CONCLUSION)
    client = sign_in(people.second_reviewer)
    for url in (url_of(), reverse("second_review_list")):
        page = client.get(url).content.decode()
        main = page.split("<main")[1].split("</main>")[0]
        for first in (
            FIRST_WORDS,
            "Phạm Phương Thảo",
            CONCLUSION,
            "Điều chỉnh",
            "Công nhận kết quả",
        ):
            assert first not in main, (url, first)
        # Nor is it one press away.
        for name in ("review", "review_conclude", "receipt", "appeals", "assessment"):
            assert reverse(name, args=[drawn.pk]) not in main, (url, name)
    page = client.get(url_of()).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    assert "10/10" in main
    assert "C03.pdf" in main
    # "Chưa đạt" stands there once: as a choice, never as a finding.
    assert main.count("Chưa đạt") == 1


def test_nothing_of_the_first_verdict_is_even_read(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    urls = (url_of(), reverse("second_review_list"))
    with CaptureQueriesContext(connection) as captured:
        for url in urls:
            client.get(url)
    assert not [one["sql"] for one in captured if '"first_outcome"' in one["sql"].split("WHERE")[0]]
    assert not [one["sql"] for one in captured if '"assessments_verdict"."comment"' in one["sql"]]


def test_an_earlier_return_is_not_shown_either(
    assessment: Assessment, people: cast.People, settings, sign_in
) -> None:
    settings.SECOND_REVIEW_PERCENT = 100
    now = timezone.now() - timedelta(hours=1)
    cast.answer_all(assessment, by=people.commander, now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    cast.accept_all(assessment, by=people.reviewer, now=now)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="more",
        comment=FIRST_WORDS,
        version=1,
        by=people.reviewer,
        now=now,
    )
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=now)
    cast.answer(assessment, "C03", by=people.commander, note="đã bổ sung", now=now)
    submitting.submit(assessment, by=people.commander, now=now)
    cast.accept_all(assessment, by=people.reviewer, now=now)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=now)
    page = sign_in(people.second_reviewer).get(url_of()).content.decode()
    assert FIRST_WORDS not in page
    assert "đã bổ sung" in page


def test_another_reviewer_gives_it(drawn: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.second_reviewer)
    told = {"outcome": "not_met", "comment": "Thiếu trang 4"}
    response = client.post(url_of(), told, follow=True)
    assert "Đã ghi kết quả thẩm định lần hai tiêu chí C03" in response.content.decode()
    assert client.post(url_of(), told).status_code == 302
    counts = {name: n for name, _, n, _ in response.context["listing"].chips}
    assert counts == {"waiting": 2, "done": 1}
    page = client.get(url_of()).content.decode()
    assert "Thiếu trang 4" in page


def test_the_first_reviewer_has_no_tasks_and_is_refused(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.reviewer)
    assert client.get(reverse("second_review_list")).context["listing"].total == 0
    response = client.post(url_of(), {"outcome": "met", "comment": ""})
    assert response.status_code == 403
    assert second_review.JUDGED_BEFORE in response.content.decode()
    assert not SecondReview.objects.filter(decided_at__isnull=False).exists()


def test_whoever_comes_second_is_told_and_keeps_the_text(
    drawn: Assessment, people: cast.People, places: cast.Places, sign_in
) -> None:
    third = cast.person("nga", "Lý Thu Nga", cast.Role.REVIEWER, province=places.province)
    sign_in(people.second_reviewer).post(url_of(), {"outcome": "met", "comment": ""})
    response = sign_in(third).post(url_of(), {"outcome": "not_met", "comment": "Thiếu trang 4"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Đồng chí Võ Thanh Bình đã thẩm định lần hai" in page
    assert "Thiếu trang 4" in page


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"outcome": "", "comment": "Đủ"}, "Cần chọn kết quả."),
        ({"outcome": "exempt", "comment": "Đủ"}, "Kết quả không hợp lệ"),
        ({"outcome": "not_met", "comment": ""}, second_review.COMMENT_REQUIRED),
        ({"outcome": "met", "comment": "a\x07"}, "ký tự điều khiển"),
    ],
)
def test_malformed_is_told_at_the_field(
    drawn: Assessment, people: cast.People, sign_in, posted: dict[str, str], sentence: str
) -> None:
    response = sign_in(people.second_reviewer).post(url_of(), posted)
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_few_verdicts_have_no_percentage() -> None:
    assert Agreement(9, 4, 4).words == "chưa đủ dữ liệu"
    assert Agreement(9, 5, 4).words == "80%"
    assert Agreement(0, 0, 0).percent is None


def test_the_coordinator_reads_agreement_and_differences(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    reviewer = sign_in(people.second_reviewer)
    reviewer.post(url_of("C01"), {"outcome": "met", "comment": ""})
    reviewer.post(url_of("C03"), {"outcome": "met", "comment": "Sổ đủ"})
    response = sign_in(people.coordinator).get(reverse("second_review_agreement"))
    page = response.content.decode()
    found = response.context["agreement"]
    assert (found.total.drawn, found.total.decided, found.total.equal) == (3, 2, 1)
    assert [(one.criterion.code, one.counts.equal) for one in found.rows] == [
        ("C01", 1),
        ("C02", 0),
        ("C03", 0),
    ]
    assert [one.criterion.code for one in found.differing] == ["C03"]
    assert "chưa đủ dữ liệu" in page
    assert "2 đã được thẩm định lần hai, trong đó 1 trùng với lần một" in page
    assert "Sổ đủ" in page
    assert sign_in(people.leader).get(reverse("second_review_agreement")).status_code == 200
    assert (
        sign_in(people.second_reviewer).get(reverse("second_review_agreement")).status_code == 403
    )
    assert (
        sign_in(people.coordinator).get(reverse("second_review_agreement") + "?ky=la").status_code
        == 400
    )


def test_without_draws_the_page_says_so(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    page = sign_in(people.coordinator).get(reverse("second_review_agreement")).content.decode()
    assert "Chưa có kết quả nào được chọn" in page


def test_the_number_of_queries_is_fixed(drawn: Assessment, people: cast.People, sign_in) -> None:
    client = sign_in(people.second_reviewer)
    listed = reverse("second_review_list")
    before = queries(client, listed)
    SecondReview.objects.filter(criterion__code="C01").delete()
    assert queries(client, listed) == before
    queries(client, url_of())
    client.post(url_of("C03"), {"outcome": "met", "comment": ""})
    queries(sign_in(people.coordinator), reverse("second_review_agreement"))


ORDINARY = ("review", "review_accept", "review_conclude", "review_summary", "appeals", "remedies")
OF_THE_STATION = ("assessment", "check", "receipt", "print_file")


def test_whoever_may_still_review_blindly_does_not_open_what_was_found_first(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    addresses = [reverse(name, args=[drawn.pk]) for name in (*ORDINARY, *OF_THE_STATION)]
    addresses += [
        reverse("review_criterion", args=[drawn.pk, "C03"]),
        reverse("criterion", args=[drawn.pk, "C03"]),
        reverse("submission", args=[drawn.pk, 1]),
    ]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 403, address
        page = response.content.decode()
        assert STILL_BLIND in page, address
        assert f'href="{url_of("C01")}"' in page, address
        assert FIRST_WORDS not in page, address
    answer = client.post(
        reverse("review_criterion", args=[drawn.pk, "C03"]), {"decision": "accept"}
    )
    assert answer.status_code == 403
    assert FIRST_WORDS not in answer.content.decode()


def test_the_file_opens_once_every_second_verdict_was_given(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    address = reverse("review", args=[drawn.pk])
    for second in SecondReview.objects.with_criterion():
        assert client.get(address).status_code == 403
        second_review.save_second_review(
            second, outcome="met", comment="", by=people.second_reviewer, now=timezone.now()
        )
    assert client.get(address).status_code == 200


def test_the_first_reviewer_the_coordinator_and_the_station_read_on(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    for person in (people.reviewer, people.coordinator, people.leader, people.ministry_viewer):
        assert sign_in(person).get(reverse("review", args=[drawn.pk])).status_code == 200
    assert sign_in(people.commander).get(reverse("receipt", args=[drawn.pk])).status_code == 200


def test_a_file_opened_again_can_be_taken_by_whoever_was_to_review_it_blindly(
    drawn: Assessment, people: cast.People, sign_in
) -> None:
    """Work on the file goes first: whoever takes it judges it, and the lot passes to others."""
    now = timezone.now()
    reviewing.reopen(drawn, comment="Xem lại", by=people.coordinator, now=now)
    reviewing.release(drawn, by=people.coordinator, now=now)
    client = sign_in(people.second_reviewer)
    assert client.get(reverse("review", args=[drawn.pk])).status_code == 200
    client.post(reverse("review_claim", args=[drawn.pk]))
    drawn.refresh_from_db()
    assert drawn.reviewer == people.second_reviewer
    assert client.get(reverse("review", args=[drawn.pk])).status_code == 200
