"""Serving evidence to those who may see it, and never as a page of ours."""

import logging
import uuid
from typing import TypeVar

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.models import Evidence, EvidenceKind

logger = logging.getLogger(__name__)

Response = TypeVar("Response", bound=HttpResponseBase)


def guard_file(response: Response) -> Response:
    """Headers that keep a stranger's file from acting as a page of ours, or staying in a cache."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@allow(*STATION, *READERS)
@require_safe
def evidence_file(request: PortalRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The stored file, as an attachment; the page that says why, when it cannot be served.

    Raises:
        Http404: no such file within the person's reach.
    """
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user), pk=pk, kind=EvidenceKind.FILE
    )
    if not evidence.is_usable:
        return redirect("evidence_page", pk)
    try:
        content = evidence.file.open("rb")
    except OSError:
        logger.error("Evidence %s has no file on the disk", evidence.pk)
        return redirect("evidence_page", pk)
    return guard_file(
        FileResponse(
            content,
            as_attachment=True,
            filename=evidence.original_name,
            content_type=evidence.media_type,
        )
    )
