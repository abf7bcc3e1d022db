"""One inspection as a story: planned, changed, done or called off, with what it found."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from accounts.events import EVENTS
from accounts.models import AuditEntry, Role
from assessments.inspections import findings_of
from assessments.models import Inspection, InspectionFinding
from assessments.permissions import inspects, plans_for

INSPECTORS = (Role.COORDINATOR, Role.REVIEWER)
"""Who plans visits and records what came of them."""

KEPT = "Nội dung đồng chí vừa nhập được giữ bên dưới."
ACTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one inspection, side by side."""

    sentence: str
    current: Inspection
    lines: list[Line]

    @property
    def told(self) -> str:
        """What happened, and who saved the other version."""
        return f"{self.sentence} Người lưu: {self.current.updated_by}."


@dataclass
class InspectionPage:
    """What every page of one inspection shows."""

    inspection: Inspection
    may_write: bool
    may_mend: bool

    @property
    def subject(self) -> str:
        """The kind of visit and where, as a heading."""
        kind = self.inspection.get_kind_display()
        return f"{kind} {self.inspection.unit.station_name}"

    @property
    def address(self) -> str:
        """Where the story is."""
        return reverse("inspection", args=[self.inspection.pk])

    @property
    def days_overdue(self) -> int:
        """How many days past its planned day it has no result."""
        return self.inspection.days_overdue(timezone.localdate())


def open_page(
    request: PortalRequest,
    pk: uuid.UUID,
    require: Callable[..., None] | None = None,
) -> InspectionPage:
    """The inspection with what this person may do, or 404 when it is out of reach.

    Raises:
        NotAllowed: `require` refuses the person.
    """
    visible = Inspection.objects.visible_to(request.user).with_places()
    found = get_object_or_404(visible, pk=pk)
    if require is not None:
        require(found.unit, request.user)
    return InspectionPage(
        found, inspects(found.unit, request.user), plans_for(found.unit, request.user)
    )


def crumbs(request: PortalRequest, page: InspectionPage | None, current: str = "") -> Any:
    """The way to a page; people of a station have no list above it."""
    way: list[tuple[str, str]] = []
    if request.roles & set(READERS):
        way.append(("Kiểm tra", reverse("inspection_list")))
    if page is not None:
        way.append((page.subject, page.address if current else ""))
    return [*way, (current, "")] if current else way


@allow(*READERS, *STATION)
@require_safe
def inspection(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole story of one visit."""
    return show(request, open_page(request, pk))


def show(
    request: PortalRequest, page: InspectionPage, *, refused: str = "", **more: Any
) -> HttpResponse:
    """The page, with the refusal of the press that led here, if any."""
    findings = findings_of(page.inspection)
    return render(
        request,
        "assessments/inspections/inspection.html",
        {
            "page": page,
            "inspection": page.inspection,
            "findings": findings,
            "open_count": sum(one.remedy_id is None for one in findings),
            "acts": _acts(page.inspection),
            "crumbs": crumbs(request, page),
            "refused": refused,
            **more,
        },
        status=409 if refused else 200,
    )


def _acts(inspection: Inspection) -> list[tuple[AuditEntry, str]]:
    """Who did what, the latest first."""
    entries = AuditEntry.objects.filter(
        subject_type=inspection._meta.label_lower, subject_id=str(inspection.pk)
    ).order_by("-sequence")
    return [(one, EVENTS.get(one.event, one.event)) for one in entries[:ACTS_SHOWN]]


def listed(findings: list[InspectionFinding]) -> str:
    """Findings in one text, a line for each."""
    return "\n".join(
        f"- {one.criterion.code if one.criterion else 'Chung'}: {one.text}" for one in findings
    )
