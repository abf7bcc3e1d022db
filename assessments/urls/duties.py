"""Addresses of the agencies' yearly duty reports."""

from django.urls import path

from assessments.views import duty_check, duty_forms, duty_handed_in, duty_list, duty_summary

urlpatterns = [
    path("nhiem-vu/", duty_list.duty_reports, name="duty_reports"),
    path(
        "nhiem-vu/bao-cao/<uuid:pk>/",
        duty_handed_in.duty_handed_in,
        name="duty_handed_in",
    ),
    path(
        "nhiem-vu/tong-hop/<code:code>/<int:year>/",
        duty_summary.duty_summary,
        name="duty_summary",
    ),
    path(
        "nhiem-vu/tong-hop/<code:code>/<int:year>/tai-ve/",
        duty_summary.duty_summary_file,
        name="duty_summary_file",
    ),
    path(
        "nhiem-vu/tong-hop/<code:code>/<int:year>/theo-nhiem-vu/",
        duty_summary.duty_replies,
        name="duty_replies",
    ),
    path(
        "nhiem-vu/<code:code>/<int:year>/<slug:agency>/",
        duty_forms.duty_report,
        name="duty_report",
    ),
    path(
        "nhiem-vu/<code:code>/<int:year>/<slug:agency>/kiem-tra/",
        duty_check.duty_check,
        name="duty_check",
    ),
]
