"""Everything once more, the declaration, and handing in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.clock import database_now
from accounts.models import Role
from assessments.actions.duty_reports import hand_in
from assessments.forms.duty_reports import HandInForm
from assessments.models import DutyReport
from assessments.views.duty_handed_in import answered
from assessments.views.duty_page import DutyPage

NO_DRAFT = "Chưa có bản nháp nào. Đồng chí nhập báo cáo và lưu, rồi kiểm tra và nộp."


@allow(Role.RAPPORTEUR)
@require_http_methods(["GET", "HEAD", "POST"])
def duty_check(request: PortalRequest, code: str, year: int, agency: str) -> HttpResponse:
    """Check the draft; with the declaration it is handed in, once however often it is pressed."""
    page = DutyPage(request, code, year, agency)
    if request.method != "POST":
        if page.task.draft is None:
            messages.info(request, NO_DRAFT)
            return redirect(page.address("duty_report"))
        return show_check(request, page)
    number = HandInForm.number_in(request.POST)
    # Asked once the whole form has come: this moment is held against the last day.
    now = database_now()
    if number is not None and page.task.latest and number <= page.task.latest.number:
        taken = DutyReport.objects.get(
            programme=page.programme, agency=page.agency, year=year, number=number
        )
        return receipt_again(request, taken)
    form = HandInForm(request.POST)
    if not form.is_valid():
        return show_check(request, page, form, status=400)
    try:
        report = hand_in(
            page.task,
            number=form.cleaned_data["number"],
            version=form.cleaned_data["version"],
            by=page.user,
            now=now,
        )
    except NotReady as refusal:
        fresh = DutyPage(request, code, year, agency)
        return show_check(request, fresh, refused=refusal.sentence, status=409)
    if report.submitted_at != now:
        return receipt_again(request, report)
    return redirect(reverse("duty_handed_in", args=[report.pk]))


def receipt_again(request: PortalRequest, report: DutyReport) -> HttpResponse:
    """Say that it was received (MDUP), and show that receipt."""
    messages.info(
        request, f"Báo cáo này đã được tiếp nhận (mã {report.receipt}). Không cần gửi lại."
    )
    return redirect(reverse("duty_handed_in", args=[report.pk]))


def show_check(
    request: PortalRequest,
    page: DutyPage,
    form: HandInForm | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The draft as it would be handed in, and what is missing."""
    draft = page.task.draft
    version = draft.version if draft is not None else 1
    fresh = HandInForm(initial={"number": page.number, "version": version})
    return render(
        request,
        "assessments/duties/check.html",
        {
            "page": page,
            "task": page.task,
            "report": draft,
            "replies": answered(page.duties, page.stored, page.missing),
            "form": form or fresh,
            # What is sent next is meant for the version shown now.
            "number": page.number,
            "version": version,
            "refused": refused,
        },
        status=status,
    )
