"""One recognition with its whole story, and what may still happen to it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from accounts.models import Role
from assessments.actions.revoking import why_not_revoke
from assessments.models import Commendation, Recognition
from assessments.views.recognition_rows import row_of, rows_of

COMMENDATIONS_SHOWN = 20


def fetch_recognition(request: PortalRequest, pk: int) -> Recognition:
    """The recognition, or 404 when it is out of this person's reach."""
    visible = Recognition.objects.visible_to(request.user).select_related(
        "document",
        "revoking_document",
        "programme",
        "unit__district",
        "unit__province",
        "assessment__round__criteria_set",
        "recorded_by",
        "kept_from__unit__district",
        "kept_from__document",
    )
    return get_object_or_404(visible, pk=pk)


def crumbs_of(request: PortalRequest, current: str) -> list[tuple[str, str]]:
    """The way from the register, for those who may read it."""
    if not request.roles & set(READERS):
        return [(current, "")]
    return [("Sổ công nhận", reverse("recognition_register")), (current, "")]


@allow(*READERS, *STATION)
@require_safe
def recognition(request: PortalRequest, pk: int) -> HttpResponse:
    """The decision, its year and version, its term, its end; commendations beside."""
    found = fetch_recognition(request, pk)
    today = timezone.localdate()
    coordinates = request.user.scope.serves(Role.COORDINATOR, found.unit.province_id)
    others = (
        Recognition.objects.visible_to(request.user)
        .filter(unit=found.unit, programme=found.programme)
        .exclude(pk=found.pk)
        .select_related("document", "unit__district")
        .order_by("-for_year")
    )
    commendations = (
        Commendation.objects.visible_to(request.user)
        .filter(unit=found.unit)
        .select_related("document", "unit__district")
        .order_by("-decided_on", "pk")[:COMMENDATIONS_SHOWN]
    )
    context = {
        "row": row_of(found, today),
        "recognition": found,
        "crumbs": crumbs_of(request, f"{found.unit.heading_name}, năm {found.for_year}"),
        "others": rows_of(others, today),
        "commendations": commendations,
        "inheritances": found.inheritances.select_related(
            "successor__district", "document", "decided_by"
        ),
        "kept_as": found.kept_as.select_related("unit__district"),
        "may_act": coordinates,
        "why_not_revoke": why_not_revoke(found, today),
        "reads_file": bool(request.roles & {Role.COORDINATOR, Role.REVIEWER, Role.LEADER}),
    }
    return render(request, "assessments/recognition/recognition.html", context)
