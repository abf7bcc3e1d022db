"""Addresses of the improvement plan."""

from django.urls import path

from assessments.views import remedies, remedies_list

urlpatterns = [
    path("khac-phuc/", remedies_list.remedy_list, name="remedy_list"),
    path("phieu/<uuid:pk>/khac-phuc/", remedies.remedies, name="remedies"),
    path("phieu/<uuid:pk>/khac-phuc/them/<code:code>/", remedies.remedy_add, name="remedy_add"),
    path("phieu/<uuid:pk>/khac-phuc/<uuid:remedy_pk>/", remedies.remedy, name="remedy"),
    path(
        "phieu/<uuid:pk>/khac-phuc/<uuid:remedy_pk>/tinh-trang/",
        remedies.remedy_state,
        name="remedy_state",
    ),
]
