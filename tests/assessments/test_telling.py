"""Who is told of what: the right people, once, with what they need to act, and nobody else."""

from datetime import date, timedelta

import pytest
from celery.app.base import Celery
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts import jobs
from accounts.models import MailState, Notice, User
from assessments.actions import appealing, assigning, recognising, reviewing, submitting, telling
from assessments.models import Appeal, Assessment, DeadlineExtension
from criteria.scale import Outcome
from tests import cast

LATER = cast.NOW + timedelta(hours=2)


def told(event: str) -> dict[str, Notice]:
    """Who was told of this, by user name."""
    notices = Notice.objects.filter(event=event).select_related("recipient")
    return {notice.recipient.username: notice for notice in notices}


def mailed(event: str) -> set[str]:
    return {name for name, one in told(event).items() if one.mail_state == MailState.WAITING}


@pytest.fixture
def submitted(assessment: Assessment, people: cast.People) -> Assessment:
    """Lan's file, handed in with one criterion that is not met."""
    cast.answer_all(assessment, by=people.commander, failing=("C03",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    return assessment


def hand_in_with(code: str, assessment: Assessment, people: cast.People) -> None:
    """Minh has one criterion, Lan hands the file in."""
    cast.answer_all(assessment, by=people.commander)
    assessment.results.filter(criterion__code=code).update(assigned_to=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)


def send_back(assessment: Assessment, people: cast.People, code: str = "C02") -> None:
    """Thảo asks for more at one criterion and returns the file."""
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        assessment.round.criteria_set.criteria.get(code=code),
        decision="more",
        comment="Quyết định thiếu trang ký & đóng dấu",
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(
        assessment, comment="Đề nghị bổ sung sớm.", by=people.reviewer, now=cast.NOW
    )


def conclude(assessment: Assessment, people: cast.People) -> None:
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="Hồ sơ rõ ràng.", by=people.reviewer, now=cast.NOW)


def test_a_submission_is_told_to_the_provinces_reviewers_and_nobody_else(
    submitted: Assessment,
) -> None:
    notices = told("assessment_submitted")
    assert set(notices) == {"thao", "binh"}
    assert notices["thao"].title == (
        "Phường 1, TP Trà Vinh: đã nộp phiếu năm 2023, chờ nhận thẩm định"
    )
    assert notices["thao"].path == f"/tham-dinh/{submitted.pk}/"


def test_a_province_gets_one_mail_when_its_queue_fills_not_one_for_each_file(
    submitted: Assessment, other_assessment: Assessment, people: cast.People
) -> None:
    assert mailed("assessment_submitted") == {"thao", "binh"}
    cast.answer_all(other_assessment, by=people.other_commander)
    submitting.submit(other_assessment, by=people.other_commander, now=LATER)
    assert Notice.objects.filter(event="assessment_submitted").count() == 4
    assert (
        Notice.objects.filter(event="assessment_submitted", mail_state=MailState.WAITING).count()
        == 2
    )


def test_the_commander_gets_a_receipt(submitted: Assessment, people: cast.People) -> None:
    submission = submitted.submissions.get()
    for _ in range(2):
        with transaction.atomic():
            telling.tell_receipt(submission, now=cast.NOW)
    notices = told("assessment_received")
    assert set(notices) == {"lan"}
    assert submission.receipt in notices["lan"].title
    assert "2/3 tiêu chí" in notices["lan"].body


def test_wf_07_submitting_twice_tells_once(submitted: Assessment, people: cast.People) -> None:
    before = Notice.objects.count()
    submitting.submit(submitted, by=people.commander, now=LATER)
    assert Notice.objects.count() == before


def test_a_return_says_in_the_mail_what_is_missing_and_until_when(
    assessment: Assessment, people: cast.People
) -> None:
    hand_in_with("C02", assessment, people)
    send_back(assessment, people)
    notices = told("assessment_returned")
    assert set(notices) == {"lan", "minh"}
    due = timezone.localtime(assessment.due_at)
    assert "cần bổ sung 1 tiêu chí trước" in notices["lan"].title
    assert f"{due:%H:%M}" in notices["lan"].title
    assert f"{due:%d/%m/%Y}" in notices["lan"].title

    jobs.send_waiting(clock=lambda: LATER)
    letter = next(
        one for one in mail.outbox if one.to == ["lan@example.vn"] and "trả lại" in one.subject
    )
    assert "Đồng chí Phạm Phương Thảo nêu: Đề nghị bổ sung sớm." in letter.body
    assert "- C02 Trực ban, cháy nổ: Quyết định thiếu trang ký & đóng dấu" in letter.body
    assert f"/phieu/{assessment.pk}/" in letter.body


def test_an_officer_whose_criteria_stand_is_not_troubled(
    assessment: Assessment, people: cast.People
) -> None:
    hand_in_with("C01", assessment, people)
    send_back(assessment, people, code="C02")
    assert set(told("assessment_returned")) == {"lan"}


def test_a_resubmission_goes_to_the_same_reviewer_by_mail(
    submitted: Assessment, people: cast.People
) -> None:
    send_back(submitted, people)
    cast.answer(submitted, "C02", by=people.commander, note="đã bổ sung")
    submitting.submit(submitted, by=people.commander, now=cast.NOW)
    notices = told("assessment_resubmitted")
    assert set(notices) == {"thao"}
    assert mailed("assessment_resubmitted") == {"thao"}
    assert "chờ đồng chí thẩm định tiếp" in notices["thao"].title
    assert "Lần nộp thứ 2" in notices["thao"].body
    assert "C02" in notices["thao"].body
    first = Assessment.objects.in_review_queue().first()
    assert first is not None
    assert first.pk == submitted.pk


def test_ac_12_a_reviewer_whose_posting_ended_hears_no_more(
    submitted: Assessment, people: cast.People
) -> None:
    send_back(submitted, people)
    people.reviewer.postings.update(ends=date(2023, 11, 1))
    cast.answer(submitted, "C02", by=people.commander, note="đã bổ sung")
    submitting.submit(submitted, by=people.commander, now=cast.NOW)
    assert set(told("assessment_resubmitted")) == {"binh"}


def test_a_withdrawal_is_told_to_those_who_were_told_of_the_file(
    submitted: Assessment, people: cast.People
) -> None:
    submitting.withdraw(submitted, by=people.commander, now=cast.NOW)
    assert set(told("assessment_withdrawn")) == {"thao", "binh"}
    assert mailed("assessment_withdrawn") == set()


def test_a_conclusion_says_how_many_are_met_and_which_are_not(
    submitted: Assessment, people: cast.People
) -> None:
    conclude(submitted, people)
    notices = told("assessment_verified")
    assert set(notices) == {"lan", "dung"}
    assert mailed("assessment_verified") == {"lan"}
    assert "2/3 tiêu chí đạt" in notices["lan"].title
    assert "Kết luận: Hồ sơ rõ ràng." in notices["lan"].body
    assert "- C03 Tin báo, tố giác (Chưa đạt)" in notices["lan"].body
    # Five working days after Friday 10/11/2023.
    assert "phúc tra một lần, đến hết ngày 17/11/2023" in notices["lan"].body


def test_reopening_is_told_to_the_station_and_the_reviewer(
    submitted: Assessment, people: cast.People
) -> None:
    conclude(submitted, people)
    reviewing.reopen(submitted, comment="Đã có xếp loại.", by=people.coordinator, now=cast.NOW)
    notices = told("review_reopened")
    assert set(notices) == {"lan", "thao"}
    assert notices["thao"].body == "Lý do: Đã có xếp loại."


def test_recognition_is_told_with_its_decision(assessment: Assessment, people: cast.People) -> None:
    cast.recognise(assessment, people)
    assert set(told("recognition_proposed")) == {"lan"}
    notices = told("unit_recognised")
    assert set(notices) == {"lan"}
    assert "99/QĐ-BCA" in notices["lan"].body


def test_a_refusal_of_recognition_says_why(assessment: Assessment, people: cast.People) -> None:
    second = cast.person(
        "thu-hai",
        "Tổng Hợp Hai",
        people.coordinator.postings.get().role,
        province=assessment.unit.province,
    )
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    conclude(assessment, people)
    recognising.propose(assessment, by=people.coordinator, now=cast.NOW)
    recognising.decline(assessment, comment="Chưa đủ hồ sơ", by=people.coordinator, now=cast.NOW)
    notices = told("unit_not_recognised")
    assert set(notices) == {"lan", second.username}
    assert notices["lan"].body == "Lý do: Chưa đủ hồ sơ"


def test_nobody_of_another_station_or_province_is_ever_told(
    submitted: Assessment, people: cast.People
) -> None:
    send_back(submitted, people)
    cast.answer(submitted, "C02", by=people.commander, note="đã bổ sung")
    submitting.submit(submitted, by=people.commander, now=cast.NOW)
    conclude(submitted, people)
    outside = {"hung", "phuc", "hanh", "yen", "son", "quang"}
    assert not set(Notice.objects.values_list("recipient__username", flat=True)) & outside


def test_nobody_is_told_of_what_they_did_themselves(
    submitted: Assessment, people: cast.People
) -> None:
    send_back(submitted, people)
    assert "thao" not in told("assessment_returned")
    assert "lan" not in told("assessment_submitted")


def test_what_is_rolled_back_is_not_told(assessment: Assessment, people: cast.People) -> None:
    cast.answer(assessment, "C01", by=people.commander)
    with pytest.raises(submitting.Incomplete):
        submitting.submit(assessment, by=people.commander, now=cast.NOW)
    assert not Notice.objects.exists()


def test_re_03_nothing_but_the_database_is_needed_to_tell(
    assessment: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: object, **more: object) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(Celery, "send_task", down)
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    assert mailed("assessment_submitted") == {"thao", "binh"}


def test_an_extension_is_told_with_reason_and_approver(
    assessment: Assessment, people: cast.People
) -> None:
    extension = DeadlineExtension.objects.create(
        assessment=assessment,
        before=assessment.due_at,
        until=assessment.due_at + timedelta(days=3),
        reason="Mưa lũ",
        approver="Đại tá Nguyễn Văn A",
        granted_at=cast.NOW,
        granted_by=people.coordinator,
    )
    with transaction.atomic():
        telling.tell_extended(extension, now=cast.NOW)
    notice = told("deadline_extended")["lan"]
    assert f"{timezone.localtime(extension.until):%d/%m/%Y}" in notice.title
    assert "Mưa lũ" in notice.body
    assert "Đại tá Nguyễn Văn A" in notice.body


def test_assignments_are_told_to_the_person_but_not_to_oneself(
    assessment: Assessment, people: cast.People
) -> None:
    criteria = list(assessment.round.criteria_set.criteria.all()[:2])
    assigning.assign(assessment, criteria, people.officer, by=people.commander, now=cast.NOW)
    assigning.assign(assessment, criteria, people.commander, by=people.commander, now=LATER)
    with transaction.atomic():
        telling.tell_assigned_review(
            assessment, people.reviewer, by=people.coordinator, now=cast.NOW
        )
    notices = told("criterion_assigned")
    assert set(notices) == {"minh"}
    assert "được giao 2 tiêu chí" in notices["minh"].title
    assert "- C01 Chi bộ xếp loại" in notices["minh"].body
    assert set(told("review_assigned")) == {"thao"}


def contest(assessment: Assessment, people: cast.People, code: str) -> Appeal:
    """Lan contests one verdict."""
    return appealing.file_appeal(
        assessment,
        assessment.round.criteria_set.criteria.get(code=code),
        text="Đã đủ 100%.",
        by=people.commander,
        now=cast.NOW,
    )


def test_appeals_of_one_day_are_told_once_to_those_who_may_decide(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.commander, failing=("C02", "C03"))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    conclude(assessment, people)
    for code in ("C02", "C03"):
        contest(assessment, people, code)
    notices = told("appeal_filed")
    assert set(notices) == {"binh", "dung"}
    assert Notice.objects.filter(event="appeal_filed").count() == 2
    assert "C02" in notices["binh"].body


def test_a_decided_appeal_is_told_to_the_station_and_the_first_reviewer(
    submitted: Assessment, people: cast.People
) -> None:
    conclude(submitted, people)
    appeal = contest(submitted, people, "C03")
    appealing.decide_appeal(
        appeal, outcome=Outcome.MET, comment="Số liệu khớp.", by=people.second_reviewer, now=LATER
    )
    notices = told("appeal_decided")
    assert set(notices) == {"lan", "thao"}
    assert mailed("appeal_decided") == {"lan"}
    assert "thay đổi kết quả" in notices["lan"].title
    assert "Ý kiến phúc tra: Số liệu khớp." in notices["lan"].body


def test_long_reasons_are_cut_in_the_mail(submitted: Assessment, people: cast.People) -> None:
    reviewing.claim(submitted, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        submitted,
        submitted.round.criteria_set.criteria.get(code="C02"),
        decision="more",
        comment="dài " * 1000,
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(submitted, comment="", by=people.reviewer, now=cast.NOW)
    body = told("assessment_returned")["lan"].body
    assert "… (còn tiếp)" in body
    assert len(body) < 1200
    assert "Đồng chí Phạm Phương Thảo trả lại phiếu." in body


def test_a_vacant_post_is_nobody(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    User.objects.filter(pk=people.commander.pk).update(is_active=False)
    conclude(assessment, people)
    assert set(told("assessment_verified")) == {"dung"}
