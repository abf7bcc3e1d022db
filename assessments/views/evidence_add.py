"""Taking files one by one from the page of a criterion, while it stays open."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import STATION, PortalRequest, allow
from assessments.actions.answering import sent_sentence
from assessments.forms.evidence import EvidenceForm, Intake
from assessments.permissions import require_station
from assessments.views.station_page import StationPage
from criteria.models import Criterion

NO_FILE_CAME = "Chưa nhận được tệp nào. Hãy chọn lại tệp rồi gửi lại."
REUSED = "Đơn vị đã có tệp này; tài liệu sẵn có được gắn lại, không lưu bản thứ hai."


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: PortalRequest, pk: uuid.UUID, code: str) -> HttpResponse:
    """Take what was sent; answer with what became of it and the list as it now stands."""
    page = StationPage(request, pk)
    criterion = criterion_of(page, code)
    if request.method != "POST":
        return redirect(f"{page.address('criterion', code)}#minh-chung")
    require_station(page.assessment, page.user)
    refusal = why_not_editable(page)
    if refusal:
        return answer(request, page, criterion, Intake(refused=[refusal]), status=409)
    now = timezone.now()
    form = EvidenceForm(request.POST, request.FILES, today=timezone.localdate(now))
    if not form.is_valid() or not form.cleaned_data["uploads"]:
        told = [str(error) for errors in form.errors.values() for error in errors] or [NO_FILE_CAME]
        return answer(request, page, criterion, Intake(refused=told), status=400)
    intake = form.attach(page.assessment, criterion, by=page.user, now=now)
    return answer(request, page, criterion, intake, status=400 if intake.refused else 200)


def criterion_of(page: StationPage, code: str) -> Criterion:
    """A criterion of the assessment's own set.

    Raises:
        Http404: there is none of this code.
    """
    return get_object_or_404(page.assessment.round.criteria_set.criteria, code=code)


def why_not_editable(page: StationPage) -> str:
    """Why the file does not change any more; empty while it may."""
    if not page.assessment.is_editable:
        return sent_sentence(page.assessment)
    return page.closed


def answer(
    request: PortalRequest, page: StationPage, criterion: Criterion, intake: Intake, *, status: int
) -> HttpResponse:
    """The fragment that the page puts in place of its list."""
    context = {
        "page": page,
        "assessment": page.assessment,
        "criterion": criterion,
        "attachments": list(page.attachments(criterion)),
        "intake": intake,
        "told": " ".join([*intake.refused, *([REUSED] if intake.reused else [])]),
    }
    return render(request, "assessments/evidence/_taken.html", context, status=status)
