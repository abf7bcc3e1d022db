"""The whole road of one file, by the people who walk it."""

import pytest

from accounts.access import NotAllowed, NotReady
from accounts.audit import first_broken
from accounts.models import AuditEntry
from assessments.actions import answering, recognising, reviewing, submitting
from assessments.models import Assessment, Recognition, Transition
from assessments.workflow import Status
from criteria.scale import Outcome
from tests import cast


def test_from_not_started_to_recognised(assessment: Assessment, people: cast.People) -> None:
    cast.recognise(assessment, people)

    assessment.refresh_from_db()
    assert assessment.status == Status.RECOGNISED
    assert [t.target for t in assessment.transitions.all()] == [
        "in_progress",
        "submitted",
        "under_review",
        "verified",
        "proposed",
        "recognised",
    ]
    recognition = Recognition.objects.get(unit=assessment.unit)
    assert recognition.for_year == 2023
    assert recognition.document.number == "99/QĐ-BCA"
    assert first_broken() is None


def test_a_file_with_gaps_is_refused_and_stays_as_it_was(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer(assessment, "C01", by=people.officer)
    entries = AuditEntry.objects.count()

    with pytest.raises(submitting.Incomplete) as refusal:
        submitting.submit(assessment, by=people.commander, now=cast.NOW)

    assert [gap.criterion.code for gap in refusal.value.gaps] == ["C02", "C03"]
    assert "C02, C03" in refusal.value.sentence
    assessment.refresh_from_db()
    assert assessment.status == Status.IN_PROGRESS
    assert assessment.submissions.count() == 0
    assert AuditEntry.objects.count() == entries


def test_only_the_commander_submits(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.officer)
    for stranger in (people.officer, people.other_commander, people.reviewer, people.leader):
        with pytest.raises(NotAllowed):
            submitting.submit(assessment, by=stranger, now=cast.NOW)
    assert submitting.submit(assessment, by=people.commander, now=cast.NOW).number == 1


def test_submitting_twice_gives_one_receipt(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.officer)
    stale = Assessment.objects.get(pk=assessment.pk)
    first = submitting.submit(assessment, by=people.commander, now=cast.NOW)
    second = submitting.submit(stale, by=people.commander, now=cast.NOW)
    assert first == second
    assert Transition.objects.filter(event="assessment_submitted").count() == 1


def test_two_tabs_do_not_overwrite_each_other(assessment: Assessment, people: cast.People) -> None:
    criterion = assessment.round.criteria_set.criteria.get(code="C02")
    cast.answer(assessment, "C02", by=people.officer)
    with pytest.raises(answering.VersionConflict) as conflict:
        answering.save_criterion(
            assessment,
            criterion,
            cast.values(criterion, met=False),
            note="bản thứ hai",
            version=0,
            by=people.commander,
            now=cast.NOW,
        )
    assert conflict.value.current.updated_by == people.officer
    assert assessment.results.get(criterion=criterion).outcome == Outcome.MET


def test_a_submitted_file_is_closed_to_the_station(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submission = submitting.submit(assessment, by=people.commander, now=cast.NOW)
    with pytest.raises(NotReady, match=submission.receipt):
        cast.answer(assessment, "C01", by=people.officer, met=False)
    submitting.withdraw(assessment, by=people.commander, now=cast.NOW)
    cast.answer(assessment, "C01", by=people.officer, met=False)
    assert assessment.results.get(criterion__code="C01").outcome == Outcome.NOT_MET


def test_returned_with_reasons_and_handed_in_again(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    cast.accept_all(assessment, by=people.reviewer)
    with pytest.raises(NotReady, match="Yêu cầu bổ sung"):
        reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    reviewing.save_verdict(
        assessment,
        criterion,
        decision="more",
        comment="Thiếu báo cáo quý IV",
        version=1,
        by=people.reviewer,
        now=cast.NOW,
    )
    with pytest.raises(reviewing.ReviewIncomplete):
        reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    reviewing.return_to_station(assessment, comment="", by=people.reviewer, now=cast.NOW)

    cast.answer(assessment, "C03", by=people.officer, note="đã bổ sung báo cáo quý IV")
    again = submitting.submit(assessment, by=people.commander, now=cast.NOW)

    assert again.number == 2
    carried = again.verdicts.values_list("criterion__code", flat=True)
    assert list(carried) == ["C01", "C02"]
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    assert assessment.status == Status.VERIFIED
    # The first submission and what was found of it are still there, beside the second.
    first = assessment.submissions.get(number=1)
    assert first.verdicts.get(criterion=criterion).comment == "Thiếu báo cáo quý IV"


def test_unmet_criteria_stop_the_proposal(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.officer, failing=("C02",))
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    cast.accept_all(assessment, by=people.reviewer)
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=cast.NOW)
    with pytest.raises(NotReady, match="C02"):
        recognising.propose(assessment, by=people.coordinator, now=cast.NOW)
    assert assessment.status == Status.VERIFIED


def test_the_second_reviewer_is_told_who_was_first(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.officer)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    stale = Assessment.objects.get(pk=assessment.pk)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    with pytest.raises(NotReady, match="Phạm Phương Thảo"):
        reviewing.claim(stale, by=people.second_reviewer, now=cast.NOW)
    assert Assessment.objects.get(pk=assessment.pk).reviewer == people.reviewer


def test_nobody_reviews_a_file_of_their_own(
    assessment: Assessment, people: cast.People, places: cast.Places
) -> None:
    both = cast.person("kiem", "Lý Kiêm Nhiệm", cast.Role.OFFICER, unit=places.ward)
    cast.Posting.objects.create(
        user=both,
        role=cast.Role.REVIEWER,
        province=places.province,
        starts=cast.date(2020, 1, 1),
    )
    cast.attach_scope(both, cast.DAY)
    cast.answer_all(assessment, by=both)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    with pytest.raises(NotAllowed, match="không tự thẩm định"):
        reviewing.claim(assessment, by=both, now=cast.NOW)
    # Moving away from the station does not wash off having written the file.
    cast.Posting.objects.filter(user=both, role=cast.Role.OFFICER).update(
        ends=cast.date(2023, 1, 1)
    )
    cast.attach_scope(both, cast.DAY)
    with pytest.raises(NotAllowed, match="không tự thẩm định"):
        reviewing.claim(assessment, by=both, now=cast.NOW)
    with pytest.raises(NotAllowed):
        reviewing.claim(assessment, by=people.far_reviewer, now=cast.NOW)
