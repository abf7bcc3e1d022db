"""How often the API answers: for each token, and for each address that brings bad ones."""

import math

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from ninja.errors import Throttled
from ninja.throttling import SimpleRateThrottle

from wards.models import ApiToken

BAD_TOKENS_PER_MINUTE = 20
"""Wrong tokens that one address may try a minute; right ones from there are still answered."""
PERIOD = 60


class Limit(SimpleRateThrottle):
    """So many requests in any minute for one name, counted in the cache all processes share.

    The library's throttle keeps what it read on itself, which threads would mix up: each request
    has a throttle of its own.
    """

    def __init__(self, name: str, per_minute: int) -> None:
        super().__init__(f"{per_minute}/min")
        self.name = name

    def get_cache_key(self, request: HttpRequest) -> str:
        """The name under which requests are counted."""
        return f"api:{self.name}"

    def count(self, request: HttpRequest) -> None:
        """Count this request.

        Raises:
            Throttled: it is one too many; says how many seconds to wait.
        """
        if not self.allow_request(request):
            raise Throttled(wait=math.ceil(self.wait() or PERIOD))


def count_request(request: HttpRequest, token: ApiToken) -> None:
    """Count one request of a token; those of the same moment one after the other.

    Raises:
        Throttled: the token asked too often.
    """
    with transaction.atomic():
        # The library reads the count and writes it back: what comes in between would be lost.
        ApiToken.objects.select_for_update().values("pk").get(pk=token.pk)
        Limit(f"token:{token.pk}", settings.API_REQUESTS_PER_MINUTE).count(request)


def count_bad_token(request: HttpRequest) -> None:
    """Count one wrong token of the address that sent it; some of the same moment may go uncounted.

    No secret of this length is guessed: this only keeps a broken program from asking on and on.

    Raises:
        Throttled: too many wrong ones came from there.
    """
    limit = Limit("address", BAD_TOKENS_PER_MINUTE)
    limit.name = f"address:{limit.get_ident(request)}"
    limit.count(request)
