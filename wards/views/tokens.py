"""Tokens of the API: which there are, issuing one, revoking one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import NotReady, PortalRequest, allow
from accounts.models import Role
from wards.actions import tokens
from wards.forms import ApiTokenForm
from wards.models import ApiToken

PER_PAGE = 25


@allow(Role.SYSTEM_ADMINISTRATOR)
@require_safe
def token_list(request: PortalRequest) -> HttpResponse:
    """Every token, the latest first; never its secret."""
    return _page(request, ApiTokenForm(today=timezone.localdate()))


@allow(Role.SYSTEM_ADMINISTRATOR)
@require_POST
def token_issue(request: PortalRequest) -> HttpResponse:
    """Issue a token; this one answer shows its secret, and nothing stores it."""
    form = ApiTokenForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        token, secret = tokens.issue(**form.cleaned_data, by=request.user, now=timezone.now())
    except NotReady as refusal:
        form.add_error(None, refusal.sentence)
        return _page(request, form, status=409)
    crumbs = [("Mã truy cập API", reverse("api_tokens"))]
    return render(
        request,
        "wards/api_token_issued.html",
        {"token": token, "secret": secret, "crumbs": crumbs},
    )


@allow(Role.SYSTEM_ADMINISTRATOR)
@require_POST
def token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Revoke a token; the next request with it is refused."""
    token = get_object_or_404(ApiToken.objects.select_related("agency__province"), pk=pk)
    try:
        tokens.revoke(token, by=request.user, now=timezone.now())
        messages.success(request, f"Đã thu hồi mã của {token}; mã không còn dùng được.")
    except NotReady as refusal:
        messages.info(request, refusal.sentence)
    return redirect("api_tokens")


def _page(request: PortalRequest, form: ApiTokenForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    found = ApiToken.objects.select_related("agency__province", "issued_by", "revoked_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(token, token.is_valid_on(today)) for token in page.object_list],
    }
    return render(request, "wards/api_tokens.html", context, status=status)
