"""The annual reports: versions, asking for one, watching it being made, reading it."""

import logging
import uuid
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import READERS, STATION, NotAllowed, NotReady, PortalRequest, allow
from accounts.models import Role
from reports import actions, jobs
from reports.forms import ReportForm, coordinated
from reports.models import AnnualReport
from reports.views.reach import default_round

logger = logging.getLogger(__name__)

PER_PAGE = 20
ON_THE_LIST = (*READERS, *STATION, Role.RAPPORTEUR)
ALTERED = (
    "Tệp trên máy chủ không còn khớp với tệp đã lập nên không được tải. "
    "Số liệu đã chốt vẫn nguyên vẹn; cán bộ tổng hợp bấm “Lập lại tệp” để dựng lại."
)


@allow(*ON_THE_LIST)
@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Every version in reach, and the form to ask for another one."""
    return _list_page(request, _form(request))


@allow(Role.COORDINATOR)
@require_POST
def request_report(request: PortalRequest) -> HttpResponse:
    """Ask for a version; what was typed stays when it is refused."""
    form = _form(request, data=True)
    if form is None:
        raise NotAllowed(actions.ONLY_COORDINATOR)
    if not form.is_valid():
        return _list_page(request, form, status=400)
    try:
        report = actions.request_report(
            form.cleaned_data["programme"],
            form.cleaned_data["year"],
            as_of=form.cleaned_data["as_of"],
            by=request.user,
            now=timezone.now(),
        )
    except NotReady as refusal:
        form.add_error(None, refusal.sentence)
        return _list_page(request, form, status=409)
    jobs.announce(report.pk)
    return redirect("report", report.pk)


@allow(*ON_THE_LIST)
@require_safe
def report(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """One version: how far it is, what its figures say, its checksums, the file."""
    found = _fetch(request, pk)
    context = {
        "report": found,
        "figures": _summary(found.figures),
        "may_manage": actions.may_make_reports(request.user, found.programme),
    }
    return render(request, "reports/report.html", context)


@allow(*ON_THE_LIST)
@require_safe
def report_progress(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """How far the making is, for the page that polls; the whole page anew once it is over."""
    found = _fetch(request, pk)
    response = render(request, "reports/_report_progress.html", {"report": found})
    if not found.is_being_made:
        response["HX-Refresh"] = "true"
    return response


@allow(*ON_THE_LIST)
@require_safe
def report_file(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The PDF as an attachment, compared with its checksum on the way out."""
    found = _fetch(request, pk)
    if not found.is_finished:
        messages.warning(request, "Tệp báo cáo chưa lập xong; đồng chí chờ trong giây lát.")
        return redirect("report", found.pk)
    content = _intact_content(found)
    if content is None:
        messages.error(request, ALTERED)
        return redirect("report", found.pk)
    actions.note_download(found, by=request.user, now=timezone.now())
    response = HttpResponse(content, content_type="application/pdf")
    name = f"bao-cao-{found.programme.code}-nam-{found.year}-ban-{found.version}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@allow(Role.COORDINATOR)
@require_POST
def make_again(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Have the file made once more from the same figures."""
    found = _fetch(request, pk)
    try:
        actions.make_again(found, by=request.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
    else:
        jobs.announce(found.pk)
    return redirect("report", found.pk)


@allow(Role.COORDINATOR)
@require_POST
def issue_report(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark the version as the official one of its year."""
    found = _fetch(request, pk)
    try:
        actions.issue_report(found, by=request.user, now=timezone.now())
    except NotReady as refusal:
        messages.error(request, refusal.sentence)
    else:
        jobs.announce(found.pk)
        messages.success(
            request,
            f"Bản {found.version} là báo cáo chính thức năm {found.year}. "
            "Tệp đang được lập lại không còn dấu “Bản nháp”.",
        )
    return redirect("report", found.pk)


def _fetch(request: PortalRequest, pk: uuid.UUID) -> AnnualReport:
    return get_object_or_404(
        AnnualReport.objects.visible_to(request.user).select_related(
            "programme__province", "programme__document", "requested_by"
        ),
        pk=pk,
    )


def _form(request: PortalRequest, *, data: bool = False) -> ReportForm | None:
    """The form for those who make reports; None for everybody else."""
    if Role.COORDINATOR not in request.roles:
        return None
    programmes = coordinated(request.user)
    if not programmes:
        return None
    today = timezone.localdate()
    latest = default_round(request.user, timezone.localdate())
    return ReportForm(
        request.POST if data else None,
        programmes=programmes,
        today=today,
        initial={
            "as_of": today,
            "programme": latest.programme.code if latest else None,
            "year": latest.year if latest else today.year,
        },
    )


def _list_page(
    request: PortalRequest, form: ReportForm | None, *, status: int = 200
) -> HttpResponse:
    versions = (
        AnnualReport.objects.visible_to(request.user)
        .select_related("programme", "requested_by")
        .defer("figures")
        .order_by("-year", "programme__code", "-version")
    )
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/reports.html", {"page_obj": page, "form": form}, status=status)


def _summary(figures: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the frozen figures say, in the few lines of a page; None until they are frozen."""
    if figures is None:
        return None
    overall = [row for row in figures["roadmap"] if row.get("scope", "all") == "all"]
    year = str(figures["year"])
    return {
        "sentence": figures["sentence"],
        "is_sample": figures.get("data_kind") == "sample",
        "as_of": date.fromisoformat(figures["as_of"]),
        "units": len(figures["units"]),
        "criteria": (figures.get("criteria_set") or {}).get("criteria_count", 0),
        "late": len(figures["late"]),
        "row": next((row for row in overall if row["by"].startswith(year)), None),
    }


def _intact_content(found: AnnualReport) -> bytes | None:
    """The file when it is there and as it was made."""
    try:
        with found.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        logger.exception("The file of report %s is gone.", found.pk)
        return None
    if sha256(content).hexdigest() != found.file_sha256:
        logger.error("The file of report %s was altered.", found.pk)
        return None
    return content
