"""The wall in the database: what was handed in does not change, whoever asks (WF-02, WF-03)."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.actions import duty_reports, submitting
from assessments.actions.duty_reports import DutyDraft
from assessments.models import (
    Answer,
    Assessment,
    Attachment,
    CriterionResult,
    DutyAnswer,
    DutyReport,
    RoundLock,
    Submission,
    Transition,
)
from criteria.models import Duty, Programme
from tests import cast
from tests.assessments import duties as stage

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


def raw(statement: str) -> Callable[[DutyReport], object]:
    """A statement as a shell on the database would send it."""

    def write(report: DutyReport) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return write


REPORT_WRITES: dict[str, Callable[[DutyReport], object]] = {
    "change the report": lambda report: DutyReport.objects.filter(pk=report.pk).update(
        difficulties="khác"
    ),
    "take it back": lambda report: DutyReport.objects.filter(pk=report.pk).update(
        submitted_at=None, submitted_by=None, receipt=""
    ),
    "delete the report": raw("DELETE FROM assessments_dutyreport"),
    "change it in the shell": raw("UPDATE assessments_dutyreport SET year = 2022"),
    "change an answer": lambda report: report.answers.update(text="khác"),
    "delete the answers": lambda report: report.answers.all().delete(),
    "delete them in the shell": raw("DELETE FROM assessments_dutyanswer"),
    "add an answer": lambda report: DutyAnswer.objects.create(
        report=report, duty=a_further_duty(report), progress="done"
    ),
    "move an answer in": lambda report: move_in(report),
    "move an answer out": lambda report: report.answers.update(report=a_draft_beside(report)),
}


def a_further_duty(report: DutyReport) -> Duty:
    return Duty.objects.create(
        programme=report.programme, agency=report.agency, text=stage.FUNDS, position=9
    )


def a_draft_beside(report: DutyReport) -> DutyReport:
    return DutyReport.objects.create(
        programme=report.programme,
        agency=report.agency,
        year=report.year,
        number=report.number + 1,
        updated_at=cast.NOW,
        updated_by=report.updated_by,
    )


def move_in(report: DutyReport) -> None:
    draft = a_draft_beside(report)
    DutyAnswer.objects.create(report=draft, duty=a_further_duty(report), progress="done")
    draft.answers.update(report=report)


@pytest.mark.parametrize("name", REPORT_WRITES)
def test_raw_writes_to_a_duty_report_handed_in_are_refused(
    name: str, programme: Programme, places: cast.Places, people: cast.People
) -> None:
    duties = stage.give(programme, places.agency)
    report = stage.handed_in(programme, people, duties, now=cast.NOW)
    with pytest.raises(DatabaseError, match="handed in"), transaction.atomic():
        REPORT_WRITES[name](report)
    kept = DutyReport.objects.get()
    assert (kept.receipt, kept.submitted_at) == (report.receipt, report.submitted_at)
    assert DutyDraft.of(kept) == stage.whole(duties)


def test_a_draft_of_a_duty_report_may_still_be_changed_and_deleted(
    programme: Programme, places: cast.Places, people: cast.People
) -> None:
    duties = stage.give(programme, places.agency)
    task = stage.the_task(programme, places.agency)
    for version in (0, 1):
        draft = duty_reports.save(
            task,
            stage.whole(duties),
            number=1,
            version=version,
            by=people.rapporteur,
            now=cast.NOW,
        )
    assert draft.answers.update(text="khác") == 2
    draft.answers.all().delete()
    draft.delete()
    assert not DutyReport.objects.exists()
