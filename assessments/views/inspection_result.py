"""What came of a visit: recorded once, corrected later; rows grow without a script."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from assessments.actions import inspecting
from assessments.actions.inspecting import InspectionConflict
from assessments.forms.inspections import (
    FIRST_ROWS,
    MORE_ROWS,
    FindingRows,
    ResultForm,
    Rows,
    rows_of,
    stored_rows,
    typed_rows,
)
from assessments.inspections import criteria_of, findings_of
from assessments.models import Inspection, InspectionFinding
from assessments.permissions import require_inspector
from assessments.views.inspection_page import (
    INSPECTORS,
    KEPT,
    Conflict,
    InspectionPage,
    Line,
    crumbs,
    listed,
    open_page,
    show,
)
from criteria.models import Criterion


@allow(*INSPECTORS)
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Record that the visit took place; `them_dong` only adds rows and keeps what was typed."""
    page = open_page(request, pk, require_inspector)
    inspection, today = page.inspection, timezone.localdate()
    findings = findings_of(inspection)
    criteria = _criteria(inspection, findings)
    if request.method != "POST":
        if inspection.is_cancelled:
            return show(request, page, refused="Cuộc này đã hủy, không ghi kết quả được.")
        form = ResultForm(inspection=inspection, today=today)
        blank = MORE_ROWS if inspection.is_done else FIRST_ROWS
        rows = rows_of(stored_rows(findings), criteria, blank=blank)
        return _form(request, page, form, rows, findings)
    rows = FindingRows(request.POST, prefix="f", form_kwargs={"criteria": criteria})
    if "them_dong" in request.POST:
        return _more_rows(request, page, rows, criteria, findings)
    form = ResultForm(request.POST, inspection=inspection, today=today)
    if not _is_sound(form, rows):
        return _form(request, page, form, rows, findings, status=400)
    drafts = tuple(row.draft for row in rows.forms if row.draft is not None)
    try:
        inspecting.record(
            inspection,
            form.draft(drafts),
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
    except InspectionConflict as clash:
        return _clash(request, page, form, rows, clash)
    except NotReady as refusal:
        return _form(request, page, form, rows, findings, refused=refusal.sentence, status=409)
    messages.success(
        request,
        f"Đã ghi kết quả, {len(drafts)} tồn tại; Trưởng Công an đơn vị được báo."
        if drafts
        else "Đã ghi kết quả; Trưởng Công an đơn vị được báo.",
    )
    return redirect(page.address)


def _criteria(inspection: Inspection, findings: list[InspectionFinding]) -> dict[str, Criterion]:
    """Criteria that may be chosen by id: the unit's current ones, and those already named."""
    found = {str(one.pk): one for one in criteria_of(inspection)}
    for one in findings:
        if one.criterion is not None:
            found.setdefault(str(one.criterion_id), one.criterion)
    return found


def _is_sound(form: ResultForm, rows: Rows) -> bool:
    """Whether both are well-formed; a mark of secrecy anywhere is said on the form."""
    sound = form.is_valid() and rows.is_valid()
    if sound:
        typed = form.cleaned_data
        texts = [row.draft.text for row in rows.forms if row.draft is not None]
        form.require_unmarked(typed["conclusion"], typed["conclusion_number"], *texts)
    return sound and form.is_valid()


def _more_rows(
    request: PortalRequest,
    page: InspectionPage,
    rows: Rows,
    criteria: dict[str, Criterion],
    findings: list[InspectionFinding],
) -> HttpResponse:
    """The same page with more rows; nothing is checked and nothing is lost."""
    typed = {name: request.POST.get(name, "") for name in ("done_on", "conclusion", "version")}
    typed["conclusion_number"] = request.POST.get("conclusion_number", "")
    form = ResultForm(inspection=page.inspection, today=timezone.localdate(), initial=typed)
    more = rows_of(typed_rows(rows), criteria, blank=MORE_ROWS)
    return _form(request, page, form, more, findings, opened=len(rows.forms))


def _clash(
    request: PortalRequest,
    page: InspectionPage,
    form: ResultForm,
    rows: Rows,
    clash: InspectionConflict,
) -> HttpResponse:
    """Both versions. The form keeps what was typed and takes over the findings recorded meanwhile.

    Its next press is meant for the new version, and drops nothing of the other person's.
    """
    current = clash.current
    findings = findings_of(current)
    mine = [row for row in typed_rows(rows) if str(row["text"]).strip()]
    known = {str(row["key"]) for row in mine}
    stored = {str(one.pk) for one in findings if one.remedy_id is None}
    for row in mine:
        if str(row["key"]) not in stored:
            row["key"] = ""
    theirs = [row for row in stored_rows(findings) if str(row["key"]) not in known]
    typed = form.cleaned_data
    lines = [
        Line("Đã tiến hành ngày", _day(typed["done_on"]), _day(current.done_on)),
        Line("Số kết luận", typed["conclusion_number"] or "–", current.conclusion_number or "–"),
        Line("Kết luận", typed["conclusion"], current.conclusion or "–"),
        Line("Tồn tại", _rows_listed(rows), listed(findings) or "–"),
    ]
    again = ResultForm(
        inspection=current,
        today=timezone.localdate(),
        initial={**typed, "version": current.version},
    )
    merged = rows_of([*mine, *theirs], _criteria(current, findings), blank=1)
    return _form(
        request,
        open_page(request, current.pk, require_inspector),
        again,
        merged,
        findings,
        conflict=Conflict(clash.sentence, current, lines),
        status=409,
    )


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _rows_listed(rows: Rows) -> str:
    drafts = [row.draft for row in rows.forms if row.draft is not None]
    return (
        "\n".join(
            f"- {one.criterion.code if one.criterion else 'Chung'}: {one.text}" for one in drafts
        )
        or "–"
    )


def _form(
    request: PortalRequest,
    page: InspectionPage,
    form: ResultForm,
    rows: Rows,
    findings: list[InspectionFinding],
    *,
    refused: str = "",
    conflict: Conflict | None = None,
    opened: int = -1,
    status: int = 200,
) -> HttpResponse:
    heading = "Sửa kết quả" if page.inspection.is_done else "Ghi kết quả"
    context = {
        "page": page,
        "inspection": page.inspection,
        "form": form,
        "rows": rows,
        "row_errors": _row_errors(rows),
        "opened": opened,
        "fixed": [one for one in findings if one.remedy_id is not None],
        "heading": heading,
        "refused": refused,
        "kept": KEPT,
        "conflict": conflict,
        "crumbs": crumbs(request, page, heading),
    }
    return render(request, "assessments/inspections/result.html", context, status=status)


def _row_errors(rows: Rows) -> list[dict[str, str]]:
    """What is wrong with rows, each with a link to its field."""
    if not rows.is_bound:
        return []
    found = [{"text": str(error)} for error in rows.non_form_errors()]
    for number, row in enumerate(rows.forms, start=1):
        for name, errors in row.errors.items():
            for error in errors:
                url = f"#{row[name].id_for_label}" if name in row.fields else ""
                found.append({"text": f"Tồn tại {number}: {error}", "url": url})
    return found
