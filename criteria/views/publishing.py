"""Is the draft ready, and publishing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from criteria.actions.publishing import publish
from criteria.readiness import Gap, gaps
from criteria.views.page import SLUGS, SetPage


@allow(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: PortalRequest, code: str) -> HttpResponse:
    """Every gap with a link to where it is mended; without gaps, the question."""
    page = SetPage(request, code, to_edit=True)
    refused = ""
    if request.method == "POST":
        sent = request.POST.get("version", "")
        if request.POST.get("confirm") != "on":
            return _show(request, page, unconfirmed=True, status=400)
        try:
            version = int(sent) if sent.isdecimal() and len(sent) < 10 else 0
            publish(page.set, version=version, by=request.user, now=timezone.now())
        except NotReady as refusal:
            refused = refusal.sentence
        else:
            messages.success(
                request, f"Đã công bố bộ tiêu chí {page.set.label}. Từ nay không sửa được nữa."
            )
            return redirect("criteria_set", code)
    elif page.set.is_published:
        return redirect("criteria_set", code)
    return _show(request, page, refused=refused, status=409 if refused else 200)


def _show(
    request: PortalRequest,
    page: SetPage,
    *,
    refused: str = "",
    unconfirmed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": page,
        "gaps": [(gap, _mend(page, gap)) for gap in gaps(page.set)],
        "count": page.set.criteria.count(),
        "refused": refused,
        "unconfirmed": unconfirmed,
    }
    return render(request, "criteria/publication.html", context, status=status)


def _mend(page: SetPage, gap: Gap) -> str:
    """The page on which a gap is closed."""
    if gap.in_mapping:
        return page.address("criteria_mapping")
    if gap.about is None:
        has_criteria = page.set.criteria.exists()
        return page.address("criteria_facts" if has_criteria else "criteria_draft")
    return reverse("criteria_part", args=[page.set.code, SLUGS[type(gap.about)], gap.about.pk])
