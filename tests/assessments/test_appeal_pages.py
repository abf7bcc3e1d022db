"""The pages of phúc tra: the station's, the list, and all views side by side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions import appealing, reviewing, submitting
from assessments.models import Appeal, Assessment
from tests import cast
from tests.assessments.contested import CONTEST, FIRST_WORDS, conclude, contest, verdict_of


@pytest.fixture
def verified(assessment: Assessment, people: cast.People) -> Assessment:
    """Lan's file, concluded an hour ago by the real clock."""
    return conclude(assessment, people, now=timezone.now() - timedelta(hours=1))


@pytest.fixture
def appeal(verified: Assessment, people: cast.People) -> Appeal:
    return contest(verified, people, now=timezone.now())


def contest_url(assessment: Assessment, code: str = "C03") -> str:
    return reverse("appeal_new", args=[assessment.pk, code])


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    assert len(captured) <= 15, [one["sql"] for one in captured]
    return len(captured)


def test_the_station_sees_the_deadline_in_full_and_what_it_may_contest(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.commander)
    page = client.get(reverse("appeals", args=[verified.pk])).content.decode()
    assert verified.verified_at is not None
    period = appealing.window(verified.verified_at, now=timezone.now())
    closes = timezone.localtime(period.closes_at)
    assert f"{closes:%H:%M}" in page
    assert f"{closes:%d/%m/%Y}" in page
    assert "(giờ Việt Nam)" in page
    assert f"Còn {period.days_left} ngày làm việc" in page
    assert f"Chưa có lịch nghỉ của năm {closes.year}; chỉ trừ thứ Bảy, Chủ nhật." in page
    assert contest_url(verified) in page
    assert FIRST_WORDS in page
    assert contest_url(verified, "C01") not in page
    tasks = client.get(reverse("assessment", args=[verified.pk])).content.decode()
    assert reverse("appeals", args=[verified.pk]) in tasks
    assert f"{closes:%d/%m/%Y}" in tasks


def test_the_commander_contests_and_follows_it(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.commander)
    assert FIRST_WORDS in client.get(contest_url(verified)).content.decode()
    response = client.post(contest_url(verified), {"text": CONTEST}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("appeals", args=[verified.pk])
    assert "Đã gửi đề nghị phúc tra tiêu chí C03" in page
    assert "Chờ kết luận" in page
    assert CONTEST in page
    # A second press, or the browser's retry, finds what the first one did.
    again = client.post(contest_url(verified), {"text": CONTEST})
    assert again.status_code == 302
    assert Appeal.objects.count() == 1


def test_another_text_for_the_same_criterion_is_refused_and_kept(
    appeal: Appeal, verified: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.commander).post(contest_url(verified), {"text": "Lời khác hẳn"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "mỗi tiêu chí chỉ đề nghị một lần" in page
    assert "Lời khác hẳn" in page


def test_wf_11_too_late_says_so_and_keeps_the_text(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    conclude(assessment, people)
    client = sign_in(people.commander)
    response = client.post(contest_url(assessment), {"text": CONTEST})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Hết hạn đề nghị phúc tra lúc 23:59 ngày 17/11/2023 (giờ Việt Nam)" in page
    assert CONTEST in page
    assert not Appeal.objects.exists()
    listed = client.get(reverse("appeals", args=[assessment.pk])).content.decode()
    assert "Đã hết hạn lúc" in listed
    assert contest_url(assessment) not in listed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Cần nhập nội dung đề nghị phúc tra."),
        ("x" * 5001, "dài quá 5.000 ký tự"),
        ("a\x00b", "ký tự"),
    ],
)
def test_wf_10_malformed_text_is_told_at_the_field(
    verified: Assessment, people: cast.People, sign_in, text: str, sentence: str
) -> None:
    response = sign_in(people.commander).post(contest_url(verified), {"text": text})
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Appeal.objects.exists()


def test_an_officer_reads_and_does_not_contest(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.officer)
    page = client.get(reverse("appeals", args=[verified.pk])).content.decode()
    assert appealing.ONLY_COMMANDER in page
    response = client.post(contest_url(verified), {"text": CONTEST})
    assert response.status_code == 403
    assert CONTEST in response.content.decode()
    assert not Appeal.objects.exists()


def test_a_criterion_that_is_not_there_is_not_found(
    verified: Assessment, people: cast.People, sign_in
) -> None:
    assert sign_in(people.commander).get(contest_url(verified, "C99")).status_code == 404


def test_the_list_counts_what_waits(appeal: Appeal, people: cast.People, sign_in) -> None:
    client = sign_in(people.second_reviewer)
    response = client.get(reverse("appeal_list"))
    counts = {name: count for name, _, count, _ in response.context["listing"].chips}
    assert counts == {"waiting": 1, "mine": 1, "decided": 0, "all": 1}
    assert reverse("appeal", args=[appeal.pk]) in response.content.decode()
    first = sign_in(people.reviewer).get(reverse("appeal_list"))
    assert {name: n for name, _, n, _ in first.context["listing"].chips}["mine"] == 0
    leader = sign_in(people.leader).get(reverse("appeal_list"))
    assert [name for name, *_ in leader.context["listing"].chips] == ["waiting", "decided", "all"]
    assert sign_in(people.far_reviewer).get(reverse("appeal_list")).context["listing"].total == 0
    assert client.get(reverse("appeal_list") + "?loc=la").status_code in {400, 403}


def test_all_views_stand_side_by_side(appeal: Appeal, people: cast.People, sign_in) -> None:
    page = sign_in(people.second_reviewer).get(reverse("appeal", args=[appeal.pk])).content.decode()
    for words in (FIRST_WORDS, CONTEST, "Phạm Phương Thảo", "Nguyễn Thị Lan", "C03.pdf", "10/10"):
        assert words in page
    assert reverse("appeal_decide", args=[appeal.pk]) in page


def test_another_reviewer_decides_and_everyone_reads_it(
    appeal: Appeal, verified: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    url = reverse("appeal_decide", args=[appeal.pk])
    told = {"outcome": "met", "comment": "Sổ đủ 10 tin"}
    response = client.post(url, told, follow=True)
    assert "Đã kết luận phúc tra tiêu chí C03" in response.content.decode()
    assert client.post(url, told).status_code == 302
    assert verdict_of(verified).outcome == "met"
    station = sign_in(people.commander)
    page = station.get(reverse("appeals", args=[verified.pk])).content.decode()
    for words in (FIRST_WORDS, CONTEST, "Sổ đủ 10 tin", "Thay đổi kết quả thẩm định"):
        assert words in page
    # The station's own list follows, although the verdict is younger than the conclusion.
    tasks = station.get(reverse("assessment", args=[verified.pk])).content.decode()
    assert FIRST_WORDS not in tasks
    assert "Thẩm định công nhận" in tasks
    concluded = sign_in(people.leader).get(reverse("review", args=[verified.pk]))
    assert concluded.context["file"].found_met == 3


def test_whoever_comes_second_is_told_and_keeps_the_text(
    appeal: Appeal, people: cast.People, places: cast.Places, sign_in
) -> None:
    third = cast.person("nga", "Lý Thu Nga", cast.Role.REVIEWER, province=places.province)
    appealing.decide_appeal(
        appeal, outcome="met", comment="Đủ", by=people.second_reviewer, now=timezone.now()
    )
    response = sign_in(third).post(
        reverse("appeal_decide", args=[appeal.pk]),
        {"outcome": "not_met", "comment": "Thiếu trang 4"},
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Đồng chí Võ Thanh Bình đã kết luận phúc tra tiêu chí C03" in page
    assert "Thiếu trang 4" in page
    appeal.refresh_from_db()
    assert appeal.outcome == "met"


def test_ac_10_the_first_reviewer_is_refused(appeal: Appeal, people: cast.People, sign_in) -> None:
    client = sign_in(people.reviewer)
    page = client.get(reverse("appeal", args=[appeal.pk])).content.decode()
    assert appealing.NOT_THE_FIRST in page
    assert "<form method" not in page.split('id="ket-luan"')[1].split("</section>")[0]
    response = client.post(
        reverse("appeal_decide", args=[appeal.pk]), {"outcome": "met", "comment": "Đủ"}
    )
    assert response.status_code == 403
    assert Appeal.objects.get().decided_at is None


def test_a_decision_without_outcome_or_words_is_malformed(
    appeal: Appeal, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    response = client.post(reverse("appeal_decide", args=[appeal.pk]), {"outcome": "unanswered"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "Kết quả không hợp lệ" in page
    assert "Cần nhập ý kiến phúc tra." in page


def test_a_proposal_waits_for_the_decision(
    appeal: Appeal, verified: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.coordinator).post(reverse("propose", args=[verified.pk]))
    assert response.status_code == 409
    assert "Còn 1 đề nghị phúc tra chưa kết luận (C03)" in response.content.decode()


def test_the_number_of_queries_does_not_grow(
    appeal: Appeal, other_assessment: Assessment, people: cast.People, sign_in
) -> None:
    client = sign_in(people.second_reviewer)
    before = queries(client, reverse("appeal_list"))
    cast.answer_all(other_assessment, by=people.other_commander, now=timezone.now())
    other = conclude_other(other_assessment, people)
    appealing.file_appeal(
        other,
        verdict_of(other).criterion,
        text="Xem lại",
        by=people.other_commander,
        now=timezone.now(),
    )
    assert queries(client, reverse("appeal_list")) == before
    queries(client, reverse("appeal", args=[appeal.pk]))
    station = sign_in(people.commander)
    queries(station, reverse("appeals", args=[appeal.assessment_id]))
    queries(station, contest_url(appeal.assessment))


def conclude_other(assessment: Assessment, people: cast.People) -> Assessment:
    """The other ward's file, with C03 adjusted."""
    now = timezone.now()
    submitting.submit(assessment, by=people.other_commander, now=now)
    cast.accept_all(assessment, by=people.reviewer, now=now)
    verdict = verdict_of(assessment)
    reviewing.save_verdict(
        assessment,
        verdict.criterion,
        decision="adjust",
        outcome="not_met",
        comment="Chưa khớp",
        version=verdict.version,
        by=people.reviewer,
        now=now,
    )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=now)
    return assessment
