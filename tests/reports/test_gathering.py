"""The country by province: the same as what its units come to one by one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment
from criteria.models import Programme, Round
from reports.country.making import make_country
from reports.country.scale import Scale
from reports.rollup import by_criterion, by_group, latest_round, standings
from reports.rollup.gathering import Country, load_country
from reports.rollup.roadmap import load_plan

TODAY = date(2026, 9, 30)


@pytest.fixture
def programme(db: None) -> Programme:
    """Three provinces with forty units over three years."""
    make_country(Scale(seed=7, today=TODAY, years=3, provinces=3, units=40), say=lambda line: None)
    return Programme.objects.select_related("document").get()


def rounds(programme: Programme) -> list[Round]:
    return list(programme.rounds.select_related("criteria_set", "programme").order_by("year"))


def country(programme: Programme, round_: Round, day: date) -> Country:
    return load_country(round_, load_plan(programme), as_of=day)


@pytest.mark.parametrize("back", [0, 3, 40, 250, 600])
def test_provinces_are_the_sum_of_their_units(programme: Programme, back: int) -> None:
    day = TODAY - timedelta(days=back)
    for round_ in rounds(programme):
        found = standings(round_, as_of=day, with_blockers=False)
        told = country(programme, round_, day)
        assert told.whole.files == len(found)
        assert told.whole.handed_in == sum(one.submitted_on is not None for one in found)
        for province, gathering in told.provinces:
            here = [one for one in found if one.unit.province_id == province.pk]
            assert gathering.files == len(here)
            assert gathering.missing == sum(one.is_missing for one in here)
            assert gathering.statuses == {
                status: sum(one.status == status for one in here) for status in gathering.statuses
            }
            assert sum(gathering.statuses.values()) == len(here)
            criteria = {one.code: one.tally for one in by_criterion(here).columns}
            groups = {one.code: one.tally for one in by_group(here).columns}
            assert gathering.criteria == criteria
            assert gathering.groups == groups
        columns = by_criterion(found).columns
        if found:
            assert told.whole.criteria == {one.code: one.tally for one in columns}


def test_the_number_of_queries_is_fixed(programme: Programme) -> None:
    round_ = latest_round(programme, as_of=TODAY)
    assert round_ is not None
    plan = load_plan(programme)
    load_country(round_, plan, as_of=TODAY)
    Assessment.objects.filter(round=round_).update(conclusion="")
    with CaptureQueriesContext(connection) as queries:
        load_country(round_, plan, as_of=TODAY)
    assert len(queries) == 3
