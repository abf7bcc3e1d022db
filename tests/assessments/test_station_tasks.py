"""The task list: who sees what, and what is to be done next."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions import reviewing, submitting
from assessments.models import Assessment
from assessments.views.station_page import deadline_of
from tests import cast
from tests.assessments.station import (
    before_the_deadline,
    send_back,
    submit_all,
    text_of,
    url,
)


def test_a_new_file_invites_to_begin(assessment: Assessment, people: cast.People, sign_in) -> None:
    before_the_deadline(assessment)
    page = text_of(sign_in(people.commander).get(url("assessment", assessment)))
    assert "Phiếu tự đánh giá năm 2023" in page
    assert "Công an Phường 1, TP Trà Vinh" in page
    assert "Bắt đầu tự đánh giá" in page
    assert url("criterion", assessment, "C01") in page
    assert "Còn 5 ngày" in page
    assert "0/3" in page


def test_every_criterion_has_its_row(assessment: Assessment, people: cast.People, sign_in) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False)
    response = sign_in(people.officer).get(url("assessment", assessment))
    page = text_of(response)
    assert "“Hoàn thành xuất sắc nhiệm vụ”; yêu cầu" in page
    assert "Trần Văn Minh · 09:00 10/11/2023" in page
    assert "Đạt mà chưa có minh chứng" in page
    assert "2a: Chưa thực hiện hoặc chưa đáp ứng yêu cầu." in page
    assert "Tiếp tục tự đánh giá" in page
    assert [(chip.label, chip.count) for chip in response.context["chips"]] == [
        ("Tất cả", 3),
        ("Chưa làm", 1),
        ("Đạt", 1),
        ("Chưa đạt", 1),
        ("Thiếu minh chứng", 1),
    ]


@pytest.mark.parametrize(
    ("filtered", "codes"),
    [
        ("chua-lam", ["C03"]),
        ("dat", ["C01"]),
        ("chua-dat", ["C02"]),
        ("thieu-minh-chung", ["C01"]),
        ("cho", []),
        ("can-sua", []),
        ("khong-co-loc-nay", ["C01", "C02", "C03"]),
    ],
)
def test_a_chip_filters_the_rows(
    assessment: Assessment, people: cast.People, sign_in, filtered: str, codes: list[str]
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    cast.answer(assessment, "C02", by=people.officer, met=False)
    response = sign_in(people.officer).get(url("assessment", assessment), {"loc": filtered})
    shown = [row.criterion.code for group in response.context["groups"] for row in group.rows]
    assert shown == codes


def test_what_came_back_stands_first_with_the_words(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    page = text_of(sign_in(people.commander).get(url("assessment", assessment)))
    assert "Cần sửa theo ý kiến thẩm định" in page
    assert "Thiếu báo cáo quý IV" in page
    assert "Bổ sung trước ngày 20/11" in page
    assert "Chưa sửa" in page
    assert "Sửa theo ý kiến" in page
    assert "Thẩm định công nhận" in page
    assert page.index("Thiếu báo cáo quý IV") < page.index("task-group")

    later = cast.NOW + timedelta(hours=1)
    cast.answer(assessment, "C03", by=people.officer, note="đã bổ sung", now=later)
    page = text_of(sign_in(people.commander).get(url("assessment", assessment)))
    assert "Đã sửa theo ý kiến" in page
    assert "Chưa sửa" not in page
    assert "Kiểm tra và nộp" in page


def test_what_the_reviewer_is_still_writing_is_not_shown(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="more",
        comment="bản nháp của cán bộ thẩm định",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    for address in (url("assessment", assessment), url("criterion", assessment, "C03")):
        assert "bản nháp của cán bộ" not in text_of(sign_in(people.commander).get(address))
    # Nor after the file went back to the queue and its commander took it home.
    reviewing.release(assessment, by=people.reviewer, now=cast.NOW)
    submitting.withdraw(assessment, by=people.commander, now=cast.NOW)
    page = text_of(sign_in(people.commander).get(url("assessment", assessment)))
    assert "bản nháp của cán bộ" not in page


@pytest.mark.parametrize(
    ("who", "words"),
    [("commander", "Kiểm tra và nộp"), ("officer", "Kiểm tra trước khi nộp")],
)
def test_a_complete_file_leads_to_the_check(
    assessment: Assessment, people: cast.People, sign_in, who: str, words: str
) -> None:
    cast.answer_all(assessment, by=people.officer)
    action = sign_in(getattr(people, who)).get(url("assessment", assessment)).context["action"]
    assert (action.label, action.url) == (words, url("check", assessment))


def test_a_submitted_file_leads_to_the_receipt(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    response = sign_in(people.commander).get(url("assessment", assessment))
    assert response.context["action"].label == "Xem biên nhận"
    page = text_of(response)
    assert assessment.submissions.get().receipt in page
    assert "Cán bộ thẩm định" in page
    assert "Nộp phiếu tự đánh giá" in page


@pytest.mark.parametrize("who", ["reviewer", "coordinator", "leader", "ministry_viewer"])
def test_readers_see_it_and_can_change_nothing(
    assessment: Assessment, people: cast.People, sign_in, who: str
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    client = sign_in(getattr(people, who))
    response = client.get(url("assessment", assessment))
    assert response.status_code == 200
    assert response.context["action"] is None
    page = text_of(client.get(url("criterion", assessment, "C02")))
    assert "<textarea" not in page
    assert 'type="file"' not in page
    assert "Có thực hiện, đáp ứng yêu cầu." in page


def test_the_reviewer_is_led_to_the_review(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    action = sign_in(people.reviewer).get(url("assessment", assessment)).context["action"]
    assert action.url == url("review", assessment)


def test_the_deadline_in_words(assessment: Assessment) -> None:
    at = assessment.due_at

    def words(**shift: float) -> str:
        return deadline_of(assessment, None, at + timedelta(**shift)).words

    assert words(days=-9) == "Còn 9 ngày"
    assert words(hours=-2) == "Hết hạn hôm nay"
    assert words(hours=2) == "Đã quá hạn 1 ngày"
    assert words(days=3) == "Đã quá hạn 3 ngày"
    at = at.replace(hour=12)
    assessment.due_at = at
    assert words(hours=1) == "Đã quá hạn hôm nay"
    assert timezone.localdate(at).isoformat() == "2099-11-14"


def test_the_number_of_queries_is_fixed(
    assessment: Assessment, people: cast.People, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(people.commander)
    with CaptureQueriesContext(
        connection,
    ) as empty:
        client.get(url("assessment", assessment))
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    with django_assert_max_num_queries(15) as full:
        client.get(url("assessment", assessment))
    # Only the verdicts' own query comes on top, however many criteria and files there are.
    assert len(full) <= len(empty) + 1
