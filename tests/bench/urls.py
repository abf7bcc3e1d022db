"""The addresses of the portal and one more: a page with nothing of its own."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from accounts.access import PortalRequest, signed_in

EMPTY = "/trang-trong/"


@signed_in
def empty(request: PortalRequest) -> HttpResponse:
    """Session, sign-in, postings and the base template."""
    return render(request, "base.html")


urlpatterns = [path(EMPTY.strip("/") + "/", empty), path("", include("config.urls"))]
