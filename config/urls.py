"""Every address of the portal; each app keeps its own list."""

from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("assessments.urls")),
    path("", include("criteria.urls")),
    path("", include("wards.urls")),
    path("", include("accounts.urls")),
]

handler400 = "accounts.errors.bad_request"
handler403 = "accounts.errors.forbidden"
handler404 = "accounts.errors.not_found"
handler500 = "accounts.errors.server_error"
