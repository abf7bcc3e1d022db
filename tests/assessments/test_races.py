"""Two people, or two clicks, at the same instant: exactly one wins, and nothing is lost."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts import audit
from accounts.access import NotReady
from accounts.models import Notice, User
from assessments.actions import answering, extending, reviewing, submitting
from assessments.models import Assessment, Submission, Transition, Verdict
from assessments.snapshots import build_snapshot, digest
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


@pytest.mark.out_of_step
def test_wf_07_without_the_guard_a_double_click_is_two_submissions(
    file: Assessment, people: cast.People
) -> None:
    """The race is real: whoever asks first and writes afterwards lets both through."""
    both_have_asked = threading.Barrier(2)

    def naive(copy: Assessment) -> Submission:
        assert copy.status == Status.IN_PROGRESS
        both_have_asked.wait(timeout=30)
        with transaction.atomic():
            # The row's lock lets one through after the other; what was asked before is stale.
            Assessment.objects.filter(pk=copy.pk).update(status=Status.SUBMITTED)
            number = Submission.objects.filter(assessment=copy).count() + 1
            snapshot = build_snapshot(copy)
            return Submission.objects.create(
                assessment=copy,
                number=number,
                receipt=f"TN-{threading.get_ident()}",
                submitted_at=cast.NOW,
                submitted_by=people.commander,
                met=3,
                of=3,
                snapshot=snapshot,
                sha256=digest(snapshot),
            )

    try:
        at_once([partial(naive, fresh(file)) for _ in range(2)])
    except IntegrityError:
        pytest.fail("the naive way should write twice, one after the other")
    assert Submission.objects.count() == 2
    assert len(set(Submission.objects.values_list("receipt", flat=True))) == 2


def test_wf_07_twenty_retries_of_one_form_after_it_was_taken_back(
    file: Assessment, people: cast.People
) -> None:
    """A late retry of the first form does not hand the file in a second time."""
    first = submitting.submit(file, by=people.commander, now=cast.NOW, number=1)
    submitting.withdraw(fresh(file), by=people.commander, now=cast.NOW)
    results = at_once(
        [
            partial(submitting.submit, fresh(file), by=people.commander, now=cast.NOW, number=1)
            for _ in range(20)
        ]
    )
    assert results == [first] * 20
    assert fresh(file).status == Status.IN_PROGRESS
    again = submitting.submit(fresh(file), by=people.commander, now=cast.NOW, number=2)
    assert again.number == 2
    assert again.receipt != first.receipt


def test_re_06_the_answer_was_lost_after_the_commit(
    file: Assessment, people: cast.People, client: Client
) -> None:
    """Whoever never saw the answer sends the same body again and reads the same receipt."""
    client.force_login(people.commander)
    body = {"declared": "on", "confirmed": "on", "number": "1"}
    for _ in range(3):  # the first answer never arrives
        response = client.post(reverse("submit", args=[file.pk]), body)
    receipt = Submission.objects.get().receipt
    page = client.get(response["Location"]).content.decode()
    assert receipt in page
    assert f"Phiếu này đã được tiếp nhận (mã {receipt}). Không cần gửi lại." in page
    # Also when the file has come back meanwhile: the old form is not a second submission.
    cast.accept_all(fresh(file), by=people.reviewer)
    reviewing.save_verdict(
        fresh(file),
        file.round.criteria_set.criteria.get(code="C03"),
        decision="more",
        comment="Thiếu báo cáo",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.return_to_station(fresh(file), comment="", by=people.reviewer, now=cast.NOW)
    response = client.post(reverse("submit", args=[file.pk]), body)
    assert receipt in client.get(response["Location"]).content.decode()
    assert Submission.objects.count() == 1


def test_wf_06_taking_back_while_a_reviewer_claims(file: Assessment, people: cast.People) -> None:
    """One order only: either the station has its file, or the reviewer has."""
    for _ in range(ROUNDS):
        submitting.submit(fresh(file), by=people.commander, now=cast.NOW)
        results = at_once(
            [
                partial(submitting.withdraw, fresh(file), by=people.commander, now=cast.NOW),
                partial(reviewing.claim, fresh(file), by=people.reviewer, now=cast.NOW),
            ]
        )
        refused = [one for one in results if isinstance(one, NotReady)]
        assert len(refused) == 1, results
        assert "đã xử lý phiếu này lúc" in refused[0].sentence
        now = fresh(file)
        if now.status == Status.UNDER_REVIEW:
            assert now.reviewer == people.reviewer
            latest = now.submissions.order_by("-number")[0]
            assert latest.snapshot == build_snapshot(now)
            reviewing.release(now, by=people.reviewer, now=cast.NOW)
            submitting.withdraw(fresh(file), by=people.commander, now=cast.NOW)
        else:
            assert now.status == Status.IN_PROGRESS
    assert audit.first_broken() is None


def test_an_extension_while_it_is_handed_in(file: Assessment, people: cast.People) -> None:
    """Whichever comes first, a submission in time stays and the new deadline stands."""
    for number in range(ROUNDS):
        until = cast.FAR_DEADLINE + timedelta(days=number + 1)
        results = at_once(
            [
                partial(submitting.submit, fresh(file), by=people.commander, now=cast.NOW),
                partial(
                    extending.extend_deadline,
                    file.round,
                    [file.pk],
                    until=until,
                    reason="Bão",
                    approver="Quang",
                    by=people.coordinator,
                    now=cast.NOW,
                ),
            ]
        )
        assert not [one for one in results if isinstance(one, NotReady)], results
        assert fresh(file).due_at == until
        submitting.withdraw(fresh(file), by=people.commander, now=cast.NOW)


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


def test_re_03_the_broker_is_down_when_a_file_is_handed_in(
    file: Assessment, people: cast.People, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What follows from handing in waits in the database; the receipt waits for nobody."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    client.force_login(people.commander)
    body = {"declared": "on", "confirmed": "on", "number": "1"}
    response = client.post(reverse("submit", args=[file.pk]), body)
    assert response.status_code == 302
    receipt = Submission.objects.get().receipt
    assert receipt in client.get(response["Location"]).content.decode()
    assert Notice.objects.filter(recipient=people.reviewer).exists()
