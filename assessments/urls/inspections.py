"""Addresses of inspections: the lists, the plan, the result, and from findings to remedies."""

from django.urls import path

from assessments.views import (
    inspection_list,
    inspection_page,
    inspection_plan,
    inspection_remedy,
    inspection_result,
)

urlpatterns = [
    path("kiem-tra/", inspection_list.inspection_list, name="inspection_list"),
    path("kiem-tra/ton-tai/", inspection_list.finding_list, name="finding_list"),
    path("kiem-tra/chua-kiem-tra/", inspection_list.unvisited_list, name="unvisited_list"),
    path("kiem-tra/moi/", inspection_plan.inspection_new, name="inspection_new"),
    path("kiem-tra/<uuid:pk>/", inspection_page.inspection, name="inspection"),
    path("kiem-tra/<uuid:pk>/sua/", inspection_plan.inspection_edit, name="inspection_edit"),
    path("kiem-tra/<uuid:pk>/huy/", inspection_plan.inspection_cancel, name="inspection_cancel"),
    path("kiem-tra/<uuid:pk>/ket-qua/", inspection_result.result, name="inspection_result"),
    path(
        "kiem-tra/<uuid:pk>/ton-tai/<uuid:finding_pk>/khac-phuc/",
        inspection_remedy.finding_remedy,
        name="finding_remedy",
    ),
]
