"""Two people, or two clicks, at the same instant: exactly one wins, and nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connection

from accounts import audit
from accounts.access import NotReady
from accounts.models import User
from assessments.actions import answering, reviewing, submitting
from assessments.models import Assessment, Submission, Transition, Verdict
from assessments.workflow import Status
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run the acts in threads that start together; each result is a value or the refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = act()
        except NotReady as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def file(assessment: Assessment, people: cast.People) -> Assessment:
    """Lan's file, complete."""
    cast.answer_all(assessment, by=people.officer)
    return assessment


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.with_places().get(pk=assessment.pk)


def test_wf_07_twenty_clicks_are_one_submission(file: Assessment, people: cast.People) -> None:
    copies = [fresh(file) for _ in range(20)]
    results = at_once(
        [partial(submitting.submit, copy, by=people.commander, now=cast.NOW) for copy in copies]
    )
    assert all(isinstance(result, Submission) for result in results), results
    assert len({result.receipt for result in results if isinstance(result, Submission)}) == 1
    assert Submission.objects.count() == 1
    assert Transition.objects.filter(target=Status.SUBMITTED).count() == 1
    assert audit.first_broken() is None


def test_wf_08_two_tabs_save_the_same_criterion(
    assessment: Assessment, people: cast.People
) -> None:
    criterion = assessment.round.criteria_set.criteria.get(code="C02")
    cast.answer(assessment, "C02", by=people.officer)

    def save(by: User, version: int, met: bool) -> Callable[[], object]:
        copy = fresh(assessment)
        return lambda: answering.save_criterion(
            copy,
            criterion,
            cast.values(criterion, met=met),
            note=by.username,
            version=version,
            by=by,
            now=cast.NOW,
        )

    for version in range(1, ROUNDS + 1):
        results = at_once(
            [save(people.officer, version, True), save(people.commander, version, False)]
        )
        lost = [one for one in results if isinstance(one, answering.VersionConflict)]
        assert len(lost) == 1, results
        stored = assessment.results.get(criterion=criterion)
        assert stored.version == version + 1
        # What the loser is shown is what the winner saved.
        assert lost[0].current.note == stored.note
        assert assessment.answers.filter(indicator__criterion=criterion).count() == 2


def test_wf_05_two_reviewers_claim_the_same_file(file: Assessment, people: cast.People) -> None:
    submitting.submit(file, by=people.commander, now=cast.NOW)
    for _ in range(ROUNDS):
        results = at_once(
            [
                partial(reviewing.claim, fresh(file), by=by, now=cast.NOW)
                for by in (people.reviewer, people.second_reviewer)
            ]
        )
        assert sum(isinstance(one, NotReady) for one in results) == 1, results
        winner = fresh(file).reviewer
        assert winner is not None
        cast.attach_scope(winner, cast.DAY)
        reviewing.release(fresh(file), by=winner, now=cast.NOW)
    assert Transition.objects.filter(event="review_started").count() == ROUNDS


def test_wf_05_return_and_conclude_at_the_same_instant(
    file: Assessment, people: cast.People
) -> None:
    submitting.submit(file, by=people.commander, now=cast.NOW)
    cast.accept_all(file, by=people.reviewer)
    submission = file.submissions.get()
    criterion = file.round.criteria_set.criteria.get(code="C01")
    for _ in range(ROUNDS):
        results = at_once(
            [
                partial(
                    reviewing.conclude,
                    fresh(file),
                    comment="",
                    by=people.reviewer,
                    now=cast.NOW,
                ),
                partial(
                    reviewing.save_verdict,
                    fresh(file),
                    criterion,
                    decision="more",
                    comment="Cần bổ sung",
                    version=Verdict.objects.get(submission=submission, criterion=criterion).version,
                    by=people.reviewer,
                    now=cast.NOW,
                ),
            ]
        )
        now = fresh(file)
        verdict = Verdict.objects.get(submission=submission, criterion=criterion)
        # Never concluded with a criterion that asks for more.
        assert (now.status == Status.VERIFIED) != (verdict.decision == "more"), results
        if now.status == Status.VERIFIED:
            reviewing.reopen(now, comment="thử lại", by=people.coordinator, now=cast.NOW)
        else:
            reviewing.save_verdict(
                now,
                criterion,
                decision="accept",
                comment="",
                version=verdict.version,
                by=people.reviewer,
                now=cast.NOW,
            )
        Assessment.objects.filter(pk=file.pk).update(reviewer=people.reviewer)


def test_wf_06_saving_while_submitting_never_slips_behind_the_snapshot(
    file: Assessment, people: cast.People
) -> None:
    criterion = file.round.criteria_set.criteria.get(code="C03")
    for _ in range(ROUNDS):
        version = file.results.get(criterion=criterion).version
        at_once(
            [
                partial(submitting.submit, fresh(file), by=people.commander, now=cast.NOW),
                partial(
                    answering.save_criterion,
                    fresh(file),
                    criterion,
                    cast.values(criterion),
                    note=f"lần {version}",
                    version=version,
                    by=people.officer,
                    now=cast.NOW,
                ),
            ]
        )
        latest = file.submissions.order_by("-number")[0]
        stored = file.results.get(criterion=criterion)
        assert latest.snapshot["criteria"]["C03"]["note"] == stored.note
        submitting.withdraw(fresh(file), by=people.commander, now=cast.NOW)


def test_the_audit_chain_holds_when_everyone_writes_at_once(
    assessment: Assessment, other_assessment: Assessment, people: cast.People
) -> None:
    acts: list[Callable[[], object]] = []
    for code in ("C01", "C02", "C03"):
        for file, by in (
            (assessment, people.officer),
            (other_assessment, people.other_commander),
        ):
            acts.append(partial(cast.answer, fresh(file), code, by=by))
    at_once(acts)
    assert audit.first_broken() is None
