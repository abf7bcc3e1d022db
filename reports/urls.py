"""Addresses of what it all adds up to: home, dashboards, units, programmes, reports, audit."""

from django.urls import path

from reports.views import (
    annual,
    audit,
    health,
    home,
    overview,
    picker,
    programmes,
    provinces,
    registrations,
    roadmap,
    selections,
    units,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("tong-quan/", overview.default_overview, name="default_overview"),
    path("tong-quan/<slug:code>/<int:year>/", overview.overview, name="overview"),
    path("lo-trinh/<slug:code>/", roadmap.roadmap, name="roadmap"),
    path("don-vi/", units.unit_list, name="unit_list"),
    path("don-vi/<uuid:pk>/", units.unit, name="unit"),
    path("tinh/", provinces.province_list, name="province_list"),
    path("tinh/<slug:code>/", provinces.province, name="province"),
    path("chuong-trinh/", programmes.programme_list, name="programme_list"),
    path("chuong-trinh/<slug:code>/", programmes.programme, name="programme"),
    path("chuong-trinh/<slug:code>/mo-ky/", programmes.open_round, name="open_round"),
    path("chuong-trinh/<slug:code>/chon/<int:year>/", picker.picker, name="picker"),
    path("chuong-trinh/<slug:code>/de-xuat/", selections.selection_list, name="selection_list"),
    path("de-xuat/<uuid:pk>/", selections.selection, name="selection"),
    path("de-xuat/<uuid:pk>/quyet-dinh/", selections.decide_selection, name="decide_selection"),
    path(
        "chuong-trinh/<slug:code>/dang-ky/<int:year>/",
        registrations.registrations,
        name="registrations",
    ),
    path(
        "chuong-trinh/<slug:code>/dang-ky/<int:year>/them/",
        registrations.add_units,
        name="registration_add",
    ),
    path(
        "chuong-trinh/<slug:code>/dang-ky/<int:year>/so-van-ban/",
        registrations.record_quota,
        name="registration_quota",
    ),
    path(
        "dang-ky/<int:registration_pk>/go/",
        registrations.remove_registration,
        name="remove_registration",
    ),
    path(
        "don-vi/<uuid:pk>/dang-ky/<slug:programme>/<int:year>/",
        registrations.own_registration,
        name="own_registration",
    ),
    path("bao-cao/", annual.reports, name="reports"),
    path("bao-cao/yeu-cau/", annual.request_report, name="request_report"),
    path("bao-cao/<uuid:pk>/", annual.report, name="report"),
    path("bao-cao/<uuid:pk>/tien-trinh/", annual.report_progress, name="report_progress"),
    path("bao-cao/<uuid:pk>/tep/", annual.report_file, name="report_file"),
    path("bao-cao/<uuid:pk>/lap-lai/", annual.make_again, name="report_again"),
    path("bao-cao/<uuid:pk>/chinh-thuc/", annual.issue_report, name="issue_report"),
    path("nhat-ky/", audit.audit_trail, name="audit"),
]
