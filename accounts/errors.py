"""Error pages: Vietnamese, with a code to quote, and nothing about the inside."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.access import FORBIDDEN, NotAllowed, Refusal

STALE_FORM = "Trang đã mở quá lâu hoặc yêu cầu không hợp lệ."


def _page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    context.setdefault("incident", secrets.token_hex(4).upper())
    return render(request, f"{status}.html", context, status=status)


def _leave_for_the_trail(request: HttpRequest, sentence: str) -> None:
    """Have RefusalMiddleware record this sentence."""
    request.refusal = sentence  # type: ignore[attr-defined]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the refusal's own sentence when it has one, and where to go on instead."""
    sentence = exception.sentence if isinstance(exception, Refusal) else FORBIDDEN
    _leave_for_the_trail(request, sentence)
    instead = exception.instead if isinstance(exception, NotAllowed) else None
    return _page(request, 403, sentence=sentence, instead=instead)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what is missing and for what is out of reach, so neither tells."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: stands alone, with no database behind it."""
    page = render_to_string("500.html", {"incident": secrets.token_hex(4).upper()})
    return HttpResponse(page, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a stale or foreign form."""
    _leave_for_the_trail(request, STALE_FORM)
    return render(request, "403_csrf.html", {"post": request.POST}, status=403)
