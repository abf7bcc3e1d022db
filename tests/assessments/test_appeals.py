"""Phúc tra: once per criterion, in time, decided by another reviewer; all views are kept."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.access import NotAllowed, NotReady
from accounts.models import AuditEntry, User
from assessments.actions import appealing, recognising, reviewing, submitting
from assessments.models import Appeal, Assessment
from criteria.scale import Outcome
from tests import cast
from tests.assessments.contested import (
    CONTEST,
    FIRST_WORDS,
    conclude,
    contest,
    criterion_of,
    verdict_of,
)
from wards.models import Holiday

LATER = cast.NOW + timedelta(days=3)


@pytest.fixture
def verified(assessment: Assessment, people: cast.People) -> Assessment:
    """Lan's file, concluded on Friday 10/11/2023 with C03 adjusted to not met."""
    return conclude(assessment, people)


def vietnam(day: date, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, second), timezone.get_default_timezone())


def decide(appeal: Appeal, people: cast.People, outcome: str = Outcome.MET) -> Appeal:
    return appealing.decide_appeal(
        appeal, outcome=outcome, comment="Sổ đủ 10 tin", by=people.second_reviewer, now=LATER
    )


def test_an_appeal_freezes_the_first_verdict(verified: Assessment, people: cast.People) -> None:
    appeal = contest(verified, people)
    assert (appeal.first_decision, appeal.first_outcome) == ("adjust", "not_met")
    assert (appeal.first_comment, appeal.first_by) == (FIRST_WORDS, people.reviewer)
    assert appeal.first_at == cast.NOW
    assert appeal.submission == verified.submissions.get()
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.event, entry.details["criterion"]) == ("appeal_filed", "C03")
    assert entry.details["first"]["comment"] == FIRST_WORDS


def test_the_period_is_five_working_days_to_the_end_of_the_day(verified: Assessment) -> None:
    assert verified.verified_at is not None
    period = appealing.window(verified.verified_at, now=cast.NOW)
    assert period.closes_at == vietnam(date(2023, 11, 17), 23, 59, 59).replace(microsecond=999999)
    assert (period.days_left, period.is_open, period.unknown_years) == (5, True, (2023,))
    Holiday.objects.create(on=date(2023, 11, 14), name="Nghỉ")
    Holiday.objects.create(on=date(2023, 11, 11), name="Làm bù", is_working_day=True)
    Holiday.objects.create(on=date(2023, 11, 16), name="Nghỉ")
    moved = appealing.window(verified.verified_at, now=cast.NOW)
    assert timezone.localdate(moved.closes_at) == date(2023, 11, 20)
    assert moved.unknown_years == ()


def test_wf_11_the_last_second_is_in_time_and_the_next_is_not(
    verified: Assessment, people: cast.People
) -> None:
    with pytest.raises(NotReady) as refused:
        contest(verified, people, now=vietnam(date(2023, 11, 18), 0, 0))
    assert "Hết hạn đề nghị phúc tra lúc 23:59 ngày 17/11/2023 (giờ Việt Nam)" in str(refused.value)
    assert contest(verified, people, now=vietnam(date(2023, 11, 17), 23, 59, 59))


def test_each_criterion_is_contested_once(verified: Assessment, people: cast.People) -> None:
    decide(contest(verified, people), people, Outcome.NOT_MET)
    with pytest.raises(NotReady, match="mỗi tiêu chí chỉ đề nghị một lần"):
        contest(verified, people)
    assert Appeal.objects.count() == 1


def test_what_was_accepted_as_met_is_not_contested(
    verified: Assessment, people: cast.People
) -> None:
    with pytest.raises(NotReady, match="không có gì để phúc tra"):
        contest(verified, people, code="C01")


def test_an_appeal_needs_words(verified: Assessment, people: cast.People) -> None:
    with pytest.raises(NotReady, match="Cần nêu nội dung đề nghị phúc tra"):
        contest(verified, people, text="  \n")


def test_only_the_commander_of_the_station_contests(
    verified: Assessment, people: cast.People
) -> None:
    for other in (people.officer, people.other_commander, people.reviewer, people.coordinator):
        with pytest.raises(NotAllowed):
            appealing.file_appeal(
                verified, criterion_of(verified), text=CONTEST, by=other, now=cast.NOW
            )


def test_only_a_concluded_file_is_contested(assessment: Assessment, people: cast.People) -> None:
    with pytest.raises(NotReady, match="Đã thẩm định"):
        contest(assessment, people)


def test_another_reviewer_decides_and_the_verdict_follows(
    verified: Assessment, people: cast.People
) -> None:
    before = verdict_of(verified)
    appeal = decide(contest(verified, people), people)
    verdict = verdict_of(verified)
    assert (verdict.outcome, verdict.decision, verdict.comment) == ("met", "accept", "Sổ đủ 10 tin")
    assert (verdict.decided_by, verdict.decided_at) == (people.second_reviewer, LATER)
    assert verdict.version == before.version + 1
    # The appeal keeps both views.
    assert (appeal.first_outcome, appeal.first_comment) == ("not_met", FIRST_WORDS)
    assert (appeal.outcome, appeal.comment) == ("met", "Sổ đủ 10 tin")
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.event, entry.details["outcome"]) == ("appeal_decided", "met")


def test_a_third_outcome_is_an_adjustment(verified: Assessment, people: cast.People) -> None:
    decide(contest(verified, people), people, Outcome.AWAITING)
    verdict = verdict_of(verified)
    assert (verdict.decision, verdict.outcome) == ("adjust", "awaiting")


def test_a_verdict_that_stands_is_left_untouched(verified: Assessment, people: cast.People) -> None:
    appeal = decide(contest(verified, people), people, Outcome.NOT_MET)
    verdict = verdict_of(verified)
    assert (verdict.decided_by, verdict.comment) == (people.reviewer, FIRST_WORDS)
    assert verdict.version == 1
    assert (appeal.outcome, appeal.comment) == ("not_met", "Sổ đủ 10 tin")


def test_ac_10_neither_the_first_reviewer_nor_anyone_of_the_file_decides(
    verified: Assessment, people: cast.People
) -> None:
    appeal = contest(verified, people)
    for other in (
        people.reviewer,
        people.commander,
        people.coordinator,
        people.leader,
        people.far_reviewer,
    ):
        with pytest.raises(NotAllowed):
            appealing.decide_appeal(appeal, outcome="met", comment="x", by=other, now=LATER)
    appeal.refresh_from_db()
    assert appeal.decided_at is None


@pytest.mark.parametrize(
    ("outcome", "comment", "sentence"),
    [
        ("", "Đủ", "Cần chọn kết quả phúc tra"),
        ("unanswered", "Đủ", "Cần chọn kết quả phúc tra"),
        ("met", "  ", "Cần nêu ý kiến phúc tra"),
    ],
)
def test_a_decision_needs_an_outcome_and_words(
    verified: Assessment, people: cast.People, outcome: str, comment: str, sentence: str
) -> None:
    appeal = contest(verified, people)
    with pytest.raises(NotReady, match=sentence):
        appealing.decide_appeal(
            appeal, outcome=outcome, comment=comment, by=people.second_reviewer, now=LATER
        )
    assert verdict_of(verified).version == 1


def test_a_second_decision_is_told_of_the_first(verified: Assessment, people: cast.People) -> None:
    appeal = contest(verified, people)
    decide(appeal, people)
    with pytest.raises(NotReady) as refused:
        decide(appeal, people, Outcome.NOT_MET)
    assert "Đồng chí Võ Thanh Bình" in str(refused.value)
    assert "thao tác của đồng chí chưa được ghi" in str(refused.value)
    assert verdict_of(verified).outcome == "met"


def test_nothing_is_proposed_or_opened_again_while_an_appeal_waits(
    verified: Assessment, people: cast.People
) -> None:
    appeal = contest(verified, people)
    for act in (
        lambda: recognising.propose(verified, by=people.coordinator, now=LATER),
        lambda: reviewing.reopen(verified, comment="Xem lại", by=people.coordinator, now=LATER),
    ):
        with pytest.raises(NotReady, match=r"Còn 1 đề nghị phúc tra chưa kết luận \(C03\)"):
            act()
        verified.refresh_from_db()
        assert verified.status == "verified"
    decide(appeal, people)
    recognising.propose(verified, by=people.coordinator, now=LATER)
    with pytest.raises(NotReady, match="Đã thẩm định"):
        contest(verified, people)


def test_without_days_only_the_day_of_the_conclusion_is_left(
    verified: Assessment, people: cast.People, settings
) -> None:
    settings.APPEAL_WORKING_DAYS = 0
    with pytest.raises(NotReady, match="Hết hạn"):
        contest(verified, people)


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.NOT_MET])
def test_a_review_opened_again_does_not_rewrite_what_an_appeal_decided(
    verified: Assessment, people: cast.People, outcome: Outcome
) -> None:
    decide(contest(verified, people), people, outcome)
    reviewing.reopen(verified, comment="Có tình tiết mới", by=people.coordinator, now=LATER)
    before = verdict_of(verified)

    def rewrite(by: User) -> None:
        reviewing.save_verdict(
            verified,
            criterion_of(verified),
            decision="adjust",
            outcome="awaiting",
            comment="Chờ xếp loại",
            version=before.version,
            by=by,
            now=LATER,
        )

    with pytest.raises(NotReady, match="đã kết luận phúc tra tiêu chí C03"):
        rewrite(people.reviewer)
    assert verdict_of(verified).version == before.version
    # The other criteria are his to change, and another reviewer may take the file over.
    reviewing.save_verdict(
        verified,
        criterion_of(verified, "C01"),
        decision="adjust",
        outcome="awaiting",
        comment="Chờ xếp loại",
        version=1,
        by=people.reviewer,
        now=LATER,
    )
    reviewing.release(verified, by=people.coordinator, now=LATER)
    reviewing.claim(verified, by=people.second_reviewer, now=LATER)
    rewrite(people.second_reviewer)
    assert verdict_of(verified).outcome == Outcome.AWAITING


def test_whoever_concluded_with_anothers_verdict_does_not_decide_the_appeal(
    assessment: Assessment, people: cast.People
) -> None:
    cast.answer_all(assessment, by=people.commander)
    submitting.submit(assessment, by=people.commander, now=cast.NOW)
    reviewing.claim(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.save_verdict(
        assessment,
        criterion_of(assessment),
        decision="adjust",
        outcome="not_met",
        comment=FIRST_WORDS,
        version=0,
        by=people.reviewer,
        now=cast.NOW,
    )
    reviewing.release(assessment, by=people.reviewer, now=cast.NOW)
    reviewing.claim(assessment, by=people.second_reviewer, now=cast.NOW)
    cast.accept_rest(assessment, by=people.second_reviewer)
    reviewing.conclude(assessment, comment="", by=people.second_reviewer, now=cast.NOW)
    appeal = contest(assessment, people)
    assert appeal.first_by == people.reviewer
    with pytest.raises(NotAllowed, match="đã kết luận thẩm định phiếu này"):
        decide(appeal, people)
