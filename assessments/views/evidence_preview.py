"""Looking at evidence in a page: pictures of it, never the file itself."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.models import Evidence
from assessments.previews import MAX_PAGES, NoPreview, draw
from assessments.views.evidence_items import units_with_same_content
from assessments.views.station_evidence import guard_file


def fetch(request: PortalRequest, pk: uuid.UUID) -> Evidence:
    """The evidence, when it is within the person's reach.

    Raises:
        Http404: it is not, or does not exist.
    """
    return get_object_or_404(
        Evidence.objects.visible_to(request.user).select_related(
            "unit__province", "unit__district", "added_by"
        ),
        pk=pk,
    )


def asked_page(request: PortalRequest) -> int:
    """The page asked for, from 1; anything odd means the first."""
    asked = request.GET.get("trang", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def preview_context(request: PortalRequest, evidence: Evidence) -> dict[str, Any]:
    """What the fragment shows: a page and the way to the others, or a sentence why not."""
    context: dict[str, Any] = {
        "evidence": evidence,
        "same_content": list(units_with_same_content(evidence, request.user)),
    }
    try:
        drawn = draw(evidence, asked_page(request))
    except NoPreview as nothing:
        return {**context, "sentence": nothing.sentence}
    shown = min(drawn.pages, MAX_PAGES)
    page = min(asked_page(request), shown)
    return {
        **context,
        "page_number": page,
        "pages": drawn.pages,
        "shown_pages": shown,
        "previous_number": page - 1 if page > 1 else 0,
        "next_number": page + 1 if page < shown else 0,
    }


@allow(*STATION, *READERS)
@require_safe
def evidence_preview(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The fragment that lists and review pages load; without a script the page of the evidence."""
    evidence = fetch(request, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('evidence_page', args=[pk])}?trang={asked_page(request)}")
    return render(request, "assessments/evidence/_picture.html", preview_context(request, evidence))


@allow(*STATION, *READERS)
@require_safe
def evidence_picture(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One page as a JPEG.

    Raises:
        Http404: out of reach, or nothing that can be drawn.
    """
    evidence = fetch(request, pk)
    try:
        drawn = draw(evidence, asked_page(request))
    except NoPreview as nothing:
        raise Http404(nothing.sentence) from None
    return guard_file(HttpResponse(drawn.content, content_type="image/jpeg"))
