"""Who asks: the token of the request."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security.http import HttpAuthBase

from reports.api.limits import count_bad_token, count_request
from wards.api_tokens import token_of
from wards.models import ApiToken

SCHEME = "bearer"


class TokenRequest(HttpRequest):
    """A request that brought a valid token."""

    auth: ApiToken


class TokenAccess(HttpAuthBase):
    """`Authorization: Bearer …` with a valid token, within its limit.

    Written out where the library's own class would put an unreadable header into the log.
    """

    openapi_scheme = SCHEME

    def __call__(self, request: HttpRequest) -> ApiToken:
        """The token, counted.

        Raises:
            AuthenticationError: none was sent, or it is unknown, expired or revoked.
            Throttled: too many requests.
        """
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME or not secret:
            raise AuthenticationError
        token = token_of(secret.strip(), day=timezone.localdate())
        if token is None:
            count_bad_token(request)
            raise AuthenticationError
        count_request(request, token)
        return token
