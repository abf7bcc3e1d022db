"""Drafting a scenario: a year for each unit, what follows from it, and saving it."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role, User
from criteria.models import Programme
from reports.models import Scenario
from reports.rollup.scenario import Ground, placed, weigh
from reports.rollup.scenario_ground import load_ground
from reports.scenario_actions import save_scenario
from reports.scenario_forms import (
    NO_YEAR,
    PlacesForm,
    ScenarioForm,
    ShownForm,
    field_of,
    fingerprint,
)
from reports.views.choice_reach import asked_province, programme_in_reach, provinces_of
from wards.models import Province, Unit
from wards.names import search_key

LISTS_CHANGED = (
    "Danh sách đăng ký hoặc kết quả công nhận vừa thay đổi. Đồng chí xem lại các năm rồi lưu lại."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One unit with its choice of year."""

    unit: Unit
    field: BoundField
    was: int | None
    moved: bool
    shown: bool
    listed_twice: bool
    outside: bool
    """Whether no target of the whole programme counts it."""


@dataclass(frozen=True, slots=True)
class Group:
    """The units that the lists of today have in one year, or in none."""

    year: int | None
    rows: list[Row]

    @property
    def title(self) -> str:
        """Where they are now."""
        return f"Danh sách hôm nay: năm {self.year}" if self.year is not None else NO_YEAR

    @property
    def shown(self) -> list[Row]:
        """Those that the filter leaves."""
        return [row for row in self.rows if row.shown]


@dataclass(frozen=True, slots=True)
class Draft:
    """A programme and a province, for one person, with the ground of today."""

    programme: Programme
    provinces: list[Province]
    province: Province
    today: date
    ground: Ground

    @classmethod
    def load(cls, request: PortalRequest, code: str) -> "Draft":
        """The draft to begin with.

        Raises:
            Http404: no such programme within reach, or no province of it to draft for.
        """
        today = timezone.localdate()
        programme = programme_in_reach(request.user, code)
        provinces = drafted_for(request.user, programme, today)
        province = asked_province(request, provinces)
        ground = load_ground(programme, province, as_of=today)
        return cls(programme, provinces, province, today, ground)


def drafted_for(user: User, programme: Programme, today: date) -> list[Province]:
    """The provinces for which this person drafts scenarios of the programme."""
    if programme.province_id is None and Role.MINISTRY_VIEWER in user.scope.roles:
        return list(Province.objects.existing_on(today))
    return provinces_of(user, programme, Role.COORDINATOR, Role.LEADER)


@allow(Role.COORDINATOR, Role.LEADER, Role.MINISTRY_VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_new(request: PortalRequest, code: str) -> HttpResponse:
    """A year for each unit; POST counts again, or saves what is chosen as a proposal."""
    draft = Draft.load(request, code)
    if request.method != "POST":
        return _show(request, draft, PlacesForm(ground=draft.ground))
    places = PlacesForm(request.POST, ground=draft.ground)
    understood = places.is_valid()
    if "HX-Request" in request.headers:
        figures = weigh(draft.ground, placed(draft.ground, places.moves))
        return render(request, "reports/_scenario_result.html", {"figures": figures})
    if "luu" not in request.POST:
        return _show(request, draft, places, status=200 if understood else 400)
    form = ScenarioForm(request.POST)
    if not form.is_valid() or not understood:
        return _show(request, draft, places, form=form, status=400)
    return _save(request, draft, places, form)


def _save(
    request: PortalRequest, draft: Draft, places: PlacesForm, form: ScenarioForm
) -> HttpResponse:
    key = form.cleaned_data["key"]
    try:
        if _lists_changed(request, draft) and not _saved_before(request, key):
            raise NotReady(LISTS_CHANGED)
        scenario = save_scenario(
            draft.programme,
            draft.province,
            draft.ground,
            placed(draft.ground, places.moves),
            title=form.cleaned_data["title"],
            reason=form.cleaned_data["reason"],
            key=key,
            as_of=draft.today,
            by=request.user,
            now=database_now(),
        )
    except NotReady as refusal:
        return _show(request, draft, places, refused=refusal.sentence, status=409)
    messages.success(request, "Đã lưu phương án. Danh sách đăng ký không thay đổi.")
    return redirect("scenario", scenario.pk)


def _saved_before(request: PortalRequest, key: uuid.UUID) -> bool:
    """Whether this very form was taken already; a second press then finds what the first did."""
    return Scenario.objects.filter(pk=key, created_by=request.user).exists()


def _lists_changed(request: PortalRequest, draft: Draft) -> bool:
    """Whether the lists are others than those the page showed."""
    return request.POST.get("basis") != fingerprint(draft.ground)


def _show(
    request: PortalRequest,
    draft: Draft,
    places: PlacesForm,
    *,
    form: ScenarioForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    ground, posted = draft.ground, request.method == "POST"
    shown = ShownForm(request.POST if posted else None, ground=ground)
    start = {
        "key": uuid.uuid4(),
        **{name: request.POST[name] for name in ("key", "title", "reason") if name in request.POST},
        "basis": fingerprint(ground),
    }
    groups = _groups(places, shown)
    context: dict[str, Any] = {
        "draft": draft,
        "places": places,
        "shown": shown,
        "groups": groups,
        "number_shown": sum(len(group.shown) for group in groups),
        "figures": weigh(ground, placed(ground, places.moves)),
        "form": form or ScenarioForm(initial=start),
        "refused": refused,
        "lists_changed": posted and not refused and _lists_changed(request, draft),
        "fixed": [unit for unit in ground.units if unit.pk in ground.fixed],
    }
    return render(request, "reports/scenario_new.html", context, status=status)


def _groups(places: PlacesForm, shown: ShownForm) -> list[Group]:
    """The units by where the lists of today have them; a year without units is left out."""
    ground, moves = places.ground, places.moves
    asked, year = ("", "")
    if shown.is_valid():
        asked, year = shown.cleaned_data["ten"], shown.cleaned_data["o_nam"]
    counted = frozenset[uuid.UUID]().union(*(one.units for one in ground.overall))
    found: dict[int | None, list[Row]] = {one: [] for one in (*ground.years, None)}
    for unit in ground.movable:
        was = ground.today.get(unit.pk)
        now = moves.get(unit.pk, was)
        found[was].append(
            Row(
                unit,
                places[field_of(unit.pk)],
                was,
                moved=now != was,
                shown=_is_named(unit, asked) and year in ("", str(now or 0), str(was or 0)),
                listed_twice=unit.pk in ground.listed_twice,
                outside=bool(counted) and unit.pk not in counted,
            )
        )
    return [Group(one, rows) for one, rows in found.items() if rows]


def _is_named(unit: Unit, asked: str) -> bool:
    """Whether every word asked for is in the name; a number is a word of its own."""
    name = f" {search_key(unit.full_name.replace(',', ' '))} "
    return all(
        (f" {word} " if word.isdigit() else word) in name for word in search_key(asked).split()
    )
