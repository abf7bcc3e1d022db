"""Deadlines: said in full, decided by the database's clock, moved by extension and by return."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.clock import database_now
from assessments.actions import extending, reviewing, submitting
from assessments.deadlines import clock_words, full_words, late_sentence, weekend_note
from assessments.models import Assessment, Submission
from assessments.workflow import Status
from tests import cast
from tests.assessments.station import before_the_deadline, send_back, submit_all, text_of, url
from wards.models import Holiday

SUBMISSION = "assessments.views.station_submission"
SENT = {"declared": "on", "confirmed": "on", "number": "1"}
VIETNAM = timezone.get_default_timezone()
LAST_DAYS = {
    2026: "thứ Bảy",
    2027: "Chủ nhật",
    2028: "thứ Ba",
    2029: "thứ Tư",
    2030: "thứ Năm",
    2031: "thứ Sáu",
    2032: "Chủ nhật",
    2033: "thứ Hai",
    2034: "thứ Ba",
    2035: "thứ Tư",
}


@pytest.mark.parametrize("year", LAST_DAYS)
def test_wf_12_the_last_day_is_said_with_its_weekday(year: int) -> None:
    deadline = datetime(year, 11, 14, 23, 59, 59, tzinfo=VIETNAM)
    assert full_words(deadline) == f"23:59 {LAST_DAYS[year]} ngày 14/11/{year}"
    on_a_weekend = LAST_DAYS[year] in {"thứ Bảy", "Chủ nhật"}
    assert ("không lùi sang ngày làm việc" in weekend_note(deadline)) == on_a_weekend


@pytest.mark.parametrize(
    "name", ["assessment", "check", "criterion", "receipt", "submission", "review", "round"]
)
def test_wf_12_every_page_of_the_file_says_when_it_is_due(
    assessment: Assessment, people: cast.People, sign_in: Any, name: str
) -> None:
    submit_all(assessment, people)
    due = datetime(2026, 11, 14, 23, 59, 59, tzinfo=VIETNAM)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=due)
    arguments: dict[str, tuple[Any, ...]] = {"criterion": ("C01",), "submission": (1,)}
    pk = assessment.round_id if name == "round" else assessment.pk
    address = reverse(name, args=[pk, *arguments.get(name, ())])
    page = text_of(sign_in(people.coordinator).get(address))
    assert "23:59 thứ Bảy ngày 14/11/2026" in page


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Tokyo"])
def test_wf_13_words_are_vietnamese_wherever_the_server_stands(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        turn = datetime(2027, 12, 31, 17, 0, tzinfo=UTC)
        assert full_words(turn) == "00:00 thứ Bảy ngày 01/01/2028"
        assert full_words(turn - timedelta(seconds=1)) == "23:59 thứ Sáu ngày 31/12/2027"
        assert clock_words(datetime(2028, 2, 28, 17, 0, tzinfo=UTC)) == "00:00 ngày 29/02/2028"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_wf_11_the_databases_clock_is_told_with_its_zone(db: None) -> None:
    told = database_now()
    assert told.utcoffset() is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        assert cursor.fetchone() is not None
    assert database_now() >= told


EDGES = [(-2.0, True), (-0.1, True), (0.0, True), (0.1, False), (2.0, False)]


@pytest.mark.parametrize(("seconds", "taken"), EDGES)
def test_wf_11_the_edge_is_decided_in_the_database(
    assessment: Assessment, people: cast.People, seconds: float, taken: bool
) -> None:
    """14/11 23:59:59,999999 in Vietnam is 16:59:59,999999 UTC of the same day."""
    cast.answer_all(assessment, by=people.officer)
    due = datetime(2023, 11, 14, 16, 59, 59, 999_999, tzinfo=UTC)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=due)
    moment = due + timedelta(seconds=seconds)
    # The copy in hand says something else: only the row counts.
    stale = Assessment.objects.with_places().get(pk=assessment.pk)
    stale.due_at = due - timedelta(days=9) if taken else due + timedelta(days=9)
    if taken:
        assert submitting.submit(stale, by=people.commander, now=moment).submitted_at == moment
        return
    with pytest.raises(submitting.TooLate) as refusal:
        submitting.submit(stale, by=people.commander, now=moment)
    assert refusal.value.sentence == (
        "Hết hạn nộp lúc 23:59 ngày 14/11/2023 (giờ Việt Nam). Phiếu được giữ ở dạng nháp."
    )
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    assert not assessment.submissions.exists()


@pytest.mark.parametrize(("seconds", "taken"), EDGES)
def test_wf_11_the_page_goes_by_the_database_and_not_by_the_servers_clock(
    assessment: Assessment,
    people: cast.People,
    sign_in: Any,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    taken: bool,
) -> None:
    cast.answer_all(assessment, by=people.officer)
    # The server's own clock is a day wrong, in whichever direction would change the answer.
    before_the_deadline(assessment, timedelta(days=-1 if taken else 1))
    due = assessment.due_at
    monkeypatch.setattr(f"{SUBMISSION}.database_now", lambda: due + timedelta(seconds=seconds))
    response = sign_in(people.commander).post(url("submit", assessment), SENT)
    assert response.status_code == (302 if taken else 409)
    assert Submission.objects.exists() == taken
    if not taken:
        assert late_sentence(due) in text_of(response)


def test_ticks_are_asked_for_however_wrong_the_servers_clock_is(
    assessment: Assessment,
    people: cast.People,
    sign_in: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cast.answer_all(assessment, by=people.officer)
    before_the_deadline(assessment, timedelta(days=-1))
    in_time = assessment.due_at - timedelta(hours=1)
    monkeypatch.setattr(f"{SUBMISSION}.database_now", lambda: in_time)
    response = sign_in(people.commander).post(url("submit", assessment), {"confirmed": "on"})
    assert response.status_code == 400
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("returned", "due"),
    [
        # Friday 10/11/2023 9:00: five working days are up on the Friday after.
        (cast.NOW, date(2023, 11, 17)),
        # Late on a Sunday: the Monday is the first of the five.
        (datetime(2023, 11, 12, 23, 30, tzinfo=VIETNAM), date(2023, 11, 17)),
        # Over the public holidays of 30/4 and 1/5/2025, which fall on Wednesday and Thursday.
        (datetime(2025, 4, 28, 9, 0, tzinfo=VIETNAM), date(2025, 5, 7)),
    ],
)
def test_a_returned_file_has_five_working_days(
    assessment: Assessment, returned: datetime, due: date
) -> None:
    for day in (date(2025, 4, 30), date(2025, 5, 1)):
        Holiday.objects.create(on=day, name="Nghỉ lễ")
    assessment.due_at = returned - timedelta(days=1)
    found = timezone.localtime(extending.correction_due(assessment, now=returned))
    assert found.date() == due
    assert f"{found:%H:%M}" == "23:59"
    # What it has is never shortened.
    assessment.due_at = cast.FAR_DEADLINE
    assert extending.correction_due(assessment, now=returned) == cast.FAR_DEADLINE


def test_a_correction_is_in_time_after_the_rounds_deadline(
    assessment: Assessment, people: cast.People
) -> None:
    deadline = cast.NOW + timedelta(hours=1)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=deadline)
    type(assessment.round).objects.filter(pk=assessment.round_id).update(deadline=deadline)
    assessment = Assessment.objects.with_places().get(pk=assessment.pk)
    send_back(assessment, people, "C03", "Thiếu báo cáo quý IV")
    assessment.refresh_from_db()
    assert timezone.localdate(assessment.due_at) == date(2023, 11, 17)
    later = cast.NOW + timedelta(days=3)
    again = submitting.submit(assessment, by=people.commander, now=later)
    assert not again.is_late
    too_late = assessment.due_at + timedelta(seconds=1)
    with pytest.raises(submitting.NotReady, match="rút về thì không nộp lại được nữa"):
        submitting.withdraw(assessment, by=people.commander, now=too_late)
    assert assessment.status == Status.SUBMITTED
    submitting.withdraw(assessment, by=people.commander, now=later)
    with pytest.raises(submitting.TooLate):
        submitting.submit(assessment, by=people.commander, now=too_late)


def test_wf_15_a_clock_that_jumps_back_does_not_disorder_the_history(
    assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    back = cast.NOW - timedelta(hours=1)
    submitting.withdraw(assessment, by=people.commander, now=back)
    ahead = cast.NOW + timedelta(days=1)
    submitting.submit(assessment, by=people.commander, now=ahead)
    reviewing.claim(assessment, by=people.reviewer, now=back)
    events = [one.event for one in assessment.transitions.all()]
    assert events == [
        "assessment_started",
        "assessment_submitted",
        "assessment_withdrawn",
        "assessment_submitted",
        "review_started",
    ]
    page = sign_in(people.commander).get(url("receipt", assessment))
    assert [step.what for step in page.context["page"].history][:2] == [
        "Nhận thẩm định",
        "Nộp phiếu tự đánh giá",
    ]
    assert [one.number for one in page.context["page"].submissions] == [2, 1]
