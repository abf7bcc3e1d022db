"""The rapporteur's form: a draft that is kept however often it is left, and its two versions."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from assessments.actions.duty_reports import DutyConflict, DutyDraft, Reply, save
from assessments.forms.duty_reports import DutyReportForm
from assessments.models import DutyProgress, DutyReport
from assessments.views.duty_page import DutyPage
from criteria.models import Duty

KEPT = "Nội dung đồng chí vừa nhập được giữ bên dưới."


@dataclass(frozen=True, slots=True)
class Line:
    """One part of two versions."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        return self.mine != self.theirs


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one draft, side by side."""

    sentence: str
    current: DutyReport
    lines: list[Line]


@allow(Role.RAPPORTEUR)
@require_http_methods(["GET", "HEAD", "POST"])
def duty_report(request: PortalRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Write the report, leave, return; handing in is on the page of the check."""
    page = DutyPage(request, code, year, agency)
    if request.method != "POST":
        return form_page(request, page, blank_form(page))
    form = DutyReportForm(request.POST, duties=page.duties, today=page.today)
    if not form.is_valid():
        return form_page(request, page, form, status=400)
    now = timezone.now()
    try:
        save(
            page.task,
            form.draft(),
            number=form.cleaned_data["number"],
            version=form.cleaned_data["version"],
            by=page.user,
            now=now,
        )
    except DutyConflict as clash:
        return conflict_page(request, page, form, clash)
    except NotReady as refusal:
        return form_page(request, page, form, refused=refusal.sentence, status=409)
    if request.POST.get("next") == "check":
        return redirect(page.address("duty_check"))
    messages.success(request, f"Đã lưu nháp lúc {timezone.localtime(now):%H:%M}.")
    return redirect(page.address("duty_report"))


def blank_form(page: DutyPage) -> DutyReportForm:
    """The form with what is stored."""
    draft = page.task.draft
    return DutyReportForm(
        duties=page.duties,
        today=page.today,
        draft=page.stored,
        number=page.number,
        version=draft.version if draft is not None else 0,
    )


def form_page(
    request: PortalRequest,
    page: DutyPage,
    form: DutyReportForm,
    *,
    refused: str = "",
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with what was typed."""
    return render(
        request,
        "assessments/duties/form.html",
        {
            "page": page,
            "task": page.task,
            "form": form,
            "errors": form.error_links() if form.is_bound else [],
            "refused": refused,
            "kept": KEPT,
            "conflict": conflict,
        },
        status=status,
    )


def conflict_page(
    request: PortalRequest, page: DutyPage, form: DutyReportForm, clash: DutyConflict
) -> HttpResponse:
    """Both versions; the form keeps what was typed, and its next press is meant for the new one."""
    typed = request.POST.copy()
    typed["number"] = str(clash.current.number)
    typed["version"] = str(clash.current.version)
    again = DutyReportForm(typed, duties=page.duties, today=page.today)
    lines = compared(form.draft(), DutyDraft.of(clash.current), page.duties)
    conflict = Conflict(clash.sentence, clash.current, lines)
    return form_page(request, page, again, conflict=conflict, status=409)


def compared(mine: DutyDraft, theirs: DutyDraft, duties: list[Duty]) -> list[Line]:
    """Two versions, part by part."""
    lines = [
        Line(
            f"Nhiệm vụ {place}",
            reply_words(mine.replies.get(duty.pk, Reply())),
            reply_words(theirs.replies.get(duty.pk, Reply())),
        )
        for place, duty in enumerate(duties, start=1)
    ]
    for label, name in (
        ("Khó khăn, vướng mắc", "difficulties"),
        ("Kiến nghị, đề xuất", "proposals"),
        ("Văn bản báo cáo", "paper_number"),
        ("Ngày văn bản", "paper_date"),
    ):
        lines.append(Line(label, _shown(getattr(mine, name)), _shown(getattr(theirs, name))))
    return lines


def reply_words(reply: Reply) -> str:
    """A reply in words."""
    if not reply.progress and not reply.text:
        return "–"
    label = DutyProgress(reply.progress).label if reply.progress else "Chưa chọn tình hình"
    return f"{label}\n{reply.text}" if reply.text else label


def _shown(value: object) -> str:
    return str(formats.localize(value)) if value else "–"
