"""The Excel round trip: download the file, upload it filled in, look, confirm."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import STATION, NotReady, PortalRequest, allow
from assessments.actions.answering import VersionConflict
from assessments.actions.importing import (
    EXPIRED,
    Wanted,
    apply_workbook,
    is_expired,
    keep_workbook,
    record_download,
)
from assessments.actions.moving import localised
from assessments.forms.workbook import ConfirmForm, UploadForm, sha256_of, understand
from assessments.models import WorkbookImport
from assessments.views.downloads import workbook_response
from assessments.views.station_workbook_page import (
    WorkbookPage,
    address_of,
    differences_of,
    show_faults,
    show_preview,
    show_upload,
)
from assessments.workbook.checking import check_workbook, grid_of
from assessments.workbook.comparing import edited, filling_of, identity_of
from assessments.workbook.faults import Fault, in_order
from assessments.workbook.handing_back import write_as_it_came, write_corrected
from assessments.workbook.sandbox import read_safely
from assessments.workbook.writing import write_workbook
from wards.spreadsheet.package import WorkbookRefused

STALE = (
    "Nội dung đã được thay đổi ở nơi khác sau khi đồng chí mở trang này, nên chưa nhập gì. "
    "Hãy xem lại các thay đổi bên dưới rồi xác nhận lần nữa."
)
OPENED_TOO_LONG = "Yêu cầu không hợp lệ nên chưa nhập gì. Hãy xem lại rồi xác nhận lần nữa."


def refused_sentence(name: str, reason: str) -> str:
    """Why a file was not read (MFILE for workbooks)."""
    return f"Tệp “{name}” không được nhận: {reason}. Chưa có dòng nào được ghi."


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """The three steps; on POST read the workbook that was sent."""
    page = WorkbookPage(request, pk)
    if request.method != "POST":
        return show_upload(request, page)
    if page.why_not:
        return show_upload(request, page, status=409)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_upload(request, page, form, status=400)
    content, now = form.content, timezone.now()
    try:
        plan = plan_of(page, content)
    except WorkbookRefused as refusal:
        sentence = refused_sentence(form.name, str(refusal))
        return show_upload(request, page, UploadForm(), refusal=sentence, status=400)
    try:
        waiting = keep_workbook(
            page.assessment,
            name=form.name,
            sha256=sha256_of(content),
            plan=plan,
            by=page.user,
            now=now,
        )
    except NotReady:
        return show_upload(request, WorkbookPage(request, pk), status=409)
    if "faults" in plan:
        return show_faults(request, page, waiting, status=400)
    return redirect(address_of(waiting))


def plan_of(page: WorkbookPage, content: bytes) -> dict[str, Any]:
    """What a workbook says, ready for storing: entries, or faults with what is handed back.

    Raises:
        WorkbookRefused: the file is not read at all.
    """
    sheets = read_safely(content)
    criteria = [one.criterion for one in page.current]
    checked = check_workbook(sheets, page.assessment, criteria)
    if checked.identity is None or checked.broken:
        faults = in_order([*checked.broken, *checked.faults])
        return {"faults": [fault.as_json() for fault in faults], "grid": grid_of(sheets)}
    understood = understand(checked, checked.identity, page.current)
    if checked.faults or understood.faults:
        faults = in_order(one_per_cell([*checked.faults, *understood.faults]))
        return {
            "faults": [fault.as_json() for fault in faults],
            "identity": checked.identity.as_json(),
            "rows": [[row.sheet, row.row, [*key], row.texts] for key, row in checked.rows.items()],
        }
    entries = edited(understood.filled, checked.identity)
    return {
        "entries": [entry.as_json() for entry in entries],
        "downloaded_at": checked.identity.downloaded_at,
    }


def one_per_cell(faults: list[Fault]) -> list[Fault]:
    """The first fault of each cell: what follows from it would only confuse."""
    return list({(one.sheet, one.row, one.column): one for one in reversed(faults)}.values())


@allow(*STATION)
@require_safe
def workbook_download(request: PortalRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The file as a workbook."""
    page = WorkbookPage(request, pk)
    now = timezone.now()
    content = write_workbook(
        page.assessment,
        [one.criterion for one in page.current],
        identity_of(page.assessment, page.current, now),
        filling_of(page.current),
    )
    record_download(page.assessment, sha256=sha256_of(content), by=page.user, now=now)
    return workbook_file(page, content, "phieu")


def workbook_file(page: WorkbookPage, content: bytes, stem: str) -> FileResponse:
    """A workbook as a download."""
    unit, year = page.assessment.unit, page.assessment.round.year
    return workbook_response(content, f"{stem}-{year}-{unit.code}.xlsx")


@allow(*STATION)
@require_http_methods(["GET", "HEAD", "POST"])
def workbook_import(request: PortalRequest, pk: uuid.UUID, import_pk: uuid.UUID) -> HttpResponse:
    """What a workbook would change; on POST import it."""
    page = WorkbookPage(request, pk)
    waiting = page.waiting(import_pk)
    if "faults" in waiting.plan:
        return show_faults(request, page, waiting, 409 if request.method == "POST" else 200)
    if waiting.applied_at is not None:
        if request.method == "POST":
            return imported_before(request, waiting)
        return show_done(request, page, waiting)
    if request.method == "POST":
        return take(request, page, waiting)
    now = timezone.now()
    refusal = EXPIRED if is_expired(waiting, now) else ""
    return show_preview(request, page, waiting, now=now, refusal=refusal)


def take(request: PortalRequest, page: WorkbookPage, waiting: WorkbookImport) -> HttpResponse:
    """Import what was confirmed, all of it or nothing."""
    now = timezone.now()
    found = differences_of(page, waiting)
    form = ConfirmForm(found, request.POST)
    valid = form.is_valid()
    refusal, status = "", 409
    if page.why_not:
        refusal = page.why_not
    elif not valid:
        refusal, status = OPENED_TOO_LONG, 400
    elif form.is_stale:
        refusal = STALE
    else:
        wanted = [
            Wanted(one.criterion, one.filled, one.current.result.version) for one in form.taken
        ]
        try:
            if not apply_workbook(waiting, wanted, kept=form.kept, by=page.user, now=now):
                return imported_before(request, page.waiting(waiting.pk))
        except VersionConflict:
            refusal = STALE
        except NotReady as refused:
            refusal = refused.sentence
        else:
            return redirect(address_of(waiting))
    fresh = WorkbookPage(request, page.assessment.pk)
    return show_preview(request, fresh, waiting, form, now=now, refusal=refusal, status=status)


def imported_before(request: PortalRequest, waiting: WorkbookImport) -> HttpResponse:
    """A second press imports nothing, and says so."""
    when = localised(waiting.applied_at) if waiting.applied_at else ""
    messages.info(request, f"Bảng tính này đã được nhập lúc {when}. Không cần nhập lại.")
    return redirect(address_of(waiting))


def show_done(request: PortalRequest, page: WorkbookPage, waiting: WorkbookImport) -> HttpResponse:
    """What was imported, with the way on."""
    taken, kept = waiting.plan.get("taken", []), waiting.plan.get("kept", [])
    return render(
        request,
        "assessments/workbook/done.html",
        {
            "page": page,
            "assessment": page.assessment,
            "waiting": waiting,
            "taken": [row for row in page.rows if row.criterion.code in taken],
            "kept": [row for row in page.rows if row.criterion.code in kept],
        },
    )


@allow(*STATION)
@require_safe
def workbook_marked(
    request: PortalRequest, pk: uuid.UUID, import_pk: uuid.UUID
) -> HttpResponseBase:
    """The workbook that was sent, with every fault at its cell."""
    page = WorkbookPage(request, pk)
    plan = page.waiting(import_pk).plan
    if "faults" not in plan:
        raise Http404
    faults = [Fault(**fault) for fault in plan["faults"]]
    if "grid" in plan:
        content = write_as_it_came(plan["grid"], faults)
    else:
        content = write_corrected(page.assessment, page.current, plan, faults)
    return workbook_file(page, content, "phieu-can-sua")
