"""Mang sang: putting the answers of the round before into criteria that are still blank."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotReady, PortalRequest, allow
from assessments.actions.carrying import Offer, carry_over, earlier_file, offers
from assessments.models import Assessment
from assessments.permissions import require_station
from assessments.views.station_criterion_page import CriterionPage, Reply, show
from assessments.views.station_page import StationPage
from assessments.views.station_tasks import show_tasks
from assessments.views.station_words import Line, lines_of

NO_EARLIER_ROUND = "Đơn vị chưa có phiếu của kỳ trước trong chương trình này."


@dataclass(frozen=True, slots=True)
class Preview:
    """A blank criterion with what would be put there."""

    offer: Offer
    lines: list[Line]


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def carry_criterion(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Fill one blank criterion, to be confirmed there."""
    page = CriterionPage(request, pk, code)
    if request.method == "POST":
        try:
            carry_over(page.assessment, [page.criterion], by=page.user, now=timezone.now())
        except NotReady as refusal:
            fresh = CriterionPage(request, pk, code)
            return show(request, fresh, Reply(refusal=refusal.sentence), 409)
        messages.success(
            request,
            f"Đã mang sang kết quả kỳ trước của tiêu chí {code}. "
            "Đồng chí kiểm tra, sửa nếu cần, rồi xác nhận số liệu.",
        )
    return redirect(page.address_of_self())


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def carry_all(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what would be put into every blank criterion; fill those that were ticked."""
    page = StationPage(request, pk)
    require_station(page.assessment, page.user)
    if request.method == "POST":
        return take(request, page)
    source = earlier_file(page.assessment)
    if source is None or not page.may_edit:
        messages.info(request, page.assessment.next_step if source else NO_EARLIER_ROUND)
        return redirect(page.address("assessment"))
    return show_offers(request, page, source)


def show_offers(
    request: PortalRequest, page: StationPage, source: Assessment, *, status: int = 200
) -> HttpResponse:
    """What could be carried from `source`, to be ticked."""
    found = offers(page.assessment, source)
    return render(
        request,
        "assessments/station/carry.html",
        {
            "page": page,
            "assessment": page.assessment,
            "source": source,
            "previews": [Preview(one, lines_of(one.criterion, one.values)) for one in found],
        },
        status=status,
    )


def take(request: PortalRequest, page: StationPage) -> HttpResponse:
    """Fill the ticked criteria; none ticked fills nothing."""
    wanted = page.criteria_named(request.POST.getlist("criteria"))
    try:
        filled = carry_over(page.assessment, wanted, by=page.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
        fresh = StationPage(request, page.assessment.pk)
        source = earlier_file(fresh.assessment)
        if source is None or not fresh.may_edit:
            return show_tasks(request, fresh, status=409)
        return show_offers(request, fresh, source, status=409 if wanted else 400)
    messages.success(
        request,
        f"Đã mang sang {len(filled)} tiêu chí từ kỳ trước. "
        "Đồng chí mở từng tiêu chí, kiểm tra và xác nhận số liệu.",
    )
    return redirect(f"{page.address('assessment')}?loc=chua-xac-nhan")
