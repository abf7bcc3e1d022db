"""Random people try random things in any order: no file ever reaches an illegal state (WF-04)."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts import audit
from accounts.access import NotAllowed, NotReady
from accounts.models import Role, User
from assessments.actions import (
    extending,
    locking,
    recognising,
    reviewing,
    submitting,
)
from assessments.models import Assessment, Decision, RoundLock, Transition, Verdict
from assessments.workflow import CONCLUDED, MOVES, Status
from criteria.models import Round
from criteria.scale import COUNTS_AS_MET, Outcome
from tests import cast

PEOPLE = (
    "commander",
    "officer",
    "other_commander",
    "reviewer",
    "second_reviewer",
    "coordinator",
    "leader",
    "far_reviewer",
    "ministry_viewer",
)
CODES = ("C01", "C02", "C03")
PERMITTED = {(move.source, move.target): move.roles for move in MOVES}
# Mostly those whose turn it may be, or walks would hardly get beyond the first refusals.
MAY = st.sampled_from(PEOPLE + ("commander", "reviewer", "coordinator") * 4)


class Walk(RuleBasedStateMachine):
    """One file of Lan's station, and everybody who might touch it."""

    people: cast.People
    file_pk: Any
    round_pk: Any

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = cast.NOW

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @property
    def file(self) -> Assessment:
        return Assessment.objects.with_places().get(pk=self.file_pk)

    @property
    def round(self) -> Round:
        return Round.objects.select_related("programme__province").get(pk=self.round_pk)

    def who(self, name: str) -> User:
        person: User = getattr(self.people, name)
        return person

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it, or be refused with a sentence and leave everything as it was."""
        before = self.picture()
        self.now += timedelta(minutes=1)
        refused = ""
        try:
            with transaction.atomic():
                act()
        except (NotReady, NotAllowed) as refusal:
            refused = refusal.sentence
        after = self.picture()
        if refused:
            assert before == after, "a refusal changed something"
        if before["closed"] and after["closed"] and before != after:
            assert {before["status"], after["status"]} <= CONCLUDED, (before, after)

    def picture(self) -> dict[str, Any]:
        file = self.file
        return {
            "status": Status(file.status),
            "due": file.due_at,
            "reviewer": file.reviewer_id,
            "submissions": list(file.submissions.values_list("number", "sha256")),
            "results": list(file.results.values_list("version", "outcome")),
            "verdicts": sorted(
                Verdict.objects.filter(submission__assessment=file).values_list("pk", "version")
            ),
            "closed": RoundLock.objects.filter(
                round=self.round_pk, unlocked_at__isnull=True
            ).exists(),
        }

    @initialize()
    def complete(self) -> None:
        """Begin with answers, or every walk would die at the first gap."""
        for code in CODES:
            cast.answer(self.file, code, by=self.people.officer)

    @rule(who=MAY, code=st.sampled_from(CODES), met=st.booleans())
    def answer(self, who: str, code: str, met: bool) -> None:
        by = self.who(who)
        self.attempt(partial(cast.answer, self.file, code, by=by, met=met, now=self.now))

    @rule(who=MAY)
    def submit(self, who: str) -> None:
        self.attempt(partial(submitting.submit, self.file, by=self.who(who), now=self.now))

    @rule(who=MAY)
    def withdraw(self, who: str) -> None:
        self.attempt(partial(submitting.withdraw, self.file, by=self.who(who), now=self.now))

    @rule(who=MAY)
    def claim(self, who: str) -> None:
        self.attempt(partial(reviewing.claim, self.file, by=self.who(who), now=self.now))

    @rule(who=MAY)
    def release(self, who: str) -> None:
        self.attempt(partial(reviewing.release, self.file, by=self.who(who), now=self.now))

    @rule(who=MAY, code=st.sampled_from(CODES), decision=st.sampled_from(Decision.values))
    def judge(self, who: str, code: str, decision: str) -> None:
        self.attempt(partial(self._judge, who, code, decision))

    def _judge(self, who: str, code: str, decision: str) -> None:
        file = self.file
        latest = file.submissions.order_by("-number").first()
        own = latest.snapshot["criteria"][code]["outcome"] if latest else "met"
        standing = Verdict.objects.filter(submission=latest, criterion__code=code).first()
        reviewing.save_verdict(
            file,
            file.round.criteria_set.criteria.get(code=code),
            decision=decision,
            outcome=Outcome.NOT_MET if own != Outcome.NOT_MET else Outcome.MET,
            comment="" if decision == Decision.ACCEPT else "Có ý kiến",
            version=standing.version if standing else 0,
            by=self.who(who),
            now=self.now,
        )

    @rule(who=MAY)
    def accept_all(self, who: str) -> None:
        for code in CODES:
            self.attempt(partial(self._judge, who, code, Decision.ACCEPT))

    @rule(who=MAY)
    def give_back(self, who: str) -> None:
        self.attempt(
            partial(
                reviewing.return_to_station,
                self.file,
                comment="",
                by=self.who(who),
                now=self.now,
            )
        )

    @rule(who=MAY)
    def conclude(self, who: str) -> None:
        by = self.who(who)
        self.attempt(partial(reviewing.conclude, self.file, comment="", by=by, now=self.now))

    @rule(who=MAY, comment=st.sampled_from(["", "Có quyết định mới"]))
    def reopen(self, who: str, comment: str) -> None:
        by = self.who(who)
        self.attempt(partial(reviewing.reopen, self.file, comment=comment, by=by, now=self.now))

    @rule(who=MAY)
    def propose(self, who: str) -> None:
        self.attempt(partial(recognising.propose, self.file, by=self.who(who), now=self.now))

    @rule(who=MAY)
    def take_proposal_back(self, who: str) -> None:
        self.attempt(
            partial(
                recognising.withdraw_proposal,
                self.file,
                comment="Nhầm",
                by=self.who(who),
                now=self.now,
            )
        )

    @rule(who=MAY)
    def decline(self, who: str) -> None:
        by = self.who(who)
        self.attempt(
            partial(recognising.decline, self.file, comment="Chưa đủ", by=by, now=self.now)
        )

    @rule(who=MAY, hours=st.integers(-50, 500))
    def extend(self, who: str, hours: int) -> None:
        self.attempt(
            partial(
                extending.extend_deadline,
                self.round,
                [self.file_pk],
                until=self.now + timedelta(hours=hours),
                reason="Bão",
                approver="Quang",
                by=self.who(who),
                now=self.now,
            )
        )

    @rule()
    def take_the_next_step(self) -> None:
        """What the road asks for, by whoever it asks."""
        if self.picture()["closed"]:
            self.ask("coordinator")
            self.confirm("leader")
        if self.now > self.file.due_at:
            self.extend("coordinator", 48)
        match self.file.status:
            case Status.NOT_STARTED | Status.IN_PROGRESS | Status.RETURNED:
                self.submit("commander")
            case Status.SUBMITTED:
                self.claim("reviewer")
            case Status.UNDER_REVIEW:
                self.accept_all("reviewer")
                self.conclude("reviewer")
            case Status.VERIFIED:
                self.propose("coordinator")
            case Status.PROPOSED:
                self.take_proposal_back("coordinator")

    @rule()
    def ask_for_more(self) -> None:
        """The reviewer in charge finds something missing and gives the file back."""
        self.claim("reviewer")
        self.attempt(partial(self._judge, "reviewer", "C03", Decision.MORE))
        self.give_back("reviewer")

    @rule(hours=st.integers(1, 12))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(who=MAY)
    def close(self, who: str) -> None:
        self.attempt(partial(locking.close_round, self.round, by=self.who(who), now=self.now))

    @rule(who=MAY)
    def ask(self, who: str) -> None:
        by = self.who(who)
        self.attempt(partial(locking.request_unlock, self.round, reason="Sai", by=by, now=self.now))

    @rule(who=MAY)
    def confirm(self, who: str) -> None:
        self.attempt(partial(locking.confirm_unlock, self.round, by=self.who(who), now=self.now))

    @invariant()
    def every_move_stands_in_the_table(self) -> None:
        steps = list(Transition.objects.filter(assessment=self.file_pk).select_related("made_by"))
        standing = Status.NOT_STARTED
        for step in steps:
            assert step.source == standing
            roles = PERMITTED[Status(step.source), Status(step.target)]
            assert roles & self.roles_of(step.made_by), step
            standing = Status(step.target)
        assert self.file.status == standing

    def roles_of(self, user: User) -> frozenset[Role]:
        known: User = next(one for name in PEOPLE if (one := self.who(name)).pk == user.pk)
        return known.scope.roles

    @invariant()
    def what_was_handed_in_is_whole_and_in_time(self) -> None:
        file = self.file
        submissions = list(file.submissions.order_by("number"))
        assert [one.number for one in submissions] == list(range(1, len(submissions) + 1))
        assert file.submissions_made == len(submissions)
        for one in submissions:
            entries = one.snapshot["criteria"]
            assert set(entries) == set(CODES)
            assert all(entry["outcome"] != Outcome.UNANSWERED for entry in entries.values())
            assert one.submitted_by == self.people.commander
            assert one.submitted_at <= file.due_at

    @invariant()
    def what_is_concluded_was_judged_by_another(self) -> None:
        file = self.file
        if file.status not in CONCLUDED:
            assert file.verified_at is None
            return
        latest = file.submissions.order_by("-number")[0]
        verdicts = list(latest.verdicts.all())
        assert {one.criterion.code for one in verdicts} == set(CODES)
        assert all(one.decision != Decision.MORE for one in verdicts)
        assert file.verified_by in {self.people.reviewer, self.people.second_reviewer}
        if file.status in {Status.PROPOSED, Status.RECOGNISED}:
            assert all(one.outcome in COUNTS_AS_MET for one in verdicts)

    @invariant()
    def figures_are_opened_by_two(self) -> None:
        for lock in RoundLock.objects.filter(unlocked_at__isnull=False):
            assert lock.requested_by_id not in {None, lock.unlocked_by_id}
            assert lock.unlock_reason


@pytest.fixture
def walk(assessment: Assessment, people: cast.People) -> type[Walk]:
    """The machine on a round whose deadline is two days away."""
    deadline = cast.NOW + timedelta(days=2)
    Round.objects.filter(pk=assessment.round_id).update(deadline=deadline)
    Assessment.objects.filter(pk=assessment.pk).update(due_at=deadline)
    return type(
        "WalkOfThisFile",
        (Walk,),
        {"people": people, "file_pk": assessment.pk, "round_pk": assessment.round_id},
    )


def test_wf_04_no_walk_ends_in_an_illegal_state(walk: type[Walk]) -> None:
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )


def test_wf_04_a_straight_walk_reaches_the_end(walk: type[Walk]) -> None:
    """The machine is able to get there: its refusals are not all there is."""
    one = walk()
    try:
        one.complete()
        one.submit("commander")
        one.claim("reviewer")
        one.accept_all("reviewer")
        one.conclude("reviewer")
        one.close("coordinator")
        one.answer("officer", "C01", False)
        one.reopen("coordinator", "Có quyết định mới")
        one.propose("coordinator")
        assert one.file.status == Status.PROPOSED
        one.ask("coordinator")
        one.confirm("leader")
        one.decline("coordinator")
        assert one.file.status == Status.NOT_RECOGNISED
        one.every_move_stands_in_the_table()
        one.what_is_concluded_was_judged_by_another()
        one.figures_are_opened_by_two()
        assert audit.first_broken() is None
    finally:
        one.teardown()
