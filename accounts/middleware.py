"""What every answer to a signed-in person carries."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

logger = logging.getLogger(__name__)


class PrivateResponseMiddleware:
    """No cache, shared or private, keeps a page of a signed-in person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class FirstPasswordMiddleware:
    """Whoever still has the password somebody else chose changes it before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password:
            change = reverse("account_change_password")
            if request.path not in {change, reverse("account_logout"), reverse("healthz")}:
                return HttpResponseRedirect(change)
        return self.get_response(request)


RETRY_SECONDS = 10


class ErrorPageMiddleware:
    """Pages of our own where Django answers with an empty body, or with 500 for a busy database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("405.html").encode()
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """503 with a time to try again when the database does not answer."""
        if not isinstance(problem, OperationalError | InterfaceError):
            return None
        logger.error("database unavailable: %s", problem)
        page = render_to_string("503.html", {"retry_after": RETRY_SECONDS})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
