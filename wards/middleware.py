"""Every request of a signed-in person carries the reach of that person's postings today."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.access import PortalRequest
from wards.postings import attach_scope


class PostingMiddleware:
    """Attach scope and roles anew at each request: a right that ended is gone at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            user = attach_scope(request.user, timezone.localdate())
            cast(PortalRequest, request).roles = user.scope.roles
        return self.get_response(request)
