"""Addresses of the working calendar and, where the API is installed, of its tokens."""

from django.conf import settings
from django.urls import path

from wards.views import calendar, tokens

urlpatterns = [
    path("lich-lam-viec/", calendar.calendar, name="calendar"),
]
if settings.API_IS_INSTALLED:
    urlpatterns += [
        path("ma-truy-cap-api/", tokens.token_list, name="api_tokens"),
        path("ma-truy-cap-api/cap/", tokens.token_issue, name="api_token_issue"),
        path("ma-truy-cap-api/<int:pk>/thu-hoi/", tokens.token_revoke, name="api_token_revoke"),
    ]
