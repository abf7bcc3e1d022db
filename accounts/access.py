"""Access, declared at every view: who may call it at all.

What a caller may see is the business of the scoped querysets (`visible_to`); what a caller may do
with one object is the business of the permission functions beside the actions.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.models import Role, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

FORBIDDEN = "Đồng chí không có quyền thực hiện thao tác này."
SESSION_OVER = "Phiên làm việc đã hết hạn. Đăng nhập lại; bản nháp vẫn được giữ."


heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)
"""Sentences of the refusals of this request, in order; None outside of requests."""


class Refusal(Exception):
    """An act refused; `sentence` is what the person reads, on the button and on the page."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if (sentences := heard.get()) is not None:
            sentences.append(sentence)


class NotAllowed(Refusal, PermissionDenied):
    """This person may not do this at all; `instead` is where to go on: its words, its address."""

    def __init__(self, sentence: str, *, instead: tuple[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.instead = instead


class NotReady(Refusal):
    """This person may, but the thing is not in a state for it."""


@dataclass(frozen=True, slots=True)
class Access:
    """An access rule: public, by token, any signed-in person, or holders of one of some roles."""

    public: bool = False
    roles: frozenset[Role] | None = None
    token: bool = False

    def admits(self, roles: frozenset[Role]) -> bool:
        """Whether a signed-in person with these roles may call the view."""
        if self.token:
            return False
        return self.public or self.roles is None or bool(self.roles & roles)


class PortalRequest(HttpRequest):
    """A request of a signed-in person, with the roles of the day that the middleware found."""

    user: User
    roles: frozenset[Role]


def _declare(access: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not access.public and not access.token:
                if not request.user.is_authenticated:
                    if "HX-Request" in request.headers:
                        # A part of a page cannot turn into the log-in page: the page itself asks.
                        return HttpResponse(SESSION_OVER, status=401)
                    return redirect_to_login(request.get_full_path())
                if not access.admits(cast(PortalRequest, request).roles):
                    raise NotAllowed(FORBIDDEN)
            return view(request, *args, **kwargs)

        guarded.access = access  # type: ignore[attr-defined]
        return cast(View, guarded)

    return decorate


def public(view: View) -> View:
    """Anyone, signed in or not."""
    return _declare(Access(public=True))(view)


def by_token(view: View) -> View:
    """Machines that bring a token, which the view itself asks for; nobody by signing in."""
    return _declare(Access(token=True))(view)


def signed_in(view: View) -> View:
    """Any signed-in person."""
    return _declare(Access())(view)


def allow(*roles: Role) -> Callable[[View], View]:
    """Signed-in people who hold one of these roles today; others read M403."""
    return _declare(Access(roles=frozenset(roles)))


STAFF = (Role.COORDINATOR, Role.REVIEWER, Role.LEADER)
"""The province's own people."""
STATION = (Role.COMMANDER, Role.OFFICER)
"""The ward police station's own people."""
READERS = (*STAFF, Role.MINISTRY_VIEWER)
"""Those who look across units."""
