"""AC-03: a post in one province gives no right in another, whatever else the person holds there."""

from datetime import date

import pytest

from accounts.access import NotAllowed
from accounts.models import Role
from assessments.actions import opening, reviewing, submitting
from assessments.models import Assessment
from assessments.permissions import require_planner, require_province, takes_care_of
from tests import cast
from wards.models import Posting
from wards.postings import attach_scope


@pytest.fixture
def torn(assessment: Assessment, people: cast.People, places: cast.Places) -> cast.User:
    """Thảo reviews in Trà Vinh and coordinates in Bến Tre."""
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    Posting.objects.create(
        user=people.reviewer,
        role=Role.COORDINATOR,
        province=places.elsewhere,
        starts=date(2020, 1, 1),
    )
    return attach_scope(people.reviewer, cast.DAY)


def test_ac_03_each_role_counts_only_where_it_is_held(
    torn: cast.User, assessment: Assessment
) -> None:
    require_province(assessment, torn, Role.REVIEWER)
    with pytest.raises(NotAllowed):
        require_province(assessment, torn, Role.COORDINATOR)
    with pytest.raises(NotAllowed):
        require_planner(assessment, torn)
    assert not takes_care_of(assessment.round, torn, Role.COORDINATOR)


def test_ac_03_the_verbs_refuse_the_role_of_another_province(
    torn: cast.User, assessment: Assessment, people: cast.People
) -> None:
    reviewing.claim(assessment, by=people.second_reviewer, now=cast.NOW)
    with pytest.raises(NotAllowed):
        reviewing.release(assessment, by=torn, now=cast.NOW)
    with pytest.raises(NotAllowed):
        opening.open_round(assessment.round.programme, 2024, by=torn, now=cast.NOW)
    cast.accept_rest(assessment, by=people.second_reviewer)
    reviewing.conclude(assessment, comment="", by=people.second_reviewer, now=cast.NOW)
    with pytest.raises(NotAllowed):
        reviewing.reopen(assessment, comment="Xem lại", by=torn, now=cast.NOW)
