"""One piece of evidence with everything known of it: what it shows, revisions, uses."""

import uuid
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import READERS, STATION, PortalRequest, allow
from assessments.models import Attachment, Evidence, EvidenceKind
from assessments.previews import NO_FILE, shut_sentence
from assessments.views.evidence_items import Revisions, icon_of, kind_label_of
from assessments.views.evidence_preview import fetch, preview_context

MOST_USES = 50


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of the same document."""

    evidence: Evidence
    number: int
    is_shown: bool
    is_latest: bool


def revisions_of(evidence: Evidence) -> list[Revision]:
    """Every revision of the document, the newest first."""
    chain = Revisions(evidence.unit_id).chain(evidence.pk)
    if len(chain) == 1:
        return [Revision(evidence, 1, is_shown=True, is_latest=True)]
    found = Evidence.objects.select_related("added_by").in_bulk(chain)
    return [
        Revision(found[key], len(chain) - place, key == evidence.pk, is_latest=place == 0)
        for place, key in enumerate(chain)
    ]


def crumbs(evidence: Evidence, uses: list[Attachment]) -> list[tuple[str, str]]:
    """The way here from the criterion that used it last."""
    if not uses:
        return [(evidence.unit.full_name, "")]
    last = uses[0]
    return [
        (
            f"Phiếu tự đánh giá năm {last.assessment.round.year}, {evidence.unit.full_name}",
            reverse("assessment", args=[last.assessment_id]),
        ),
        (
            last.criterion.code,
            reverse("criterion", args=[last.assessment_id, last.criterion.code]),
        ),
    ]


@allow(*STATION, *READERS)
@require_safe
def evidence_page(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The evidence; a file that is missing or shut away is told, with what is still known of it."""
    evidence = fetch(request, pk)
    is_file = evidence.kind == EvidenceKind.FILE
    problem = shut_sentence(evidence)
    if is_file and not problem and not default_storage.exists(str(evidence.file.name)):
        problem = NO_FILE
    uses = Attachment.objects.filter(evidence=evidence).select_related(
        "assessment__round__programme", "criterion", "added_by"
    )
    used = list(uses.order_by("-added_at", "pk")[:MOST_USES])
    context = {
        "evidence": evidence,
        "is_file": is_file,
        "icon": icon_of(evidence),
        "kind_label": kind_label_of(evidence),
        "problem": problem,
        "revisions": revisions_of(evidence),
        "uses": used,
        "crumbs": crumbs(evidence, used),
    }
    if is_file and not problem:
        context |= preview_context(request, evidence)
    return render(request, "assessments/evidence/page.html", context)
