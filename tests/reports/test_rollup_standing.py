"""How a ward stands on a day: status, both outcomes, what is in its way, how late it is."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.deriving.keeping import derive
from assessments.models import Assessment, CriterionResult, DeadlineExtension, Decision
from assessments.workflow import Status
from criteria.models import Programme, Round
from criteria.scale import Outcome
from reports.rollup import (
    Count,
    Standing,
    by_criterion,
    by_group,
    latest_round,
    programme_standings,
    standings,
)
from reports.views.heat_table import heat_table
from tests.cast import handed_back
from tests.reports.conftest import TraVinh, at

OPENED = date(2023, 10, 25)
NOVEMBER = date(2023, 11, 10)
TODAY = date(2026, 11, 22)


@pytest.fixture
def round_(tra_vinh: TraVinh) -> Round:
    return tra_vinh.open(2023, OPENED)


def standing_of(tra_vinh: TraVinh, name: str, as_of: date, year: int = 2023) -> Standing:
    round_ = Round.objects.get(programme=tra_vinh.programme, year=year)
    (found,) = standings(round_, as_of=as_of, units={tra_vinh.unit(name).pk})
    return found


def test_a_file_nobody_began(tra_vinh: TraVinh, round_: Round) -> None:
    found = standings(round_, as_of=OPENED)
    names = [one.unit.full_name for one in found]
    assert names[0] == "Phường 1, TP Trà Vinh"
    assert names[8:] == [
        "Phường 9, TP Trà Vinh",
        "Phường 1, TX Duyên Hải",
        "Phường 2, TX Duyên Hải",
    ]
    assert len(found) == 11
    one = standing_of(tra_vinh, "P1", OPENED)
    assert (one.status, one.since, one.status_label) == ("not_started", OPENED, "Chưa bắt đầu")
    assert (one.self_assessed, one.verified, one.recognised) == (
        Count(0, 3),
        Count(0, 3),
        Count(0, 1),
    )
    assert set(one.outcomes.values()) == {"unanswered"}
    (blocker,) = one.blockers
    assert blocker.text == "Chưa bắt đầu tự đánh giá 3 tiêu chí."
    assert blocker.owner == "Công an Phường 1, TP Trà Vinh"
    assert blocker.next_step == "Công an phường bắt đầu tự đánh giá."


def test_a_draft_says_what_is_missing_and_who_must_act(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.answer(
        "P1",
        2023,
        NOVEMBER,
        {
            "C01": (Outcome.AWAITING, "Chưa đến kỳ xếp loại."),
            "C02": (Outcome.NOT_MET, "2b: 2 vụ, yêu cầu không có."),
        },
    )
    one = standing_of(tra_vinh, "P1", NOVEMBER)
    assert [(b.text, b.owner, b.since) for b in one.blockers] == [
        ("C01: Chưa đến kỳ xếp loại.", "Đảng ủy phường", NOVEMBER),
        ("C02: 2b: 2 vụ, yêu cầu không có.", "Công an Phường 1, TP Trà Vinh", NOVEMBER),
        ("C03: Chưa đánh giá.", "Công an Phường 1, TP Trà Vinh", OPENED),
    ]
    assert one.group_outcomes == {"1": "awaiting", "2": "not_met"}
    assert (one.is_missing, one.submitted_on, one.days_late) == (True, None, 0)


def test_special_answers_count_as_met(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in(
        "P1",
        2023,
        NOVEMBER,
        {"C02": (Outcome.EXEMPT, "Bão."), "C03": (Outcome.NO_CASE, "Không phát sinh.")},
    )
    one = standing_of(tra_vinh, "P1", NOVEMBER)
    assert one.self_assessed == Count(3, 3)
    assert set(one.self_outcomes.values()) == {"met"}
    (blocker,) = one.blockers
    assert (blocker.sentence, blocker.owner) == (
        "Công an tỉnh nhận phiếu và thẩm định.",
        "Cán bộ thẩm định",
    )


def test_both_answers_are_kept_apart(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P1", 2023, NOVEMBER)
    adjusted = {"C01": (Decision.ADJUST, Outcome.NOT_MET, "Đảng bộ chỉ hoàn thành tốt.")}
    december = date(2023, 12, 1)
    tra_vinh.review("P1", 2023, date(2023, 11, 20), Status.UNDER_REVIEW, adjusted)
    under_review = standing_of(tra_vinh, "P1", date(2023, 11, 20))
    assert under_review.verified == Count(0, 3), "notes of a reviewer are no finding"
    assert under_review.verified_outcomes == {}
    assert under_review.outcomes["C01"] == "met"

    tra_vinh.review("P1", 2023, december, Status.VERIFIED, adjusted)
    one = standing_of(tra_vinh, "P1", december)
    assert one.is_concluded
    assert (one.self_assessed, one.verified) == (Count(3, 3), Count(2, 3))
    assert (one.self_outcomes["C01"], one.verified_outcomes["C01"]) == ("met", "not_met")
    assert one.outcomes["C01"] == "not_met"
    (blocker,) = one.blockers
    assert (blocker.text, blocker.owner, blocker.since) == (
        "C01: Đảng bộ chỉ hoàn thành tốt.",
        "Đảng ủy phường",
        december,
    )


def test_a_returned_file_carries_the_words_of_the_reviewer(
    tra_vinh: TraVinh, round_: Round
) -> None:
    tra_vinh.hand_in("P1", 2023, NOVEMBER, {"C03": (Outcome.NOT_MET, "9/10.")})
    returned = date(2023, 11, 20)
    tra_vinh.review(
        "P1",
        2023,
        returned,
        Status.RETURNED,
        {"C02": (Decision.MORE, Outcome.MET, "Thiếu quyết định.")},
    )
    one = standing_of(tra_vinh, "P1", returned)
    assert [b.text for b in one.blockers] == ["C02: Thiếu quyết định.", "C03: 9/10."]
    assert one.blockers[0].owner == "Công an Phường 1, TP Trà Vinh"
    assert one.blockers[0].next_step == ("Công an phường bổ sung minh chứng cho C02 rồi nộp lại.")
    assert not one.is_missing, "it was handed in"
    # The station mends what it had called failing itself; the words stay until it hands in again.
    tra_vinh.answer("P1", 2023, date(2023, 11, 22), {"C03": (Outcome.MET, "10/10.")})
    one = standing_of(tra_vinh, "P1", date(2023, 11, 22))
    assert [b.text for b in one.blockers] == ["C02: Thiếu quyết định."]
    tra_vinh.hand_in("P1", 2023, date(2023, 11, 25))
    one = standing_of(tra_vinh, "P1", date(2023, 11, 25))
    assert [b.criterion for b in one.blockers] == [""]


def test_the_past_is_read_from_what_was_handed_in(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P1", 2023, NOVEMBER, {"C02": (Outcome.NOT_MET, "2 vụ.")})
    tra_vinh.review(
        "P1",
        2023,
        date(2023, 11, 20),
        Status.RETURNED,
        {"C02": (Decision.MORE, Outcome.NOT_MET, "Xem lại.")},
    )
    tra_vinh.answer("P1", 2023, date(2023, 12, 5), {"C02": (Outcome.MET, "0 vụ.")})
    then = standing_of(tra_vinh, "P1", date(2023, 11, 15))
    assert (then.status, then.self_assessed) == ("submitted", Count(2, 3))
    assert then.blockers[0].text == "C02: 2 vụ."
    now = standing_of(tra_vinh, "P1", date(2023, 12, 5))
    assert (now.status, now.self_assessed) == ("returned", Count(3, 3))


def test_a_draft_changed_later_is_not_known(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.answer("P1", 2023, NOVEMBER, {"C01": (Outcome.MET, "Đạt.")})
    tra_vinh.answer("P1", 2023, date(2023, 11, 12), {"C02": (Outcome.MET, "Đạt.")})
    one = standing_of(tra_vinh, "P1", NOVEMBER)
    assert one.self_assessed == Count(1, 3)
    assert one.self_outcomes["C02"] == "unanswered"


def test_recognition_ends_the_road(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P3", 2023, NOVEMBER)
    tra_vinh.verify("P3", 2023, date(2023, 12, 1))
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.PROPOSED, date(2024, 1, 5))
    one = standing_of(tra_vinh, "P3", date(2024, 1, 5))
    assert [b.sentence for b in one.blockers] == ["Chờ quyết định của Bộ trưởng Bộ Công an."]
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.RECOGNISED, date(2024, 4, 22))
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22))
    one = standing_of(tra_vinh, "P3", TODAY)
    assert (one.status, one.blockers, one.recognised) == ("recognised", (), Count(1, 1))
    assert one.recognition is not None
    assert one.recognition.document.number == "2204/QĐ-BCA"
    assert standing_of(tra_vinh, "P3", date(2024, 4, 21)).recognition is None


def test_a_recognition_holds_in_the_next_round(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22), revoked_on=date(2024, 9, 1))
    tra_vinh.open(2024, date(2024, 2, 1))
    assert standing_of(tra_vinh, "P3", date(2024, 5, 1), 2024).recognised == Count(1, 1)
    assert standing_of(tra_vinh, "P3", date(2024, 9, 1), 2024).recognised == Count(0, 1)


@pytest.mark.parametrize("end", ["revoked_on", "lapses_on"])
def test_a_recognised_file_says_when_its_recognition_is_over(
    tra_vinh: TraVinh, round_: Round, end: str
) -> None:
    tra_vinh.hand_in("P3", 2023, NOVEMBER)
    tra_vinh.verify("P3", 2023, date(2023, 12, 1))
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.PROPOSED, date(2024, 1, 5))
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.RECOGNISED, date(2024, 4, 22))
    recognition = tra_vinh.recognise("P3", 2023, date(2024, 4, 22))
    setattr(recognition, end, date(2024, 9, 1))
    recognition.save()

    before = standing_of(tra_vinh, "P3", date(2024, 8, 31))
    assert (before.status_label, before.badge) == ("Đã được công nhận", "recognised")
    assert before.next_step == "Duy trì kết quả."

    after = standing_of(tra_vinh, "P3", date(2024, 9, 1))
    assert (after.status_label, after.badge) == ("Công nhận đã hết hiệu lực", "recognition_ended")
    assert after.next_step == "Đăng ký kỳ sau để được xét lại."
    # The file itself keeps where it ended, and so does what the command prints.
    assert after.as_json()["status"] == "recognised"
    assert list(after.as_json()) == list(before.as_json())


def test_the_overview_shows_a_recognition_that_is_over(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P3", 2023, NOVEMBER)
    tra_vinh.verify("P3", 2023, date(2023, 12, 1))
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.PROPOSED, date(2024, 1, 5))
    tra_vinh.move(tra_vinh.files["P3", 2023], Status.RECOGNISED, date(2024, 4, 22))
    tra_vinh.recognise("P3", 2023, date(2024, 4, 22), revoked_on=date(2024, 9, 1))

    def table(day: date) -> str:
        found = standings(round_, as_of=day)
        heat = by_group(found)
        return heat_table(heat, lambda one: "", found, with_status=True).body

    assert "Đã được công nhận" in table(date(2024, 8, 31))
    assert "Công nhận đã hết hiệu lực" not in table(date(2024, 8, 31))
    over = table(date(2024, 9, 1))
    assert "Công nhận đã hết hiệu lực" in over
    assert "hourglass-split" in over
    assert "Đã được công nhận" not in over


def test_a_refusal_leaves_its_reason(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P3", 2023, NOVEMBER)
    tra_vinh.verify("P3", 2023, date(2023, 12, 1))
    file = tra_vinh.files["P3", 2023]
    tra_vinh.move(file, Status.PROPOSED, date(2024, 1, 5))
    tra_vinh.move(file, Status.NOT_RECOGNISED, date(2024, 4, 22), "Để xảy ra vụ cháy.")
    (blocker,) = standing_of(tra_vinh, "P3", TODAY).blockers
    assert (blocker.sentence, blocker.owner) == (
        "Để xảy ra vụ cháy.",
        "Công an Phường 3, TP Trà Vinh",
    )


@pytest.mark.parametrize(
    ("handed_in", "as_of", "days"),
    [
        (None, date(2023, 11, 14), 0),
        (None, date(2023, 11, 15), 1),
        (None, date(2023, 12, 14), 30),
        (date(2023, 11, 14), date(2023, 12, 14), 0),
        (date(2023, 11, 16), date(2023, 12, 14), 2),
    ],
)
def test_before_15_11_means_by_14_11(
    tra_vinh: TraVinh, round_: Round, handed_in: date | None, as_of: date, days: int
) -> None:
    if handed_in is not None:
        tra_vinh.hand_in("P1", 2023, handed_in)
    one = standing_of(tra_vinh, "P1", as_of)
    assert (one.days_late, one.is_missing) == (days, handed_in is None)


def test_the_days_left_are_those_of_the_units_own_deadline(
    tra_vinh: TraVinh, round_: Round
) -> None:
    assert standing_of(tra_vinh, "P1", NOVEMBER).days_left == 4
    DeadlineExtension.objects.create(
        assessment=tra_vinh.files["P1", 2023],
        before=round_.deadline,
        until=at(date(2023, 12, 1), hour=0),
        reason="Mưa lũ.",
        approver="Giám đốc Công an tỉnh",
        granted_at=at(date(2023, 11, 12)),
        granted_by=tra_vinh.clerk,
    )
    later = date(2023, 11, 20)
    with_more_time, others = (standing_of(tra_vinh, name, later) for name in ("P1", "P2"))
    assert (with_more_time.days_late, with_more_time.days_left) == (0, 10)
    assert (others.days_late, others.days_left) == (6, 0)
    assert standing_of(tra_vinh, "P1", NOVEMBER).days_left == 4, "not granted by then"


def test_a_file_taken_back_is_missing_again(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P1", 2023, NOVEMBER)
    tra_vinh.take_back("P1", 2023, date(2023, 11, 12))
    assert not standing_of(tra_vinh, "P1", NOVEMBER).is_missing
    one = standing_of(tra_vinh, "P1", date(2023, 11, 18))
    assert (one.is_missing, one.days_late) == (True, 4)


def test_before_any_round_there_is_the_roster(tra_vinh: TraVinh) -> None:
    for as_of, number in ((date(2024, 1, 1), 11), (date(2025, 2, 1), 9), (TODAY, 6)):
        found = programme_standings(tra_vinh.programme, as_of=as_of)
        assert len(found) == number
    assert found[0].as_json() == {
        "code": "29512",
        "name": "Phường Duyên Hải",
        "self": {"met": 0, "of": 0},
        "verified": {"met": 0, "of": 0},
        "recognised": {"met": 0, "of": 1},
        "status": None,
        "blockers": [],
    }
    assert found[0].status_label == "Chưa mở kỳ đánh giá"
    assert by_criterion(found).columns[0].tally.unanswered == 6


def test_the_latest_round_is_that_of_the_latest_year_reached(tra_vinh: TraVinh) -> None:
    def year(as_of: date) -> int | None:
        found = latest_round(tra_vinh.programme, as_of=as_of)
        return found.year if found is not None else None

    tra_vinh.open(2024, date(2023, 12, 1))
    assert year(date(2023, 11, 30)) is None
    assert year(date(2023, 12, 1)) == 2024, "opened ahead, and there is none other"
    tra_vinh.open(2023, date(2023, 12, 2))
    assert year(date(2023, 12, 2)) == 2023
    assert year(date(2024, 1, 1)) == 2024
    assert year(TODAY) == 2024


def test_matrices_and_counts_come_from_the_standings(tra_vinh: TraVinh, round_: Round) -> None:
    tra_vinh.hand_in("P1", 2023, NOVEMBER, {"C01": (Outcome.AWAITING, "Chờ.")})
    tra_vinh.hand_in("P3", 2023, NOVEMBER, {"C02": (Outcome.NOT_MET, "2 vụ.")})
    found = standings(round_, as_of=NOVEMBER)
    with CaptureQueriesContext(connection) as queries:
        criteria, groups = by_criterion(found), by_group(found)
        verified = by_criterion(found, "verified_outcomes")
    assert len(queries) == 0
    assert [column.code for column in criteria.columns] == ["C01", "C02", "C03"]
    assert criteria.columns[0].tally.as_json() == {
        "met": 1,
        "not_met": 0,
        "awaiting": 1,
        "unanswered": 9,
    }
    assert [(column.code, column.tally.not_met) for column in groups.columns] == [
        ("1", 0),
        ("2", 1),
    ]
    assert [one.unit.name for one in groups.units_with("2", Outcome.NOT_MET)] == ["Phường 3"]
    assert groups.units_with("9", Outcome.NOT_MET) == []
    assert {cell for row in verified.rows for cell in row.cells} == {"unanswered"}
    assert by_criterion([]).columns == ()


def test_the_number_of_queries_does_not_grow(many_wards: Callable[..., Programme]) -> None:
    needed = []
    for number in (3, 30):
        programme = Programme.objects.select_related("document").get(pk=many_wards(number).pk)
        # The later day finds everything as it is; the earlier one reads what was handed in.
        with handed_back(Assessment.objects.filter(round__programme=programme)):
            CriterionResult.objects.filter(assessment__round__programme=programme).update(
                updated_at=at(date(2024, 2, 1))
            )
        derive(list(Assessment.objects.values_list("pk", flat=True)))
        for as_of in (TODAY, date(2023, 12, 31)):
            with CaptureQueriesContext(connection) as queries:
                for one in programme_standings(programme, as_of=as_of):
                    assert one.unit.full_name
                    assert one.as_json()
            needed.append(len(queries))
    assert needed[:2] == needed[2:]
    assert max(needed) <= 23
