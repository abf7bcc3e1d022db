"""Who reviews what: taking several files, being given files, and what others see of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role, User
from assessments.actions import assigning_reviews, reviewing, submitting
from assessments.models import Assessment, Transition
from assessments.workflow import Status
from tests import cast
from tests.assessments.test_review_queue import QUEUE, hand_in, names, queries

ASSIGN = "/tham-dinh/giao/"
CLAIM_MANY = "/tham-dinh/nhan-nhieu/"


@pytest.fixture
def both(
    assessment: Assessment, other_assessment: Assessment, people: cast.People
) -> tuple[Assessment, Assessment]:
    """Both wards' files wait, the other ward's a day longer."""
    hand_in(other_assessment, people)
    hand_in(assessment, people, later=1)
    return assessment, other_assessment


def assign(assessment: Assessment, reviewer: User | None, people: cast.People) -> None:
    assigning_reviews.assign(assessment, reviewer, by=people.coordinator, now=cast.NOW)


def ids(*files: Assessment) -> list[str]:
    return [str(one.pk) for one in files]


def test_what_is_given_to_one_stands_on_top_for_them_and_is_named_to_others(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    assign(both[0], people.reviewer, people)
    client.force_login(people.reviewer)
    assert names(client.get(QUEUE)) == ["Phường 1", "Phường 2"]
    client.force_login(people.second_reviewer)
    response = client.get(QUEUE)
    assert names(response) == ["Phường 2", "Phường 1"]
    page = response.content.decode()
    assert "Phạm Phương Thảo" in page
    assert "được giao, chưa nhận" in page
    offered = [row.assessment.unit.name for row in response.context["rows"] if row.may_claim]
    assert offered == ["Phường 2"]


def test_the_coordinator_gives_several_files_and_sees_the_load(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    client.force_login(people.coordinator)
    loads = {load.reviewer: load.total for load in client.get(QUEUE).context["loads"]}
    assert loads == {people.reviewer: 0, people.second_reviewer: 0}
    body = {"file": ids(*both), "reviewer": str(people.second_reviewer.pk)}
    page = client.post(ASSIGN, body, follow=True).content.decode()
    assert "Đã giao cho đồng chí Võ Thanh Bình 2 phiếu" in page
    loads = {load.reviewer: load.waiting for load in client.get(QUEUE).context["loads"]}
    assert loads == {people.reviewer: 0, people.second_reviewer: 2}
    entry = AuditEntry.objects.filter(event="review_assigned").first()
    assert entry is not None
    assert entry.details["reviewer"] == "binh"
    assert people.second_reviewer.notices.filter(event="review_assigned").count() == 2
    # Sent twice, given once.
    client.post(ASSIGN, body)
    assert AuditEntry.objects.filter(event="review_assigned").count() == 2
    client.post(ASSIGN, {"file": ids(both[0]), "reviewer": "khong"})
    both[0].refresh_from_db()
    assert both[0].reviewer is None


@pytest.mark.parametrize("who", ["far_reviewer", "leader", "officer"])
def test_only_reviewers_of_the_province_are_given_files(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client, who: str
) -> None:
    reviewer = getattr(people, who)
    with pytest.raises(NotReady, match="không phải cán bộ thẩm định"):
        assign(both[0], reviewer, people)
    client.force_login(people.coordinator)
    response = client.post(ASSIGN, {"file": ids(*both), "reviewer": str(reviewer.pk)})
    assert response.status_code == 400
    assert response.context["ticked"] == set(ids(*both)), "the ticks are kept"
    assert Assessment.objects.filter(reviewer__isnull=False).count() == 0


def test_ac_10_nobody_is_given_a_file_they_wrote(
    both: tuple[Assessment, Assessment], people: cast.People, places: cast.Places
) -> None:
    cast.Posting.objects.create(
        user=people.commander,
        role=Role.REVIEWER,
        province=places.province,
        starts=cast.date(2020, 1, 1),
    )
    with pytest.raises(NotReady, match="có tham gia lập phiếu này"):
        assign(both[0], people.commander, people)


def test_ac_03_only_a_coordinator_of_the_province_gives_files(
    both: tuple[Assessment, Assessment], people: cast.People, places: cast.Places, client: Client
) -> None:
    for other in (people.reviewer, people.leader, people.far_reviewer):
        with pytest.raises(NotAllowed):
            assigning_reviews.assign(both[0], people.reviewer, by=other, now=cast.NOW)
        client.force_login(other)
        assert client.post(ASSIGN, {"file": ids(*both)}).status_code == 403
    far = cast.person("xa", "Người Ở Xa", Role.COORDINATOR, province=places.elsewhere)
    client.force_login(far)
    body = {"file": ids(*both), "reviewer": str(people.far_reviewer.pk)}
    assert client.post(ASSIGN, body).status_code == 404
    client.force_login(people.far_reviewer)
    assert client.post(CLAIM_MANY, {"file": ids(*both)}).status_code == 404
    assert Assessment.objects.filter(reviewer__isnull=False).count() == 0


def test_a_file_under_review_changes_hands_only_before_the_first_verdict(
    both: tuple[Assessment, Assessment], people: cast.People
) -> None:
    file = both[0]
    reviewing.claim(file, by=people.reviewer, now=cast.NOW)
    assign(file, people.second_reviewer, people)
    file.refresh_from_db()
    assert (file.status, file.reviewer) == (Status.SUBMITTED, people.second_reviewer)
    assert file.transitions.last().event == "review_released"
    cast.accept_all(file, by=people.second_reviewer)
    with pytest.raises(NotReady, match="Võ Thanh Bình đã ghi kết quả 3 tiêu chí"):
        assign(file, people.reviewer, people)
    assert (file.status, file.reviewer) == (Status.UNDER_REVIEW, people.second_reviewer)
    reviewing.release(file, by=people.coordinator, now=cast.NOW)
    assign(file, people.reviewer, people)
    assert file.submissions.get().verdicts.count() == 3


def test_a_file_not_waiting_for_review_is_not_given(
    assessment: Assessment, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="không giao thẩm định được"):
        assign(assessment, people.reviewer, people)
    assert assessment.reviewer is None


def test_taking_over_from_a_colleague_is_done_knowingly(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    file = both[0]
    assign(file, people.second_reviewer, people)
    claim = reverse("review_claim", args=[file.pk])
    client.force_login(people.reviewer)
    page = client.post(claim, follow=True).content.decode()
    assert "đã được giao cho đồng chí Võ Thanh Bình" in page
    assert "Nhận thay đồng chí Võ Thanh Bình" in page
    # The page named somebody else: that is not knowing.
    client.post(claim, {"instead": str(people.coordinator.pk)})
    file.refresh_from_db()
    assert file.status == Status.SUBMITTED
    client.post(claim, {"instead": str(people.second_reviewer.pk)})
    file.refresh_from_db()
    assert (file.status, file.reviewer) == (Status.UNDER_REVIEW, people.reviewer)


def test_taking_several_files_takes_those_that_are_still_free(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    reviewing.claim(both[1], by=people.second_reviewer, now=cast.NOW)
    client.force_login(people.reviewer)
    body = {"file": ids(*both)}
    response = client.post(f"{CLAIM_MANY}?tt=submitted", body, follow=True)
    assert response.redirect_chain == [(f"{QUEUE}?tt=submitted", 302)]
    page = response.content.decode()
    assert "Đồng chí đã nhận thẩm định 1 phiếu" in page
    assert "Đồng chí Võ Thanh Bình đã xử lý phiếu này" in page
    # Again: what is one's own already is no conflict, the other still is.
    client.post(CLAIM_MANY, body)
    assert Transition.objects.filter(target=Status.UNDER_REVIEW).count() == 2


def test_nothing_taken_is_said_with_the_ticks_kept(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    for one in both:
        reviewing.claim(one, by=people.second_reviewer, now=cast.NOW)
    client.force_login(people.reviewer)
    response = client.post(CLAIM_MANY, {"file": ids(*both)})
    assert response.status_code == 409
    assert response.content.decode().count("Võ Thanh Bình đã xử lý phiếu này") == 2
    assert response.context["ticked"] == set(ids(*both))
    assert "Chưa chọn phiếu nào" in client.post(CLAIM_MANY).content.decode()
    assert client.post(CLAIM_MANY, {"file": "1;DROP"}).status_code == 400
    # What a refused page links to relatively leads back to the queue.
    assert client.get(CLAIM_MANY, {"page": "2"}).url == f"{QUEUE}?page=2"


def test_after_a_return_the_file_comes_back_to_its_reviewer(
    both: tuple[Assessment, Assessment], people: cast.People, client: Client
) -> None:
    file = both[0]
    cast.accept_all(file, by=people.reviewer)
    reviewing.save_verdict(
        file,
        file.round.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment="Thiếu báo cáo",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(file, comment="", by=people.reviewer, now=cast.NOW)
    later = cast.NOW + timedelta(days=2)
    cast.answer(file, "C03", by=people.commander, note="đã có", now=later)
    submitting.submit(file, by=people.commander, now=later)
    client.force_login(people.reviewer)
    assert names(client.get(QUEUE))[0] == "Phường 1"
    assert client.get(QUEUE).context["rows"][0].is_for_me


def test_the_number_of_queries_is_fixed_for_coordinators(
    assessment: Assessment, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    hand_in(assessment, people)
    client = sign_in(people.coordinator)
    once = queries(client, QUEUE)
    hand_in(other_assessment, people)
    assign(other_assessment, people.reviewer, people)
    assert queries(client, QUEUE) == once
