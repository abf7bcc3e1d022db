"""The review queue: who sees it, in which order, taking a file and putting it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from assessments.actions import reviewing, submitting
from assessments.models import Assessment
from assessments.workflow import Status
from tests import cast

QUEUE = "/tham-dinh/"


def hand_in(assessment: Assessment, people: cast.People, *, later: int = 0) -> None:
    """Both wards' files are handed in by their own commanders."""
    by = (
        people.commander
        if assessment.unit_id in people.commander.scope.units
        else people.other_commander
    )
    now = cast.NOW + timedelta(days=later)
    cast.answer_all(assessment, by=by, now=now)
    submitting.submit(assessment, by=by, now=now)


def returned_once(assessment: Assessment, people: cast.People) -> None:
    """Handed in, returned for C03, answered again and handed in again a day later."""
    hand_in(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="more",
        comment="Thiếu báo cáo quý IV",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    later = cast.NOW + timedelta(days=1)
    cast.answer(assessment, "C03", by=people.commander, note="đã bổ sung", now=later)
    submitting.submit(assessment, by=people.commander, now=later)


def queries(client: Client, url: str) -> int:
    """How many queries a page takes; never more than the budget of a page."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    assert len(captured) <= 15, [one["sql"] for one in captured]
    return len(captured)


def names(response) -> list[str]:
    return [row.assessment.unit.name for row in response.context["rows"]]


def test_resubmissions_come_first_then_the_oldest(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(other_assessment, people)
    returned_once(assessment, people)
    response = sign_in(people.reviewer).get(QUEUE)
    assert names(response) == ["Phường 1", "Phường 2"]
    first = response.context["rows"][0]
    assert first.times_returned == 1
    assert first.submission.number == 2
    page = response.content.decode()
    assert "Nộp lại" in page
    assert "Đã trả lại 1 lần" in page


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ["Phường 1", "Phường 2"]),
        ({"tt": "submitted"}, ["Phường 2"]),
        ({"tt": "under_review"}, ["Phường 1"]),
        ({"ai": "toi"}, ["Phường 1"]),
        ({"ai": "khong"}, ["Phường 2"]),
        ({"lai": "1"}, []),
        ({"tt": "submitted", "ai": "toi"}, []),
        ({"q": "PHƯỜNG 2"}, ["Phường 2"]),
        ({"q": "phuong 2 tra vinh"}, ["Phường 2"]),
        ({"q": "tp trà vinh", "tt": "under_review"}, ["Phường 1"]),
        ({"q": "duyên hải"}, []),
    ],
)
def test_filters_show_what_they_say_and_count_it(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in,
    chosen: dict[str, str],
    expected: list[str],
) -> None:
    hand_in(assessment, people)
    hand_in(other_assessment, people, later=1)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    response = sign_in(people.reviewer).get(QUEUE, chosen)
    assert names(response) == expected
    # A chip that is pressed counts what is shown; one that is not, what pressing it would show.
    for chip in response.context["chips"][1:]:
        if chip.active:
            assert chip.count == len(expected)
        else:
            assert len(names(sign_in(people.reviewer).get(chip.url))) == chip.count


@pytest.mark.parametrize(
    "asked",
    [
        {"loc": "password"},
        {"tt": "verified"},
        {"ai": "1 OR 1=1"},
        {"ai": "999999"},
        {"lai": "2"},
        {"ky": "x"},
        {"order_by": "reviewer__password"},
    ],
)
def test_ac_08_an_unknown_filter_is_refused(
    people: cast.People, sign_in, asked: dict[str, str]
) -> None:
    assert sign_in(people.reviewer).get(QUEUE, asked).status_code == 400


def test_an_empty_queue_says_so(people: cast.People, sign_in) -> None:
    page = sign_in(people.reviewer).get(QUEUE).content.decode()
    assert "Không có phiếu nào chờ thẩm định" in page
    assert "Chưa có phiếu nào được kết luận" in page


def test_who_may_open_the_queue(people: cast.People, sign_in) -> None:
    for reader in (people.reviewer, people.coordinator, people.leader, people.ministry_viewer):
        assert sign_in(reader).get(QUEUE).status_code == 200
    for other in (people.commander, people.officer, people.rapporteur, people.administrator):
        assert sign_in(other).get(QUEUE).status_code == 403


def test_another_province_sees_nothing_of_it(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    client = sign_in(people.far_reviewer)
    assert names(client.get(QUEUE)) == []
    assert client.get(reverse("review", args=[assessment.pk])).status_code == 404
    assert client.post(reverse("review_claim", args=[assessment.pk])).status_code == 404
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_only_reviewers_are_offered_a_file(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    claim = reverse("review_claim", args=[assessment.pk])
    assert claim in sign_in(people.reviewer).get(QUEUE).content.decode()
    for reader in (people.coordinator, people.leader, people.ministry_viewer):
        client = sign_in(reader)
        assert claim not in client.get(QUEUE).content.decode()
        assert client.post(claim).status_code == 403
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_taking_a_file_opens_it(assessment: Assessment, people: cast.People, sign_in) -> None:
    hand_in(assessment, people)
    client = sign_in(people.reviewer)
    response = client.post(reverse("review_claim", args=[assessment.pk]), follow=True)
    assert response.redirect_chain == [(f"/tham-dinh/{assessment.pk}/", 302)]
    assert "Đồng chí đã nhận thẩm định" in response.content.decode()
    assessment.refresh_from_db()
    assert assessment.reviewer == people.reviewer


def test_wf_05_the_second_reviewer_reads_who_was_first(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    hand_in(assessment, people)
    claim = reverse("review_claim", args=[assessment.pk])
    client.force_login(people.reviewer)
    client.post(claim)
    # The same person pressing twice is no conflict.
    assert "chưa được ghi" not in client.post(claim, follow=True).content.decode()
    client.force_login(people.second_reviewer)
    page = client.post(claim, follow=True).content.decode()
    assert "Đồng chí Phạm Phương Thảo đã xử lý phiếu này" in page
    assessment.refresh_from_db()
    assert assessment.reviewer == people.reviewer
    assert assessment.transitions.filter(target=Status.UNDER_REVIEW).count() == 1


def test_ac_10_nobody_takes_a_file_of_their_own(
    assessment: Assessment, people: cast.People, places: cast.Places, sign_in
) -> None:
    both = cast.person("kiem", "Lý Kiêm Nhiệm", Role.OFFICER, unit=places.ward)
    cast.Posting.objects.create(
        user=both, role=Role.REVIEWER, province=places.province, starts=cast.date(2020, 1, 1)
    )
    hand_in(assessment, people)
    client = sign_in(both)
    claim = reverse("review_claim", args=[assessment.pk])
    assert claim not in client.get(QUEUE).content.decode()
    page = client.get(reverse("review", args=[assessment.pk])).content.decode()
    assert "không tự thẩm định phiếu của mình" in page
    assert claim not in page
    refused = client.post(claim)
    assert refused.status_code == 403
    assert "không tự thẩm định phiếu của mình" in refused.content.decode()
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_putting_a_file_back_keeps_its_verdicts(
    assessment: Assessment, people: cast.People, client: Client
) -> None:
    hand_in(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    release = reverse("review_release", args=[assessment.pk])
    client.force_login(people.second_reviewer)
    assert client.post(release).status_code == 403
    client.force_login(people.coordinator)
    assert client.post(release).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.status, assessment.reviewer) == (Status.SUBMITTED, None)
    assert assessment.submissions.get().verdicts.count() == 3
    # Nothing to put back a second time: said, not failed.
    assert "chưa thể chuyển" in client.post(release, follow=True).content.decode()


def test_concluded_files_are_listed_with_what_was_found(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    response = sign_in(people.leader).get(QUEUE)
    [(listed, submission)] = response.context["concluded"]
    assert listed == assessment
    assert (submission.found_met, submission.of) == (3, 3)


def test_the_queue_is_narrowed_to_one_round(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    response = sign_in(people.reviewer).get(QUEUE, {"ky": str(assessment.round_id)})
    assert response.status_code == 200
    assert names(response) == [assessment.unit.name]


def test_the_number_of_queries_does_not_grow_with_files(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    client = sign_in(people.reviewer)
    once = queries(client, QUEUE)
    hand_in(other_assessment, people)
    assert queries(client, QUEUE) == once
