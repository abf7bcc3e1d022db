"""Checking, handing in, the receipt, taking back."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions import evidence, reviewing, submitting
from assessments.deadlines import late_sentence
from assessments.models import Assessment, Evidence, Scan, Submission
from assessments.uploads import check_upload
from assessments.workflow import Status
from tests import cast
from tests.assessments.station import before_the_deadline, send_back, submit_all, text_of, url

DECLARED = {"declared": "on", "confirmed": "on"}


def test_every_answer_stands_on_one_page(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C03",))
    page = text_of(sign_in(people.commander).get(url("check", assessment)))
    for words in ("Hoàn thành xuất sắc nhiệm vụ", "0 vụ", "9/10", "C01.pdf", "Có"):
        assert words in page
    for code in ("C01", "C02", "C03"):
        assert url("criterion", assessment, code) in page
    assert "Tôi đã kiểm tra toàn bộ nội dung phiếu" in page
    assert f'action="{url("submit", assessment)}"' in page


def test_gaps_block_on_the_page_and_at_the_server(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    client = sign_in(people.commander)
    page = text_of(client.get(url("check", assessment)))
    assert "2 tiêu chí chưa có kết quả" in page
    assert 'name="confirmed"' not in page
    response = client.post(url("submit", assessment), {**DECLARED, "seen": "C01-minh-chung"})
    assert response.status_code == 409
    page = text_of(response)
    assert "còn 2 tiêu chí chưa có kết quả (C02, C03)" in page
    assert "Nội dung đã nhập vẫn được giữ." in page
    assert "Đang tự đánh giá" in page
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    assert not Submission.objects.exists()


def test_a_file_never_begun_is_refused_with_the_list(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.commander).post(url("submit", assessment), DECLARED)
    assert response.status_code == 409
    assert "C01, C02, C03" in text_of(response)


def test_warnings_are_ticked_and_the_declaration_made_before_it_goes(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    for code in ("C01", "C02", "C03"):
        cast.answer(assessment, code, by=people.officer)
    client = sign_in(people.commander)
    ticks = [f"{code}-minh-chung" for code in ("C01", "C02", "C03")]

    response = client.post(url("submit", assessment), {"seen": ticks[:1]})
    assert response.status_code == 400
    page = text_of(response)
    assert "Cần xem lại và đánh dấu từng lưu ý: C02, C03." in page
    assert "Cần đánh dấu cam đoan trước khi nộp." in page
    assert response.context["form"].ticked == {"C01-minh-chung"}
    assert not Submission.objects.exists()

    assert (
        client.post(url("submit", assessment), {**DECLARED, "seen": ticks[:2]}).status_code == 400
    )
    response = client.post(
        url("submit", assessment), {**DECLARED, "seen": [*ticks, "C99-khong-con"]}
    )
    assert response["Location"] == url("receipt", assessment)
    assert Submission.objects.get().submitted_by == people.commander


def test_what_came_back_untouched_has_to_be_ticked(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    client = sign_in(people.commander)
    response = client.post(url("submit", assessment), DECLARED)
    assert response.status_code == 400
    assert "chưa được sửa" in text_of(response)
    response = client.post(url("submit", assessment), {**DECLARED, "seen": "C03-chua-sua"})
    assert response.status_code == 302
    assert Submission.objects.count() == 2


def test_the_receipt_says_everything(assessment: Assessment, people: cast.People, sign_in) -> None:
    before_the_deadline(assessment)
    cast.answer_all(assessment, by=people.officer, failing=("C03",))
    client = sign_in(people.commander)
    response = client.post(url("submit", assessment), DECLARED, follow=True)
    submission = Submission.objects.get()
    page = text_of(response)
    assert submission.receipt in page
    assert submission.sha256 in page
    assert "2/3 tiêu chí" in page
    assert "Đã nộp đúng hạn" in page
    assert "Nguyễn Thị Lan" in page
    assert "Công an tỉnh nhận phiếu và thẩm định." in page
    assert "Rút phiếu về" in page
    assert "Không cần gửi lại" not in page


def test_the_consequence_is_stated_before_it_goes_without_a_script_too(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    for code in ("C01", "C02", "C03"):
        cast.answer(assessment, code, by=people.officer)
    client = sign_in(people.commander)
    page = text_of(client.get(url("check", assessment)))
    assert "<dialog" in page
    assert "không ai ở đơn vị sửa được câu trả lời và minh chứng" in page
    ticks = [f"{code}-minh-chung" for code in ("C01", "C02", "C03")]
    response = client.post(
        url("submit", assessment), {"declared": "on", "seen": ticks, "number": "1"}
    )
    assert response.status_code == 200
    page = text_of(response)
    assert "Nộp phiếu năm 2023?" in page
    assert page.count('name="seen"') == 3
    assert 'name="number" value="1"' in page
    assert not Submission.objects.exists()
    client.post(
        url("submit", assessment),
        {"declared": "on", "seen": ticks, "number": "1", "confirmed": "on"},
    )
    assert Submission.objects.get().number == 1


def test_a_late_file_stays_a_draft_and_says_whom_to_ask(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    before_the_deadline(assessment, -timedelta(days=2))
    client = sign_in(people.commander)
    sentence = late_sentence(assessment.due_at)
    for name in ("assessment", "check"):
        page = text_of(client.get(url(name, assessment)))
        assert sentence in page
        assert "Phiếu được giữ ở dạng nháp." in page
        assert "cán bộ tổng hợp Công an tỉnh Trà Vinh (đồng chí Đặng Tiến Dũng)" in page
        assert 'name="confirmed"' not in page
    response = client.post(url("submit", assessment), DECLARED)
    assert response.status_code == 409
    assert sentence in text_of(response)
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    assert not Submission.objects.exists()
    # The draft is still worked on.
    cast.answer(assessment, "C01", by=people.officer, met=False)


def test_nothing_is_taken_back_that_could_not_be_handed_in_again(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    before_the_deadline(assessment, -timedelta(hours=2))
    client = sign_in(people.commander)
    page = text_of(client.get(url("receipt", assessment)))
    assert "Đã hết hạn nộp nên không rút phiếu về được nữa" in page
    assert f'action="{url("withdraw", assessment)}"' not in page
    response = client.post(url("withdraw", assessment))
    assert response.status_code == 409
    assert "rút về thì không nộp lại được nữa" in text_of(response)
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


def test_wf_07_a_second_press_gives_the_same_receipt(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    client = sign_in(people.commander)
    client.post(url("submit", assessment), DECLARED)
    receipt = Submission.objects.get().receipt
    response = client.post(url("submit", assessment), DECLARED, follow=True)
    assert Submission.objects.count() == 1
    assert f"Phiếu này đã được tiếp nhận (mã {receipt}). Không cần gửi lại." in text_of(response)
    # Still so when a reviewer has begun.
    reviewing.claim(Assessment.objects.get(pk=assessment.pk), by=people.reviewer, now=cast.NOW)
    response = client.post(url("submit", assessment), DECLARED, follow=True)
    assert receipt in text_of(response)


def test_the_officer_reads_why_and_is_refused_by_the_server(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    client = sign_in(people.officer)
    page = text_of(client.get(url("check", assessment)))
    assert "Chỉ Trưởng Công an phường được nộp hoặc rút phiếu." in page
    assert url("submit", assessment) not in page
    for name in ("submit", "withdraw"):
        response = client.post(url(name, assessment), DECLARED)
        assert response.status_code == 403
        assert "Chỉ Trưởng Công an phường được nộp hoặc rút phiếu." in text_of(response)
    assert not Submission.objects.exists()


def test_the_commander_takes_it_back_until_the_review_begins(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    client = sign_in(people.commander)
    response = client.post(url("withdraw", assessment), follow=True)
    assert "Đã rút phiếu về." in text_of(response)
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    page = text_of(client.get(url("receipt", assessment)))
    assert "Biên nhận này không còn hiệu lực." in page
    assert f'action="{url("withdraw", assessment)}"' not in page


def test_taking_back_is_refused_once_the_review_has_begun(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    submit_all(assessment, people)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    client = sign_in(people.commander)
    response = client.post(url("withdraw", assessment))
    assert response.status_code == 409
    page = text_of(response)
    assert "“Đang thẩm định” nên chưa thể chuyển" in page
    assert "Cán bộ thẩm định đã nhận phiếu nên không rút về được." in page
    assert f'action="{url("withdraw", assessment)}"' not in page


def test_earlier_receipts_stay_listed(assessment: Assessment, people: cast.People, sign_in) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    client = sign_in(people.commander)
    client.post(url("submit", assessment), {**DECLARED, "seen": "C03-chua-sua"})
    page = text_of(client.get(url("receipt", assessment)))
    for submission in Submission.objects.all():
        assert submission.receipt in page
    assert "Các lần nộp trước" in page


def test_there_is_no_receipt_before_there_is_a_submission(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    response = sign_in(people.commander).get(url("receipt", assessment), follow=True)
    assert "Phiếu chưa được nộp nên chưa có biên nhận." in text_of(response)


@pytest.mark.parametrize("name", ["submit", "withdraw"])
def test_au_05_a_link_never_acts(
    assessment: Assessment, people: cast.People, sign_in, name: str
) -> None:
    submit_all(assessment, people)
    assert sign_in(people.commander).get(url(name, assessment)).status_code == 302
    assessment.refresh_from_db()
    assert assessment.status == Status.SUBMITTED


@pytest.mark.parametrize("who", ["reviewer", "leader", "ministry_viewer", "coordinator"])
def test_readers_see_the_whole_file_without_its_buttons(
    assessment: Assessment, people: cast.People, sign_in, who: str
) -> None:
    submit_all(assessment, people)
    client = sign_in(getattr(people, who))
    for name in ("check", "receipt"):
        response = client.get(url(name, assessment))
        assert response.status_code == 200
        page = text_of(response)
        assert url("submit", assessment) not in page
        assert url("withdraw", assessment) not in page


@pytest.mark.parametrize(("name", "most"), [("check", 17), ("receipt", 15), ("submission", 13)])
def test_the_number_of_queries_is_fixed(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in,
    django_assert_max_num_queries,
    name: str,
    most: int,
) -> None:
    arguments = (1,) if name == "submission" else ()
    submit_all(other_assessment, people, by=people.other_commander)
    client = sign_in(people.other_commander)
    with CaptureQueriesContext(connection) as few:
        assert client.get(url(name, other_assessment, *arguments)).status_code == 200
    for code in ("C01", "C02", "C03"):
        for number in range(3):
            cast.answer(assessment, code, by=people.officer)
            evidence.attach_reference(
                assessment,
                assessment.round.criteria_set.criteria.get(code=code),
                number=f"{number}/QĐ",
                issued_on=cast.DAY,
                issuer="",
                title="Một văn bản",
                by=people.officer,
                now=cast.NOW,
            )
    submit_all(assessment, people)
    client = sign_in(people.commander)
    with django_assert_max_num_queries(most) as many:
        client.get(url(name, assessment, *arguments))
    assert len(many) == len(few)


def test_wf_02_every_doubt_is_named_and_ticked(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    """No evidence, an explanation instead, a file that waits for the scanner, an old document."""
    for code in ("C01", "C02", "C03"):
        cast.answer(assessment, code, by=people.officer)
    assessment.results.filter(criterion__code="C01").update(explanation="Hồ sơ đang bổ sung")
    criteria = {one.code: one for one in assessment.round.criteria_set.criteria.all()}
    scanned = evidence.attach_file(
        assessment,
        criteria["C02"],
        check_upload(cast.upload("chua-quet.pdf")),
        by=people.officer,
        now=cast.NOW,
    )
    Evidence.objects.filter(pk=scanned.evidence_id).update(scan=Scan.WAITING)
    evidence.attach_reference(
        assessment,
        criteria["C03"],
        number="12/BC",
        issued_on=date(2021, 3, 1),
        issuer="",
        title="Báo cáo năm cũ",
        by=people.officer,
        now=cast.NOW,
    )
    client = sign_in(people.commander)
    page = client.get(url("check", assessment))
    assert {one.key: one.sentence for one in page.context["cautions"]} == {
        "C01-minh-chung": "Đạt với giải trình thay cho tài liệu kiểm chứng.",
        "C02-minh-chung": "Đạt mà chưa có tài liệu kiểm chứng.",
        "C02-cho-quet": "Tệp “chua-quet.pdf” đang chờ kiểm tra mã độc, "
        "chưa được tính là minh chứng.",
        "C03-ngoai-ky": "Tài liệu có ngày ngoài thời gian số liệu của kỳ "
        "(16/11/2022 – 15/11/2023): “12/BC – Báo cáo năm cũ” (01/03/2021).",
    }
    text = text_of(page)
    assert "Hồ sơ đang bổ sung" in text
    assert "(chờ kiểm tra mã độc)" in text
    response = client.post(url("submit", assessment), {**DECLARED, "seen": "C01-minh-chung"})
    assert response.status_code == 400
    assert "Cần xem lại và đánh dấu từng lưu ý: C02, C03." in text_of(response)
    ticks = [one.key for one in page.context["cautions"]]
    assert client.post(url("submit", assessment), {**DECLARED, "seen": ticks}).status_code == 302


def test_answers_carried_over_block_until_they_are_confirmed(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    cast.answer_all(assessment, by=people.officer)
    assessment.results.filter(criterion__code="C02").update(carried_from=assessment.round)
    response = sign_in(people.commander).post(url("submit", assessment), DECLARED)
    assert response.status_code == 409
    assert "(C02)" in text_of(response)
    assert not Submission.objects.exists()


def test_an_earlier_submission_is_read_word_for_word_with_what_changed(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    cast.answer(
        assessment,
        "C03",
        by=people.officer,
        met=False,
        note="Đã đối chiếu lại",
        now=cast.NOW + timedelta(hours=1),
    )
    client = sign_in(people.commander)
    response = client.post(url("submit", assessment), {**DECLARED, "number": "2"})
    assert response["Location"] == url("receipt", assessment)
    first = text_of(client.get(url("submission", assessment, 1)))
    assert "10/10" in first
    assert "Đã đối chiếu lại" not in first
    assert "Đây không phải lần nộp mới nhất" in first
    page = client.get(url("submission", assessment, 2))
    second = text_of(page)
    assert [row.criterion.code for row in page.context["changed"]] == ["C03"]
    for words in ("Đã sửa so với lần 1", "9/10", "Đã đối chiếu lại", "thuyết minh"):
        assert words in second
    for number in (0, 3, 99_999_999_999_999_999_999):
        assert client.get(f"/phieu/{assessment.pk}/lan-nop/{number}/").status_code == 404


def test_the_receipt_of_an_old_form_is_the_old_one(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    client = sign_in(people.commander)
    old = Submission.objects.get().receipt
    response = client.post(
        url("submit", assessment), {**DECLARED, "seen": "C03-chua-sua", "number": "1"}, follow=True
    )
    page = text_of(response)
    assert f"Phiếu này đã được tiếp nhận (mã {old}). Không cần gửi lại." in page
    assert Submission.objects.count() == 1
    for number in ("", "x", "-3", "99999999999999999999"):
        response = client.post(url("submit", assessment), {"number": number})
        assert response.status_code == 400


@pytest.mark.parametrize("begun", [False, True])
def test_a_file_that_was_never_handed_in_is_not_taken_back(
    assessment: Assessment, people: cast.People, sign_in, begun: bool
) -> None:
    """Taking back must not be another way to begin a file."""
    if begun:
        cast.answer(assessment, "C01", by=people.officer)
    assessment.refresh_from_db()
    before = (assessment.status, assessment.transitions.count())
    response = sign_in(people.commander).post(url("withdraw", assessment), follow=True)
    assert submitting.NOTHING_HANDED_IN in text_of(response)
    assert "Đã rút phiếu về" not in text_of(response)
    assessment.refresh_from_db()
    assert (assessment.status, assessment.transitions.count()) == before


def test_a_file_that_was_sent_back_is_not_taken_back(
    assessment: Assessment, people: cast.People, sign_in
) -> None:
    send_back(assessment, people, "C03", "Thiếu báo cáo")
    response = sign_in(people.commander).post(url("withdraw", assessment))
    assert response.status_code == 409
    assert submitting.NOTHING_HANDED_IN in text_of(response)
    assessment.refresh_from_db()
    assert assessment.status == Status.RETURNED
