"""More time for one unit or for several, with reason and approver."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Notice, Role
from assessments.actions import extending, locking, submitting
from assessments.models import Assessment, DeadlineExtension
from criteria.models import Round
from reports.rollup import standings
from tests import cast
from tests.assessments.station import text_of, url

UNTIL = cast.NOW + timedelta(days=20)
REASON = "Bão số 6, mất điện ba ngày"
APPROVER = "Thượng tá Bùi Minh Quang"


@pytest.fixture
def overdue(round_: Round) -> Round:
    """The round as it is on 10/11/2023, an hour after its deadline."""
    deadline = cast.NOW - timedelta(hours=1)
    Round.objects.filter(pk=round_.pk).update(deadline=deadline)
    round_.assessments.update(due_at=deadline)
    round_.refresh_from_db()
    return round_


def extend(round_: Round, *files: Assessment, by: Any, **more: Any) -> list[DeadlineExtension]:
    known = {"until": UNTIL, "reason": REASON, "approver": APPROVER, "now": cast.NOW, **more}
    return extending.extend_deadline(round_, [one.pk for one in files], by=by, **known)


def test_one_unit_gets_more_time_and_hands_in_within_it(
    overdue: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    cast.answer_all(assessment, by=people.officer)
    with pytest.raises(submitting.TooLate):
        submitting.submit(assessment, by=people.commander, now=cast.NOW)
    (made,) = extend(overdue, assessment, by=people.coordinator)
    assert (made.before, made.until) == (overdue.deadline, UNTIL)
    entry = AuditEntry.objects.get(event="deadline_extended")
    assert entry.unit_id == str(assessment.unit_id)
    assert entry.details["reason"] == REASON
    assert entry.details["approver"] == APPROVER
    assert Notice.objects.filter(recipient=people.commander, event="deadline_extended").exists()

    submission = submitting.submit(assessment, by=people.commander, now=cast.NOW)
    assert submission.is_late
    client = sign_in(people.commander)
    for name in ("assessment", "check", "receipt"):
        page = text_of(client.get(url(name, assessment)))
        assert "Đã nộp theo gia hạn" in page
        assert REASON in page
        assert APPROVER in page


def test_several_units_at_once_are_all_or_none(
    overdue: Round,
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
) -> None:
    assert len(extend(overdue, assessment, other_assessment, by=people.coordinator)) == 2
    further = UNTIL + timedelta(days=5)
    extend(overdue, other_assessment, by=people.coordinator, until=further)
    between = UNTIL + timedelta(days=2)
    with pytest.raises(NotReady, match="Phường 2"):
        extend(overdue, assessment, other_assessment, by=people.coordinator, until=between)
    assessment.refresh_from_db()
    assert assessment.due_at == UNTIL
    assert DeadlineExtension.objects.count() == 3


def test_only_later_only_with_reason_and_never_into_the_past(
    overdue: Round, assessment: Assessment, people: cast.People
) -> None:
    extend(overdue, assessment, by=people.coordinator)
    for refused in (
        {"until": UNTIL},
        {"until": cast.NOW - timedelta(minutes=1)},
        {"until": UNTIL + timedelta(days=1), "reason": "  "},
        {"until": UNTIL + timedelta(days=1), "approver": ""},
    ):
        with pytest.raises(NotReady):
            extend(overdue, assessment, by=people.coordinator, **refused)
    with pytest.raises(NotReady, match="Chưa chọn đơn vị nào"):
        extend(overdue, by=people.coordinator)
    assert DeadlineExtension.objects.count() == 1


def test_only_the_coordinator_of_the_round_extends(
    overdue: Round, assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    far = cast.person("thu", "Trần Thị Thu", Role.COORDINATOR, province=places.elsewhere)
    for stranger in (people.commander, people.reviewer, people.leader, people.ministry_viewer, far):
        with pytest.raises(NotAllowed):
            extend(overdue, assessment, by=stranger)


def test_nothing_is_extended_that_is_concluded_or_closed(
    overdue: Round,
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
) -> None:
    extend(overdue, assessment, by=people.coordinator)
    cast.recognise(assessment, people)
    with pytest.raises(NotReady, match="đã kết luận"):
        extend(overdue, assessment, by=people.coordinator, until=UNTIL + timedelta(days=9))
    locking.close_round(overdue, by=people.coordinator, now=cast.NOW)
    with pytest.raises(NotReady, match="đã chốt lúc"):
        extend(overdue, other_assessment, by=people.coordinator)
    other_assessment.refresh_from_db()
    assert other_assessment.due_at == overdue.deadline


def test_the_form_keeps_what_was_typed_and_names_what_is_missing(
    round_: Round, assessment: Assessment, people: cast.People, sign_in: Any
) -> None:
    client = sign_in(people.coordinator)
    address = reverse("extend_deadline", args=[round_.pk])
    page = text_of(client.get(f"{address}?phieu={assessment.pk}&phieu=khong-phai"))
    assert "Phường 1, TP Trà Vinh" in page
    assert "Phường 2" not in page
    sent = {"phieu": str(assessment.pk), "until": "32/13/2099", "reason": REASON, "approver": ""}
    response = client.post(address, sent)
    assert response.status_code == 400
    page = text_of(response)
    for words in ("Ngày chưa đúng", "Cần nêu người phê duyệt.", REASON, "32/13/2099"):
        assert words in page
    today = timezone.localdate()
    for day, words in (
        (today - timedelta(days=1), "đã qua"),
        (date(today.year + 9, 1, 1), "không thể ở sau năm"),
    ):
        response = client.post(address, {**sent, "approver": APPROVER, "until": day.isoformat()})
        assert response.status_code == 400
        assert words in text_of(response)
    # Well-formed, but earlier than what the file has.
    response = client.post(address, {**sent, "approver": APPROVER, "until": today.isoformat()})
    assert response.status_code == 409
    page = text_of(response)
    assert "Chưa gia hạn cho đơn vị nào" in page
    assert REASON in page
    assert not DeadlineExtension.objects.exists()


def test_ticked_rows_of_the_round_page_are_extended_together(
    round_: Round,
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    sign_in: Any,
) -> None:
    Assessment.objects.update(due_at=timezone.now() - timedelta(days=1))
    client = sign_in(people.coordinator)
    page = text_of(client.get(reverse("round", args=[round_.pk])))
    assert page.count('type="checkbox"') == 2
    until = timezone.localdate() + timedelta(days=3)
    response = client.post(
        reverse("extend_deadline", args=[round_.pk]),
        {
            "phieu": [str(assessment.pk), str(other_assessment.pk)],
            "until": until.isoformat(),
            "reason": REASON,
            "approver": APPROVER,
        },
        follow=True,
    )
    assert "Đã gia hạn cho 2 đơn vị" in text_of(response)
    for file in Assessment.objects.all():
        assert timezone.localdate(file.due_at) == until


def test_nobody_chosen_leads_back_with_a_word(
    round_: Round, people: cast.People, sign_in: Any
) -> None:
    address = reverse("extend_deadline", args=[round_.pk])
    response = sign_in(people.coordinator).get(address, follow=True)
    assert "Chưa chọn đơn vị nào để gia hạn." in text_of(response)


def test_days_late_are_counted_from_the_time_given_by_then(
    overdue: Round, assessment: Assessment, people: cast.People
) -> None:
    """What was granted later does not change the figures of an earlier day."""
    later = cast.NOW + timedelta(days=4)

    def late_on(day: date) -> int:
        found = {one.unit: one.days_late for one in standings(overdue, as_of=day)}
        return found[assessment.unit]

    extend(overdue, assessment, by=people.coordinator, now=later)
    assert late_on(date(2023, 11, 13)) == 3
    assert late_on(date(2023, 11, 14)) == 0
    assert late_on(date(2023, 12, 2)) == 2
