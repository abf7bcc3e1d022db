"""The agencies' reports in the annual report: frozen with the rest, printed in part I."""

from copy import deepcopy
from datetime import date, datetime

import pytest
from django.utils import timezone

from criteria.models import Programme
from reports.figures import build_figures, canonical_json
from reports.pdf.content import build_report
from tests import cast
from tests.assessments import duties as stage
from tests.reports.sample_figures import sample_figures

TOLD = {
    "last_day": "2023-11-14",
    "agencies": 5,
    "in_time": 2,
    "late": 1,
    "overdue": 1,
    "waiting": 0,
    "ended": 1,
    "reports": [
        {"agency": "Công an tỉnh", "state": "in_time", "days": 0},
        {"agency": "Sở Nội vụ", "state": "overdue", "days": 12},
        {"agency": "Sở Tài chính", "state": "late", "days": 3},
        {"agency": "Sở Tư pháp", "state": "in_time", "days": 0},
        {"agency": "UBND huyện cũ", "state": "ended", "days": 0},
    ],
}


@pytest.mark.django_db
def test_the_figures_hold_how_every_agency_stood_on_the_day(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    duties = stage.give(programme, places.agency)
    stage.more_agencies(programme, places.province, 1)
    late = timezone.make_aware(datetime(2023, 11, 17, 9))  # noqa: DTZ001 -- made aware
    stage.handed_in(programme, people, duties, now=late)
    before = build_figures(programme, 2023, as_of=date(2023, 11, 16))["duty_reports"]
    assert (before["overdue"], before["late"]) == (2, 0)
    found = build_figures(programme, 2023, as_of=date(2023, 12, 31))["duty_reports"]
    assert found["last_day"] == "2023-11-14"
    assert found["agencies"] == 2
    assert {name: found[name] for name in ("in_time", "late", "overdue", "waiting", "ended")} == {
        "in_time": 0,
        "late": 1,
        "overdue": 1,
        "waiting": 0,
        "ended": 0,
    }
    assert found["reports"][1] == {
        "agency": "Sở Tài chính",
        "state": "late",
        "days": 3,
        "submitted_on": "2023-11-17",
        "times": 1,
        "sample": False,
    }


@pytest.mark.django_db
def test_the_same_facts_give_the_same_figures(
    programme: Programme, people: cast.People, places: cast.Places
) -> None:
    duties = stage.give(programme, places.agency)
    stage.handed_in(programme, people, duties, now=cast.NOW)
    as_of = date(2023, 12, 31)
    first = canonical_json(build_figures(programme, 2023, as_of=as_of))
    # A correction in the next year changes nothing of what was known on the day.
    later = timezone.make_aware(datetime(2024, 1, 5, 9))  # noqa: DTZ001 -- made aware
    stage.handed_in(programme, people, duties, now=later)
    assert canonical_json(build_figures(programme, 2023, as_of=as_of)) == first


@pytest.mark.django_db
def test_a_programme_that_gives_no_duties_has_none_to_report(programme: Programme) -> None:
    assert build_figures(programme, 2023, as_of=cast.DAY)["duty_reports"] is None


def test_part_one_tells_the_count_and_names_who_is_late_or_missing() -> None:
    report = build_report(
        {**sample_figures(), "duty_reports": TOLD},
        issued_on=None,
        number="",
        draft=True,
        digest="0" * 64,
    )
    assert report.duty_reports == (
        "Báo cáo thực hiện nhiệm vụ năm 2023 của các cơ quan, đơn vị được phân công (hạn đến hết "
        "ngày 14/11/2023): 03/05 đã gửi, gồm 02 cơ quan đúng hạn, 01 cơ quan gửi muộn; 01 cơ quan "
        "chưa gửi; 01 cơ quan không còn phải gửi do tỉnh đã sắp xếp trước hạn:"
    )
    assert report.duties_owed == [
        "Sở Tài chính: gửi muộn 03 ngày;",
        "Sở Nội vụ: chưa gửi, quá hạn 12 ngày.",
    ]


@pytest.mark.parametrize("absent", ["missing", "none"])
def test_figures_frozen_before_there_were_duty_reports_still_print(absent: str) -> None:
    figures = deepcopy(sample_figures())
    figures.pop("duty_reports", None)
    if absent == "none":
        figures["duty_reports"] = None
    report = build_report(figures, issued_on=None, number="", draft=True, digest="0" * 64)
    assert report.duty_reports == ""
    assert report.duties_owed == []
