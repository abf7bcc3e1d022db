"""Thẩm định lần hai: drawn by lot, given blindly by another, changing nothing."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry
from assessments.actions import appealing, reviewing, second_review
from assessments.actions.second_look import is_drawn
from assessments.models import Assessment, SecondReview
from tests import cast
from tests.assessments.contested import conclude, contest, verdict_of

LATER = cast.NOW + timedelta(days=3)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@pytest.fixture
def drawn(assessment: Assessment, people: cast.People, settings) -> Assessment:
    """Lan's concluded file, of which every verdict was drawn."""
    settings.SECOND_REVIEW_PERCENT = 100
    return conclude(assessment, people)


def task(assessment: Assessment, code: str = "C03") -> SecondReview:
    return SecondReview.objects.with_criterion().get(
        submission__assessment=assessment, criterion__code=code
    )


@settings(deadline=None)
@given(digests, st.integers(0, 100))
def test_the_lot_is_the_same_every_time_and_grows_with_the_share(sha256: str, percent: int) -> None:
    assert not is_drawn(sha256, "C01", percent=0)
    assert is_drawn(sha256, "C01", percent=100)
    found = is_drawn(sha256, "C01", percent=percent)
    assert found == is_drawn(sha256, "C01", percent=percent)
    if found:
        assert is_drawn(sha256, "C01", percent=min(100, percent + 1))


def test_the_share_that_is_drawn_is_about_the_share_that_is_set() -> None:
    drawn = sum(is_drawn(f"{n:064x}", f"C{n % 22}", percent=5) for n in range(20_000))
    assert 850 <= drawn <= 1150


def test_the_conclusion_draws_with_the_first_outcomes(drawn: Assessment) -> None:
    found = {one.criterion.code: one.first_outcome for one in SecondReview.objects.all()}
    assert found == {"C01": "met", "C02": "met", "C03": "not_met"}
    assert all(one.drawn_at == cast.NOW for one in SecondReview.objects.all())


def test_nothing_is_drawn_when_switched_off(
    assessment: Assessment, people: cast.People, settings
) -> None:
    settings.SECOND_REVIEW_PERCENT = 0
    conclude(assessment, people)
    assert not SecondReview.objects.exists()


def test_a_review_opened_again_is_not_drawn_twice(drawn: Assessment, people: cast.People) -> None:
    second_review.save_second_review(
        task(drawn, "C01"), outcome="met", comment="", by=people.second_reviewer, now=LATER
    )
    reviewing.reopen(drawn, comment="Xem lại", by=people.coordinator, now=LATER)
    for code in ("C01", "C03"):
        reviewing.save_verdict(
            drawn,
            verdict_of(drawn, code).criterion,
            decision="adjust",
            outcome="awaiting",
            comment="Chờ quyết định",
            version=verdict_of(drawn, code).version,
            by=people.reviewer,
            now=LATER,
        )
    reviewing.conclude(drawn, comment="", by=people.reviewer, now=LATER)
    found = {one.criterion.code: one.first_outcome for one in SecondReview.objects.all()}
    # What was given already stays compared with what it was drawn from.
    assert found == {"C01": "met", "C02": "met", "C03": "awaiting"}


def test_another_reviewer_gives_it_and_no_figure_changes(
    drawn: Assessment, people: cast.People
) -> None:
    before = verdict_of(drawn)
    second_review.save_second_review(
        task(drawn), outcome="met", comment="", by=people.second_reviewer, now=LATER
    )
    stored = SecondReview.objects.get(criterion__code="C03")
    assert (stored.first_outcome, stored.outcome) == ("not_met", "met")
    assert (stored.decided_by, stored.decided_at) == (people.second_reviewer, LATER)
    after = verdict_of(drawn)
    assert (after.outcome, after.version) == (before.outcome, before.version)
    drawn.refresh_from_db()
    assert drawn.status == "verified"
    entry = AuditEntry.objects.latest("sequence")
    assert entry.event == "second_review_saved"
    assert "not_met" not in str(entry.details)


def test_whoever_judged_before_does_not_judge_blindly(
    drawn: Assessment, people: cast.People
) -> None:
    appealing.decide_appeal(
        contest(drawn, people), outcome="met", comment="Đủ", by=people.second_reviewer, now=LATER
    )
    # The decision of the appeal took the verdict over: neither reviewer is blind now.
    for other in (people.reviewer, people.second_reviewer):
        with pytest.raises(NotAllowed, match="cán bộ khác"):
            second_review.save_second_review(
                task(drawn), outcome="met", comment="", by=other, now=LATER
            )
    tasks = second_review.tasks_of(people.second_reviewer)
    assert {one.criterion.code for one in tasks} == {"C01", "C02"}
    assert not second_review.tasks_of(people.reviewer).exists()
    for other in (people.commander, people.coordinator, people.far_reviewer):
        with pytest.raises(NotAllowed):
            second_review.save_second_review(
                task(drawn, "C01"), outcome="met", comment="", by=other, now=LATER
            )
    assert not second_review.tasks_of(people.far_reviewer).exists()


@pytest.mark.parametrize(
    ("outcome", "comment", "sentence"),
    [
        ("", "Đủ", "Cần chọn kết quả"),
        ("exempt", "Đủ", "Cần chọn kết quả"),
        ("not_met", " ", "Cần nêu ý kiến"),
    ],
)
def test_it_needs_an_outcome_and_words_where_it_differs(
    drawn: Assessment, people: cast.People, outcome: str, comment: str, sentence: str
) -> None:
    with pytest.raises(NotReady, match=sentence):
        second_review.save_second_review(
            task(drawn), outcome=outcome, comment=comment, by=people.second_reviewer, now=LATER
        )


def test_it_is_given_once(drawn: Assessment, people: cast.People, places: cast.Places) -> None:
    third = cast.person("nga", "Lý Thu Nga", cast.Role.REVIEWER, province=places.province)
    second_review.save_second_review(
        task(drawn), outcome="met", comment="", by=people.second_reviewer, now=LATER
    )
    with pytest.raises(NotReady, match="Đồng chí Võ Thanh Bình"):
        second_review.save_second_review(
            task(drawn), outcome="not_met", comment="Thiếu", by=third, now=LATER
        )
    assert SecondReview.objects.get(criterion__code="C03").outcome == "met"


def test_a_station_never_learns_what_was_drawn(drawn: Assessment, people: cast.People) -> None:
    assert not SecondReview.objects.visible_to(people.commander).exists()
    assert SecondReview.objects.visible_to(people.coordinator).count() == 3
    assert not SecondReview.objects.visible_to(people.far_reviewer).exists()
