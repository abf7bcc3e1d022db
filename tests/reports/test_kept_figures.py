"""What is kept in memory is what the database tells, whatever happens to files in between."""

import re
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import extending, recognising, reviewing, revoking, submitting
from assessments.models import Assessment, DeadlineExtension, FileMark, FileState, Recognition
from criteria.models import Programme, Round
from reports.rollup import roadmap_rows
from reports.rollup.gathering import country_of, load_country
from reports.rollup.loading import board_of
from reports.rollup.marks import Marks, load_marks
from reports.rollup.outlook import Question, kept_outlooks
from reports.rollup.plan import Plan
from reports.rollup.recent import latest_changes
from reports.rollup.roadmap import achievements_of, load_plan
from tests import cast
from wards.models import Province, Unit
from wards.shelf import Shelf

Act = Callable[[datetime], object]
REASON = {"number": "12/QĐ-BCA", "issuer": "Bộ Công an", "reason": "Để xảy ra vụ việc nổi cộm"}


def what_can_happen(
    file: Assessment, other: Assessment, people: cast.People, places: cast.Places
) -> dict[str, Act]:
    """Everything that changes a figure, in an order in which it can happen."""

    def decide(now: datetime) -> None:
        recognising.recognise(
            file,
            number="99/QĐ-BCA",
            decided_on=timezone.localdate(now),
            issuer="Bộ Công an",
            by=people.coordinator,
            now=now,
        )

    def revoke(now: datetime) -> None:
        revoking.revoke(
            Recognition.objects.get(assessment=file),
            decided_on=timezone.localdate(now),
            by=people.coordinator,
            now=now,
            **REASON,
        )

    def extend(now: datetime) -> None:
        extending.extend_deadline(
            other.round,
            [other.pk],
            until=cast.FAR_DEADLINE + timedelta(days=9),
            reason="Mưa bão",
            approver="Giám đốc Công an tỉnh",
            by=people.coordinator,
            now=now,
        )

    return {
        "an answer": lambda now: cast.answer(file, "C02", by=people.officer, now=now),
        "an answer not met": lambda now: cast.answer(
            other, "C03", by=people.other_commander, met=False, now=now
        ),
        "the same, changed": lambda now: cast.answer(
            other, "C03", by=people.other_commander, now=now
        ),
        "all answers": lambda now: cast.answer_all(file, by=people.commander, now=now),
        "handed in": lambda now: submitting.submit(file, by=people.commander, now=now),
        "reviewed": lambda now: cast.accept_all(file, by=people.reviewer, now=now),
        "concluded": lambda now: reviewing.conclude(file, comment="", by=people.reviewer, now=now),
        "opened again": lambda now: reviewing.reopen(
            file, comment="Xem lại danh hiệu", by=people.coordinator, now=now
        ),
        "concluded again": lambda now: reviewing.conclude(
            file, comment="", by=people.reviewer, now=now
        ),
        "proposed": lambda now: recognising.propose(file, by=people.coordinator, now=now),
        "recognised": decide,
        "more time": extend,
        "revoked": revoke,
        "another name": lambda now: Unit.objects.filter(pk=places.ward.pk).update(name="Phường A"),
        "another province": lambda now: Unit.objects.filter(pk=places.ward.pk).update(
            province=places.elsewhere
        ),
        "less time for all": lambda now: Round.objects.update(deadline=cast.NOW),
    }


def figures(programme: Programme, plan: Plan, province: Province | None, day: date, marks: Marks):
    """All that is kept of the round of the programme, read with these marks."""
    round_ = plan.rounds[0]
    country = country_of(round_, plan, as_of=day, marks=marks)
    achievements = achievements_of(programme, as_of=day, plan=plan, marks=marks)
    opened = {one.year: one.opened_at.date() for one in plan.rounds}
    question = Question(programme, day, plan, achievements, opened)
    return (
        roadmap_rows(programme, as_of=day, plan=plan, marks=marks),
        country,
        board_of(programme, round_, as_of=day, plan=plan, province=province, marks=marks),
        latest_changes(round_, as_of=day, marks=marks, province=province),
        kept_outlooks(question, marks),
    )


def test_whatever_happens_is_seen_at_once(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    places: cast.Places,
    programme: Programme,
) -> None:
    days = [cast.NOW.date() + timedelta(days=after) for after in (0, 9, 20, 400)]
    acts = what_can_happen(assessment, other_assessment, people, places)
    for number, (name, act) in enumerate(acts.items()):
        act(cast.NOW + timedelta(days=number))
        plan = load_plan(programme)
        for province in (None, places.province):
            marks = load_marks(plan, plan.rounds[0], province)
            for day in days:
                kept = figures(programme, plan, province, day, marks)
                assert kept == figures(programme, plan, province, day, Marks()), (name, day)
                # A second look at the same edition takes what is kept.
                again = figures(programme, plan, province, day, marks)
                assert all(one is other for one, other in zip(kept, again, strict=True))


CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"')


def test_the_page_is_the_one_that_would_be_written_anew(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    places: cast.Places,
    programme: Programme,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Quang reads the overview, its forecast and a unit after each act, and a day of the past."""
    address = reverse("overview", args=[programme.code, 2023])
    ahead = reverse("forecast", args=[programme.code, 2023])
    past = (cast.NOW.date() + timedelta(days=4)).isoformat()
    own = reverse("unit", args=[places.ward.pk])
    asked = [address, f"{address}?ngay={past}", f"{address}?xep=con-thieu", ahead, own]
    acts = what_can_happen(assessment, other_assessment, people, places)
    for number, (name, act) in enumerate(acts.items()):
        act(cast.NOW + timedelta(days=number))
        client.force_login(people.leader)
        kept = [client.get(one).content for one in asked]
        again = [client.get(one).content for one in asked]
        with monkeypatch.context() as nothing_kept:
            nothing_kept.setattr(Shelf, "find", lambda shelf, key, edition: None)
            anew = [client.get(one).content for one in asked]
        for pages in zip(kept, again, anew, strict=True):
            assert len({CSRF.sub(b"", page) for page in pages}) == 1, name


def test_links_written_while_a_day_was_today_are_not_those_of_the_day_after(
    assessment: Assessment,
    people: cast.People,
    sign_in,
    programme: Programme,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today, reader = timezone.localdate(), sign_in(people.leader)
    address = f"{reverse('overview', args=[programme.code, 2023])}?ngay={today.isoformat()}"
    link = re.compile(rf"/don-vi/\?ngay={today.isoformat()}&amp;trang_thai=")
    assert not link.search(reader.get(address).content.decode())
    monkeypatch.setattr(timezone, "localdate", lambda *moment: today + timedelta(days=1))
    assert link.search(reader.get(address).content.decode())


def test_nothing_is_read_again_while_nothing_happens(
    assessment: Assessment, programme: Programme, places: cast.Places, django_assert_num_queries
) -> None:
    day = cast.NOW.date()
    plan = load_plan(programme)
    figures(programme, plan, None, day, load_marks(plan, plan.rounds[0]))
    with django_assert_num_queries(1):
        marks = load_marks(plan, plan.rounds[0])
        figures(programme, plan, None, day, marks)


def test_an_answer_changes_drafts_and_nothing_of_the_roadmap(
    assessment: Assessment, people: cast.People, programme: Programme
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    plan = load_plan(programme)
    before = load_marks(plan, plan.rounds[0])
    cast.answer(assessment, "C03", by=people.officer)
    after = load_marks(plan, plan.rounds[0])
    assert after.reached == before.reached
    assert after.here != before.here


def test_only_provinces_whose_files_changed_are_read(
    assessment: Assessment,
    other_assessment: Assessment,
    people: cast.People,
    places: cast.Places,
    programme: Programme,
    django_assert_num_queries,
) -> None:
    Unit.objects.filter(pk=places.other_ward.pk).update(province=places.elsewhere)
    plan, day = load_plan(programme), cast.NOW.date()
    first = dict(load_country(plan.rounds[0], plan, as_of=day).provinces)
    cast.answer(assessment, "C02", by=people.officer)
    with django_assert_num_queries(3):
        second = dict(load_country(plan.rounds[0], plan, as_of=day).provinces)
    assert second[places.elsewhere] is first[places.elsewhere]
    assert second[places.province] != first[places.province]
    with django_assert_num_queries(1):
        load_country(plan.rounds[0], plan, as_of=day)


@pytest.mark.out_of_step
def test_raw_writes_and_removals_change_the_marks(
    assessment: Assessment, people: cast.People, programme: Programme
) -> None:
    plan = load_plan(programme)
    seen = [load_marks(plan, plan.rounds[0]).here]
    writes: list[Callable[[], object]] = [
        lambda: connection.cursor().execute(
            "UPDATE assessments_filestate SET verified_outcomes = 'nnn'"
        ),
        lambda: connection.cursor().execute(
            "UPDATE assessments_assessment SET draft_outcomes = 'nnn'"
        ),
        lambda: DeadlineExtension.objects.create(
            assessment=assessment,
            before=cast.FAR_DEADLINE,
            until=cast.FAR_DEADLINE + timedelta(days=1),
            granted_at=cast.NOW,
            granted_by=people.coordinator,
        ),
        lambda: DeadlineExtension.objects.all().delete(),
        lambda: FileState.objects.filter(assessment=assessment).delete(),
    ]
    for write in writes:
        write()
        seen.append(load_marks(plan, plan.rounds[0]).here)
    assert len(set(seen)) == len(seen)


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_is_not_kept(
    assessment: Assessment, people: cast.People, programme: Programme
) -> None:
    plan, day = load_plan(programme), cast.NOW.date()
    before = load_marks(plan, plan.rounds[0])
    kept = figures(programme, plan, None, day, before)
    with transaction.atomic():
        cast.answer(assessment, "C02", by=people.officer)
        inside = load_marks(plan, plan.rounds[0])
        assert figures(programme, plan, None, day, inside)[1] != kept[1]
        transaction.set_rollback(True)
    after = load_marks(plan, plan.rounds[0])
    assert after == before
    assert figures(programme, plan, None, day, after) == kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_a_mark_makes_nobody_wait(assessment: Assessment, other_assessment: Assessment) -> None:
    """Each file has a row of its own: whoever changes one keeps only its own writers waiting."""
    written = threading.Event()

    def change_the_other() -> None:
        try:
            Assessment.objects.filter(pk=other_assessment.pk).update(conclusion="Xem lại")
            written.set()
        finally:
            connection.close()

    with transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(conclusion="Xem lại")
        other = threading.Thread(target=change_the_other)
        other.start()
        assert written.wait(timeout=20)
    other.join()
    assert FileMark.objects.count() == 2


def test_a_leader_sees_an_answer_the_moment_it_is_saved(
    assessment: Assessment, people: cast.People, sign_in, programme: Programme
) -> None:
    address = reverse("overview", args=[programme.code, 2023])
    reader = sign_in(people.leader)
    before = reader.get(address).context["picture"].gathering.criteria["C02"]
    cast.answer(assessment, "C02", by=people.officer)
    after = reader.get(address).context["picture"].gathering.criteria["C02"]
    assert (before.met, before.unanswered) == (0, 2)
    assert (after.met, after.unanswered) == (1, 1)
