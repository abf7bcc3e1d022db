"""Two reviewers, or a reviewer and a commander, at the same instant.

Each race is first proved to exist in a variant that looks and then writes, then proved gone.
"""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction

from accounts.access import NotReady
from accounts.models import User
from assessments.actions import assigning_reviews, reviewing, submitting
from assessments.models import Assessment, Decision, Transition, Verdict
from assessments.snapshots import build_snapshot, digest
from assessments.workflow import Status
from tests import cast
from tests.assessments.test_races import ROUNDS, at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(assessment: Assessment, people: cast.People) -> Assessment:
    """Lan's file, handed in."""
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    return assessment


@pytest.fixture
def reviewed(waiting: Assessment, people: cast.People) -> Assessment:
    """Every criterion accepted, nothing concluded."""
    cast.accept_all(waiting, by=people.reviewer)
    return waiting


def looks_then_writes(
    assessment: Assessment, source: Status, target: Status, by: User, met: threading.Barrier
) -> str:
    """The variant without compare-and-set: both look, then both write."""
    if Assessment.objects.values_list("status", flat=True).get(pk=assessment.pk) != source:
        return "too late"
    met.wait(timeout=30)
    with transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(status=target, reviewer=by)
        Transition.objects.create(
            assessment=assessment,
            source=source,
            target=target,
            event="naive",
            made_at=cast.NOW,
            made_by=by,
        )
    return "done"


@pytest.mark.parametrize(
    ("source", "first", "second"),
    [
        (Status.SUBMITTED, Status.UNDER_REVIEW, Status.UNDER_REVIEW),
        (Status.SUBMITTED, Status.UNDER_REVIEW, Status.IN_PROGRESS),
        (Status.UNDER_REVIEW, Status.VERIFIED, Status.RETURNED),
    ],
)
@pytest.mark.out_of_step
def test_wf_05_looking_and_then_writing_has_two_winners(
    waiting: Assessment, people: cast.People, source: Status, first: Status, second: Status
) -> None:
    if source == Status.UNDER_REVIEW:
        reviewing.claim(waiting, by=people.reviewer, now=cast.NOW)
    met = threading.Barrier(2)
    acts = [
        partial(looks_then_writes, fresh(waiting), source, first, people.reviewer, met),
        partial(looks_then_writes, fresh(waiting), source, second, people.second_reviewer, met),
    ]
    assert at_once(acts) == ["done", "done"]
    assert Transition.objects.filter(event="naive").count() == 2


def refused(results: list[object]) -> list[NotReady]:
    return [one for one in results if isinstance(one, NotReady)]


def test_wf_05_two_claims_have_one_winner_and_the_other_reads_who(
    waiting: Assessment, people: cast.People
) -> None:
    for n in range(1, ROUNDS + 1):
        results = at_once(
            [
                partial(reviewing.claim, fresh(waiting), by=by, now=cast.NOW)
                for by in (people.reviewer, people.second_reviewer)
            ]
        )
        [loser] = refused(results)
        winner = fresh(waiting).reviewer
        assert winner is not None
        assert f"Đồng chí {winner} đã xử lý phiếu này lúc 09:00" in loser.sentence
        assert Transition.objects.filter(event="review_started").count() == n
        reviewing.release(fresh(waiting), by=people.coordinator, now=cast.NOW)


def test_wf_05_conclude_and_return_have_one_winner_and_one_transition(
    reviewed: Assessment, people: cast.People
) -> None:
    criterion = reviewed.round.criteria_set.criteria.get(code="C03")

    def conclude_what_was_accepted() -> object:
        # Accepting again and concluding, in the tab where nothing was asked.
        return reviewing.conclude(fresh(reviewed), comment="đủ", by=people.reviewer, now=cast.NOW)

    def ask_and_return() -> object:
        copy = fresh(reviewed)
        with transaction.atomic():
            reviewing.save_verdict(
                copy,
                criterion,
                decision="more",
                comment="Thiếu",
                version=Verdict.objects.get(criterion=criterion).version,
                by=people.reviewer,
                now=cast.NOW,
            )
            return reviewing.return_to_station(copy, comment="", by=people.reviewer, now=cast.NOW)

    results = at_once([conclude_what_was_accepted, ask_and_return])
    [loser] = refused(results)
    ended = Transition.objects.filter(source=Status.UNDER_REVIEW)
    assert ended.count() == 1
    now = fresh(reviewed)
    asked = Verdict.objects.get(criterion=criterion).decision == Decision.MORE
    assert (now.status == Status.RETURNED) == asked
    assert (now.status == Status.VERIFIED) == (now.verified_at is not None)
    assert "đã xử lý phiếu này" in loser.sentence


def test_wf_06_withdrawing_and_claiming_have_one_winner(
    waiting: Assessment, people: cast.People
) -> None:
    for _ in range(ROUNDS):
        before = Transition.objects.count()
        results = at_once(
            [
                partial(submitting.withdraw, fresh(waiting), by=people.commander, now=cast.NOW),
                partial(reviewing.claim, fresh(waiting), by=people.reviewer, now=cast.NOW),
            ]
        )
        assert len(refused(results)) == 1, results
        assert Transition.objects.count() == before + 1
        now = fresh(waiting)
        if now.status == Status.IN_PROGRESS:
            submitting.submit(now, by=people.commander, now=cast.NOW)
        else:
            assert now.reviewer == people.reviewer
            reviewing.release(now, by=people.coordinator, now=cast.NOW)


def test_wf_06_what_is_verified_is_what_stands_there(
    waiting: Assessment, people: cast.People
) -> None:
    """Withdrawing and editing while a review runs to its end: one order only."""
    criterion = waiting.round.criteria_set.criteria.get(code="C03")

    def withdraw_and_edit() -> None:
        submitting.withdraw(fresh(waiting), by=people.commander, now=cast.NOW)
        cast.answer(fresh(waiting), "C03", by=people.commander, note="sửa sau khi rút")

    def review_to_the_end() -> None:
        copy = fresh(waiting)
        cast.accept_all(copy, by=people.reviewer)
        reviewing.conclude(copy, comment="", by=people.reviewer, now=cast.NOW)

    results = at_once([withdraw_and_edit, review_to_the_end])
    assert len(refused(results)) == 1, results
    now = fresh(waiting)
    latest = now.submissions.get()
    edited = now.results.get(criterion=criterion).note == "sửa sau khi rút"
    assert (now.status == Status.VERIFIED) != edited
    if now.status == Status.VERIFIED:
        assert digest(build_snapshot(now)) == latest.sha256


def test_wf_05_releasing_and_writing_a_verdict_come_one_after_the_other(
    waiting: Assessment, people: cast.People
) -> None:
    criterion = waiting.round.criteria_set.criteria.get(code="C01")
    for n in range(ROUNDS):
        reviewing.claim(fresh(waiting), by=people.reviewer, now=cast.NOW)
        copy = fresh(waiting)
        results = at_once(
            [
                partial(reviewing.release, fresh(waiting), by=people.coordinator, now=cast.NOW),
                partial(
                    reviewing.save_verdict,
                    copy,
                    criterion,
                    decision="more",
                    comment=f"lần {n}",
                    version=sum(Verdict.objects.values_list("version", flat=True)),
                    by=people.reviewer,
                    now=cast.NOW,
                ),
            ]
        )
        assert fresh(waiting).status == Status.SUBMITTED
        written = Verdict.objects.filter(comment=f"lần {n}").exists()
        assert written != bool(refused(results))
        if refused(results):
            assert "Đặng Tiến Dũng đã xử lý phiếu này" in refused(results)[0].sentence
            assert copy.status == Status.UNDER_REVIEW, "as the copy was read"


def test_wf_05_assigning_and_claiming_never_leave_two_people_in_charge(
    waiting: Assessment, people: cast.People
) -> None:
    for _ in range(ROUNDS):
        results = at_once(
            [
                partial(
                    assigning_reviews.assign,
                    fresh(waiting),
                    people.second_reviewer,
                    by=people.coordinator,
                    now=cast.NOW,
                ),
                partial(reviewing.claim, fresh(waiting), by=people.reviewer, now=cast.NOW),
            ]
        )
        now = fresh(waiting)
        assert len(refused(results)) == 1, results
        if now.status == Status.UNDER_REVIEW:
            assert now.reviewer == people.reviewer
            reviewing.release(now, by=people.coordinator, now=cast.NOW)
        else:
            assert now.reviewer == people.second_reviewer
            assigning_reviews.assign(now, None, by=people.coordinator, now=cast.NOW)


def refusals_of(assessment: Assessment, people: cast.People) -> list[Callable[[], object]]:
    by = {"by": people.reviewer, "now": cast.NOW}
    return [
        lambda: reviewing.return_to_station(assessment, comment="", **by),
        lambda: reviewing.conclude(assessment, comment="", submission=9, **by),
        lambda: reviewing.conclude(assessment, comment="", **by),
    ]


def test_a_refused_act_leaves_the_object_as_it_was(
    waiting: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewing.claim(waiting, by=people.reviewer, now=cast.NOW)
    for act in refusals_of(waiting, people):
        with pytest.raises(NotReady):
            act()
        assert (waiting.status, waiting.verified_at) == (Status.UNDER_REVIEW, None)

    def breaks(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the audit trail is full")

    monkeypatch.setattr("assessments.actions.moving.audit.record", breaks)
    with pytest.raises(RuntimeError):
        reviewing.release(waiting, by=people.reviewer, now=cast.NOW)
    assert (waiting.status, waiting.reviewer) == (Status.UNDER_REVIEW, people.reviewer)
    assert fresh(waiting).status == Status.UNDER_REVIEW
