"""The improvement plans of a province: what is open, what is late, what it costs."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, PortalRequest, allow
from assessments.forms.remedies import (
    ALL,
    DONE,
    OPEN,
    OVERDUE,
    STATION,
    RemedyFilterForm,
)
from assessments.improvement import costs_of
from assessments.models import OPEN_STATES, Remedy, RemedyOwner, RemedyState
from assessments.querysets import RemedyQuerySet

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One act of one unit."""

    remedy: Remedy
    days_overdue: int


@allow(*READERS)
@require_safe
def remedy_list(request: PortalRequest) -> HttpResponse:
    """Acts in reach, the longest overdue first, by state, who acts, criterion and source."""
    today = timezone.localdate()
    visible = Remedy.objects.visible_to(request.user)
    form = RemedyFilterForm(
        request.GET,
        agencies=[
            (str(pk), name)
            for pk, name in visible.filter(agency__isnull=False)
            .order_by("agency__name")
            .values_list("agency", "agency__name")
            .distinct()
        ],
        criteria=list(
            visible.order_by("criterion__code").values_list("criterion__code", flat=True).distinct()
        ),
    )
    if not form.is_valid():
        return render(request, "assessments/remedies/list.html", {"form": form}, status=400)
    asked = form.cleaned_data
    narrowed = _narrowed(visible, asked)
    wanted = asked["tinh_trang"] or OPEN
    found = narrowed.filter(_in_state(wanted, today))
    page = Paginator(
        found.select_related(
            "criterion", "agency", "unit__district", "assessment__round", "updated_by"
        ).order_by("due_on", "unit__sort_key", "unit__code", "criterion__position", "pk"),
        PER_PAGE,
    ).get_page(request.GET.get("page"))
    counts = narrowed.aggregate(
        **{
            code.replace("-", "_"): Count("pk", filter=_in_state(code, today))
            for code in (OPEN, OVERDUE, DONE)
        },
        tat_ca=Count("pk"),
    )
    context = {
        "form": form,
        "page_obj": page,
        "rows": [Row(one, one.days_overdue(today)) for one in page.object_list],
        "costs": costs_of(found),
        "chips": [
            (code, label, counts[code.replace("-", "_")], code == wanted)
            for code, label in form.fields["tinh_trang"].choices  # type: ignore[attr-defined]
        ],
        "is_narrowed": any(asked[name] for name in ("co_quan", "tieu_chi", "nguon")),
        "wanted": wanted,
    }
    return render(request, "assessments/remedies/list.html", context)


def _in_state(code: str, today: date) -> Q:
    if code == DONE:
        return Q(state=RemedyState.DONE)
    if code == ALL:
        return Q(pk__isnull=False)
    still = Q(state__in=OPEN_STATES)
    return still & Q(due_on__lt=today) if code == OVERDUE else still


def _narrowed(remedies: RemedyQuerySet, asked: dict[str, str]) -> RemedyQuerySet:
    if asked["co_quan"] == STATION:
        remedies = remedies.filter(owner=RemedyOwner.STATION)
    elif asked["co_quan"]:
        remedies = remedies.filter(agency=int(asked["co_quan"]))
    if asked["tieu_chi"]:
        remedies = remedies.filter(criterion__code=asked["tieu_chi"])
    if asked["nguon"]:
        remedies = remedies.filter(fund_source=asked["nguon"])
    return remedies
