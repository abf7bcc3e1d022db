"""A decision on an appeal changes figures from its own day on, and none before."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.actions import appealing, reviewing, submitting
from assessments.models import Assessment
from criteria.models import Counting
from reports.rollup import Count, Standing, known_achievements, standings
from tests import cast
from tests.assessments.contested import FIRST_WORDS, conclude, contest

CONCLUDED = cast.NOW.date()
DECIDED = CONCLUDED + timedelta(days=4)


@pytest.fixture
def contested(assessment: Assessment, people: cast.People) -> Assessment:
    """Concluded on 10/11 with C03 not met, contested on 11/11, found met on 14/11."""
    appeal = contest(conclude(assessment, people), people)
    appealing.decide_appeal(
        appeal,
        outcome="met",
        comment="Sổ đủ 10 tin",
        by=people.second_reviewer,
        now=cast.NOW + timedelta(days=4),
    )
    return assessment


def standing_on(assessment: Assessment, day: date) -> Standing:
    (found,) = standings(assessment.round, as_of=day, units={assessment.unit_id})
    return found


def verified_on(assessment: Assessment, day: date) -> frozenset[uuid.UUID]:
    facts = known_achievements(assessment.round.programme, as_of=day)
    return facts.reaching(Counting.VERIFIED, by_year=assessment.round.year, on=day)


@pytest.mark.parametrize("day", [CONCLUDED, DECIDED - timedelta(days=1)])
def test_before_the_decision_the_first_verdict_counts(contested: Assessment, day: date) -> None:
    found = standing_on(contested, day)
    assert found.verified == Count(2, 3)
    assert found.verified_outcomes["C03"] == "not_met"
    (blocker,) = found.blockers
    assert (blocker.criterion, blocker.sentence) == ("C03", FIRST_WORDS)
    assert contested.unit_id not in verified_on(contested, day)


@pytest.mark.parametrize("day", [DECIDED, DECIDED + timedelta(days=400)])
def test_from_the_decision_on_its_outcome_counts(contested: Assessment, day: date) -> None:
    found = standing_on(contested, day)
    assert found.verified == Count(3, 3)
    assert found.verified_outcomes["C03"] == "met"
    assert contested.unit_id in verified_on(contested, day)


def test_a_decision_against_a_unit_does_not_reach_back(
    assessment: Assessment, people: cast.People
) -> None:
    """The other way round: found met although the station said otherwise, then taken back."""
    cast.answer_all(assessment, by=people.commander, failing=("C03",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    for criterion in assessment.round.criteria_set.criteria.all():
        adjusts = criterion.code == "C03"
        reviewing.save_verdict(
            assessment,
            criterion,
            decision="adjust" if adjusts else "accept",
            outcome="met" if adjusts else "",
            comment="Đã có quyết định" if adjusts else "",
            version=0,
            by=people.reviewer,
            now=cast.NOW,
        )
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    appealing.decide_appeal(
        contest(assessment, people),
        outcome="not_met",
        comment="Quyết định không phải của kỳ này",
        by=people.second_reviewer,
        now=cast.NOW + timedelta(days=4),
    )
    assert verified_on(assessment, CONCLUDED)
    assert verified_on(assessment, DECIDED - timedelta(days=1))
    assert not verified_on(assessment, DECIDED)
    assert standing_on(assessment, CONCLUDED).verified == Count(3, 3)
    assert standing_on(assessment, DECIDED).verified == Count(2, 3)


def test_an_appeal_that_changes_nothing_is_not_counted_twice(
    assessment: Assessment, people: cast.People
) -> None:
    appealing.decide_appeal(
        contest(conclude(assessment, people), people),
        outcome="not_met",
        comment="Giữ nguyên",
        by=people.second_reviewer,
        now=cast.NOW + timedelta(days=4),
    )
    for day in (CONCLUDED, DECIDED):
        assert standing_on(assessment, day).verified == Count(2, 3)


def test_the_number_of_queries_does_not_depend_on_appeals(contested: Assessment) -> None:
    programme = contested.round.programme
    with CaptureQueriesContext(connection) as captured:
        known_achievements(programme, as_of=CONCLUDED)
    assert len(captured) == 2, [one["sql"] for one in captured]
