"""Reorganisations: the list, one of them, and recording a new one after seeing what follows."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import READERS, NotReady, PortalRequest, allow
from accounts.models import Role, User
from assessments.inheritances import waiting_for
from reports.reorganisation_forms import ReorganisationForms
from reports.views.consequences import consequences_of
from reports.views.lineage import Kin, kin_of
from wards.actions.reorganising import reorganise
from wards.boundaries import Draft
from wards.models import Reorganisation, Unit

PER_PAGE = 20
COMMANDER = "truong-"
COMING, DONE = "sap-den", "da-co-hieu-luc"
SCOPES = {"": "Tất cả", COMING: "Sắp đến", DONE: "Đã có hiệu lực"}
LOOK, RECORD, CHANGE, MORE = "xem", "ghi", "sua", "them"


@dataclass(frozen=True, slots=True)
class Row:
    """One reorganisation with the units on either side."""

    reorganisation: Reorganisation
    before: list[Kin]
    after: list[Kin]
    is_coming: bool


def _row(one: Reorganisation, user: User) -> Row:
    links = list(one.successions.all())
    before = {link.predecessor_id: link.predecessor for link in links}
    after = {link.successor_id: link.successor for link in links}
    return Row(
        one,
        kin_of(before.values(), user),
        kin_of(after.values(), user),
        one.on > timezone.localdate(),
    )


@allow(*READERS)
@require_safe
def reorganisation_list(request: PortalRequest) -> HttpResponse:
    """Past and coming reorganisations of the units in reach, the latest first."""
    today = timezone.localdate()
    visible = Reorganisation.objects.visible_to(request.user)
    parts = {
        "": visible,
        COMING: visible.filter(on__gt=today),
        DONE: visible.filter(on__lte=today),
    }
    wanted = request.GET.get("hieu_luc", "")
    wanted = wanted if wanted in SCOPES else ""
    found = parts[wanted].with_units().order_by("-on", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total, coming = visible.count(), parts[COMING].count()
    counts = {"": total, COMING: coming, DONE: total - coming}
    return render(
        request,
        "reports/reorganisations/list.html",
        {
            "chips": [
                (code, label, counts[code], code == wanted) for code, label in SCOPES.items()
            ],
            "page_obj": page,
            "rows": [_row(one, request.user) for one in page.object_list],
            "may_act": Role.COORDINATOR in request.roles,
        },
    )


@allow(*READERS)
@require_safe
def reorganisation(request: PortalRequest, pk: int) -> HttpResponse:
    """One reorganisation: who became whom, by what, and what still waits for a person."""
    found = get_object_or_404(Reorganisation.objects.visible_to(request.user).with_units(), pk=pk)
    row = _row(found, request.user)
    units = {kin.pk for kin in (*row.before, *row.after)}
    waiting = [
        one
        for one in waiting_for(request.user, timezone.localdate())
        if one.recognition.unit_id in units
    ]
    return render(request, "reports/reorganisations/page.html", {"row": row, "waiting": waiting})


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def reorganisation_new(request: PortalRequest) -> HttpResponse:
    """Type, look at everything that would follow, confirm; all without a script."""
    if request.method != "POST":
        return _form(request, ReorganisationForms(request.user, start=_chosen(request)))
    step = request.POST.get("buoc")
    if step == RECORD and (done := _done(request)) is not None:
        return redirect("reorganisation", pk=done.pk)  # sent twice, recorded once
    if step in {CHANGE, MORE}:
        return _form(request, ReorganisationForms.again(request.user, request.POST))
    if step not in {LOOK, RECORD}:
        raise BadRequest("No such step.")
    forms = ReorganisationForms(request.user, request.POST)
    if not forms.is_valid():
        return _form(request, forms, status=400)
    draft = forms.draft(_commanders(request))
    try:
        if step == LOOK:
            return _preview(request, forms, draft)
        done = reorganise(draft, key=_key(request), by=request.user, now=timezone.now())
    except NotReady as refusal:
        return _form(request, forms, refused=refusal.sentence, status=409)
    messages.success(
        request, f"Đã ghi nhận sắp xếp đơn vị có hiệu lực từ {done.on:%d/%m/%Y} ({done.document})."
    )
    return redirect("reorganisation", pk=done.pk)


def _chosen(request: PortalRequest) -> dict[str, Any]:
    """The unit from whose page one comes."""
    try:
        wanted = uuid.UUID(request.GET.get("don_vi", ""))
    except ValueError:
        return {}
    found = Unit.objects.visible_to(request.user).filter(pk=wanted).first()
    return {"predecessors": [found.pk]} if found else {}


def _key(request: PortalRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("luot", ""))
    except ValueError:
        raise BadRequest("Not the key of a form.") from None


def _done(request: PortalRequest) -> Reorganisation | None:
    return Reorganisation.objects.filter(key=_key(request), recorded_by=request.user).first()


def _commanders(request: PortalRequest) -> list[tuple[int, int]]:
    """Who was chosen to go on where: `truong-<posting>` = place of the new unit."""
    found = []
    for name, value in request.POST.items():
        number = name.removeprefix(COMMANDER)
        if name.startswith(COMMANDER) and value:
            if not (_is_number(number) and _is_number(str(value))):
                raise BadRequest("Not a choice of the preview.")
            found.append((int(number), int(str(value))))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _form(
    request: PortalRequest, forms: ReorganisationForms, *, refused: str = "", status: int = 200
) -> HttpResponse:
    return render(
        request,
        "reports/reorganisations/form.html",
        {
            "forms": forms,
            "form": forms.form,
            "rows": forms.rows,
            "refused": refused,
            "crumbs": _crumbs(),
        },
        status=status,
    )


def _preview(request: PortalRequest, forms: ReorganisationForms, draft: Draft) -> HttpResponse:
    return render(
        request,
        "reports/reorganisations/preview.html",
        {
            "draft": draft,
            "found": consequences_of(draft, by=request.user, now=timezone.now()),
            "carried": forms.carried,
            "key": uuid.uuid4(),
            "prefix": COMMANDER,
            "is_past": draft.on < timezone.localdate(),
            "crumbs": _crumbs(),
        },
    )


def _crumbs() -> list[tuple[str, str]]:
    return [
        ("Đơn vị", reverse("unit_list")),
        ("Sắp xếp đơn vị", reverse("reorganisation_list")),
    ]
