"""Around inspections: reminders of what was planned, the unit's page, the home page, races."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from assessments.actions import inspecting, remedying, reminding_plans
from assessments.actions.inspecting import FindingDraft, InspectionConflict
from assessments.actions.mending import AlreadyPlanned
from assessments.actions.remedying import RemedyDraft
from assessments.models import Assessment, Inspection, InspectionFinding, Remedy, RemedyState
from criteria.models import Programme
from tests import cast
from tests.assessments.test_inspections import (
    AFTER,
    DAY,
    DONE,
    PLAN,
    body,
    conclude,
    found,
    plan,
    put,
)
from tests.assessments.test_races import at_once

SignIn = Callable[[User], Client]
DUE = date(2024, 6, 30)


@pytest.fixture
def planned(programme: Programme, places: cast.Places, people: cast.People) -> Inspection:
    """Thảo has planned a visit to Lan's station."""
    return plan(programme, places.ward, by=people.reviewer)


def morning(day: date) -> datetime:
    return cast.NOW.replace(year=day.year, month=day.month, day=day.day, hour=7)


def act(
    assessment: Assessment, people: cast.People, text: str = "Niêm yết lịch trực", **more: object
) -> Remedy:
    draft = replace(RemedyDraft(action=text, agency=None, due_on=DUE), **more)
    criterion = assessment.round.criteria_set.criteria.get(code="C02")
    return remedying.add(
        assessment, criterion, draft, key=uuid.uuid4(), by=people.commander, now=cast.NOW
    )


def reminders(user: User) -> list[tuple[str, str]]:
    events = ["remedy_due", "remedy_overdue", "inspection_overdue"]
    rows = Notice.objects.filter(recipient=user, event__in=events).order_by("created_at")
    return list(rows.values_list("event", "title"))


# --- reminders ---------------------------------------------------------------------------------


def test_the_station_is_reminded_seven_days_before_and_once_late(
    assessment: Assessment, people: cast.People
) -> None:
    act(assessment, people)
    act(assessment, people, "Sắp xếp lại tủ hồ sơ")
    for days in range(-10, 20):
        for _ in range(2):
            reminding_plans.remind(now=morning(DUE + timedelta(days=days)))
    assert reminders(people.commander) == [
        ("remedy_due", "2 việc khắc phục còn 7 ngày (hạn 30/06/2024)"),
        ("remedy_overdue", "2 việc khắc phục đã quá hạn 1 ngày (hạn 30/06/2024)"),
    ]
    for other in (people.officer, people.coordinator, people.other_commander):
        assert reminders(other) == []


def test_an_agencys_act_is_the_coordinators_to_ask_for(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    act(assessment, people, agency=places.agency)
    reminding_plans.remind(now=morning(DUE - timedelta(days=3)))
    assert reminders(people.commander) == []
    assert reminders(people.coordinator) == [
        ("remedy_due", "1 việc khắc phục của cơ quan còn 3 ngày (hạn 30/06/2024)")
    ]
    notice = Notice.objects.get(event="remedy_due")
    assert "Sở Tài chính" in notice.body
    assert notice.path == reverse("remedy_list")


def test_nobody_is_reminded_of_what_is_done_or_long_past(
    assessment: Assessment, people: cast.People
) -> None:
    done = act(assessment, people)
    remedying.set_state(
        done, RemedyState.DONE, plan_of=assessment, version=1, by=people.commander, now=cast.NOW
    )
    assert reminding_plans.remind(now=morning(DUE)) == 0
    act(assessment, people)
    assert reminding_plans.remind(now=morning(DUE + timedelta(days=15))) == 0
    assert reminders(people.commander) == []


def test_the_coordinator_is_reminded_once_of_a_day_that_passed_without_a_result(
    planned: Inspection, people: cast.People
) -> None:
    for days in range(-2, 20):
        reminding_plans.remind(now=morning(DAY + timedelta(days=days)))
    assert reminders(people.coordinator) == [
        (
            "inspection_overdue",
            "Phường 1, TP Trà Vinh: cuộc kiểm tra ngày 20/11/2023 chưa có kết quả",
        )
    ]
    # A new day is a new reminder; a visit that took place or was called off is none.
    moved = replace(PLAN, planned_for=date(2023, 12, 20))
    changed = inspecting.change(planned, moved, version=1, by=people.reviewer, now=AFTER)
    reminding_plans.remind(now=morning(date(2023, 12, 21)))
    assert len(reminders(people.coordinator)) == 2
    conclude(changed, (), by=people.reviewer)
    Notice.objects.all().delete()
    assert reminding_plans.remind(now=morning(date(2023, 12, 22))) == 0


def test_reminders_ask_the_same_of_two_and_of_forty(
    assessment: Assessment,
    people: cast.People,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _ in range(2):
        act(assessment, people)
    with django_assert_num_queries(10):
        reminding_plans.remind(now=morning(DUE - timedelta(days=7)))
    Notice.objects.filter(event="remedy_due").delete()
    for _ in range(38):
        act(assessment, people)
    with django_assert_num_queries(10):
        reminding_plans.remind(now=morning(DUE - timedelta(days=7)))
    assert "… và 20 việc khác." in Notice.objects.get(event="remedy_due").body


# --- what the station sees ---------------------------------------------------------------------


def test_the_units_history_tells_the_last_visits_and_what_is_open(
    planned: Inspection, assessment: Assessment, people: cast.People, sign_in: SignIn
) -> None:
    url = reverse("unit_history", args=[assessment.unit_id])
    first, _ = conclude(planned, found(assessment, "C01", ""), by=people.reviewer)
    put(first, assessment, by=people.commander)
    page = body(sign_in(people.commander).get(url))
    for expected in (
        "Kiểm tra, giám sát (1)",
        "Tồn tại chưa có biện pháp (1)",
        "Tồn tại về công tác chung",
        reverse("inspection", args=[planned.pk]),
        "Đưa vào kế hoạch<",
    ):
        assert expected in page, expected
    assert "Tồn tại về C01" not in page
    assert "Lập kế hoạch kiểm tra" not in page
    page = body(sign_in(people.reviewer).get(url))
    assert f"{reverse('inspection_new')}?don_vi={assessment.unit_id}" in page
    assert "Đưa vào kế hoạch<" not in page


def test_the_station_reads_at_home_of_a_visit_to_come(
    planned: Inspection, people: cast.People, sign_in: SignIn
) -> None:
    assert "Sắp được kiểm tra" in body(sign_in(people.commander).get("/"))
    assert "Sắp được kiểm tra" not in body(sign_in(people.other_commander).get("/"))
    conclude(planned, (), by=people.reviewer)
    assert "Sắp được kiểm tra" not in body(sign_in(people.commander).get("/"))


# --- two people at once ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_record_at_once_and_the_second_is_told_who_was_first(
    planned: Inspection, people: cast.People
) -> None:
    acts = [
        partial(
            inspecting.record,
            Inspection.objects.with_places().get(pk=planned.pk),
            replace(DONE, conclusion=by.full_name, findings=(FindingDraft(by.full_name),)),
            version=1,
            by=by,
            now=AFTER,
        )
        for by in (people.reviewer, people.coordinator)
    ]
    results = at_once(acts)
    (clash,) = [one for one in results if isinstance(one, InspectionConflict)]
    (done,) = [one for one in results if isinstance(one, Inspection)]
    assert clash.current.updated_by == done.updated_by
    stored = Inspection.objects.get()
    assert stored.conclusion == done.updated_by.full_name
    assert [one.text for one in InspectionFinding.objects.all()] == [stored.conclusion]
    assert Notice.objects.filter(event="inspection_concluded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_put_one_finding_into_the_plan_at_once(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    (finding,) = conclude(planned, found(assessment, "C01"), by=people.reviewer)
    results = at_once(
        [partial(put, finding, assessment, by=by) for by in (people.commander, people.coordinator)]
    )
    assert sorted(type(one).__name__ for one in results) == ["AlreadyPlanned", "Remedy"]
    assert Remedy.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_presses_are_one_remedy(
    planned: Inspection, assessment: Assessment, people: cast.People
) -> None:
    (finding,) = conclude(planned, found(assessment, "C01"), by=people.reviewer)
    key = uuid.uuid4()
    results = at_once([partial(put, finding, assessment, by=people.commander, key=key)] * 10)
    assert set(results) == {Remedy.objects.get()}
    assert not any(isinstance(one, AlreadyPlanned) for one in results)


@pytest.mark.django_db(transaction=True)
def test_ten_presses_are_one_visit(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    key = uuid.uuid4()
    act_ = partial(
        inspecting.plan, programme, places.ward, PLAN, key=key, by=people.reviewer, now=cast.NOW
    )
    assert set(at_once([act_] * 10)) == {Inspection.objects.get()}
