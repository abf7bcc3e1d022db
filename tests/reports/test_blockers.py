"""What is in the way: why, whose it is, since when, and the next act, for every case of a file."""

from datetime import date

import pytest

from assessments.models import Decision
from assessments.workflow import Status
from criteria.scale import Outcome
from reports.rollup.blockers import Blocker, Finding, Party, Ruling, find_blockers, party_of
from reports.rollup.frame import Frame, FrameCriterion
from reports.rollup.waiting import gathered

STATION = "Công an Phường 1, TP Trà Vinh"
WRITTEN, RULED, TOLD = date(2023, 11, 1), date(2023, 11, 10), date(2023, 11, 20)


def only(
    status: Status, outcome: Outcome, *, owner: str = "", ruling: Ruling | None = None
) -> Blocker:
    """What blocks a file whose one criterion came to this."""
    criterion = FrameCriterion(1, "C09", "Trụ sở", "4", owner, not owner)
    (found,) = find_blockers(
        Frame((), (criterion,)),
        status,
        {"C09": Finding(outcome, "Vì sao.", WRITTEN)},
        {"C09": ruling} if ruling is not None else {},
        station=STATION,
        since=TOLD,
    )
    return found


@pytest.mark.parametrize(
    ("owner", "party"),
    [
        ("Bộ Công an, UBND tỉnh, Công an tỉnh", Party.MINISTRY),
        ("Công an tỉnh (bố trí, đào tạo); Công an phường", Party.PROVINCE),
        ("Công an thành phố", Party.PROVINCE),
        ("Công an phường; Công an cấp trên (phân loại cán bộ)", Party.STATION),
        ("Chi bộ Công an phường; Đảng ủy phường (công nhận)", Party.STATION),
        ("Đảng ủy phường, UBND phường", Party.AGENCY),
        ("Sở Tài chính", Party.AGENCY),
    ],
)
def test_whoever_is_named_first_must_act(owner: str, party: Party) -> None:
    assert party_of(owner) == party


@pytest.mark.parametrize(
    ("status", "outcome", "owner", "act"),
    [
        (
            Status.IN_PROGRESS,
            Outcome.UNANSWERED,
            "Sở Tài chính",
            "Công an phường tự đánh giá C09 rồi nộp phiếu.",
        ),
        (
            Status.IN_PROGRESS,
            Outcome.NOT_MET,
            "",
            "Công an phường khắc phục C09, ghi kết quả mới rồi nộp phiếu.",
        ),
        (
            Status.RETURNED,
            Outcome.NOT_MET,
            "Công an phường; Công an tỉnh (phối hợp)",
            "Công an phường cùng các cơ quan liên quan giải quyết C09, "
            "ghi kết quả mới rồi nộp lại.",
        ),
        (
            Status.RETURNED,
            Outcome.AWAITING,
            "Sở Nội vụ",
            "Sở Nội vụ xếp loại; Công an phường ghi quyết định khi có.",
        ),
        (
            Status.SUBMITTED,
            Outcome.AWAITING,
            "Đảng ủy phường, UBND phường",
            "Cấp có thẩm quyền xếp loại; Công an phường ghi quyết định khi phiếu được trả lại.",
        ),
        (
            Status.UNDER_REVIEW,
            Outcome.NOT_MET,
            "Bộ Công an, Công an tỉnh",
            "Bộ Công an và các cơ quan liên quan giải quyết C09; cán bộ thẩm định kết luận.",
        ),
        (
            Status.VERIFIED,
            Outcome.AWAITING,
            "Sở Nội vụ",
            "Sở Nội vụ xếp loại; khi có quyết định, cán bộ tổng hợp mở lại thẩm định.",
        ),
        (
            Status.NOT_RECOGNISED,
            Outcome.NOT_MET,
            "Sở Tài chính",
            "Sở Tài chính giải quyết C09; Công an phường đăng ký kỳ sau.",
        ),
        (
            Status.NOT_RECOGNISED,
            Outcome.AWAITING,
            "Sở Nội vụ",
            "Sở Nội vụ xếp loại; Công an phường ghi quyết định vào phiếu kỳ sau.",
        ),
    ],
)
def test_the_next_act_is_of_the_case(
    status: Status, outcome: Outcome, owner: str, act: str
) -> None:
    found = only(status, outcome, owner=owner)
    assert found.next_step == act
    assert (found.sentence, found.since, found.outcome) == ("Vì sao.", WRITTEN, outcome)


@pytest.mark.parametrize(
    "status", [one for one in Status if one not in {Status.NOT_STARTED, Status.RECOGNISED}]
)
@pytest.mark.parametrize("outcome", [Outcome.NOT_MET, Outcome.AWAITING, Outcome.UNANSWERED])
def test_every_case_has_an_act_that_names_somebody(status: Status, outcome: Outcome) -> None:
    for owner in ("", "Sở Tài chính", "Bộ Công an, Công an tỉnh", "Công an phường"):
        act = only(status, outcome, owner=owner).next_step
        assert act.endswith(".")
        assert "Công an" in act or "cán bộ" in act.casefold()


def test_the_station_waits_from_the_day_it_was_told() -> None:
    more = Ruling(Decision.MORE, Outcome.MET, "Thiếu quyết định.", RULED)
    returned = only(Status.RETURNED, Outcome.MET, owner="Sở Tài chính", ruling=more)
    assert (returned.since, returned.owner, returned.party) == (TOLD, STATION, Party.STATION)
    assert returned.next_step == "Công an phường bổ sung minh chứng cho C09 rồi nộp lại."
    assert [returned.days(day) for day in (TOLD, date(2023, 12, 20), WRITTEN)] == [0, 30, 0]
    lowered = Ruling(Decision.ADJUST, Outcome.NOT_MET, "9/10.", RULED)
    assert only(Status.VERIFIED, Outcome.MET, ruling=lowered).since == RULED


@pytest.mark.parametrize(
    ("status", "party", "act"),
    [
        (Status.NOT_STARTED, Party.STATION, "Công an phường bắt đầu tự đánh giá."),
        (
            Status.IN_PROGRESS,
            Party.STATION,
            "Trưởng Công an phường kiểm tra lại rồi nộp phiếu.",
        ),
        (Status.SUBMITTED, Party.PROVINCE, "Cán bộ thẩm định nhận phiếu rồi kết luận."),
        (Status.UNDER_REVIEW, Party.PROVINCE, "Cán bộ thẩm định kết luận."),
        (Status.RETURNED, Party.STATION, "Công an phường bổ sung theo ý kiến và nộp lại."),
        (Status.VERIFIED, Party.PROVINCE, "Cán bộ tổng hợp đề nghị Bộ Công an công nhận."),
        (
            Status.PROPOSED,
            Party.MINISTRY,
            "Bộ trưởng Bộ Công an quyết định; cán bộ tổng hợp ghi quyết định khi có.",
        ),
        (Status.NOT_RECOGNISED, Party.STATION, "Khắc phục và đăng ký kỳ sau."),
    ],
)
def test_with_every_criterion_met_the_file_itself_waits(
    status: Status, party: Party, act: str
) -> None:
    found = only(status, Outcome.MET)
    assert (found.party, found.next_step, found.outcome) == (party, act, None)
    assert found.since == TOLD


def test_a_draft_just_begun_is_one_line() -> None:
    frame = Frame((), tuple(FrameCriterion(n, f"C0{n}", "", "1") for n in range(1, 6)))
    findings = {
        "C01": Finding(Outcome.MET),
        "C02": Finding(Outcome.NOT_MET, "2 vụ.", WRITTEN),
        "C03": Finding(Outcome.UNANSWERED, since=TOLD),
        "C04": Finding(Outcome.UNANSWERED, since=WRITTEN),
    }
    found = find_blockers(frame, Status.IN_PROGRESS, findings, {}, station=STATION, since=WRITTEN)
    mended, rest = gathered(found, Status.IN_PROGRESS)
    assert mended.criterion == "C02"
    assert rest.sentence == "Chưa đánh giá 3 tiêu chí: C03, C04, C05."
    assert rest.next_step == "Công an phường tự đánh giá 3 tiêu chí này rồi nộp phiếu."
    assert rest.since == WRITTEN
    assert gathered(found[:3], Status.IN_PROGRESS) == found[:3], "a few are told one by one"
