"""WF-08: two tabs save the same criterion. The lost update exists, and the version ends it."""

from collections.abc import Callable
from functools import partial

import pytest

from accounts import audit
from accounts.models import AuditEntry
from assessments.actions import answering
from assessments.models import Assessment, CriterionResult, Transition
from tests import cast
from tests.assessments.test_races import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 40


def saver(assessment: Assessment, by, *, note: str, version: int) -> Callable[[], object]:
    """Somebody's press on a form that shows this version."""
    criterion = assessment.round.criteria_set.criteria.get(code="C02")
    return partial(
        answering.save_criterion,
        fresh(assessment),
        criterion,
        cast.values(criterion, met=by.username == "lan"),
        note=note,
        version=version,
        by=by,
        now=cast.NOW,
    )


def test_wf_08_without_the_version_the_first_text_is_lost(
    assessment: Assessment, people: cast.People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_blindly(assessment, result, version, written) -> None:
        CriterionResult.objects.filter(pk=result.pk).update(version=version + 1, **written)

    cast.answer(assessment, "C02", by=people.officer)
    monkeypatch.setattr(answering, "write", write_blindly)
    results = at_once(
        [
            saver(assessment, people.commander, note="Của chị Lan", version=1),
            saver(assessment, people.officer, note="Của anh Minh", version=1),
        ]
    )
    # Both were told that they saved; only one text is left.
    assert all(isinstance(one, CriterionResult) for one in results), results
    assert assessment.results.get(criterion__code="C02").note in {"Của chị Lan", "Của anh Minh"}
    assert AuditEntry.objects.filter(event="answer_saved").count() == 3


def test_wf_08_with_the_version_nothing_is_lost_in_many_rounds(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer(assessment, "C02", by=people.officer)
    for version in range(1, ROUNDS + 1):
        notes = {"lan": f"Lan {version}", "minh": f"Minh {version}"}
        results = at_once(
            [
                saver(assessment, by, note=notes[by.username], version=version)
                for by in (people.commander, people.officer)
            ]
        )
        lost = [one for one in results if isinstance(one, answering.VersionConflict)]
        won = [one for one in results if isinstance(one, CriterionResult)]
        assert (len(lost), len(won)) == (1, 1), results
        stored = assessment.results.get(criterion__code="C02")
        assert (stored.version, stored.note) == (version + 1, won[0].note)
        # The loser is shown what the winner wrote, and keeps his own text in his hands.
        assert lost[0].current.note == won[0].note
        # Result and answers are of one version, never half of each.
        met = assessment.answers.get(indicator__code="2a").yes
        assert met is (stored.updated_by == people.commander)
    assert audit.first_broken() is None


def test_two_people_start_a_file_at_the_same_instant(
    assessment: Assessment, people: cast.People
) -> None:
    criteria = {one.code: one for one in assessment.round.criteria_set.criteria.all()}
    results = at_once(
        [
            partial(
                answering.save_criterion,
                fresh(assessment),
                criteria[code],
                cast.values(criteria[code]),
                note="",
                version=0,
                by=by,
                now=cast.NOW,
            )
            for code, by in (("C01", people.officer), ("C03", people.commander))
        ]
    )
    assert all(isinstance(one, CriterionResult) for one in results), results
    assert Transition.objects.filter(event="assessment_started").count() == 1
