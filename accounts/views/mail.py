"""What the system administrator sees of e-mail: what waits, and what was given up and why."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import notices
from accounts.access import PortalRequest, allow
from accounts.models import MailState, Notice, Role

PER_PAGE = 50


@allow(Role.SYSTEM_ADMINISTRATOR)
@require_safe
def mail_list(request: PortalRequest) -> HttpResponse:
    """Mails given up, the latest first, and how many wait since when. Their text is not shown."""
    waiting = Notice.objects.filter(
        mail_state__in=[MailState.WAITING, MailState.SENDING]
    ).aggregate(count=Count("pk"), since=Min("created_at"))
    failed = Notice.objects.filter(mail_state=MailState.FAILED).select_related("recipient")
    page = Paginator(failed, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/mail.html", {"waiting": waiting, "page_obj": page})


@allow(Role.SYSTEM_ADMINISTRATOR)
@require_POST
def mail_again(request: PortalRequest, pk: uuid.UUID) -> HttpResponse:
    """Put a mail that was given up back into the queue."""
    notice = get_object_or_404(Notice.objects.exclude(mail_state=MailState.NONE), pk=pk)
    if notices.send_again(notice, now=timezone.now()):
        messages.success(request, "Đã đưa thư vào hàng chờ; hệ thống gửi lại trong ít phút.")
    else:
        messages.info(request, "Thư này không ở trạng thái “Không gửi được”; không có gì thay đổi.")
    return redirect("mail")
