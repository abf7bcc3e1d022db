"""The task list of an assessment: what is done, what is left, whose turn it is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.actions.assigning import station_people
from assessments.views.station_last_round import last_round
from assessments.views.station_page import StationPage
from assessments.views.station_rows import Row, grouped
from assessments.workflow import Status
from criteria.scale import Outcome


@dataclass(frozen=True, slots=True)
class Filter:
    """A chip above the list."""

    code: str
    label: str
    state: str
    keeps: Callable[[Row], bool]


FILTERS = (
    Filter("chua-lam", "Chưa làm", "unanswered", lambda row: row.unanswered and not row.to_confirm),
    Filter("can-sua", "Cần sửa", "not-met", lambda row: row.to_fix),
    Filter("chua-xac-nhan", "Chưa xác nhận", "awaiting", lambda row: row.to_confirm),
    Filter("dat", "Đạt", "met", lambda row: row.met),
    Filter("chua-dat", "Chưa đạt", "not-met", lambda row: row.result.outcome == Outcome.NOT_MET),
    Filter("cho", "Chờ xếp loại", "awaiting", lambda row: row.result.outcome == Outcome.AWAITING),
    Filter("thieu-minh-chung", "Thiếu minh chứng", "awaiting", lambda row: row.lacks_evidence),
)


def filters_for(page: StationPage) -> list[Filter]:
    """The filters of everybody, and one's own criteria for those who serve at the station."""
    if not page.belongs:
        return list(FILTERS)
    mine = page.user.pk
    own = Filter(
        "cua-toi", "Giao cho tôi", "working", lambda row: row.result.assigned_to_id == mine
    )
    return [own, *FILTERS]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter with the number of rows it keeps."""

    label: str
    count: int
    url: str
    state: str
    active: bool


@dataclass(frozen=True, slots=True)
class Action:
    """The main button: its words and where it leads."""

    label: str
    url: str
    icon: str


@allow(*STATION, *READERS)
@require_safe
def assessment(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Every criterion of the file as a row, filtered by `?loc=`."""
    return show_tasks(request, StationPage(request, pk))


def show_tasks(request: PortalRequest, page: StationPage, *, status: int = 200) -> HttpResponse:
    """The page, also with why something was not done."""
    rows = page.rows
    filters = filters_for(page)
    chosen = next((one for one in filters if one.code == request.GET.get("loc")), None)
    shown = [row for row in rows if chosen is None or chosen.keeps(row)]
    assigns = page.commands and page.may_edit
    last = last_round(page.assessment)
    return render(
        request,
        "assessments/station/tasks.html",
        {
            "page": page,
            "assessment": page.assessment,
            "groups": grouped(rows, shown),
            "chips": chips(page, rows, filters, chosen),
            "chosen": chosen,
            "answered": sum(not row.unanswered for row in rows),
            "met": sum(row.met for row in rows),
            "total": len(rows),
            "deadline": page.due,
            "action": main_action(page),
            "people": station_people(page.assessment, timezone.now()) if assigns else [],
            "last": last,
            "may_carry": last is not None and page.may_edit and any(row.is_blank for row in rows),
        },
        status=status,
    )


def chips(
    page: StationPage, rows: list[Row], filters: list[Filter], chosen: Filter | None
) -> list[Chip]:
    """All rows, and every filter that keeps some."""
    here = page.address("assessment")
    found = [Chip("Tất cả", len(rows), here, "", chosen is None)]
    for one in filters:
        count = sum(one.keeps(row) for row in rows)
        if count or one is chosen:
            url = f"{here}?{urlencode({'loc': one.code})}"
            found.append(Chip(one.label, count, url, one.state, one is chosen))
    return found


def main_action(page: StationPage) -> Action | None:
    """The one thing to do next; None for readers of a file that was never handed in."""
    if not page.may_edit:
        if page.latest is None:
            return None
        if page.awaits_review_by_reader:
            return Action("Mở trang thẩm định", page.address("review"), "clipboard-check")
        return Action("Xem biên nhận", page.address("receipt"), "receipt")
    work = page.next_unfinished()
    if work is None:
        words = "Kiểm tra và nộp" if page.commands else "Kiểm tra trước khi nộp"
        return Action(words, page.address("check"), "send-check")
    url = page.address("criterion", work.criterion.code)
    if page.assessment.status == Status.NOT_STARTED:
        return Action("Bắt đầu tự đánh giá", url, "play-fill")
    if page.assessment.status == Status.RETURNED:
        return Action("Sửa theo ý kiến", url, "pencil-square")
    return Action("Tiếp tục tự đánh giá", url, "arrow-right")
