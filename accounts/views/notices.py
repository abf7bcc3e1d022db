"""A person's notices. Reading a page changes nothing; opening a notice is a small POST."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import notices
from accounts.access import PortalRequest, signed_in
from accounts.models import Notice

PER_PAGE = 20
ALL, UNREAD = "tat-ca", "chua-doc"

ICONS = {
    "assessment_submitted": "inbox",
    "assessment_resubmitted": "inboxes",
    "assessment_withdrawn": "arrow-counterclockwise",
    "assessment_returned": "arrow-return-left",
    "assessment_received": "receipt",
    "assessment_verified": "clipboard-check",
    "review_assigned": "person-check",
    "review_reopened": "arrow-repeat",
    "recognition_proposed": "file-earmark-arrow-up",
    "proposal_withdrawn": "arrow-counterclockwise",
    "unit_recognised": "award",
    "unit_not_recognised": "x-circle",
    "deadline_extended": "calendar-range",
    "deadline_near": "alarm",
    "deadline_missed": "exclamation-triangle",
    "deadline_digest": "list-check",
    "criterion_assigned": "person-check",
    "duty_report_received": "receipt",
    "duty_report_submitted": "inbox",
    "duty_report_due": "alarm",
    "duty_report_missed": "exclamation-triangle",
    "duty_report_digest": "list-check",
    "inspection_planned": "calendar-event",
    "inspection_changed": "calendar-range",
    "inspection_cancelled": "calendar-x",
    "inspection_concluded": "journal-check",
    "inspection_overdue": "exclamation-triangle",
    "remedy_due": "alarm",
    "remedy_overdue": "exclamation-triangle",
    "appeal_filed": "chat-quote",
    "appeal_decided": "chat-left-text",
    "units_reorganised": "diagram-3",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the list shows it."""

    notice: Notice
    icon: str

    @property
    def body(self) -> str:
        """The text without the air between its paragraphs."""
        return self.notice.body.replace("\n\n", "\n")


@signed_in
@require_safe
def notice_list(request: PortalRequest) -> HttpResponse:
    """One's notices, newest first; `?loc=chua-doc` leaves those not opened yet."""
    chosen = request.GET.get("loc", ALL)
    if chosen not in {ALL, UNREAD}:
        raise BadRequest(f"Unknown filter {chosen!r}")
    own = Notice.objects.visible_to(request.user)
    counts = own.order_by().aggregate(
        total=Count("pk"), unread=Count("pk", filter=Q(read_at__isnull=True))
    )
    page = Paginator(own.unread() if chosen == UNREAD else own, PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "lines": [Line(one, ICONS.get(one.event, "bell")) for one in page.object_list],
        "chips": [
            (ALL, "Tất cả", counts["total"], chosen == ALL),
            (UNREAD, "Chưa đọc", counts["unread"], chosen == UNREAD),
        ],
        "total": counts["total"],
    }
    return render(request, "accounts/notices.html", context)


@signed_in
@require_POST
def notice_open(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a notice as read and go where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    notices.mark_read(notice, now=timezone.now())
    return redirect(notice.path or "notices")


@signed_in
@require_POST
def notices_read(request: PortalRequest) -> HttpResponse:
    """Take all notices as read."""
    count = notices.mark_all_read(request.user, now=timezone.now())
    messages.success(request, f"Đã đánh dấu {count} thông báo là đã đọc.")
    return redirect("notices")
