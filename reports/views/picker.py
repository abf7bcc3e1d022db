"""The picker: candidates of a year in order, what a choice comes to, and saving it."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import NotAllowed, NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from assessments.actions.selecting import ONLY_COORDINATOR, Choice, propose_list
from assessments.forms.choice import ProposalForm, read_ids
from assessments.models import Selection
from criteria.models import Programme
from reports.rollup import unit_word
from reports.rollup.picking import Balance, Candidate
from reports.rollup.shortlist import Shortlist, load_shortlist
from reports.views.choice_reach import asked_province, programme_of_year, provinces_of
from reports.views.days import AsOf, asked_day
from reports.views.reach import reaches
from wards.models import Province

PROPOSALS_SHOWN = 5
GONE = (
    "Có đơn vị đã chọn không còn trong danh sách (đã được công nhận hoặc không còn thuộc phạm vi). "
    "Đồng chí xem lại các đơn vị còn được đánh dấu rồi lưu lại."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate as the page shows it."""

    place: int
    candidate: Candidate
    chosen: bool
    linked: bool


@dataclass
class PickerPage:
    """A programme, a province, a year and a day, for one person."""

    request: PortalRequest
    programme: Programme
    provinces: list[Province]
    province: Province
    year: int
    asked: AsOf
    shortlist: Shortlist

    @classmethod
    def load(cls, request: PortalRequest, code: str, year: int) -> "PickerPage":
        """The page.

        Raises:
            Http404: no such programme or year within reach.
        """
        programme = programme_of_year(request.user, code, year)
        provinces = provinces_of(request.user, programme, Role.COORDINATOR, Role.LEADER)
        province = asked_province(request, provinces)
        asked = asked_day(request)
        shortlist = load_shortlist(programme, province, year, as_of=asked.day)
        return cls(request, programme, provinces, province, year, asked, shortlist)

    @property
    def is_past(self) -> bool:
        """Whether the year's list can only be looked at."""
        return self.year < self.asked.today.year

    @property
    def coordinates(self) -> bool:
        """Whether the person proposes here."""
        return self.request.user.scope.serves(Role.COORDINATOR, self.province.pk)

    @property
    def may_propose(self) -> bool:
        """Whether the person may save a list."""
        return self.coordinates and not self.is_past

    @property
    def unit_word(self) -> str:
        """What to call one unit."""
        return unit_word(self.programme)

    @property
    def years(self) -> range:
        """The years of the programme, for switching."""
        return range(self.programme.starts, self.programme.ends + 1)

    @property
    def proposals(self) -> list[Selection]:
        """The latest proposals for this year."""
        found = Selection.objects.visible_to(self.request.user).filter(
            programme=self.programme, province=self.province, year=self.year
        )
        return list(found.select_related("proposed_by", "decided_by")[:PROPOSALS_SHOWN])

    def rows(self, chosen: set[uuid.UUID]) -> list[Row]:
        """The candidates in order."""
        return [
            Row(
                place,
                one,
                one.unit.pk in chosen,
                reaches(self.request.user, one.unit),
            )
            for place, one in self.shortlist.ranked
        ]


@allow(Role.COORDINATOR, Role.LEADER)
@require_http_methods(["GET", "HEAD", "POST"])
def picker(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """Candidates by what they miss; POST counts again or saves the ticked ones as a proposal."""
    page = PickerPage.load(request, code, year)
    if request.method == "POST" and not page.coordinates:
        raise NotAllowed(ONLY_COORDINATOR)
    sent = request.POST if request.method == "POST" else request.GET
    try:
        ticked = read_ids(sent.getlist("chon"))
    except forms.ValidationError as error:
        return _show(request, page, [], errors=error.messages, status=400)
    if "HX-Request" in request.headers:
        balance = page.shortlist.balance(set(ticked))
        return render(request, "reports/_picker_balance.html", {"page": page, "balance": balance})
    if request.method != "POST":
        return _show(request, page, ticked, status=page.asked.status)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _show(request, page, ticked, form=form, status=400)
    if "tinh_lai" in request.POST:
        return _show(request, page, ticked, form=form)
    return _save(request, page, ticked, form)


def _save(
    request: PortalRequest, page: PickerPage, ticked: list[uuid.UUID], form: ProposalForm
) -> HttpResponse:
    chosen = set(ticked)
    balance = page.shortlist.balance(chosen)
    try:
        if chosen - balance.chosen and not _saved_before(request, form):
            raise NotReady(GONE)
        selection = propose_list(
            page.programme,
            page.province,
            page.year,
            [choice_of(one) for one in page.shortlist.candidates if one.unit.pk in chosen],
            key=form.cleaned_data["key"],
            as_of=page.asked.day,
            basis=balance.as_json(),
            note=form.cleaned_data["note"],
            by=request.user,
            now=database_now(),
        )
    except NotReady as refusal:
        return _show(request, page, ticked, form=form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã lưu đề xuất {len(chosen)} đơn vị; lãnh đạo được báo để duyệt.",
    )
    return redirect("selection", selection.pk)


def _saved_before(request: PortalRequest, form: ProposalForm) -> bool:
    """Whether this very form was taken already; a second press then finds what the first did."""
    return Selection.objects.filter(pk=form.cleaned_data["key"], proposed_by=request.user).exists()


def choice_of(candidate: Candidate) -> Choice:
    """A candidate as a proposal keeps it."""
    label = candidate.label
    if candidate.by_criteria:
        label = f"{candidate.label}, {candidate.said_by}"
    return Choice(
        candidate.unit,
        candidate.of,
        candidate.alone,
        label[:80],
        [one.as_json() for one in candidate.missing],
    )


def _show(
    request: PortalRequest,
    page: PickerPage,
    ticked: list[uuid.UUID],
    *,
    form: ProposalForm | None = None,
    refused: str = "",
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = set(ticked)
    balance: Balance = page.shortlist.balance(chosen)
    context: dict[str, Any] = {
        "page": page,
        "asked": page.asked,
        "rows": page.rows(chosen),
        "balance": balance,
        "form": form or ProposalForm(initial={"key": uuid.uuid4()}),
        "refused": refused,
        "errors": errors,
    }
    return render(request, "reports/picker.html", context, status=status)
