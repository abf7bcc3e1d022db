"""Appeals at the same instant as other acts: the race is shown to exist, then to be gone."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from accounts.access import NotReady
from assessments.actions import appealing, recognising, second_review
from assessments.models import Appeal, Assessment, SecondReview, Verdict
from assessments.workflow import Status
from criteria.scale import Outcome
from tests import cast
from tests.assessments.contested import CONTEST, conclude, contest, criterion_of, verdict_of
from tests.assessments.test_races import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)
LATER = cast.NOW + timedelta(days=3)


@pytest.fixture
def verified(assessment: Assessment, people: cast.People) -> Assessment:
    return conclude(assessment, people)


def loaded(appeal: Appeal) -> Appeal:
    return Appeal.objects.with_views().get(pk=appeal.pk)


def test_the_race_exists_when_both_only_look_first(
    verified: Assessment, people: cast.People
) -> None:
    """Two who look whether it is undecided and then write: the second overwrites the first."""
    appeal = contest(verified, people)
    looked = threading.Barrier(2)
    wrote: list[str] = []

    def decide_carelessly(comment: str) -> None:
        if Appeal.objects.get(pk=appeal.pk).decided_at is None:
            looked.wait(timeout=30)
            with transaction.atomic():
                Appeal.objects.filter(pk=appeal.pk).update(
                    outcome="met",
                    comment=comment,
                    decided_at=LATER,
                    decided_by=people.second_reviewer,
                )
            wrote.append(comment)

    at_once([partial(decide_carelessly, "một"), partial(decide_carelessly, "hai")])
    assert sorted(wrote) == ["hai", "một"]


@pytest.mark.out_of_step
def test_wf_05_two_reviewers_decide_at_the_same_instant(
    verified: Assessment, people: cast.People, places: cast.Places
) -> None:
    third = cast.person("nga", "Lý Thu Nga", cast.Role.REVIEWER, province=places.province)
    appeal = contest(verified, people)
    for _ in range(6):
        results = at_once(
            [
                partial(
                    appealing.decide_appeal,
                    loaded(appeal),
                    outcome=outcome,
                    comment=by.username,
                    by=by,
                    now=LATER,
                )
                for by, outcome in ((people.second_reviewer, Outcome.MET), (third, "awaiting"))
            ]
        )
        lost = [one for one in results if isinstance(one, NotReady)]
        assert len(lost) == 1, results
        stored = loaded(appeal)
        assert str(stored.decided_by) in lost[0].sentence
        verdict = verdict_of(verified)
        # One reviewer's outcome never stands with the other one's words.
        assert (verdict.outcome, verdict.comment) == (stored.outcome, stored.comment)
        assert verdict.decided_by == stored.decided_by
        Appeal.objects.update(outcome="", comment="", decided_at=None, decided_by=None)
        Verdict.objects.filter(pk=verdict.pk).update(
            decision="adjust", outcome="not_met", comment="Lại từ đầu", decided_by=people.reviewer
        )


def test_twenty_clicks_are_one_appeal(verified: Assessment, people: cast.People) -> None:
    criterion = criterion_of(verified)
    results = at_once(
        [
            partial(
                appealing.file_appeal,
                fresh(verified),
                criterion,
                text=CONTEST,
                by=people.commander,
                now=LATER,
            )
            for _ in range(20)
        ]
    )
    assert sum(isinstance(one, Appeal) for one in results) == 1, results
    assert sum(isinstance(one, NotReady) for one in results) == 19
    assert Appeal.objects.count() == 1


@pytest.mark.out_of_step
def test_never_proposed_with_an_appeal_open(verified: Assessment, people: cast.People) -> None:
    # Everything is met; C03 was adjusted to it, so it may still be contested.
    Verdict.objects.update(outcome="met")
    Verdict.objects.filter(criterion__code="C03").update(decision="adjust", outcome="met")
    criterion = criterion_of(verified)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(appealing, "own_outcome", lambda *_: "not_met")
        for _ in range(6):
            at_once(
                [
                    partial(
                        appealing.file_appeal,
                        fresh(verified),
                        criterion,
                        text=CONTEST,
                        by=people.commander,
                        now=LATER,
                    ),
                    partial(recognising.propose, fresh(verified), by=people.coordinator, now=LATER),
                ]
            )
            proposed = fresh(verified).status == Status.PROPOSED
            assert proposed != Appeal.objects.filter(decided_at__isnull=True).exists()
            Appeal.objects.all().delete()
            Assessment.objects.filter(pk=verified.pk).update(status=Status.VERIFIED)


def test_two_second_reviews_at_the_same_instant(
    assessment: Assessment, people: cast.People, places: cast.Places, settings
) -> None:
    settings.SECOND_REVIEW_PERCENT = 100
    conclude(assessment, people)
    third = cast.person("nga", "Lý Thu Nga", cast.Role.REVIEWER, province=places.province)
    for code in ("C01", "C02", "C03"):
        second = SecondReview.objects.with_criterion().get(criterion__code=code)
        results = at_once(
            [
                partial(
                    second_review.save_second_review,
                    second,
                    outcome="not_met",
                    comment=by.username,
                    by=by,
                    now=LATER,
                )
                for by in (people.second_reviewer, third)
            ]
        )
        assert sum(isinstance(one, NotReady) for one in results) == 1, results
        stored = SecondReview.objects.select_related("decided_by").get(pk=second.pk)
        assert stored.decided_by is not None
        assert stored.comment == stored.decided_by.username
