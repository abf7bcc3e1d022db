"""What every answer to a signed-in person carries."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.access import heard
from accounts.models import User

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


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
REFUSED = frozenset({403, 409})


class RefusalMiddleware:
    """One audit entry for every refused write of a signed-in person, whichever page refused it.

    It holds the address and the sentence the person read, never what was typed, and is written
    after the refused act was rolled back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        before = heard.set([])
        try:
            response = self.get_response(request)
            sentences = heard.get() or []
        finally:
            heard.reset(before)
        if response.status_code in REFUSED and isinstance(request.user, User):
            # The first one refused the act; later ones explain the buttons of the page.
            first = sentences[0] if sentences else ""
            self._record(request, request.user, getattr(request, "refusal", first))
        return response

    def _record(self, request: HttpRequest, user: User, sentence: str) -> None:
        try:
            with transaction.atomic():
                audit.record(
                    "refused",
                    user,
                    by=user,
                    now=timezone.now(),
                    details={"path": request.path[:200], "sentence": sentence[:400]},
                )
        except DatabaseError:
            # The act stays refused, and the person has to read why.
            logger.exception("A refused write could not be recorded: %s", request.path)
