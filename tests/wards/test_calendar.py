"""Working days: weekends, public holidays, and the Saturdays worked in exchange."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wards.calendar import (
    WorkingCalendar,
    add_working_days,
    is_working_day,
    working_days_between,
)
from wards.models import Holiday

FRIDAY = date(2024, 4, 26)
SWAP = WorkingCalendar.of(
    [
        (date(2024, 4, 29), False),
        (date(2024, 4, 30), False),
        (date(2024, 5, 1), False),
        (date(2024, 5, 4), True),
    ]
)
"""The end of April 2024: Monday 29/4 free, Saturday 4/5 worked for it."""

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
calendars = st.builds(
    WorkingCalendar.of,
    st.dictionaries(days, st.booleans(), max_size=40).map(dict.items),
)
counts = st.integers(1, 60)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        (FRIDAY, 1, date(2024, 5, 2)),
        (FRIDAY, 3, date(2024, 5, 4)),
        (FRIDAY, 4, date(2024, 5, 6)),
        (date(2024, 4, 27), 1, date(2024, 5, 2)),
    ],
)
def test_holidays_are_skipped_and_a_worked_saturday_counts(day: date, count: int, found: date):
    assert SWAP.add_working_days(day, count) == found


def test_without_data_only_weekends_are_free():
    assert WorkingCalendar().add_working_days(FRIDAY, 5) == date(2024, 5, 3)
    assert WorkingCalendar().years == frozenset()
    assert SWAP.years == {2024}


@settings(deadline=None)
@given(calendars, days, counts)
def test_a_working_day_is_never_free(calendar: WorkingCalendar, day: date, count: int):
    assert calendar.is_working_day(calendar.add_working_days(day, count))


@settings(deadline=None)
@given(calendars, days, counts)
def test_adding_and_counting_undo_each_other(calendar: WorkingCalendar, day: date, count: int):
    assert calendar.working_days_between(day, calendar.add_working_days(day, count)) == count


@settings(deadline=None)
@given(calendars, days, counts, st.integers(0, 30))
def test_later_days_and_more_days_come_no_earlier(
    calendar: WorkingCalendar, day: date, count: int, later: int
):
    found = calendar.add_working_days(day, count)
    assert found < calendar.add_working_days(day, count + 1)
    assert found <= calendar.add_working_days(day + timedelta(days=later), count)


@settings(deadline=None)
@given(calendars, days, st.integers(-30, 60), st.integers(0, 60))
def test_spans_add_up(calendar: WorkingCalendar, day: date, first: int, more: int):
    middle, last = day + timedelta(days=first), day + timedelta(days=first + more)
    whole = calendar.working_days_between(day, last)
    if first >= 0:
        assert whole == calendar.working_days_between(day, middle) + calendar.working_days_between(
            middle, last
        )
    else:
        assert calendar.working_days_between(day, middle) == 0


@pytest.mark.parametrize("count", [0, -1])
def test_a_number_of_days_is_at_least_one(count: int):
    with pytest.raises(ValueError, match="not a number of working days"):
        SWAP.add_working_days(FRIDAY, count)


@pytest.mark.django_db
def test_the_rows_of_the_database_are_asked_once(django_assert_num_queries):
    Holiday.objects.create(on=date(2024, 4, 29), name="Nghỉ hoán đổi")
    Holiday.objects.create(on=date(2024, 5, 4), name="Làm bù", is_working_day=True)
    with django_assert_num_queries(1):
        assert add_working_days(FRIDAY, 40) == date(2024, 6, 21)
    with django_assert_num_queries(1):
        assert working_days_between(FRIDAY, date(2024, 5, 6)) == 6
    with django_assert_num_queries(1):
        assert is_working_day(date(2024, 5, 4))
    assert not is_working_day(date(2024, 4, 29))
