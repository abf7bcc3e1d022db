"""How a file stood on every day, kept in one row and derived with each write."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from assessments.actions import answering, appealing, recognising, reviewing, submitting
from assessments.actions.moving import move
from assessments.deriving.days import day_of
from assessments.deriving.keeping import differences, in_step, touch
from assessments.deriving.words import DAY_WIDTH, as_known, day_sign
from assessments.models import Assessment, FileState, Submission
from assessments.workflow import Status
from tests import cast
from tests.assessments.contested import conclude, contest

FIRST = cast.NOW.date()


def later(days: int):
    return cast.NOW + timedelta(days=days)


def states(file: Assessment) -> list[FileState]:
    return list(file.states.order_by("since"))


def words(file: Assessment) -> str:
    return Assessment.objects.get(pk=file.pk).draft_outcomes


def test_a_file_has_a_state_from_the_day_it_is_opened(assessment: Assessment) -> None:
    [state] = states(assessment)
    assert (state.since, state.until, state.status) == (FIRST, None, Status.NOT_STARTED)
    assert (state.round_id, state.unit_id) == (assessment.round_id, assessment.unit_id)
    assert words(assessment) == "uuu"


def test_each_answer_is_one_letter_and_its_day(assessment: Assessment, people: cast.People) -> None:
    cast.answer(assessment, "C02", by=people.officer, now=later(3))
    cast.answer(assessment, "C03", by=people.officer, met=False, now=later(5))
    file = Assessment.objects.get(pk=assessment.pk)
    assert file.draft_outcomes == "umn"
    assert file.draft_days == "000" + "003" + "005"
    assert file.draft_changed_on == FIRST + timedelta(days=5)
    assert [one.status for one in states(file)] == ["not_started", "in_progress"]


def test_the_road_of_a_file_day_by_day(assessment: Assessment, people: cast.People) -> None:
    cast.answer_all(assessment, by=people.commander, now=later(1))
    submitting.submit(assessment, by=people.commander, now=later(2))
    cast.accept_all(assessment, by=people.reviewer, now=later(4))
    reviewing.conclude(assessment, comment="", by=people.reviewer, now=later(6))
    recognising.propose(assessment, by=people.coordinator, now=later(6))
    told = [
        (
            (one.since - FIRST).days,
            one.status,
            one.handed_in_outcomes,
            one.verified_outcomes,
            one.self_reached_on is not None,
            one.verified_reached_on is not None,
        )
        for one in states(assessment)
    ]
    assert told == [
        (0, "not_started", "", "", False, False),
        (1, "in_progress", "", "", False, False),
        (2, "submitted", "mmm", "", True, False),
        (4, "under_review", "mmm", "", True, False),
        (6, "proposed", "mmm", "mmm", True, True),
    ]
    assert [one.until for one in states(assessment)][:-1] == [
        one.since for one in states(assessment)
    ][1:]


def test_a_decision_on_an_appeal_begins_a_state_and_keeps_the_one_before(
    assessment: Assessment, people: cast.People
) -> None:
    appeal = contest(conclude(assessment, people), people)
    assert states(assessment)[-1].verified_outcomes == "mmn"
    appealing.decide_appeal(
        appeal, outcome="met", comment="Sổ đủ", by=people.second_reviewer, now=later(4)
    )
    before, after = states(assessment)[-2:]
    assert (before.verified_outcomes, before.verified_reached_on) == ("mmn", None)
    assert (after.since, after.verified_outcomes) == (FIRST + timedelta(days=4), "mmm")


def test_a_review_that_is_opened_again_leaves_what_stood_before(
    assessment: Assessment, people: cast.People
) -> None:
    conclude(assessment, people)
    assessment.refresh_from_db()
    reviewing.reopen(assessment, comment="Có quyết định mới", by=people.coordinator, now=later(2))
    assert states(assessment)[-1].verified_outcomes == ""
    assert states(assessment)[-2].verified_outcomes == "mmn"


def test_a_write_that_fails_derives_nothing(assessment: Assessment, people: cast.People) -> None:
    cast.answer(assessment, "C02", by=people.officer, now=later(1))
    assessment.refresh_from_db()
    with pytest.raises(submitting.Incomplete):
        submitting.submit(assessment, by=people.commander, now=later(2))
    assert [one.status for one in states(assessment)] == ["not_started", "in_progress"]
    criterion = assessment.round.criteria_set.criteria.get(code="C03")
    with pytest.raises(answering.VersionConflict):
        answering.save_criterion(
            assessment,
            criterion,
            cast.values(criterion),
            note="",
            version=7,
            by=people.officer,
            now=later(2),
        )
    assert words(assessment) == "umu"


def test_a_file_does_not_move_where_nobody_derives(
    assessment: Assessment, people: cast.People
) -> None:
    with pytest.raises(RuntimeError, match="in_step"):
        move(assessment, Status.IN_PROGRESS, by=people.commander, now=cast.NOW)


def test_inside_each_other_only_the_outermost_derives(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived: list[set[object]] = []
    monkeypatch.setattr("assessments.deriving.keeping.derive", lambda pks: derived.append(set(pks)))
    with in_step():
        with in_step():
            touch(assessment)
        assert derived == []
    assert derived == [{assessment.pk}]


@pytest.mark.out_of_step
def test_the_command_finds_and_mends_what_differs(
    assessment: Assessment, people: cast.People, capsys: pytest.CaptureFixture[str]
) -> None:
    cast.answer_all(assessment, by=people.commander, now=later(1))
    submitting.submit(assessment, by=people.commander, now=later(2))
    call_command("derive_states", "--check")
    assert "đều khớp" in capsys.readouterr().out
    FileState.objects.filter(assessment=assessment, status="submitted").update(
        handed_in_outcomes="nnn", since=FIRST + timedelta(days=9)
    )
    Assessment.objects.filter(pk=assessment.pk).update(draft_outcomes="nnn")
    with pytest.raises(CommandError, match="1/2 phiếu có tình trạng không khớp"):
        call_command("derive_states", "--check")
    call_command("derive_states")
    assert "lập lại 1 phiếu" in capsys.readouterr().out
    assert list(differences([assessment.pk])) == []
    call_command("derive_states", "--check")
    assert Submission.objects.count() == 1


@given(
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    st.lists(st.tuples(st.sampled_from("mnau"), st.integers(-5, 30_000)), min_size=1, max_size=22),
    st.integers(0, 30_000),
)
def test_what_was_answered_later_is_not_known(
    opened: date, answers: list[tuple[str, int]], after: int
) -> None:
    word = "".join(letter for letter, _ in answers)
    days = "".join(day_sign(opened, opened + timedelta(days=number)) for _, number in answers)
    assert len(days) == len(word) * DAY_WIDTH
    known = as_known(word, days, opened, opened + timedelta(days=after))
    assert known == "".join(letter if number <= after else "u" for letter, number in answers)


def test_the_day_is_that_of_viet_nam() -> None:
    assert day_of(cast.NOW) == FIRST


@pytest.fixture(autouse=True)
def states_follow_each_other(request: pytest.FixtureRequest) -> Iterator[None]:
    """Of each file, the states cover every day from its opening on, each once."""
    yield
    if "assessment" not in request.fixturenames:
        return
    for file in Assessment.objects.all():
        found = states(file)
        assert found[0].since == day_of(file.opened_at)
        assert [one.until for one in found] == [*(one.since for one in found[1:]), None]
