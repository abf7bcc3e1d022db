"""Fixtures shared by all tests: places, people, a small programme and its round of 2023."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from assessments.deriving.keeping import differences
from assessments.models import Assessment
from criteria.models import CriteriaSet, Programme, Round
from tests import cast


@pytest.fixture(scope="session", autouse=True)
def emptying_between_tests_passes_the_guards() -> Iterator[None]:
    """SQLite empties tables row by row, which the database's guards rightly refuse."""
    if connection.vendor != "sqlite":
        yield
        return
    triggers = {
        name: statement
        for app in ("criteria", "assessments")
        for name, statement in import_module(f"{app}.migrations.0002_guards")
        .sqlite_triggers()
        .items()
    }
    # On the class: the browser's loop gives plays a connection object of their own.
    operations = type(connection.ops)
    real = operations.sql_flush

    def sql_flush(*args: Any, **kwargs: Any) -> list[str]:
        emptied = real(*args, **kwargs)
        return [
            *(f"DROP TRIGGER IF EXISTS {name}" for name in triggers),
            *emptied,
            *triggers.values(),
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def derived_states_are_in_step(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does to files: how they stand is what follows from their rows, afterwards.

    Not after a test that writes rows past the actions, which is marked `out_of_step`.
    """
    uses = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not uses and request.node.get_closest_marker("django_db") is None:
        yield
        return
    # Set up first, so that the database is still there when this looks into it.
    request.getfixturevalue("_django_db_helper")
    yield
    if request.node.get_closest_marker("out_of_step") is None and not connection.needs_rollback:
        assert list(differences(Assessment.objects.values_list("pk", flat=True))) == []


@pytest.fixture
def places(db: None) -> cast.Places:
    return cast.make_places()


@pytest.fixture
def people(places: cast.Places) -> cast.People:
    return cast.make_people(places)


@pytest.fixture
def criteria_set(db: None) -> CriteriaSet:
    return cast.make_criteria_set()


@pytest.fixture
def programme(places: cast.Places, criteria_set: CriteriaSet) -> Programme:
    return cast.make_programme(places, criteria_set)


@pytest.fixture
def round_(programme: Programme) -> Round:
    return cast.open_2023(programme)


@pytest.fixture
def assessment(round_: Round, places: cast.Places) -> Assessment:
    """The file of the ward that Lan commands."""
    return Assessment.objects.with_places().get(round=round_, unit=places.ward)


@pytest.fixture
def other_assessment(round_: Round, places: cast.Places) -> Assessment:
    """The file of the other ward."""
    return Assessment.objects.with_places().get(round=round_, unit=places.other_ward)


@pytest.fixture
def sign_in(client: Client):
    """Sign somebody in without the form: `sign_in(people.reviewer).get(...)`."""

    def enter(user: User) -> Client:
        client.force_login(user)
        return client

    return enter
