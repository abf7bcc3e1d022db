"""The wall in the database: what was handed in does not change, whoever asks (WF-02, WF-03)."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from assessments.actions import submitting
from assessments.models import (
    Answer,
    Assessment,
    Attachment,
    CriterionResult,
    RoundLock,
    Submission,
    Transition,
)
from tests import cast

WRITES: dict[str, Callable[[Assessment], object]] = {
    "change an answer": lambda file: Answer.objects.filter(assessment=file).update(number=3),
    "delete answers": lambda file: Answer.objects.filter(assessment=file).delete(),
    "add an answer": lambda file: Answer.objects.bulk_create(
        [
            Answer(
                assessment=file,
                indicator=file.round.criteria_set.criteria.get(code="C03").indicators.get(),
            )
        ]
    ),
    "change a result": lambda file: CriterionResult.objects.filter(assessment=file).update(
        note="khác"
    ),
    "take evidence off": lambda file: Attachment.objects.filter(assessment=file).delete(),
}


def refused(write: Callable[[Assessment], object], file: Assessment) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write(file)


@pytest.mark.parametrize("name", WRITES)
def test_wf_02_raw_writes_to_a_submitted_file_are_refused(
    name: str, assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    refused(WRITES[name], assessment)


@pytest.mark.parametrize("name", WRITES)
def test_wf_03_raw_writes_to_a_closed_round_are_refused(
    name: str, assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.commander)
    RoundLock.objects.create(
        round=assessment.round, locked_at=cast.NOW, locked_by=people.coordinator
    )
    refused(WRITES[name], assessment)


def test_what_was_handed_in_is_written_once(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    for write in (
        lambda _: Submission.objects.update(met=3),
        lambda _: Submission.objects.filter(assessment=assessment).delete(),
        lambda _: Transition.objects.update(comment="khác"),
        lambda _: Transition.objects.filter(assessment=assessment).delete(),
    ):
        refused(write, assessment)
