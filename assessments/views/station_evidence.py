"""Serving evidence to those who may see it, and never as a page of ours."""

import logging
import uuid

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.models import Evidence, EvidenceKind

logger = logging.getLogger(__name__)


@allow(*STATION, *READERS)
@require_safe
def evidence_file(request: PortalRequest, pk: uuid.UUID) -> FileResponse:
    """The stored file, as an attachment; `?xem=1` lets images stand in a page.

    Raises:
        Http404: no such file within the person's reach, or it is missing on the disk.
    """
    evidence = get_object_or_404(
        Evidence.objects.visible_to(request.user), pk=pk, kind=EvidenceKind.FILE
    )
    try:
        content = evidence.file.open("rb")
    except OSError:
        logger.exception("Evidence %s has no file on the disk", evidence.pk)
        raise Http404 from None
    shown = request.GET.get("xem") == "1" and evidence.is_image
    response = FileResponse(
        content,
        as_attachment=not shown,
        filename=evidence.original_name,
        content_type=evidence.media_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
