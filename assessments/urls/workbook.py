"""Addresses of the workbook that goes out and comes back."""

from django.urls import URLPattern, path

from assessments.views import station_workbook

urlpatterns: list[URLPattern] = [
    path("phieu/<uuid:pk>/bang-tinh/", station_workbook.workbook, name="workbook"),
    path(
        "phieu/<uuid:pk>/bang-tinh/tai-ve/",
        station_workbook.workbook_download,
        name="workbook_download",
    ),
    path(
        "phieu/<uuid:pk>/bang-tinh/<uuid:import_pk>/",
        station_workbook.workbook_import,
        name="workbook_import",
    ),
    path(
        "phieu/<uuid:pk>/bang-tinh/<uuid:import_pk>/danh-dau/",
        station_workbook.workbook_marked,
        name="workbook_marked",
    ),
]
