"""Provinces: which there are with how many units of each kind, and the units of one on a day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from accounts.models import User
from criteria.models import Programme
from reports.views.days import asked_day
from reports.views.units import with_standing
from wards.models import Province, Unit, UnitKind
from wards.names import search_key
from wards.searching import matching

PER_PAGE = 50
KINDS = (UnitKind.WARD, UnitKind.COMMUNE, UnitKind.SPECIAL, UnitKind.TOWNSHIP)
"""In the order in which a province counts its units; townships are of before 1/7/2025."""


@dataclass(frozen=True, slots=True)
class Relative:
    """Another province that had to do with this one; `opens` when its page does."""

    province: Province
    opens: bool


@allow(*READERS)
@require_safe
def province_list(request: PortalRequest) -> HttpResponse:
    """The provinces in reach: those in force on the day first, each with its units of that day."""
    asked = asked_day(request)
    words = _words(request)
    found = Province.objects.visible_to(request.user).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=asked.day)
    )
    for word in search_key(words).split():
        found = found.filter(Q(search_key__contains=word) | Q(code=word))
    page = Paginator(_counted(found, asked.day), PER_PAGE).get_page(request.GET.get("page"))
    provinces: list[Any] = list(page.object_list)
    # Columns in which nothing stands are left out; wards are what the portal is about.
    kinds = [
        kind
        for kind in KINDS
        if kind == UnitKind.WARD or any(getattr(one, kind) for one in provinces)
    ]
    rows = [
        {
            "province": one,
            "is_former": one.valid_to is not None and one.valid_to < asked.day,
            "counts": [(kind.label, getattr(one, kind)) for kind in kinds],
            "total": sum(getattr(one, kind) for kind in KINDS),
        }
        for one in provinces
    ]
    context = {
        "asked": asked,
        "words": words,
        "page_obj": page,
        "rows": rows,
        "kinds": [kind.label for kind in kinds],
    }
    return render(request, "reports/province_list.html", context, status=asked.status)


@allow(*READERS)
@require_safe
def province(request: PortalRequest, code: str) -> HttpResponse:
    """One province as of a day: its units with search and kinds, its past, its programmes."""
    asked = asked_day(request)
    found = _fetch(request.user, code, asked.day)
    is_former = found.valid_to is not None and found.valid_to < asked.day
    asks_for_a_day = asked.form.is_bound and asked.status == 200
    # A province that is gone is shown as it was on its last day, unless a day is asked for.
    day = found.valid_to if is_former and found.valid_to and not asks_for_a_day else asked.day
    if not asked.form.is_bound:
        asked.form.initial["ngay"] = day
    units = Unit.objects.visible_to(request.user).filter(province=found).existing_on(day)
    words, wanted = _words(request), request.GET.get("loai", "")
    wanted = wanted if wanted in UnitKind.values else ""
    counts = dict(
        units.order_by()
        .values_list("kind")
        .annotate(count=Count("pk"))
        .values_list("kind", "count")
    )
    listed = matching(units, words)
    if wanted:
        listed = listed.filter(kind=wanted)
    page = Paginator(_in_order(listed), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "province": found,
        "asked": asked,
        "day": day,
        "is_former": is_former,
        "words": words,
        "wanted": wanted,
        "chips": _chips(counts, wanted),
        "total": sum(counts.values()),
        "figures": [(UnitKind(kind).label, counts.get(kind, 0)) for kind in KINDS[:3]],
        "page_obj": page,
        "rows": with_standing(list(page.object_list), day),
        "programmes": _programmes(request.user, found),
        **_relatives(request.user, found),
    }
    return render(request, "reports/province.html", context, status=asked.status)


def _words(request: PortalRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:120]


def _fetch(user: User, code: str, day: date) -> Province:
    """Who bears the code on the day; else the last to bear it before, else whoever does.

    Raises:
        Http404: nobody in reach ever bore it.
    """
    bearers = sorted(
        Province.objects.visible_to(user).filter(code=code),
        key=lambda one: one.valid_from or date.min,
    )
    if not bearers:
        raise Http404
    begun = [one for one in bearers if one.valid_from is None or one.valid_from <= day]
    return (begun or bearers[:1])[-1]


def _counted(provinces: QuerySet[Province], day: date) -> QuerySet[Province]:
    """With the number of units of each kind on the day, or on the province's last day before it."""
    gone = Q(valid_to__lt=day)
    on = Case(When(gone, then=F("valid_to")), default=Value(day), output_field=DateField())
    in_force = (Q(units__valid_from__isnull=True) | Q(units__valid_from__lte=F("counted_on"))) & (
        Q(units__valid_to__isnull=True) | Q(units__valid_to__gte=F("counted_on"))
    )
    return (
        provinces.annotate(counted_on=on, gone=Case(When(gone, then=Value(1)), default=Value(0)))
        .annotate(
            **{
                kind.value: Count("units", filter=in_force & Q(units__kind=kind.value))
                for kind in KINDS
            }
        )
        .order_by("gone", "sort_key", "code")
    )


def _in_order(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """As official lists go: by district of old, then by kind and name."""
    return (
        units.select_related("province", "district")
        .annotate(place=Coalesce("district__code", Value("")))
        .order_by("place", "sort_key", "code")
    )


def _chips(counts: dict[str, int], wanted: str) -> list[dict[str, Any]]:
    """The kinds there are, each with its number; nothing to choose where there is one."""
    kinds = [kind for kind in KINDS if counts.get(kind) or kind == wanted]
    if len(kinds) < 2 and not wanted:
        return []
    every = {"code": None, "label": "Tất cả", "count": sum(counts.values()), "active": not wanted}
    return [
        every,
        *(
            {
                "code": kind.value,
                "label": kind.label.capitalize(),
                "count": counts.get(kind, 0),
                "active": kind == wanted,
            }
            for kind in kinds
        ),
    ]


def _programmes(user: User, province: Province) -> list[Programme]:
    """Programmes of the province and of the nation, as far as the person reads them."""
    concerned = Q(province=province) | Q(province__isnull=True)
    return list(
        Programme.objects.visible_to(user)
        .filter(concerned)
        .select_related("document", "province")
        .order_by("-starts", "code")
    )


def _relatives(user: User, province: Province) -> dict[str, list[Relative]]:
    """From which provinces its units came, where they went, and who else bore its code."""
    came = Q(units__successions__successor__province=province)
    went = Q(units__origins__predecessor__province=province)
    others = Province.objects.exclude(pk=province.pk)
    scope = user.scope

    def told(rows: QuerySet[Province]) -> list[Relative]:
        return [
            Relative(one, scope.everything or one.pk in scope.provinces)
            for one in rows.order_by("sort_key").distinct()
        ]

    return {
        "took_in": told(others.filter(came)),
        "became": told(others.filter(went)),
        "same_code": told(others.filter(code=province.code)),
    }
