"""Addresses of self-assessment."""

from django.urls import path

from assessments.views import (
    station_criterion,
    station_evidence,
    station_submission,
    station_tasks,
)

urlpatterns = [
    path("phieu/<uuid:pk>/", station_tasks.assessment, name="assessment"),
    path("phieu/<uuid:pk>/tieu-chi/<code:code>/", station_criterion.criterion, name="criterion"),
    path(
        "phieu/<uuid:pk>/tieu-chi/<code:code>/xem-truoc/",
        station_criterion.criterion_preview,
        name="criterion_preview",
    ),
    path(
        "phieu/<uuid:pk>/minh-chung/<uuid:attachment_pk>/go/",
        station_criterion.evidence_remove,
        name="evidence_remove",
    ),
    path("phieu/<uuid:pk>/kiem-tra/", station_submission.check, name="check"),
    path("phieu/<uuid:pk>/nop/", station_submission.hand_in, name="submit"),
    path("phieu/<uuid:pk>/bien-nhan/", station_submission.receipt, name="receipt"),
    path("phieu/<uuid:pk>/rut/", station_submission.take_back, name="withdraw"),
    path("minh-chung/<uuid:pk>/tep/", station_evidence.evidence_file, name="evidence_file"),
]
