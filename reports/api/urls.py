"""Addresses of the API: its description is public, everything else is by token."""

from typing import cast

from django.urls import URLPattern

from accounts.access import by_token, public
from reports.api.endpoints import api

ROOT = "api-root"
"""Nothing stands there; the description asks for its address."""

app_name = "api-v1"
# The library repeats an address for each of its methods, though one view answers them all.
urlpatterns = list({str(one.pattern): one for one in cast(list[URLPattern], api.urls[0])}.values())

# The library declares no access rules; here as everywhere each address has one.
for pattern in urlpatterns:
    if pattern.name == ROOT:
        pattern.callback = public(pattern.callback)
    elif not hasattr(pattern.callback, "access"):
        pattern.callback = by_token(pattern.callback)
