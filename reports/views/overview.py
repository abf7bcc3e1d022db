"""The leadership dashboard: one sentence, the roadmap, who stands where, what is in the way."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import User
from reports.rollup import Standing
from reports.views.days import AsOf, asked_day
from reports.views.heat_table import UnitLink, heat_table
from reports.views.narrowing import FEWEST_MISSING, chosen_units
from reports.views.picture import Picture
from reports.views.province_table import heat_of_provinces, roadmap_of_provinces
from reports.views.reach import Reading, default_round, programmes_in_part, reaches, read
from reports.views.states_table import states_of
from wards.shelf import Shelf

OBSTACLES_SHOWN = 8
UNITS_PER_PAGE = 50
MATRIX_PER_PAGE = 200
"""Rows of a matrix on one page: the largest province has 168 units."""
MISSING_SHOWN = 20
PROVINCES_SHOWN = 8
BLOCKS: Shelf[SafeString] = Shelf(32)
"""The written blocks of the pages asked for lately; those of a province take half a megabyte."""


@allow(*READERS)
@require_safe
def default_overview(request: PortalRequest) -> HttpResponse:
    """To the latest round; without any, to the running programme; without that, say so."""
    round_ = default_round(request.user, timezone.localdate())
    if round_ is not None:
        return redirect("overview", round_.programme.code, round_.year)
    programme = programmes_in_part(request.user).first()
    if programme is None:
        return render(request, "reports/overview_empty.html")
    year = min(max(timezone.localdate().year, programme.starts), programme.ends)
    return redirect("overview", programme.code, year)


@allow(*READERS)
@require_safe
def overview(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """One programme and year as of a day: the country by province, or a province by unit."""
    reading, asked = reading_of(request, code, year)
    picture = picture_of(reading, year, asked)
    context: dict[str, Any] = {
        "picture": picture,
        "asked": asked,
        "reading": reading,
        "programmes": [(one, min(max(year, one.starts), one.ends)) for one in reading.programmes],
        "years": _years(picture, asked.today.year),
        "blocks": _kept_blocks(request, reading, picture, asked),
    }
    return render(request, "reports/overview.html", context, status=asked.status)


def _kept_blocks(
    request: PortalRequest, reading: Reading, picture: Picture, asked: AsOf
) -> SafeString:
    """The blocks of the page, kept until anything changes of what they tell.

    They are the same for all who ask for the same and whose links reach the same units.
    """
    scope, marks = request.user.scope, picture.marks
    reach = scope.everything, scope.provinces, scope.units, reading.is_whole
    return BLOCKS.get(
        (request.get_full_path(), asked.day, asked.today, reach),
        marks.reached and (marks.reached, marks.here),
        lambda: _blocks(request, reading, picture, asked),
    )


def _blocks(request: PortalRequest, reading: Reading, picture: Picture, asked: AsOf) -> SafeString:
    context = {
        "picture": picture,
        "asked": asked,
        "reading": reading,
        **missing_of(picture, unit_link(request.user)),
    }
    if picture.round is not None:
        context["states"] = states_of(picture, asked)
    if picture.is_of_country:
        context |= _of_country(request, picture, asked)
    else:
        context |= _of_units(request, picture)
    return render_to_string("reports/_overview_blocks.html", context, request)


def missing_of(picture: Picture, link: UnitLink) -> dict[str, Any]:
    """What reports/_overview_missing.html tells: provinces of a country, else units."""
    if not picture.is_of_country:
        return {"missing": [(one, link(one)) for one in picture.missing[:MISSING_SHOWN]]}
    if picture.round is None:
        return {}
    return {"missing_by_province": picture.missing_by_province[:PROVINCES_SHOWN]}


def _of_country(request: PortalRequest, picture: Picture, asked: AsOf) -> dict[str, Any]:
    context: dict[str, Any] = {"roadmaps": roadmap_of_provinces(picture, asked)}
    if picture.round is not None:
        context |= {
            "heat": heat_of_provinces(picture, asked, request.GET.get("xep", "")),
            "obstacles": picture.obstacles[:OBSTACLES_SHOWN],
        }
    return context


def _of_units(request: PortalRequest, picture: Picture) -> dict[str, Any]:
    link = unit_link(request.user)
    if picture.round is None:
        page = Paginator(picture.standings, UNITS_PER_PAGE).get_page(request.GET.get("page"))
        return {"page_obj": page, "units": [(one, link(one)) for one in page.object_list]}
    chosen = chosen_units(request, picture.board)
    page = Paginator(chosen.standings, MATRIX_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page_obj": page,
        "wanted": chosen.wanted,
        "ordered": chosen.ordered,
        "fewest_missing": FEWEST_MISSING,
        "chosen_count": len(chosen.standings),
        "groups": heat_table(chosen.board.groups, link, page.object_list, with_status=True),
        "criteria": heat_table(chosen.board.criteria, link, page.object_list),
        "obstacles": picture.obstacles[:OBSTACLES_SHOWN],
    }


@allow(*READERS)
@require_safe
def forecast(request: PortalRequest, code: str, year: int) -> HttpResponse:
    """What is expected by each coming target of a programme or part; the overview fetches it."""
    reading, asked = reading_of(request, code, year)
    context = {"picture": picture_of(reading, year, asked), "asked": asked}
    return render(request, "reports/forecast.html", context, status=asked.status)


def reading_of(request: PortalRequest, code: str, year: int) -> tuple[Reading, AsOf]:
    """What the address asks for: the programme, its part (`?tinh=`) and the day (`?ngay=`).

    Raises:
        Http404: there is no such thing for this person.
    """
    province = request.GET.get("tinh", "")
    asked = asked_day(request, tinh=province)
    return read(request.user, code, province, year=year, day=asked.day), asked


def picture_of(reading: Reading, year: int, asked: AsOf) -> Picture:
    """The picture of what is read."""
    return Picture.load(
        reading.programme, year, as_of=asked.day, plan=reading.plan, province=reading.province
    )


def unit_link(user: User) -> UnitLink:
    """Addresses of the unit pages this person may open; the pattern is looked up once."""
    nobody = uuid.UUID(int=0)
    pattern = reverse("unit", args=[nobody])

    def link(standing: Standing) -> str:
        unit = standing.unit
        return pattern.replace(str(nobody), str(unit.pk)) if reaches(user, unit) else ""

    return link


def _years(picture: Picture, this_year: int) -> list[int]:
    """Years to switch to: those with a round, and the running one."""
    programme = picture.programme
    years = {one.year for one in picture.rounds} | {picture.year}
    if programme.starts <= this_year <= programme.ends:
        years.add(this_year)
    return sorted(years)
