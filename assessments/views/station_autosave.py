"""Saving a criterion while it is typed: what is valid is kept at once, the rest says why not."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, NotReady, PortalRequest, allow
from assessments.actions.answering import VersionConflict, sent_sentence
from assessments.forms.answers import OPENED_TOO_LONG, CriterionForm
from assessments.permissions import require_station
from assessments.views.station_conflict import chosen
from assessments.views.station_criterion import (
    ANOTHER_PERSON,
    conflict_of,
    opened_by_another,
    save,
)
from assessments.views.station_criterion_page import CriterionPage, asks_explanation, live


@allow(*STATION)
@require_http_methods(["GET", "POST"])
def criterion_autosave(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Save every valid part of the form; the answer is put into the page, piece by piece.

    At most twelve queries: nothing but what saving needs, and no context processors.
    """
    page = CriterionPage(request, pk, code)
    if request.method != "POST":
        return redirect(page.address_of_self())
    require_station(page.assessment, page.user)
    if opened_by_another(request):
        return pieces(page, status=401, refusal=ANOTHER_PERSON)
    form = page.form(request.POST)
    form.is_valid()
    # A form that lost its fields on the way must not read as a page of empty answers.
    if not form.has_version or "note" not in request.POST:
        return pieces(page, status=400, refusal=OPENED_TOO_LONG)
    if not page.assessment.is_editable:
        return pieces(page, status=409, refusal=sent_sentence(page.assessment))
    said = chosen(form, page.stored, request.POST)
    try:
        if not said.is_stored(page.stored):
            save(page, said, form, timezone.now())
    except VersionConflict as found:
        return pieces(page, status=409, conflict=conflict_of(page, said, found))
    except NotReady as refusal:
        return pieces(page, status=409, refusal=refusal.sentence)
    return pieces(page, form)


def pieces(
    page: CriterionPage, form: CriterionForm | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The parts of the page that changed; `form` is what was saved as far as it was valid."""
    if form is not None:
        context |= {
            "form": form,
            "live": live(page, form, form.savable_values(), beside=False),
            "is_whole": form.is_valid(),
            "asks_explanation": asks_explanation(page, form),
        }
    context |= {
        "assessment": page.assessment,
        "criterion": page.criterion,
        "result": page.stored.result,
    }
    return HttpResponse(render_to_string("assessments/station/_saved.html", context), status=status)
