"""Two presses, or a press and a colleague, at the same instant: one import, nothing overwritten."""

from functools import partial

import pytest

from accounts import audit
from assessments.actions import answering, importing
from assessments.actions.answering import VersionConflict
from assessments.actions.importing import Filled, Wanted
from assessments.models import Assessment, WorkbookImport
from assessments.outcome import AnswerValue
from tests import cast
from tests.assessments.test_races import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def keep(assessment: Assessment, people: cast.People) -> WorkbookImport:
    return importing.keep_workbook(
        fresh(assessment), name="phieu.xlsx", sha256="0", plan={}, by=people.officer, now=cast.NOW
    )


def wanted(assessment: Assessment, code: str, note: str) -> Wanted:
    criterion = assessment.round.criteria_set.criteria.with_indicators().get(code=code)
    version = assessment.results.get(criterion=criterion).version
    return Wanted(criterion, Filled(code, version, {}, note, "", confirmed=False), version)


def copy_of(waiting: WorkbookImport, assessment: Assessment) -> WorkbookImport:
    found = WorkbookImport.objects.get(pk=waiting.pk)
    found.assessment = fresh(assessment)
    return found


def test_wf_07_two_confirmations_are_one_import(
    assessment: Assessment, people: cast.People
) -> None:
    for number in range(1, ROUNDS + 1):
        waiting = keep(assessment, people)
        one = wanted(assessment, "C02", f"lần {number}")
        results = at_once(
            [
                partial(
                    importing.apply_workbook,
                    copy_of(waiting, assessment),
                    [one],
                    kept=[],
                    by=people.officer,
                    now=cast.NOW,
                )
                for _ in range(4)
            ]
        )
        assert sorted(map(str, results)) == ["False", "False", "False", "True"]
        assert assessment.results.get(criterion__code="C02").version == number
    assert audit.first_broken() is None


def test_wf_08_an_import_and_a_save_at_the_same_instant(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    for number in range(ROUNDS):
        waiting = keep(assessment, people)
        first, second = (wanted(assessment, code, f"tệp {number}") for code in ("C01", "C02"))
        results = at_once(
            [
                partial(
                    importing.apply_workbook,
                    copy_of(waiting, assessment),
                    [first, second],
                    kept=[],
                    by=people.officer,
                    now=cast.NOW,
                ),
                partial(
                    answering.save_criterion,
                    fresh(assessment),
                    second.criterion,
                    {second.criterion.indicators.all()[0].pk: AnswerValue(yes=True)},
                    note=f"cổng {number}",
                    version=second.version,
                    by=people.commander,
                    now=cast.NOW,
                ),
            ]
        )
        lost = [one for one in results if isinstance(one, VersionConflict)]
        assert len(lost) == 1, results
        notes = {one.criterion.code: one.note for one in assessment.results.all()}
        imported = results[0] is True
        # All or nothing: the first criterion is imported only together with the second.
        assert notes["C02"] == (f"tệp {number}" if imported else f"cổng {number}")
        assert (notes["C01"] == f"tệp {number}") == imported
        waiting.refresh_from_db()
        assert (waiting.applied_at is not None) == imported
    assert audit.first_broken() is None
