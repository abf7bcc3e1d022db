"""More time for one unit, or for several at once."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from assessments.actions.extending import NOBODY_CHOSEN, extend_deadline
from assessments.deadlines import clock_words
from assessments.forms.rounds import ExtensionForm
from assessments.models import Assessment
from assessments.permissions import require_care_of
from assessments.views.round_page import PER_PAGE, RoundPage


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Until when, why and who approved it, for the files named by `phieu`."""
    page = RoundPage(request, pk)
    require_care_of(page.round, request.user, Role.COORDINATOR)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = chosen_files(page, sent.getlist("phieu"))
    if not chosen:
        messages.error(request, f"{NOBODY_CHOSEN} Hãy đánh dấu ở đầu dòng rồi bấm “Gia hạn”.")
        return redirect(page.address("round"))
    form = ExtensionForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        latest_year=page.round.year,
    )
    if request.method != "POST":
        return _show(request, page, chosen, form)
    if not form.is_valid():
        return _show(request, page, chosen, form, status=400)
    try:
        made = extend_deadline(
            page.round,
            [file.pk for file in chosen],
            until=form.last_moment,
            reason=form.cleaned_data["reason"],
            approver=form.cleaned_data["approver"],
            by=request.user,
            now=database_now(),
        )
    except NotReady as refusal:
        return _show(request, page, chosen, form, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã gia hạn cho {len(made)} đơn vị đến {clock_words(form.last_moment)}. "
        "Trưởng Công an phường được báo.",
    )
    return redirect(page.address("round"))


def chosen_files(page: RoundPage, sent: list[str]) -> list[Assessment]:
    """The files of this round that the person sees among those named, at most a page of them."""
    ids = []
    for text in sent[:PER_PAGE]:
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            continue
    return list(page.files.filter(pk__in=ids).with_places())


def _show(
    request: PortalRequest,
    page: RoundPage,
    chosen: list[Assessment],
    form: ExtensionForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "assessments/rounds/extend.html",
        {"page": page, "round": page.round, "chosen": chosen, "form": form, "refused": refused},
        status=status,
    )
