"""Every pair of statuses: what the table does not name is refused; what it names, only to some."""

import itertools
from pathlib import Path

import pytest
from django.conf import settings

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, Role, User
from assessments.actions.moving import move
from assessments.deriving.keeping import in_step
from assessments.management.commands.print_workflow import workflow_document
from assessments.models import Assessment, Transition
from assessments.workflow import MOVES, Status, find_move
from tests import cast

PAIRS = list(itertools.product(Status, Status))

pytestmark = pytest.mark.out_of_step


def who(people: cast.People, role: Role) -> User:
    """The person of the cast in this role at the place of the file."""
    return {
        Role.COMMANDER: people.commander,
        Role.OFFICER: people.officer,
        Role.REVIEWER: people.reviewer,
        Role.COORDINATOR: people.coordinator,
        Role.LEADER: people.leader,
        Role.MINISTRY_VIEWER: people.ministry_viewer,
        Role.RAPPORTEUR: people.rapporteur,
        Role.SYSTEM_ADMINISTRATOR: people.administrator,
    }[role]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_pair_of_statuses_for_every_role(
    source: Status, target: Status, assessment: Assessment, people: cast.People
) -> None:
    found = find_move(source, target)
    for role in Role:
        Assessment.objects.filter(pk=assessment.pk).update(status=source)
        assessment.status = source
        entries = AuditEntry.objects.count()
        by = who(people, role)
        allowed = found is not None and role in found.roles
        if allowed:
            with in_step():
                move(assessment, target, by=by, now=cast.NOW)
            assert AuditEntry.objects.count() == entries + 1
        else:
            with pytest.raises((NotAllowed, NotReady)), in_step():
                move(assessment, target, by=by, now=cast.NOW)
            assert AuditEntry.objects.count() == entries
        assessment.refresh_from_db()
        assert assessment.status == (target if allowed else source)


def test_nobody_moves_another_stations_or_provinces_file(
    assessment: Assessment, people: cast.People
) -> None:
    for found in MOVES:
        for stranger in (people.other_commander, people.far_reviewer):
            Assessment.objects.filter(pk=assessment.pk).update(status=found.source)
            assessment.status = found.source
            with pytest.raises(NotAllowed), in_step():
                move(assessment, found.target, by=stranger, now=cast.NOW)
    assert Transition.objects.count() == 0


def test_a_move_that_cannot_be_recorded_does_not_happen(
    assessment: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no record, no act")

    monkeypatch.setattr("assessments.actions.moving.audit.record", fail)
    with pytest.raises(RuntimeError, match="no record"), in_step():
        move(assessment, Status.IN_PROGRESS, by=people.commander, now=cast.NOW)
    assert Assessment.objects.get(pk=assessment.pk).status == Status.NOT_STARTED
    assert Transition.objects.count() == 0


def test_the_printed_life_cycle_is_the_real_one() -> None:
    printed = (Path(settings.BASE_DIR) / "docs" / "workflow.md").read_text()
    assert printed == workflow_document(), "run: manage.py print_workflow > docs/workflow.md"
